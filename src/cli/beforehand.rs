//! Answers that are given with the command: whether they fit what is to be carried out. One that fits nothing is refused
//! before anything is done, since the run would pass over it and park where it was meant, perhaps while writes are off.

use std::time::Duration;

use super::arguments::AnswersBeforehand;
use super::clock::SystemClock;
use super::desk::Desk;
use super::execution::Direction;
use super::failure::Failure;
use super::flags::read_opening;
use super::reach::Reach;
use hcops_engine::abort::way_back;
use hcops_journal::RunState;
use hcops_journal::planned::PlannedDowntime as _;
use hcops_journal::references::{Outputs, fill_string};
use hcops_model::{Clock as _, Digest, Exit, Fault, FaultKind, Plan};
use hcops_runbook::nearest;

/// Holds the answers for a run that is about to be opened against its plan; `command` shows that plan.
///
/// # Errors
/// With exit 11 where another plan is approved, with exit 2 where an answer fits nothing in this one.
pub(super) fn fit_plan(desk: &Desk, answers: &AnswersBeforehand, plan: &Plan, command: String) -> Result<(), Failure> {
    approved_digest(answers, plan, &command)?;
    Fitting { plan, state: None, forward: None, command }.check(desk, answers)
}

/// Holds the answers for a run that was opened before against what it will carry out: the rest of its plan, or its way
/// back.
///
/// # Errors
/// With exit 2 where another plan is approved, or an answer fits nothing; when the journal cannot be read.
pub(super) fn fit_run(
    desk: &Desk,
    reach: &Reach,
    name: &str,
    answers: &AnswersBeforehand,
    direction: Direction,
) -> Result<(), Failure> {
    let state = RunState::fold(&desk.store().open_read(name)?.lines)?;
    let back = (direction == Direction::Back && !state.turned_back())
        .then(|| way_back(&state, &*reach.actions, reach.clock.now()));
    let plan = match &back {
        None => &state.plan,
        Some(Ok(plan)) => plan,
        // Where no way leads back the engine says why.
        Some(Err(_)) => return Ok(()),
    };
    let is_back = back.is_some() || state.turned_back();
    digest_of_run(answers, &state, plan, if is_back { "its way back" } else { "the plan of this run" })?;
    let forward = is_back.then(|| state.main_plan());
    let command = format!("hcops show {} --steps", state.run);
    Fitting { plan, state: Some(&state), forward, command }.check(desk, answers)
}

/// An approval is for exactly one plan; when it is for another one, nothing is begun.
fn approved_digest(answers: &AnswersBeforehand, plan: &Plan, command: &str) -> Result<(), Failure> {
    let digest = plan.digest();
    match &answers.approve {
        Some(given) if is_too_short(given, &digest) => Err(too_short(given, command)),
        Some(given) if !digest.is_named_by(given) => {
            let fault = Fault::new(
                FaultKind::Refused,
                format!("--approve names {given}, and the plan as it would be made now is {digest}"),
                "Exactly the plan that was reviewed is carried out, and this is another one; nothing was done.",
                "Look at the plan as it is now; with the reviewed plan's file instead of the procedure's name the \
                 difference is printed.",
            );
            Err(Failure::new(Exit::Blocked, fault).with_command(command))
        }
        _ => Ok(()),
    }
}

/// The plan of a run never changes, so another digest was meant for something else.
fn digest_of_run(answers: &AnswersBeforehand, state: &RunState, plan: &Plan, whose: &str) -> Result<(), Failure> {
    let digest = plan.digest();
    // A job that turns a run back may repeat the flags that it was begun with: its way back is not approved by them.
    let names_it = |given: &&String| digest.is_named_by(given) || state.main_plan().digest().is_named_by(given);
    let Some(given) = answers.approve.as_ref().filter(|given| !names_it(given)) else { return Ok(()) };
    if is_too_short(given, &digest) {
        return Err(too_short(given, &format!("hcops show {} --steps", state.run)));
    }
    let remedy = if *plan == state.plan && state.approved {
        "That one is approved already: leave --approve out."
    } else {
        "Without --approve it is shown; then approve it by its own digest."
    };
    Err(Failure::usage(
        format!("--approve names {given}, and the digest of {whose} is {digest}"),
        "An approval is for exactly one plan, and this run carries out another one; nothing was done.",
        remedy,
    )
    .with_command(format!("hcops show {} --steps", state.run)))
}

