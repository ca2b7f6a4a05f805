//! Whether a database is available, and what its plan still holds (docs/heroku/platform.md, "Plans";
//! docs/heroku/data.md, "Database").

use crate::advice::grouped;
use crate::{Case, Finding, Grade, Rule};
use hcops_heroku::data::is_available;
use hcops_survey::checkup::DatabaseCheckup;

pub(super) const STATUS: Rule = Rule {
    id: "database-status",
    looks_at: "whether the database is available",
    why: "What is not available can be neither written to nor maintained.",
    source: "heroku pg:info",
};

pub(super) const SIZE: Rule = Rule {
    id: "database-size",
    looks_at: "how full the database's plan is",
    why: "Over its limit a database can lose the right to write, and a follower or copy needs a plan that holds it.",
    source: "Dev Center: Choosing the Right Heroku Postgres Plan",
};

pub(super) const CONNECTIONS: Rule = Rule {
    id: "database-connections",
    looks_at: "how many of the database's connections are in use",
    why: "Connect needs connections of its own; without a free one it can neither read its log nor write.",
    source: "heroku pg:info",
};

pub(super) const WARNING: Rule = Rule {
    id: "database-warning",
    looks_at: "what Heroku itself warns of",
    why: "Heroku tells there what it will do by itself if nobody else does.",
    source: "heroku pg:info",
};

/// Bytes of a gigabyte, as the plans count.
const GIGABYTE: u64 = 1_000_000_000;

/// Percent from which on a limit is near, and from which on it is reached soon.
const NEAR: u64 = 80;
const SOON: u64 = 90;

pub(super) fn judge(case: &Case<'_>, findings: &mut Vec<Finding>) {
    for database in &case.checkup.databases {
        findings.extend(status(database));
        findings.extend(size(case, database));
        findings.extend(connections(database));
        findings.extend(database.warning.as_ref().map(|warning| {
            WARNING
                .found(Grade::Attention, &database.name, format!("Heroku warns of {}: {warning}", database.name))
                .remedy("Do what it says.")
                .command(format!("heroku pg:info {} -a {}", database.name, database.owner_app))
        }));
    }
}

fn status(database: &DatabaseCheckup) -> Option<Finding> {
    let (name, status) = (&database.name, database.status.as_ref()?);
    let saw = format!("{name} is {status}");
    Some(match status.as_str() {
        status if is_available(status) => STATUS.well(name, saw),
        other => {
            let grade = if other.eq_ignore_ascii_case("preparing") { Grade::Note } else { Grade::Attention };
            STATUS
                .found(grade, name, saw)
                .remedy("Wait until it is available; if it stays so, ask Heroku's support.")
                .command(format!("heroku pg:info {name} -a {}", database.owner_app))
        }
    })
}

fn size(case: &Case<'_>, database: &DatabaseCheckup) -> Option<Finding> {
    let name = &database.name;
    let (bytes, gigabytes) = (database.bytes?, database.plan_gigabytes?);
    let percent = bytes.saturating_mul(100) / (gigabytes * GIGABYTE);
    let saw = format!("{name} fills {percent} % of the {} GB of its plan", grouped(gigabytes));
    let grade = match percent {
        100.. => Grade::Broken,
        SOON.. => Grade::Attention,
        NEAR.. => Grade::Note,
        _ => return Some(SIZE.well(name, saw)),
    };
    Some(SIZE.found(grade, name, saw).remedy("Change to a larger plan, or make room.").command(bigger(case, database)))
}

/// The next larger plan of the tier (docs/heroku/platform.md, "Plans").
fn bigger(case: &Case<'_>, database: &DatabaseCheckup) -> String {
    let on = case.on_database(database);
    let levels: &[&str] =
        if database.tier == "essential" { &["0", "1", "2"] } else { &["0", "2", "3", "4", "5", "6", "7", "8", "9"] };
    let level = database.plan.rsplit('-').next().unwrap_or_default();
    let next = levels.iter().position(|one| *one == level).and_then(|at| levels.get(at + 1));
    match next {
        Some(next) => format!("hcops plan plan-change {on} --plan heroku-postgresql:{}-{next}", database.tier),
        None => format!("heroku addons:plans heroku-postgresql -a {}", database.owner_app),
    }
}

fn connections(database: &DatabaseCheckup) -> Option<Finding> {
    let (name, text) = (&database.name, database.connections.as_ref()?);
    let (used, limit) = text.split_once('/')?;
    let (used, limit): (u64, u64) = (used.trim().parse().ok()?, limit.trim().parse().ok()?);
    let saw = format!("{name} has {used} of {limit} connections in use");
    if limit == 0 || used * 100 / limit < SOON {
        return Some(CONNECTIONS.well(name, saw));
    }
    Some(
        CONNECTIONS
            .found(Grade::Attention, name, saw)
            .remedy("See who holds them; use a connection pooler, or a plan with more of them.")
            .command(format!("heroku pg:ps {name} -a {}", database.owner_app)),
    )
}
