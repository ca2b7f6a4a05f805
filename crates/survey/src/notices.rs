//! What the operator should read before approving.

use super::attachments::{AttachmentFacts, Fate, Role};
use super::belongings::Places;
use super::by_hand::HeldByHand;
use super::take::Findings;
use hcops_heroku::connect::{ConnectionState, MappingClass, MappingState};

/// One sentence or two for each thing, the gravest first.
pub(super) fn notices(findings: &Findings) -> Vec<String> {
    let mut notices = Vec::new();
    connection(findings, &mut notices);
    attachments(findings, &mut notices);
    by_hand(findings, &mut notices);
    credentials(findings, &mut notices);
    release_phases(findings, &mut notices);
    apps(findings, &mut notices);
    database(findings, &mut notices);
    second_database(findings, &mut notices);
    belongings(findings, &mut notices);
    maintenance(findings, &mut notices);
    notices.extend(findings.noted.missing.iter().cloned());
    notices
}

/// Those that only matter where the database is replaced by another one.
pub(super) fn of_replacement(findings: &Findings) -> Vec<String> {
    let mut notices = Vec::new();
    attachments(findings, &mut notices);
    by_hand(findings, &mut notices);
    credentials(findings, &mut notices);
    release_phases(findings, &mut notices);
    second_database(findings, &mut notices);
    belongings(findings, &mut notices);
    notices
}

fn connection(findings: &Findings, notices: &mut Vec<String>) {
    let connection = &findings.chosen.connection;
    let name = findings.chosen.name();
    if matches!(connection.state, ConnectionState::Other(_)) {
        notices.push(format!(
            "{name} is {}, a state that this version does not know: whether sync runs is not known either.",
            connection.state
        ));
    } else if !connection.state.is_healthy_or_working() {
        notices.push(format!("{name} is {}; sync does not run.", connection.state));
    }
    for mapping in &connection.mappings {
        if matches!(mapping.state.class(), MappingClass::Broken | MappingClass::Unknown) {
            notices.push(format!("The mapping {} is {}.", mapping.object_name, shown(&mapping.state)));
        }
    }
    if let Some(count) = findings.noted.write_errors.filter(|count| *count > 0) {
        notices.push(format!("{name} had {count} refused write(s) to Salesforce in the last 24 hours."));
    }
    if connection.plan.as_deref() == Some("demo") {
        notices.push(format!(
            "{name} is on the demo plan: at most 10,000 rows, polling every 10 minutes at the fastest, and a pause after 31 \
             days without new data."
        ));
    }
    if findings.resolved.is_copied_value {
        let key = &findings.resolved.db_key;
        notices.push(format!(
            "{key} is a config var of its own that holds a copy of the database's address: no promotion or attachment \
             changes it, so the connection has to be pointed at another config var (switch=repoint)."
        ));
    }
}

fn shown(state: &MappingState) -> String {
    match state.class() {
        MappingClass::Unknown => format!("{state}, a state that this version does not know"),
        _ => state.to_string(),
    }
}

fn attachments(findings: &Findings, notices: &mut Vec<String>) {
    for one in &findings.attachments {
        match (one.fate, one.role) {
            (Fate::Moved, _) if one.credential() != "default" => notices.push(format!(
                "{one} gives the credential {} and is moved to the new database. {}",
                one.credential(),
                one.because
            )),
            (Fate::Moved, Role::Pooler) => {
                notices.push(format!("{one} is a connection pooler and is moved with the database."))
            }
            (Fate::Moved, _) => notices.push(format!("{one} is moved to the new database. {}", one.because)),
            (Fate::Kept, _) => notices.push(kept(one)),
            (Fate::Promoted | Fate::Switched, _) => {}
        }
    }
}

fn by_hand(findings: &Findings, notices: &mut Vec<String>) {
    let name = &findings.resolved.addon.name;
    for held in findings.by_hand.iter().filter(|held| !is_the_connections(findings, held)) {
        notices.push(format!(
            "{0} of {1} holds the address of {name} by hand: no promotion or attachment changes it, and whatever reads it would \
             go on with the old database. Attach the database under a name of its own instead (`heroku addons:attach {name} \
             --as NAME -a {1}`), or set it anew after the switch (`heroku config:set {0}=NEW_ADDRESS -a {1}`).",
            held.name, held.app
        ));
    }
    for app in &findings.unread {
        notices.push(format!(
            "The config vars of {app} may not be read by this account: whether one holds the address of {name} by hand is not \
             known, nor can it be seen afterwards that they lead to the new database."
        ));
    }
}

