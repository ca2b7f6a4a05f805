//! Version upgrades that are scheduled, under way or failed (docs/heroku/procedures.md, "Upgrade in place").

use crate::advice::{span, utc};
use crate::{Case, Finding, Grade, Rule};
use hcops_survey::checkup::{DatabaseCheckup, UpgradeCheckup};

pub(super) const RULE: Rule = Rule {
    id: "upgrade-scheduled",
    looks_at: "whether a version upgrade is scheduled, under way or failed",
    why: "Preparing an upgrade also schedules it: unless it is run or cancelled, Heroku runs it in the next maintenance \
          window, with the app and Connect live.",
    source: "Dev Center: Upgrading the Version of a Heroku Postgres Database",
};

pub(super) fn judge(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let upgrades = case.checkup.databases.iter().filter_map(|database| Some((database, database.upgrade.as_ref()?)));
    findings.extend(upgrades.map(|(database, upgrade)| of(case, database, upgrade)));
}

fn of(case: &Case<'_>, database: &DatabaseCheckup, upgrade: &UpgradeCheckup) -> Finding {
    let name = &database.name;
    let said = &upgrade.said;
    if upgrade.failed {
        return RULE
            .found(Grade::Attention, name, format!("the upgrade of {name} failed: \"{said}\""))
            .remedy("The database is on its old version. Heroku's support can see the cause.")
            .command(format!("heroku pg:upgrade:wait {name} -a {}", database.owner_app));
    }
    if upgrade.under_way {
        let step = upgrade.step.as_ref().map_or_else(String::new, |step| format!(" ({step})"));
        return RULE
            .found(Grade::Note, name, format!("an upgrade of {name} is under way: \"{said}\"{step}"))
            .remedy("Leave it alone until it has ended.");
    }
    match upgrade.scheduled_for {
        Some(at) => scheduled(case, database, at),
        None if said.to_lowercase().contains("schedul") => RULE
            .found(
                Grade::Attention,
                name,
                format!("Heroku says of an upgrade of {name}, without a time that is recognised: \"{said}\""),
            )
            .remedy("Find out whether and when Heroku runs it by itself.")
            .command(format!("heroku pg:upgrade:wait {name} -a {}", database.owner_app)),
        None => RULE.well(name, format!("Heroku tells of no upgrade of {name} that would be scheduled")),
    }
}

fn scheduled(case: &Case<'_>, database: &DatabaseCheckup, at: jiff::Timestamp) -> Finding {
    let name = &database.name;
    let left = at.duration_since(case.now());
    let when = if left.is_negative() { "which is past".to_owned() } else { format!("in {}", span(left)) };
    let saw = format!("Heroku upgrades {name} by itself at {}, {when}", utc(at));
    if let Some(run) = case.open_run(Some("version-upgrade")) {
        return RULE
            .found(Grade::Attention, name, format!("{saw}; the run {} that prepared it is not finished", run.run))
            .remedy("Go on with that run before then: it pauses sync, and runs or cancels the upgrade.")
            .command(format!("hcops resume {}", run.run));
    }
    RULE.found(Grade::Attention, name, format!("{saw}, and no run of this machine is about it"))
        .remedy(format!(
            "Run it yourself before then, with sync paused and apps silent: `hcops run version-upgrade --method in-place {} \
             --to N`, where N is the version that it was prepared for. Or cancel it, as below.",
            case.on_database(database)
        ))
        .command(format!("heroku pg:upgrade:cancel {name} -a {}", database.owner_app))
}
