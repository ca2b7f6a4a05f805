use clap::Args;
use serde_json::{Value, json};

use crate::cli::app_name;
use crate::cli::arguments::{AppChoice, Form};
use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::pauses::{self, Pause, Whose};
use crate::cli::reach::Reach;
use crate::engine::journal::Listing;
use crate::model::Exit;
use crate::screen::wrap;
use crate::survey::{self, Survey, Target};

/// Show what an app has: connection, mappings, database, attachments, unfinished runs; changes nothing
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    app: AppChoice,
}

/// Shows it.
///
/// # Errors
/// When the account cannot be read.
pub(in crate::cli) async fn run(arguments: &Arguments, desk: &Desk) -> Result<Exit, Failure> {
    let app = app_name::chosen(&arguments.app, desk)?;
    let reach = Reach::online(desk).await?;
    let target = Target { app: app.clone(), resource: arguments.app.resource.clone() };
    let survey = survey::survey(&reach.clients, &*reach.clock, &target).await?;
    let runs = unfinished(&app, &reach.origin, desk)?;
    let pause = pause(&survey, &reach.origin, desk)?;
    match desk.form {
        Form::Text => tell(&survey, &runs, pause.as_ref(), desk),
        Form::Json => tell_json(&survey, &runs, pause.as_ref(), desk),
    }
    Ok(Exit::Done)
}

/// The runs of this machine that are about the app at this origin and not finished: a rehearsal with an app of the same
/// name is about another world.
pub(in crate::cli) fn unfinished(app: &str, origin: &str, desk: &Desk) -> Result<Vec<Listing>, Failure> {
    let about_it = |listing: &Listing| {
        listing
            .summary
            .as_ref()
            .is_ok_and(|summary| summary.app == app && summary.origin == origin && summary.standing.is_unfinished())
    };
    Ok(desk.store().list()?.into_iter().filter(about_it).collect())
}

/// Who paused the connection, where it is paused and this machine's journals know.
pub(in crate::cli) fn pause(survey: &Survey, origin: &str, desk: &Desk) -> Result<Option<Pause>, Failure> {
    if !is_paused(survey) {
        return Ok(None);
    }
    let (app, connection) = (text(&survey.facts["app"]["name"]), text(&survey.facts["connection"]["id"]));
    pauses::newest(Whose { app, connection, origin }, desk)
}

pub(in crate::cli) fn is_paused(survey: &Survey) -> bool {
    survey.noted["connection_state"] == "PAUSED"
}

fn tell(survey: &Survey, runs: &[Listing], pause: Option<&Pause>, desk: &Desk) {
    let (facts, noted) = (&survey.facts, &survey.noted);
    let app = &facts["app"];
    say(
        desk,
        "app",
        &format!("{} in {}, maintenance {}", text(&app["name"]), text(&app["region"]), on_off(&app["maintenance"])),
    );
    say(desk, "connection", &connection(&facts["connection"], noted));
    if is_paused(survey) {
        let by = pause.map_or_else(|| pauses::BY_SOMEBODY_ELSE.to_owned(), |pause| pause.spoken(desk));
        say(desk, "", &by);
    }
    say(desk, "mappings", &mappings(&noted["mappings"]));
    say(desk, "database", &database(&facts["database"], noted));
    each(&facts["attachments"], |attachment| {
        let (app, name, role) = (text(&attachment["app"]), text(&attachment["name"]), text(&attachment["role"]));
        say(desk, "attachment", &format!("{app}::{name} ({role})"));
    });
    each(&facts["apps"], |app| {
        let processes =
            format!("{}: {}, maintenance {}", text(&app["name"]), formation(app), on_off(&app["maintenance"]));
        say(desk, "processes", &processes);
    });
    for (name, value) in
        told(&json!({ "postgres maintenance": noted["postgres_maintenance"], "windows": noted["windows"] }))
    {
        say(desk, "announced", &format!("{name}: {value}"));
    }
    survey.notices.iter().for_each(|notice| say(desk, "notice", notice));
    runs.iter()
        .for_each(|listing| say(desk, "unfinished", &format!("run {}: hcops show {}", listing.run, listing.run)));
}

fn connection(facts: &Value, noted: &Value) -> String {
    let (name, state, key) = (text(&facts["name"]), text(&noted["connection_state"]), text(&facts["db_key"]));
    let errors = noted["write_errors"].as_u64().map_or_else(|| "unknown".to_owned(), |errors| errors.to_string());
    format!("{name} is {state}, uses {key}, write errors: {errors}")
}

fn mappings(noted: &Value) -> String {
    let states = noted.as_array().into_iter().flatten();
    let words: Vec<String> =
        states.map(|mapping| format!("{} {}", text(&mapping["object_name"]), text(&mapping["state"]))).collect();
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

fn database(facts: &Value, noted: &Value) -> String {
    let (name, plan, size) = (text(&facts["name"]), text(&facts["plan"]), text(&noted["database"]["size"]));
    let status = text(&noted["database"]["status"]);
    let lag = noted["database"]["behind_by"].as_u64().map_or_else(String::new, |lag| format!(", {lag} commits behind"));
    format!("{name} is {status}, {plan}, Postgres {}, {size}{lag}", facts["version"])
}

/// One labelled sentence.
pub(super) fn say(desk: &Desk, label: &str, sentence: &str) {
    desk.say(&wrap(sentence, desk.appearance.columns, &format!("{label:<12}"), "            "));
}

fn each(list: &Value, tell: impl FnMut(&Value)) {
    list.as_array().into_iter().flatten().for_each(tell);
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("unknown")
}

fn on_off(value: &Value) -> &'static str {
    match value.as_bool() {
        Some(true) => "on",
        Some(false) => "off",
        None => "unknown",
    }
}

fn formation(app: &Value) -> String {
    let types = app["formation"].as_array().into_iter().flatten();
    let words: Vec<String> = types.map(|kind| format!("{}={}", text(&kind["type"]), kind["quantity"])).collect();
    if words.is_empty() { "no processes".to_owned() } else { words.join(" ") }
}

/// What was observed, as dotted names with plain values; what is empty is left out.
fn told(value: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    flatten("", value, &mut found);
    found
}

fn flatten(path: &str, value: &Value, into: &mut Vec<(String, String)>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, field)| flatten(&below(name), field, into)),
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            items.iter().enumerate().for_each(|(index, item)| flatten(&below(&index.to_string()), item, into));
        }
        Value::Array(items) if items.is_empty() => {}
        Value::Null => {}
        Value::String(text) => into.push((path.to_owned(), text.clone())),
        other => into.push((path.to_owned(), other.to_string())),
    }
}

fn tell_json(survey: &Survey, runs: &[Listing], pause: Option<&Pause>, desk: &Desk) {
    let runs: Vec<_> = runs.iter().map(|listing| listing.run).collect();
    desk.say_json(
        "status",
        json!({
            "facts": survey.facts, "noted": survey.noted, "notices": survey.notices, "pause": pause,
            "unfinished_runs": runs,
        }),
    );
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn what_was_observed_is_told_by_dotted_names() {
        let value =
            json!({ "connection": { "state": "IDLE", "note": null }, "windows": [{ "title": "soon" }], "none": [] });
        let told: Vec<String> =
            super::told(&value).into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(told, ["connection.state=IDLE", "windows.0.title=soon"]);
    }
}
