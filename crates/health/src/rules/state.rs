//! How a connection stands (docs/heroku/connect.md, "Connection states").

use crate::{Case, Finding, Grade, Rule};
use hcops_heroku::connect::ConnectionState;
use hcops_survey::checkup::ConnectionCheckup;

pub(super) const RULE: Rule = Rule {
    id: "connection-state",
    looks_at: "whether sync runs",
    why: "A connection that stands still syncs nothing, in either direction, and says so nowhere else.",
    source: "Dev Center: Connection States Reference",
};

pub(super) fn judge(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let states = case.checkup.connections.iter();
    findings.extend(states.filter(|one| !one.is_paused()).map(|connection| of(case, connection)));
    let checkup = case.checkup;
    if checkup.connections.is_empty() && checkup.hidden_connections.is_empty() && checkup.unseen.is_empty() {
        findings.push(RULE.found(
            Grade::Note,
            &checkup.app,
            format!("{} has no Heroku Connect connection", checkup.app),
        ));
    }
}

fn of(case: &Case<'_>, connection: &ConnectionCheckup) -> Finding {
    let (name, state) = (&connection.name, &connection.connection.state);
    let saw = format!("{name} is {state}");
    if state.is_healthy_or_working() {
        return RULE.well(name, saw);
    }
    match state {
        ConnectionState::Recovery => {
            RULE.found(Grade::Note, name, format!("{saw}: it is coming back")).remedy("Look again in some minutes.")
        }
        ConnectionState::Other(_) => RULE
            .found(Grade::Attention, name, format!("{saw}, a state that this version of hcops does not know"))
            .remedy("Look at it in Connect's dashboard. hcops takes no unknown state for success.")
            .command(format!("heroku connect:info {}", case.on(Some(connection)))),
        fault => broken(case, connection, fault, saw),
    }
}

fn broken(case: &Case<'_>, connection: &ConnectionCheckup, state: &ConnectionState, saw: String) -> Finding {
    let on = case.on(Some(connection));
    let (remedy, command) = match state {
        ConnectionState::SystemOnIce => (
            "Only Heroku's support can revive it; it comes back as PAUSED. Ask them in a ticket, or make a new connection \
             on a paid plan, which is never put on ice."
                .to_owned(),
            format!("hcops plan connection-recreate {on}"),
        ),
        ConnectionState::New => (
            "Choose its database and schema, then log in to Salesforce.".to_owned(),
            format!("heroku connect:db:set {on} --db DATABASE_URL --schema salesforce"),
        ),
        ConnectionState::NeedAuthentication | ConnectionState::Unauthorized => (
            "Log in to Salesforce again, as the user that the integration belongs to.".to_owned(),
            format!("heroku connect:sf:auth {on}"),
        ),
        ConnectionState::HerokuUnauth => (
            "Authorise Connect for the app's database again in its dashboard.".to_owned(),
            format!("heroku addons:open {}", connection.name),
        ),
        ConnectionState::InactiveOrg => (
            "The Salesforce organisation is inactive. If a sandbox was refreshed, recreate the connection against the new \
             one; else have the organisation revived by Salesforce."
                .to_owned(),
            format!("hcops plan connection-recreate {on}"),
        ),
        ConnectionState::TooManyRows => (
            "It has passed the row limit of its contract: sync fewer rows, or have the limit raised.".to_owned(),
            format!("heroku connect:info {on}"),
        ),
        _ => (
            "See the cause in its log, remove it, then recover the connection.".to_owned(),
            format!("heroku connect:recover {on}"),
        ),
    };
    RULE.found(Grade::Broken, &connection.name, format!("{saw}: sync does not run")).remedy(remedy).command(command)
}
