use clap::Args;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::cli::arguments::Form;
use crate::cli::desk::Desk;
use crate::cli::failure::{Failure, is_unseen};
use crate::cli::reach::Reach;
use crate::cli::told::{self, both, say};
use hcops_model::Exit;
use hcops_survey::{self as survey, Announced, Window};
use hcops_terminal::Tone;

/// Show announced Heroku maintenance, and whether a run of some hours is safe to start; changes nothing
///
/// From Heroku's status site, where times are only in prose, and from Salesforce Trust, which has them apart. Exit 0 when
/// none of them overlaps the hours from the given time on, 11 when one does, or when a notice has no times that can be
/// read, so that a person has to judge; 32 when neither site answers. It needs no token. With -a or --region those are passed over that are announced for other parts of
/// the world only; a notice whose place is not understood always counts.
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    /// How long the run would take, in hours
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=168))]
    hours: u32,
    /// When it would begin, for example 2026-12-03T22:00:00Z [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// What is announced for this app's region, which is asked for; without -a and --region every region counts
    #[arg(short, long, value_name = "APP", conflicts_with = "region")]
    app: Option<String>,
    /// What is announced for this region: us, eu, frankfurt, tokyo ...
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
}

/// How a window lies to the time that is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lie {
    Overlaps,
    Unknown,
    Apart,
}

/// Shows them.
///
/// # Errors
/// When neither site answers.
pub(in crate::cli) async fn run(arguments: &Arguments, desk: &Desk) -> Result<Exit, Failure> {
    let looked = desk.patiently("asking the status sites", look(arguments, desk)).await;
    let (now, announced, region) = looked.map_err(Failure::of_look)?;
    let from = arguments.at.unwrap_or(now);
    let until = from + SignedDuration::from_hours(i64::from(arguments.hours));
    let Some(windows) = announced.windows else { return Err(unread(announced.missing)) };
    let (here, elsewhere): (Vec<Window>, Vec<Window>) =
        windows.into_iter().partition(|window| window.may_touch(region.as_deref()));
    let told: Vec<(Window, Lie)> = here.into_iter().map(|window| (window.clone(), lie(&window, from, until))).collect();
    let safe = told.iter().all(|(_, lie)| *lie == Lie::Apart) && announced.missing.is_empty();
    match desk.form {
        Form::Text => {
            elsewhere.iter().for_each(|window| say(desk, "elsewhere", &spoken(window)));
            tell(&told, &announced.missing, (from, until), (safe, elsewhere.is_empty()), desk);
        }
        Form::Json => {
            elsewhere.iter().for_each(|window| desk.say_json("elsewhere", json!({ "window": window })));
            tell_json(&told, &announced.missing, (from, until), safe, desk);
        }
    }
    Ok(if safe { Exit::Done } else { Exit::Blocked })
}

/// The present moment, what is announced, and the region that is asked about. What is announced is public; where the app's
/// region is not shown, every region counts.
async fn look(arguments: &Arguments, desk: &Desk) -> Result<(Timestamp, Announced, Option<String>), Failure> {
    let reach = match &arguments.app {
        Some(_) => Reach::to_look_without_a_token_too(desk).await?,
        None => Reach::to_look_at_what_is_public(desk).await?,
    };
    let now = reach.clock.now();
    let announced = survey::announcements(&reach.clients.for_brief_looks(), now).await;
    let Some(app) = &arguments.app else { return Ok((now, announced, arguments.region.clone())) };
    let region = match reach.clients.for_brief_looks().platform.app(app).await {
        Ok(app) => app.region.map(|region| region.name),
        Err(fault) if is_unseen(&fault) || fault.kind == hcops_model::FaultKind::Unauthorized => {
            let note = format!("note: the region of {app} could not be seen, so every region counts: {}", fault.saw);
            desk.remark(&desk.appearance.tell(&note));
            None
        }
        Err(fault) => return Err(fault.into()),
    };
    Ok((now, announced, region))
}

/// Heroku's own figure for Connect (docs/heroku/procedures.md, "Connect maintenance"), where a notice names no end.
const USUAL_LENGTH: SignedDuration = SignedDuration::from_mins(45);

