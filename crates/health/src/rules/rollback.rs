//! Databases that were made out of the past of another one (docs/heroku/procedures.md, "Rollback recovery").

use jiff::SignedDuration;

use crate::advice::span;
use crate::{Case, Finding, Grade, Rule};
use hcops_survey::checkup::DatabaseCheckup;

pub(super) const RULE: Rule = Rule {
    id: "rolled-back",
    looks_at: "whether the connection's database is a fork or a rollback of another one",
    why: "Connect tracks its progress with marks of its own. On a database of the past these do not fit Salesforce any more, \
          until every mapping is reloaded.",
    source: "Dev Center: Heroku Connect Maintenance Operations; Heroku Postgres Rollback",
};

/// The archive of the trigger log is kept about so long: what happened before can't be told any more.
const RECENT: SignedDuration = SignedDuration::from_hours(31 * 24);

pub(super) fn judge(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let used = case.checkup.databases.iter().filter(|database| case.checkup.connections_of(database).next().is_some());
    findings.extend(used.filter_map(|database| of(case, database)));
}

fn of(case: &Case<'_>, database: &DatabaseCheckup) -> Option<Finding> {
    let origin = database.forked_from.as_ref()?;
    let age = database.created_at.map(|made| case.now().duration_since(made));
    let is_recent = age.is_none_or(|age| age < RECENT);
    let made = age.map_or_else(String::new, |age| format!(", made {} ago", span(age)));
    let saw = format!("{} was forked or rolled back from {origin}{made}", database.name);
    let grade = if is_recent { Grade::Attention } else { Grade::Note };
    let finding = RULE.found(grade, &database.name, saw);
    Some(if is_recent {
        finding
            .remedy("If it is a rollback and the mappings were not reloaded since, reload them. After a plain copy nothing has to be done.")
            .command(format!("hcops plan rollback-recovery {}", case.on_database(database)))
    } else {
        finding
    })
}
