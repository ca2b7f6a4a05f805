//! Runs of this machine that are not finished.

use crate::advice::{span, utc};
use crate::{Case, Finding, Grade, Rule};

pub(super) const RULE: Rule = Rule {
    id: "run-unfinished",
    looks_at: "whether a run of this machine about the app is not finished",
    why: "It may have left the app in maintenance mode, sync paused or a second database that is paid for.",
    source: "the journals of this machine",
};

pub(super) const UNREADABLE: Rule = Rule {
    id: "run-unreadable",
    looks_at: "whether a run of this machine cannot be read",
    why: "It is not known to be over: it may have paused sync or turned writes off, and nothing else is begun meanwhile.",
    source: "the journals of this machine",
};

fn unreadable(case: &Case<'_>, findings: &mut Vec<Finding>) {
    findings.extend(case.local.unreadable.iter().map(|run| {
        UNREADABLE
            .found(Grade::Attention, &case.checkup.app, run.saw.clone())
            .remedy(run.remedy.clone())
            .command(run.command.clone())
    }));
}

pub(super) fn judge(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let app = &case.checkup.app;
    unreadable(case, findings);
    if case.local.open_runs.is_empty() && case.local.unreadable.is_empty() {
        findings.push(RULE.well(app, format!("no run of this machine about {app} is unfinished")));
    }
    findings.extend(case.local.open_runs.iter().map(|run| {
        let age = span(case.now().duration_since(run.opened_at));
        let saw = format!(
            "run {} ({} by {}, begun by {} at {}, {age} ago) is not finished",
            run.run,
            run.procedure,
            run.method,
            run.by,
            utc(run.opened_at)
        );
        RULE.found(Grade::Attention, app, saw)
            .remedy(format!(
                "Finish it, or turn it back with `hcops abort {}`, before another procedure begins.",
                run.run
            ))
            .command(format!("hcops resume {}", run.run))
    }));
}
