//! One screen about an app: what stands how, then what should be done about it.

use super::checkups::AppHealth;
use super::desk::Desk;
use super::told::{self, both, labelled};
use hcops_health::{Grade, Standing, standing, when};
use hcops_heroku::connect::MappingClass;
use hcops_heroku::data::Role;
use hcops_model::Exit;
use hcops_survey::checkup::{AppCheckup, ConnectionCheckup, DatabaseCheckup, Notices, Pointer};
use hcops_terminal::Tone;
use hcops_text::counted;

/// The lines.
pub(super) fn lines(health: &AppHealth, notices: &Notices, desk: &Desk) -> Vec<String> {
    let checkup = &health.checkup;
    let mut page = Page { desk, lines: Vec::new() };
    let region = checkup.region.as_deref().unwrap_or("an unknown region");
    let at = both(checkup.at);
    page.say("app", &format!("{} in {region}, seen at {at}", checkup.app));
    checkup.apps.iter().for_each(|one| app(&mut page, one));
    checkup.connections.iter().for_each(|one| connection(&mut page, one, health));
    checkup
        .hidden_connections
        .iter()
        .for_each(|name| page.say("connection", &format!("{name} is not shown to this account")));
    checkup.databases.iter().for_each(|one| database(&mut page, one, health));
    announced(&mut page, notices, checkup.region.as_deref());
    for run in &health.local.open_runs {
        let begun = format!("{} by {}, begun by {} at {}", run.procedure, run.method, run.by, both(run.opened_at));
        page.say("unfinished", &format!("run {}: {begun}", run.run));
        page.lines.push(told::command(desk, &format!("hcops resume {}", run.run)));
    }
    for run in &health.local.unreadable {
        page.say("unreadable", &run.saw);
        page.lines.push(told::command(desk, &run.command));
    }
    findings(&mut page, health);
    page.lines
}

fn by_whom(health: &AppHealth) -> String {
    match health.local.unreadable.first() {
        None => super::pauses::BY_SOMEBODY_ELSE.to_owned(),
        Some(run) => format!("whether a run of this machine paused it is not known: run {} cannot be read", run.run),
    }
}

struct Page<'a> {
    desk: &'a Desk,
    lines: Vec<String>,
}

impl Page<'_> {
    fn say(&mut self, label: &str, sentence: &str) {
        self.lines.extend(labelled(self.desk, label, sentence));
    }
}

fn app(page: &mut Page<'_>, app: &AppCheckup) {
    let facts = &app.facts;
    let types = facts.formation.iter().map(|kind| format!("{}={}", kind.process_type, kind.quantity));
    let processes = types.collect::<Vec<_>>().join(" ");
    let processes = if processes.is_empty() { "no processes".to_owned() } else { processes };
    let maintenance = if facts.maintenance { "on" } else { "off" };
    let release = app.newest_release.as_ref().filter(|release| release.status != "succeeded");
    let release =
        release.map_or_else(String::new, |release| format!(", release v{} {}", release.version, release.status));
    page.say("  runs", &format!("{}: maintenance {maintenance}, {processes}{release}", facts.name));
}

fn connection(page: &mut Page<'_>, one: &ConnectionCheckup, health: &AppHealth) {
    let connection = &one.connection;
    let plan = match connection.plan.as_deref() {
        Some("demo") => "demo plan".to_owned(),
        Some(plan) => format!("{plan} plan (paid)"),
        None => "plan unknown".to_owned(),
    };
    let version = connection.sf_info.as_ref().and_then(|info| info.api_version.as_ref());
    let version = version.map_or_else(String::new, |version| format!(", Salesforce API {version}"));
    page.say("connection", &format!("{} is {}, {plan}{version}", one.name, connection.state));
    if one.is_paused() {
        let by = health.local.pauses.get(&connection.id).map_or_else(
            || by_whom(health),
            |pause| format!("paused by {} at {}, run {}: {}", pause.by, both(pause.at), pause.run, pause.reason),
        );
        page.say("", &by);
    }
    page.say("  uses", &pointer(one));
    page.say("  mappings", &mappings(one));
    page.say("  writes", &writes(one));
}

