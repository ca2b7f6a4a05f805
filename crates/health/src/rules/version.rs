//! How long the Postgres version is supported (docs/heroku/procedures.md, "Versions and dates").

use crate::when;
use crate::{Case, Finding, Grade, Rule};
use hcops_heroku::data::{AS_OF, Deadline, NEWEST, Standing, is_advanced, standing};
use hcops_survey::checkup::DatabaseCheckup;

pub(super) const RULE: Rule = Rule {
    id: "postgres-version",
    looks_at: "the end of life of the database's Postgres version",
    why: "After the deadline Heroku upgrades by itself, with the app and Connect live and nobody having paused sync; after \
          the end it may remove what is left.",
    source: "Dev Center: Heroku Postgres Version Support; Heroku changelog 2722",
};

pub(super) fn judge(case: &Case<'_>, findings: &mut Vec<Finding>) {
    findings.extend(case.checkup.databases.iter().map(|database| of(case, database)));
}

fn of(case: &Case<'_>, database: &DatabaseCheckup) -> Finding {
    let name = &database.name;
    if is_advanced(&database.plan) {
        let saw = format!(
            "{name} is on the plan {}: Advanced databases are followed and upgraded by other commands",
            database.plan
        );
        return RULE
            .found(Grade::Note, name, saw)
            .remedy(
                "No statement of Heroku's was found that Heroku Connect works with them: hcops plans nothing on it.",
            )
            .command(format!("heroku data:pg:info {name} -a {}", database.owner_app));
    }
    let Some(version) = database.version else {
        let raw = database.version_text.as_deref().unwrap_or("no version");
        return RULE
            .found(Grade::Attention, name, format!("{name} tells `{raw}`, in which no Postgres version is recognised"))
            .remedy("Look at it yourself.")
            .command(format!("heroku pg:info {name} -a {}", database.owner_app));
    };
    let saw = format!("{name} runs Postgres {version}");
    match standing(version) {
        Standing::Ending { earlier, later, .. } => ending(case, database, &saw, [earlier, later]),
        Standing::NoEndKnown => RULE.well(name, format!("{saw}; no end of it was announced as of {AS_OF}")),
        Standing::Removed { on } => upgrade(
            case,
            database,
            RULE.found(Grade::Broken, name, format!("{saw}, which Heroku removed on {on}")),
        ),
        Standing::OlderThanKnown => upgrade(
            case,
            database,
            RULE.found(
                Grade::Attention,
                name,
                format!("{saw}, older than every version that hcops has dates for: when it ends is not known here, but not after those"),
            ),
        ),
        Standing::Unknown => RULE
            .found(Grade::Note, name, format!("{saw}, of which hcops knows no dates (its table is as of {AS_OF})"))
            .remedy("Use a newer hcops, or see Heroku's page on version support."),
    }
}

/// Broken only where the later date is past as well: until then nothing says that it is.
fn ending(case: &Case<'_>, database: &DatabaseCheckup, saw: &str, [earlier, later]: [Deadline; 2]) -> Finding {
    let days = |date| case.days_until(date);
    let (first, last, end) = (days(earlier.act_by), days(later.act_by), days(later.ends));
    let soon = i64::from(first) <= i64::from(case.horizon.days);
    let (grade, told) = match (end, last) {
        (..0, _) => (Grade::Broken, format!("its life ended on {}, {}", later.ends, when(end))),
        (_, ..0) => (
            Grade::Broken,
            format!(
                "the last day to upgrade it yourself was {}, {}: Heroku may upgrade it to {NEWEST} any day now; it ends on {}, {}",
                later.act_by,
                when(last),
                later.ends,
                when(end)
            ),
        ),
        _ => {
            let then = if first < 0 {
                format!("by the earlier one Heroku may upgrade it to {NEWEST} any day now")
            } else {
                "afterwards Heroku does it by itself".to_owned()
            };
            (
                if soon { Grade::Attention } else { Grade::Note },
                format!(
                    "Heroku's mails name two dates to upgrade it by, and your own mail decides: {}, {}, or {}, {}; {then}; it ends \
                     on {} or {}",
                    earlier.act_by,
                    when(first),
                    later.act_by,
                    when(last),
                    earlier.ends,
                    later.ends
                ),
            )
        }
    };
    upgrade(case, database, RULE.found(grade, &database.name, format!("{saw}: {told}")))
}

fn upgrade(case: &Case<'_>, database: &DatabaseCheckup, finding: Finding) -> Finding {
    finding
        .remedy("Rehearse the upgrade, plan it, and carry it out at a time of your own; the plan shows the methods.")
        .command(format!("hcops plan version-upgrade {} --to {NEWEST}", case.on_database(database)))
}