fn is_too_short(given: &str, digest: &Digest) -> bool {
    !digest.is_named_by(given) && digest.0.starts_with(given)
}

fn too_short(given: &str, command: &str) -> Failure {
    Failure::usage(
        format!("--approve names {given}, which is the beginning of the plan's digest and too short"),
        "So few characters may be the beginning of another plan's digest as well; nothing was done.",
        "Give twelve characters of it at least, or the whole.",
    )
    .with_command(command)
}

/// What answers have to fit.
struct Fitting<'a> {
    plan: &'a Plan,
    /// The run, where there is one already.
    state: Option<&'a RunState>,
    /// The plan that the run was begun with, where this is its way back: what fits that one is told and not refused.
    forward: Option<&'a Plan>,
    /// What shows the plan.
    command: String,
}

/// A point of no return of the plan.
struct Point {
    /// The name to type; nothing while a step before it still has to find it out.
    name: Option<String>,
    /// Whether the run has done it.
    over: bool,
}

impl Point {
    fn is(&self, given: &str) -> bool {
        self.name.as_deref() == Some(given)
    }
}

fn points_of(plan: &Plan, state: Option<&RunState>) -> Vec<Point> {
    let outputs = state.map_or_else(Outputs::default, RunState::outputs);
    let point = plan.points_of_no_return().filter_map(|step| {
        let name = fill_string(&step.crossing.as_ref()?.name, &outputs).ok();
        Some(Point { name, over: state.is_some_and(|state| state.is_over(step)) })
    });
    point.collect()
}

fn has_step(plan: &Plan, id: &str) -> bool {
    plan.steps.iter().any(|step| step.id.as_str() == id)
}

/// A job that turns a run back may repeat the flags that the run was begun with.
fn of_the_way_there(desk: &Desk, given: &str) {
    let note = format!("note: {given} belongs to the run's own plan, and its way back has no use for it.");
    desk.remark(&desk.appearance.tell(&note));
}