/// What is said of the connection's own config var already.
fn is_the_connections(findings: &Findings, held: &HeldByHand) -> bool {
    let resolved = &findings.resolved;
    resolved.is_copied_value && held.app == findings.app.name && held.name == resolved.db_key
}

fn kept(one: &AttachmentFacts) -> String {
    format!(
        "{one} stays with the old database as its own name: code that reads {} would go on using the old one.",
        one.config_var
    )
}

fn credentials(findings: &Findings, notices: &mut Vec<String>) {
    match &findings.resolved.credentials {
        Some(names) => {
            let further: Vec<&str> = names.iter().map(String::as_str).filter(|name| *name != "default").collect();
            if !further.is_empty() {
                notices.push(format!(
                    "The database has credentials beyond the default one ({}): check them on the new database before their \
                     users need them.",
                    further.join(", ")
                ));
            }
        }
        None => {
            notices.push(
                "The database's credentials could not be listed; there may be some beyond the default one.".to_owned(),
            );
        }
    }
}

fn release_phases(findings: &Findings, notices: &mut Vec<String>) {
    for app in &findings.apps {
        if app.has_release_phase {
            notices.push(format!(
                "{} has a release phase: it runs at each attachment, and when it fails the app stays without the new \
                 address.",
                app.name
            ));
        }
    }
}

fn apps(findings: &Findings, notices: &mut Vec<String>) {
    for app in &findings.apps {
        if app.maintenance {
            notices.push(format!("{} is in maintenance mode already and is left so.", app.name));
        }
    }
}

fn database(findings: &Findings, notices: &mut Vec<String>) {
    let resolved = &findings.resolved;
    let name = &resolved.addon.name;
    if resolved.tier() == "essential" {
        notices.push(format!(
            "{name} is an Essential database: it can have no follower, so its version is upgraded in place or by a copy."
        ));
    }
    if resolved.addon.app.name != findings.app.name {
        notices.push(format!("{name} belongs to {}, which is billed for it.", resolved.addon.app.name));
    }
}

fn second_database(findings: &Findings, notices: &mut Vec<String>) {
    let resolved = &findings.resolved;
    let name = &resolved.addon.name;
    match resolved.addon.monthly_cents() {
        Some(cents) => notices.push(format!(
            "Keeping a second database of this plan costs {} a month until one of the two is removed.",
            dollars(cents)
        )),
        None => notices.push(format!("What a second {} costs is a matter of your contract.", resolved.addon.plan.name)),
    }
    if !resolved.followers.is_empty() {
        notices.push(format!(
            "{name} has followers ({}): they go on following the old database and have to be made anew.",
            resolved.followers.join(", ")
        ));
    }
}

/// What stays with the old add-on and is carried over by hand.
fn belongings(findings: &Findings, notices: &mut Vec<String>) {
    let addon = &findings.resolved.addon;
    let places = Places { old: &addon.name, new: "NEW_DATABASE", app: &addon.app.name };
    notices.extend(findings.belongings.sentences(places));
    notices.extend([places.shown_by_no_api(), places.shown_by_sql()]);
}

/// `$50` or `$50.25`.
fn dollars(cents: i64) -> String {
    match cents % 100 {
        0 => format!("${}", cents / 100),
        rest => format!("${}.{rest:02}", cents / 100),
    }
}

fn maintenance(findings: &Findings, notices: &mut Vec<String>) {
    let noted = &findings.noted;
    if let Some(scheduled) = noted.maintenance.as_ref().and_then(|maintenance| maintenance.scheduled_for.as_ref()) {
        notices.push(format!("Heroku has scheduled a maintenance of the database for {scheduled}."));
    }
    for window in noted.announced.windows.iter().flatten() {
        match (window.starts, window.ends, &window.text) {
            (Some(starts), Some(ends), _) => {
                notices.push(format!("Announced: {}, from {starts} to {ends}.", window.title));
            }
            (_, _, Some(text)) => notices.push(format!(
                "Announced, without times that a program can read, so judge for yourself whether it overlaps: {text}"
            )),
            _ => notices.push(format!("Announced without times: {}.", window.title)),
        }
    }
    for title in &noted.announced.incidents {
        notices.push(format!("An incident goes on at Heroku: {title}."));
    }
    notices.extend(noted.announced.missing.iter().cloned());
}
