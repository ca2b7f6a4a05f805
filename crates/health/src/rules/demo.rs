//! The demo plan and its limits (docs/heroku/procedures.md, "Demo plan").

use jiff::Timestamp;

use crate::advice::{grouped, span};
use crate::{Case, Finding, Grade, Rule};
use hcops_survey::checkup::ConnectionCheckup;

pub(super) const PLAN: Rule = Rule {
    id: "demo-plan",
    looks_at: "whether the connection is on the demo plan",
    why: "The demo plan polls every 10 minutes at the fastest, keeps its log for 7 days, and goes to sleep without new data.",
    source: "Dev Center: Heroku Connect; help.heroku.com/7W6OYCD7",
};

pub(super) const ROWS: Rule = Rule {
    id: "demo-rows",
    looks_at: "how near a demo connection is to its row limit",
    why: "Over 10,000 rows in all mappings together a demo connection stops syncing.",
    source: "Dev Center: Heroku Connect",
};

pub(super) const IDLE: Rule = Rule {
    id: "demo-idle",
    looks_at: "how long a demo connection got no new data",
    why: "Without new data from Salesforce a demo connection polls hourly after 7 days, daily after 14, and is paused after \
          31; later it is put on ice, and only Heroku's support can revive it.",
    source: "help.heroku.com/7W6OYCD7",
};

/// Rows that a demo connection may sync, over all mappings.
const ROW_LIMIT: u64 = 10_000;

/// From here on the limit is near.
const ROWS_NEAR: u64 = 8_000;

pub(super) fn judge(case: &Case<'_>, findings: &mut Vec<Finding>) {
    for connection in case.checkup.connections.iter().filter(|connection| connection.is_demo()) {
        let name = &connection.name;
        findings.push(
            PLAN.found(Grade::Note, name, format!("{name} is on the demo plan"))
                .remedy("For anything that matters change to a paid plan, which needs a contract with Heroku.")
                .command(format!("heroku addons:plans herokuconnect -a {}", case.checkup.app)),
        );
        findings.extend(rows(case, connection));
        findings.extend(idle(case, connection));
    }
}

fn rows(case: &Case<'_>, connection: &ConnectionCheckup) -> Option<Finding> {
    let (name, rows) = (&connection.name, connection.rows()?);
    let saw = format!("{name} holds {} of the {} rows of the demo plan", grouped(rows), grouped(ROW_LIMIT));
    let grade = match rows {
        ROW_LIMIT.. => Grade::Broken,
        ROWS_NEAR.. => Grade::Attention,
        _ => return Some(ROWS.well(name, saw)),
    };
    Some(
        ROWS.found(grade, name, saw)
            .remedy("Map fewer objects, or change to a paid plan.")
            .command(format!("heroku connect:info {}", case.on(Some(connection)))),
    )
}

/// From the newest moment at which Connect wrote into the database: that is when data came from Salesforce.
fn idle(case: &Case<'_>, connection: &ConnectionCheckup) -> Option<Finding> {
    let name = &connection.name;
    let quiet = case.now().duration_since(newest_data(connection)?);
    let days = quiet.as_hours() / 24;
    let saw = format!("{name} got no new data from Salesforce for {}", span(quiet));
    let (grade, consequence) = match days {
        31.. => (Grade::Attention, "Heroku pauses it now"),
        14.. => (Grade::Attention, "it polls daily now"),
        7.. => (Grade::Attention, "it polls hourly now"),
        _ => return Some(IDLE.well(name, format!("{name} got data from Salesforce {} ago", span(quiet)))),
    };
    let on = case.on(Some(connection));
    let command = if days >= 31 { format!("hcops plan sync-resume {on}") } else { format!("heroku connect:info {on}") };
    Some(
        IDLE.found(grade, name, format!("{saw}: {consequence}"))
            .remedy(
                "A change of any mapped record in Salesforce counts as new data. Remove the add-on if nobody needs it.",
            )
            .command(command),
    )
}

fn newest_data(connection: &ConnectionCheckup) -> Option<Timestamp> {
    let mappings = connection.connection.mappings.iter();
    mappings.filter_map(|mapping| mapping.times.as_ref()?.db_write.as_ref()?.at).max()
}