impl Fitting<'_> {
    fn check(&self, desk: &Desk, answers: &AnswersBeforehand) -> Result<(), Failure> {
        let points = points_of(self.plan, self.state);
        let (fitting, others): (Vec<_>, Vec<_>) = answers
            .confirm
            .iter()
            .cloned()
            .partition(|given| points.iter().any(|point| point.name.as_ref().is_none_or(|name| name == given)));
        for given in &others {
            let of_the_run = self.forward.is_some_and(|plan| points_of(plan, self.state).iter().any(|it| it.is(given)));
            if !of_the_run {
                return Err(self.no_such_point(given, &points));
            }
            of_the_way_there(desk, &format!("--confirm {given}"));
        }
        self.check_gate(desk, answers)?;
        for (id, _) in answers.answer.iter().filter(|(id, _)| !self.asks(id)) {
            if !self.forward.is_some_and(|plan| has_step(plan, id)) {
                return Err(self.no_such_question(id));
            }
            of_the_way_there(desk, &format!("--answer {id}"));
        }
        for (id, _) in answers.answer.iter().filter(|(id, _)| self.is_behind(id)) {
            let note = format!("note: {id} is behind this run: --answer {id} changes nothing of what is recorded.");
            desk.remark(&desk.appearance.tell(&note));
        }
        remark_count(desk, &fitting, &points);
        Ok(())
    }

    /// What says when writes may go off has to find a gate, and has to be understood, before hours are spent on the way there.
    fn check_gate(&self, desk: &Desk, answers: &AnswersBeforehand) -> Result<(), Failure> {
        let Some(flag) = answers.gate.flag() else { return Ok(()) };
        let Some(gate) = self.plan.gate() else {
            return Err(Failure::usage(
                format!("{flag} says when the downtime may begin, and this plan turns no writes off"),
                "It would change nothing; nothing was done.",
                format!("Leave {flag} out."),
            )
            .with_command(&self.command));
        };
        if self.state.is_some_and(|state| state.is_over(gate)) {
            let note = format!("note: the gate is behind this run: {flag} changes nothing.");
            desk.remark(&desk.appearance.tell(&note));
        }
        let seconds = Duration::from_secs;
        let (usual, point) = (self.plan.usual_downtime().unwrap_or(0), self.plan.usual_until_point());
        let opening = read_opening(&answers.gate.typed(), SystemClock.now());
        match opening.map(|opening| opening.objection(seconds(usual), seconds(point))) {
            Ok(None) => Ok(()),
            Err(why) | Ok(Some(why)) => Err(Failure::usage(
                format!("{flag} does not say when the downtime may begin: {why}"),
                "The run would stop at the gate; nothing was done.",
                "Give a time as `--at 22:00`, or hours that hold the usual downtime as `--window 22:00-02:00`.",
            )
            .with_command(&self.command)),
        }
    }

    fn asks(&self, id: &str) -> bool {
        let asked = self.state.is_some_and(|state| state.questions.contains_key(id));
        id == "approve" || asked || has_step(self.plan, id)
    }

    fn is_behind(&self, id: &str) -> bool {
        let step = self.plan.steps.iter().find(|step| step.id.as_str() == id);
        step.zip(self.state).is_some_and(|(step, state)| state.is_over(step))
    }

    fn no_such_point(&self, given: &str, points: &[Point]) -> Failure {
        let names: Vec<&str> = points.iter().filter_map(|point| point.name.as_deref()).collect();
        let remedy = match names.as_slice() {
            [] => "This plan has no point of no return: leave --confirm out.".to_owned(),
            [name] => format!("Its point of no return goes by {name}."),
            [name, others @ ..] if others.iter().all(|other| other == name) => {
                format!("Its {} points of no return go by {name}; each needs a --confirm of its own.", names.len())
            }
            several => format!(
                "Its {} points of no return go by {}; each needs a --confirm of its own.",
                several.len(),
                several.join(", ")
            ),
        };
        Failure::usage(
            format!("--confirm names {given}, and no point of no return of this plan goes by that name"),
            "It would open nothing, and the run would park at the one that was meant, perhaps while writes are off; nothing \
             was done.",
            remedy,
        )
        .with_command(&self.command)
    }

    fn no_such_question(&self, id: &str) -> Failure {
        let steps = || self.plan.steps.iter().filter(|step| step.omitted.is_none());
        let asking: Vec<&str> =
            steps().filter(|step| step.action.starts_with("person.")).map(|step| step.id.as_str()).collect();
        let remedy = match nearest(id, steps().map(|step| step.id.as_str())) {
            Some(near) => format!("Did you mean {near}?"),
            None if asking.is_empty() => "No step of this plan asks a person by itself.".to_owned(),
            None => format!("Steps of this plan that ask a person: {}.", asking.join(", ")),
        };
        Failure::usage(
            format!("--answer names the question {id}, and no step of this plan goes by that name"),
            "It would answer nothing, and the run would park at the question that was meant, perhaps while writes are off; \
             nothing was done.",
            remedy,
        )
        .with_command(&self.command)
    }
}

/// Each `--confirm` opens one point of no return. Whoever gave fewer than the plan needs, where nobody is there to ask, or
/// more, hears it before anything is done.
fn remark_count(desk: &Desk, given: &[String], points: &[Point]) {
    let mut names: Vec<&String> = given.iter().collect();
    names.sort_unstable();
    names.dedup();
    let unnamed = points.iter().any(|point| point.name.is_none());
    for name in names {
        let of_name = || points.iter().filter(|point| point.name.as_ref() == Some(name));
        let (all, left) = (of_name().count(), of_name().filter(|point| !point.over).count());
        let times = given.iter().filter(|given| *given == name).count();
        let note = if left == 0 && all > 0 && !unnamed {
            format!(
                "note: the points of no return that go by {name} ({all}) are behind this run: --confirm opens nothing."
            )
        } else if times > left && !unnamed {
            format!(
                "note: --confirm {name} is given {times} times, and {left} of the points of no return ahead go by it."
            )
        } else if times < left && !desk.interactive {
            format!(
                "note: {left} points of no return go by {name}, and each --confirm opens one; {times} given. Without the \
                 others the run parks there."
            )
        } else {
            continue;
        };
        desk.remark(&desk.appearance.tell(&note));
    }
}
