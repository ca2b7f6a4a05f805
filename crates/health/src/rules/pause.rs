//! Paused connections: by whom, since when, why (docs/heroku/procedures.md, "Pause and resume").

use crate::advice::{span, utc};
use crate::local::KeptPause;
use crate::{Case, Finding, Grade, Rule};
use hcops_survey::checkup::ConnectionCheckup;

pub(super) const RULE: Rule = Rule {
    id: "connection-paused",
    looks_at: "whether sync is paused, by whom and since when",
    why: "While it is paused the trigger log grows and Salesforce is not polled: the longer, the longer it takes to catch up.",
    source: "Dev Center: Heroku Connect Maintenance Operations",
};

pub(super) fn judge(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let paused = case.checkup.connections.iter().filter(|connection| connection.is_paused());
    findings.extend(paused.map(|connection| of(case, connection)));
}

fn of(case: &Case<'_>, connection: &ConnectionCheckup) -> Finding {
    let name = &connection.name;
    match case.local.pauses.get(&connection.connection.id) {
        Some(pause) => by_a_run(case, connection, pause),
        None => {
            let demo =
                if connection.is_demo() { ", or Heroku did it: a demo plan without new data for 31 days" } else { "" };
            RULE.found(Grade::Attention, name, format!("{name} is PAUSED; {}{demo}", by_whom(case)))
                .remedy("Find out who paused it and why before you resume it.")
                .command(format!("hcops plan sync-resume {}", case.on(Some(connection))))
        }
    }
}

/// Who paused it is only known to be somebody else where every run of this machine can be read.
fn by_whom(case: &Case<'_>) -> String {
    match case.local.unreadable.first() {
        None => "no run of this machine paused it, so somebody else did".to_owned(),
        Some(run) => {
            format!("whether a run of this machine paused it is not known, since run {} cannot be read", run.run)
        }
    }
}

fn by_a_run(case: &Case<'_>, connection: &ConnectionCheckup, pause: &KeptPause) -> Finding {
    let name = &connection.name;
    let since = span(case.now().duration_since(pause.at));
    let saw = format!(
        "{name} is PAUSED for {since}: paused by {} at {}, run {}: {}",
        pause.by,
        utc(pause.at),
        pause.run,
        pause.reason
    );
    if pause.unfinished {
        return RULE
            .found(Grade::Attention, name, saw)
            .remedy("That run is not finished and resumes sync itself: go on with it, or turn it back.")
            .command(format!("hcops show {}", pause.run));
    }
    RULE.found(Grade::Attention, name, saw)
        .remedy("Resume sync when the reason is gone.")
        .command(format!("hcops run sync-resume {}", case.on(Some(connection))))
}