fn lie(window: &Window, from: Timestamp, until: Timestamp) -> Lie {
    let Some(starts) = window.starts else { return Lie::Unknown };
    let ends = window.ends.unwrap_or(starts + USUAL_LENGTH);
    if starts < until && ends > from { Lie::Overlaps } else { Lie::Apart }
}

fn tell(
    windows: &[(Window, Lie)],
    missing: &[String],
    (from, until): (Timestamp, Timestamp),
    (safe, nothing_elsewhere): (bool, bool),
    desk: &Desk,
) {
    for (window, lie) in windows {
        desk.say(&match lie {
            Lie::Overlaps => told::call(desk, "overlaps", &spoken(window)),
            Lie::Unknown => told::call(desk, "read this", &spoken(window)),
            Lie::Apart => told::labelled(desk, "announced", &spoken(window)),
        });
    }
    missing.iter().for_each(|sentence| say(desk, "not read", sentence));
    let span = format!("{} to {}", both(from), both(until));
    let (tone, verdict) = match (safe, windows.is_empty() && nothing_elsewhere) {
        (true, true) => (Tone::Good, format!("Nothing is announced. Safe to start: {span}.")),
        (true, false) => (Tone::Good, format!("Nothing that is announced overlaps. Safe to start: {span}.")),
        (false, _) => (Tone::Danger, format!("Not known to be safe: {span}.")),
    };
    desk.say(&[desk.appearance.dress(tone, &desk.appearance.tell(&verdict))]);
}

fn spoken(window: &Window) -> String {
    let times = match (window.starts, window.ends) {
        (Some(starts), Some(ends)) => format!("{} to {}", both(starts), both(ends)),
        (Some(starts), None) => format!("{}, no end told (usually at most 45 minutes)", both(starts)),
        (None, _) => "no times that a program can read".to_owned(),
    };
    let text = window.text.as_deref().filter(|_| window.starts.is_none()).unwrap_or(&window.title);
    format!("{times}: {text} ({})", window.source)
}

fn tell_json(
    told: &[(Window, Lie)],
    missing: &[String],
    (from, until): (Timestamp, Timestamp),
    safe: bool,
    desk: &Desk,
) {
    for (window, lie) in told {
        let overlaps = match lie {
            Lie::Overlaps => Some(true),
            Lie::Apart => Some(false),
            Lie::Unknown => None,
        };
        desk.say_json("window", json!({ "window": window, "overlaps": overlaps }));
    }
    desk.say_json("windows", json!({ "from": from, "until": until, "safe": safe, "missing": missing }));
}

fn unread(missing: Vec<String>) -> Failure {
    Failure::new(
        Exit::NotSeen,
        hcops_model::Fault::new(
            hcops_model::FaultKind::Transient,
            missing.join(" "),
            "Without the status sites nothing is known about announced maintenance.",
            "Look at https://status.heroku.com yourself, or try again.",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_without_an_end_lasts_as_long_as_usual_and_one_without_a_begin_is_unknown() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let window = |starts: Option<&str>, ends: Option<&str>| Window {
            title: String::new(),
            starts: starts.map(at),
            ends: ends.map(at),
            text: None,
            source: "status".into(),
            areas: hcops_heroku::status::Areas::everywhere(),
            announced: None,
            harmless: false,
        };
        let (from, until) = (at("2026-12-03T22:00:00Z"), at("2026-12-04T00:00:00Z"));
        let lie = |starts, ends| super::lie(&window(starts, ends), from, until);
        assert_eq!(lie(Some("2026-12-03T21:30:00Z"), None), Lie::Overlaps);
        assert_eq!(lie(Some("2026-12-03T21:15:00Z"), None), Lie::Apart, "it ends as the run begins");
        assert_eq!(lie(Some("2026-12-04T00:00:00Z"), None), Lie::Apart, "it begins as the run ends");
        assert_eq!(lie(Some("2026-12-03T10:00:00Z"), Some("2026-12-04T10:00:00Z")), Lie::Overlaps);
        assert_eq!(lie(None, None), Lie::Unknown);
    }
}