fn pointer(one: &ConnectionCheckup) -> String {
    let key = one.connection.db_key.as_deref().unwrap_or("no config var");
    let schema = one.connection.schema_name.as_deref().unwrap_or("unknown");
    let leads = match &one.pointer {
        Pointer::NotChosen => "no database yet".to_owned(),
        Pointer::Attached { addon, .. } => addon.clone(),
        Pointer::ByHand { addon, .. } => format!("{addon}, by a config var set by hand"),
        Pointer::Elsewhere => "a database that is not attached to the app".to_owned(),
        Pointer::NotSet => "nothing: the config var is not set".to_owned(),
        Pointer::Unknown => "not seen".to_owned(),
    };
    format!("{key} ({leads}), schema {schema}")
}

/// How many stand well, and the others by name.
fn mappings(one: &ConnectionCheckup) -> String {
    let all = &one.connection.mappings;
    let (well, others): (Vec<_>, Vec<_>) = all.iter().partition(|mapping| mapping.state.class() == MappingClass::Ok);
    let others = others.iter().map(|mapping| format!("{} {}", mapping.object_name, mapping.state));
    let synced = well.iter().filter(|mapping| mapping.state.as_str() == "DATA_SYNCED").count();
    let at_work = match well.len() - synced {
        0 => None,
        working => Some(format!("{working} at work")),
    };
    let told: Vec<String> =
        [Some(format!("{synced} of {} DATA_SYNCED", all.len())), at_work].into_iter().flatten().chain(others).collect();
    if all.is_empty() { "none".to_owned() } else { told.join(", ") }
}

fn writes(one: &ConnectionCheckup) -> String {
    let count = |count: Option<usize>| count.map_or_else(|| "unknown".to_owned(), |count| count.to_string());
    let errors = count(one.write_errors.as_ref().map(Vec::len));
    let notifications = count(one.notifications.as_ref().map(Vec::len));
    let waiting = match (&one.backlog, one.pending()) {
        (Some(backlog), _) => format!("{} wait by the trigger log, {} failed", backlog.open, backlog.failed),
        (None, Some(pending)) => format!("{pending} wait"),
        (None, None) => "how many wait is unknown".to_owned(),
    };
    format!("{waiting}, {errors} refused in 24 hours, {notifications} notification(s)")
}

fn database(page: &mut Page<'_>, one: &DatabaseCheckup, health: &AppHealth) {
    let plan = one.plan.rsplit(':').next().unwrap_or(&one.plan);
    let status = one.status.as_deref().unwrap_or("of unknown status");
    let role = match one.role {
        Role::Leader => "",
        Role::Follower => ", a follower",
    };
    let availability = one.high_availability.as_ref().map_or_else(String::new, |text| format!(", HA {text}"));
    page.say("database", &format!("{} is {status}, {plan}{role}{availability}", one.name));
    page.say("  version", &version(one, health));
    page.say("  size", one.size_text.as_deref().unwrap_or("unknown"));
    for follower in &one.followers {
        let lag =
            follower.behind_by_text.clone().or_else(|| follower.behind_by.map(|behind| counted(behind, "commit")));
        page.say("  follower", &format!("{}, behind by {}", follower.name, lag.as_deref().unwrap_or("an unknown lag")));
    }
    upkeep(page, one);
    page.say("  attached", &attached(one));
}

/// What is planned, and what leads back.
fn upkeep(page: &mut Page<'_>, one: &DatabaseCheckup) {
    if let Some(upgrade) = &one.upgrade {
        match upgrade.scheduled_for {
            Some(at) => page.say("  upgrade", &format!("Heroku runs it by itself at {}", both(at))),
            None if upgrade.under_way || upgrade.failed => page.say("  upgrade", &upgrade.said),
            None => {}
        }
    }
    let planned = one.maintenance.as_ref().and_then(|maintenance| {
        let status = maintenance.status.as_ref()?.to_string();
        let at = maintenance.scheduled_for.as_ref().map_or_else(String::new, |moment| match moment.at {
            Some(at) => format!(" for {}", both(at)),
            None => format!(" for {moment}"),
        });
        (status != "none" && status != "completed").then(|| format!("{status}{at}, "))
    });
    let window = one.maintenance_window.as_deref().unwrap_or("not shown");
    page.say("  upkeep", &format!("{}window {window}", planned.unwrap_or_default()));
    if let Some(rollback) = &one.rollback {
        page.say("  rollback", rollback);
    }
}

