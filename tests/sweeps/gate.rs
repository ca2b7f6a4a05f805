//! Between writes off and writes on nobody is asked anything, and the connection is not waited for that could have been paused
//! before: read from the journals of whole runs of every runbook.

use hcops_journal::RunState;
use hcops_model::{Entry, Line, PlannedStep, StepId};

use crate::cases::{Case, chosen};
use crate::trial::prepare;
use crate::workers::sweep;

/// What the apps wrote has to be sent before the connection is taken away, so sync can't be paused while they write.
const PAUSES_IN_THE_DOWNTIME: [&str; 1] = ["connection-recreate-import.toml"];

/// What can't be asked before: the login to a connection that is made while writes are off, and what was captured until they went off
/// or stands in a database that is made then.
const ASKS_IN_THE_DOWNTIME: [(&str, &[&str]); 2] = [
    ("connection-recreate-import.toml", &["log-in"]),
    ("rollback-recovery-reload.toml", &["unsent", "losses-by-hand"]),
];

#[test]
fn whoever_said_all_at_the_gate_is_asked_nothing_else_while_writes_are_off() {
    let cases: Vec<Case> = chosen().collect();
    sweep("questions in the downtime", &cases, Case::name, |case| {
        let prepared = prepare(*case);
        let lines = &prepared.journal_lines;
        let has_gate = prepared.plan.steps.iter().any(PlannedStep::is_gate);
        let in_the_downtime: Vec<&Line> =
            (0..lines.len()).filter(|end| lasts(&lines[..*end])).map(|at| &lines[at]).collect();
        assert_eq!(has_gate, !in_the_downtime.is_empty(), "writes go off behind a gate, and nowhere else");
        let asked: Vec<&str> = in_the_downtime.iter().filter_map(|line| question(line)).collect();
        let expected = ASKS_IN_THE_DOWNTIME.iter().find(|(runbook, _)| *runbook == case.runbook);
        assert_eq!(asked, expected.map_or(&[][..], |(_, questions)| questions), "asked while writes are off");
        let is_pause = |id: &StepId| {
            let action = prepared.plan.step(id).map(|step| step.action.as_str());
            matches!(action, Some("connect.idle" | "connect.pause"))
        };
        let paused =
            in_the_downtime.iter().any(|line| matches!(&line.entry, Entry::Settled { step, .. } if is_pause(step)));
        assert_eq!(paused, PAUSES_IN_THE_DOWNTIME.contains(&case.runbook), "where sync is paused");
    });
}

/// Whether writes are off after these lines.
fn lasts(lines: &[Line]) -> bool {
    RunState::fold(lines).is_ok_and(|state| state.downtime.lasts())
}

/// The id of the question that is asked, or for which the run parks.
fn question(line: &Line) -> Option<&str> {
    match &line.entry {
        Entry::Asked { question } => Some(&question.id),
        Entry::Parked { needs } => Some(&needs.question.id),
        _ => None,
    }
}
