//! What the screen, the report and `abort` say of a run is the same, at every place where a process may die: what is done,
//! what can be undone, how long writes have been off, what is asked. Each reads the journal alone.

use std::collections::BTreeSet;

use hcops_actions::{Registry, registry};
use hcops_engine::abort::way_back;
use hcops_journal::{RunState, read};
use hcops_model::{Entry, Exit, Fault, FaultKind, Happened, Line, Needs, Question, QuestionKind};
use hcops_report::{Account, Kept, StepAccount, StepEnd, account};
use hcops_terminal::Board;

use crate::cases;
use crate::trial::{Prepared, Trial, block_on, clients, prepare};
use crate::workers::sweep;

#[test]
fn the_screen_the_report_and_abort_say_the_same() {
    for case in cases::chosen() {
        let prepared = prepare(case);
        let trial = Trial::anew(&prepared);
        let actions = registry(clients(&trial.simulator, trial.simulator.wire()), trial.simulator.clock());
        let journals = journals(&prepared);
        sweep(
            &format!("agreement over {}", case.name()),
            &journals,
            |lines| format!("{} lines, the last {:?}", lines.len(), lines.last().map(|line| &line.entry)),
            |lines| agree(lines, &actions),
        );
    }
}

/// The journal at each place where a process may die, the same after a refusal and parked there, and that of a way back.
fn journals(prepared: &Prepared) -> Vec<Vec<Line>> {
    let whole = &prepared.journal_lines;
    let lengths: BTreeSet<usize> =
        prepared.snapshots.iter().map(|snapshot| read(snapshot.journal.as_bytes()).unwrap().lines.len()).collect();
    let turned = turned_back(prepared);
    let places =
        lengths.into_iter().map(|length| &whole[..length]).chain((1..=turned.len()).map(|length| &turned[..length]));
    places.flat_map(|lines| [Some(lines.to_vec()), refused(lines), parked(lines)]).flatten().collect()
}

/// The journal of a run that is turned back where most is to be undone; none where nothing ever is.
fn turned_back(prepared: &Prepared) -> Vec<Line> {
    let undoable = |journal: &str| RunState::fold(&read(journal.as_bytes()).unwrap().lines).unwrap().undoable().len();
    let Some(most) = prepared.snapshots.iter().max_by_key(|snapshot| undoable(&snapshot.journal)) else {
        return Vec::new();
    };
    if undoable(&most.journal) == 0 {
        return Vec::new();
    }
    let mut trial = Trial::after(most).unwrap();
    assert_eq!(block_on(trial.turn_back()).unwrap().unwrap().exit, Exit::Aborted);
    trial.journal_lines().to_vec()
}

fn followed_by(lines: &[Line], entry: Entry) -> Option<Vec<Line>> {
    let last = lines.last()?;
    let next = Line { seq: last.seq + 1, entry, ..last.clone() };
    RunState::fold(lines).unwrap().objection_to_entry(&next.entry).is_none().then(|| [lines, &[next]].concat())
}

/// The act that was begun is refused, and nothing was changed.
fn refused(lines: &[Line]) -> Option<Vec<Line>> {
    let (Entry::Intended { intent: hcops_model::Intent { step, .. } } | Entry::Crossed { step, .. }) =
        &lines.last()?.entry
    else {
        return None;
    };
    let fault = Fault::new(FaultKind::Refused, "403", "It is not permitted.", "Ask.").with_happened(Happened::No);
    followed_by(lines, Entry::Faulted { step: step.clone(), acting: true, fault })
}

/// A person is needed, and nobody is there.
fn parked(lines: &[Line]) -> Option<Vec<Line>> {
    let state = RunState::fold(lines).unwrap();
    let step = state.front().first()?.id.clone();
    let question = Question {
        id: step.to_string(),
        step: Some(step),
        sort: QuestionKind::WhatHappened,
        text: "What happened?".to_owned(),
        shown: Vec::new(),
        picture: None,
        in_words: false,
    };
    let needs = Needs {
        question,
        exit: Exit::NeedsPerson.code(),
        commands: Vec::new(),
        ways: Vec::new(),
        later: Vec::new(),
        writes_off: None,
    };
    followed_by(lines, Entry::Parked { needs })
}

fn agree(lines: &[Line], actions: &Registry) {
    let state = RunState::fold(lines).unwrap();
    let now = state.at;
    let mut screen = Board::default();
    screen.catch_up(lines);
    let report = account(lines, &Kept::new()).unwrap();

    assert_eq!(screen.count(), done(&report), "done");
    let off = report.downtime.as_ref().map(|downtime| (downtime.seconds, downtime.until.is_none()));
    assert_eq!(screen.writes_off(now), off, "downtime");
    assert_eq!(screen.crossed(), !report.crossings.is_empty(), "points of no return");
    assert_eq!(report.parked, state.parked, "the open question, which `show` and `watch` tell");
    let asked = state.parked.as_ref().map(|needs| &needs.question);
    assert!(asked.is_none_or(|asked| state.questions.get(&asked.id) == Some(asked)), "what can be answered");

    let undoes: Vec<String> = match way_back(&state, actions, now) {
        Ok(plan) => plan.steps.into_iter().map(|step| step.title).collect(),
        Err(refusal) => {
            let refuses = state.closed.is_some() || report.turned_back.is_some() || screen.crossed();
            assert!(refuses, "abort refuses although a way leads back: {refusal:#?}");
            Vec::new()
        }
    };
    let told: Vec<String> = screen.undoable().into_iter().map(|undo| undo.title.clone()).collect();
    assert_eq!(told, undoes, "what abort undoes");
}

/// The steps of the active plan that are over, and how many it has.
fn done(report: &Account) -> (usize, usize) {
    let active = |step: &&StepAccount| {
        step.way_back == report.turned_back.is_some() && !matches!(step.end, StepEnd::LeftOut { .. })
    };
    let over = |step: &&StepAccount| matches!(step.end, StepEnd::Settled { .. } | StepEnd::Skipped { .. });
    let steps = report.steps.iter().filter(active);
    (steps.clone().filter(over).count(), steps.count())
}