fn version(one: &DatabaseCheckup, health: &AppHealth) -> String {
    let text = one.version_text.as_deref().unwrap_or("unknown").trim_start_matches("PostgreSQL ");
    let today = health.checkup.at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let support = match one.version.map(standing) {
        Some(Standing::Ending { earlier, later, .. }) => {
            let [first, last] =
                [earlier, later].map(|one| when(today.until(one.act_by).map_or(i32::MAX, |left| left.get_days())));
            format!(
                "upgrade it by {}, {first}, or by {}, {last}: your mail from Heroku decides; it ends on {} or {}",
                earlier.act_by, later.act_by, earlier.ends, later.ends
            )
        }
        Some(Standing::NoEndKnown) => "no end announced that hcops knows of".to_owned(),
        Some(Standing::Removed { on }) => format!("Heroku removed it on {on}"),
        Some(Standing::OlderThanKnown) => "older than every version with known dates".to_owned(),
        Some(Standing::Unknown) | None => "nothing known of its end".to_owned(),
    };
    format!("Postgres {text}: {support}")
}

fn attached(one: &DatabaseCheckup) -> String {
    let names = one.attachments.iter().map(|attachment| {
        let sort = match (&attachment.namespace, attachment.is_pooler) {
            (_, true) => " (pooler)".to_owned(),
            (Some(namespace), false) => format!(" ({namespace})"),
            (None, false) => String::new(),
        };
        format!("{}::{}{sort}", attachment.app, attachment.name)
    });
    let names: Vec<String> = names.collect();
    if names.is_empty() { "not seen".to_owned() } else { names.join(", ") }
}

fn announced(page: &mut Page<'_>, notices: &Notices, region: Option<&str>) {
    for window in notices.windows.iter().flatten().filter(|window| window.may_touch(region)) {
        let times = match (window.starts, window.ends) {
            (Some(starts), Some(ends)) => format!("{} to {}: ", both(starts), both(ends)),
            (Some(starts), None) => format!("from {}: ", both(starts)),
            (None, _) => "without times that can be read: ".to_owned(),
        };
        page.say("announced", &format!("{times}{} ({})", window.title, window.source));
    }
    notices.incidents.iter().for_each(|incident| page.say("incident", &incident.title));
}

/// What should be done, in one sentence and one command each; `hcops doctor` tells the rest.
fn findings(page: &mut Page<'_>, health: &AppHealth) {
    for unseen in &health.checkup.unseen {
        page.lines.extend(told::call(page.desk, "not seen", &format!("{}: {}", unseen.what, unseen.why)));
    }
    let told = health.findings.iter().filter(|finding| finding.grade >= Grade::Attention);
    for finding in told {
        page.lines.extend(told::finding(page.desk, finding));
        if let Some(command) = &finding.command {
            page.lines.push(told::command(page.desk, command));
        }
    }
    let notes = health.findings.iter().filter(|finding| finding.grade == Grade::Note).count();
    if notes > 0 {
        page.say("note", &format!("{notes} more to know: `hcops doctor -a {}`", health.checkup.app));
    }
    let (tone, sentence) = match health.verdict().exit(hcops_health::FailOn::From(Grade::Attention)) {
        Exit::Done => (Tone::Good, "Nothing wants attention."),
        Exit::Broken => (Tone::Danger, "Something is broken now."),
        Exit::NotSeen => (Tone::Danger, "Not everything could be looked at."),
        _ => (Tone::Warning, "Something wants attention."),
    };
    let appearance = &page.desk.appearance;
    page.lines.push(appearance.dress(tone, &appearance.tell(sentence)));
}
