//! What a journal says: folded line by line, with every illegal line refused by its number.

mod apply;
mod gate;
mod legal;
mod progress;
mod silence;
mod step;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;

use crate::references::Outputs;
use hcops_model::{
    Crossings, Digest, Entry, Format, JournalFault, Line, Needs, Plan, PlannedStep, Question, RunId, Seen, StepId,
    StopWish, Verdict,
};

pub use progress::Phase;
pub use silence::{Broken, Silence};
pub use step::{Act, Outcome, StepState};

/// The question that is asked when the downtime takes longer than its budget. It is about no step.
pub const OUT_OF_TIME: &str = "out-of-time";

/// How the origin of a rehearsal begins.
pub const REHEARSAL: &str = "rehearsal of scenario ";

/// A run, as its journal tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct RunState {
    /// The run.
    pub run: RunId,
    /// The journal's format.
    pub format: Format,
    /// Who opened it.
    pub opened_by: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Version of the hcops that opened it.
    pub tool: String,
    /// Where the requests go.
    pub origin: String,
    /// The active plan: the main one or, after turning back, the way back.
    pub plan: Plan,
    /// The active plan's digest.
    pub digest: Digest,
    /// The main plan, once the run has turned back.
    pub left_behind: Option<Box<Plan>>,
    /// Whether the active plan has been approved.
    pub approved: bool,
    /// Every step that something is known about, of both plans.
    pub steps: BTreeMap<StepId, StepState>,
    /// The newest confirmation of each point of no return, by its step.
    pub confirmed: BTreeMap<StepId, Confirmation>,
    /// The points of no return about which somebody said at the gate that they are to be asked there.
    pub asked_there: BTreeSet<StepId>,
    /// The points of no return behind us, oldest first.
    pub crossed: Vec<Crossed>,
    /// Which steps those are.
    crossings: Crossings,
    /// Questions that wait for an answer, by id.
    pub questions: BTreeMap<String, Question>,
    /// What the parked run needs; absent while it is not parked.
    pub parked: Option<Needs>,
    /// Whether a process took the run without having said that it goes on.
    pub unresumed: bool,
    /// The newest lease.
    pub lease: Option<Lease>,
    /// Why the newest process left it, where that was wished; absent once another takes it.
    pub stopped: Option<Stopped>,
    /// What the holds showed that matters for good.
    pub silence: Silence,
    /// Whether somebody said that the downtime may last longer than its budget.
    pub budget_lifted: bool,
    /// When writes went off and came back.
    pub downtime: Downtime,
    /// How it ended; absent while it has not.
    pub closed: Option<Verdict>,
    /// Number of the newest line.
    pub seq: u64,
    /// Time of the newest line.
    pub at: Timestamp,
}

/// A point of no return that is behind us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crossed {
    /// The step.
    pub step: StepId,
    /// The name that was confirmed.
    pub name: String,
    /// What became impossible.
    pub lost: String,
    /// When.
    pub at: Timestamp,
}

/// A person's word that a point of no return may be crossed. It is about one step and one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// The name that was given.
    pub name: String,
    /// The person; after an answer to a parked question, whoever took the run up with it.
    pub by: String,
    /// When it was given.
    pub at: Timestamp,
    /// What was shown of the act that was confirmed; nothing in journals before format 1.2.
    pub picture: Option<Digest>,
    /// Whether it was given at the gate: then it lasts until the run stands still or changes hands, however long the work before it
    /// takes.
    pub at_gate: bool,
    /// When somebody took the run up with it, where it was given to the question of a parked run.
    pub taken_up_at: Option<Timestamp>,
    /// Whether it was given to the question of a parked run, and nobody has taken the run up since.
    pub ahead: bool,
    /// What has ended it since.
    pub ended: Option<String>,
}

impl Confirmation {
    /// How long a confirmation lasts, for those who gave it.
    pub const LASTS: Duration = Duration::from_secs(15 * 60);

    /// Why it does not count for this name and this moment; nothing while it does. `pace` is that of the run's clock
    /// ([`hcops_model::Clock::pace`]).
    #[must_use]
    pub fn objection(&self, name: &str, now: Timestamp, pace: f64) -> Option<String> {
        if self.name != name {
            return Some(format!("it was about {}", self.name));
        }
        let lasts = Self::LASTS.mul_f64(pace.max(1.0));
        let until = if self.at_gate && !self.ahead { self.taken_up_at.unwrap_or(self.at) } else { now };
        let aged = Duration::try_from(until.duration_since(self.at)).unwrap_or_default() > lasts;
        self.ended.clone().or_else(|| aged.then(|| format!("it lasts for {} minutes", Self::LASTS.as_secs() / 60)))
    }
}

/// Who took the run last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The person.
    pub by: String,
    /// The machine and process.
    pub holder: String,
    /// Grows with every lease.
    pub fence: u64,
    /// Since when.
    pub at: Timestamp,
}

/// A stop that is in effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// Since when.
    pub at: Timestamp,
    /// Who wished it.
    pub wish: StopWish,
}

/// The time that writes are off: from the first intent of a step that turns them off until the last step that brings
/// them back has settled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Downtime {
    /// When they went off.
    pub from: Option<Timestamp>,
    /// When they were back.
    pub until: Option<Timestamp>,
}

impl Downtime {
    /// Its length in whole seconds, up to `now` while it lasts; nothing when writes never went off.
    #[must_use]
    pub fn seconds(&self, now: Timestamp) -> Option<u64> {
        let length = self.until.unwrap_or(now).duration_since(self.from?);
        Some(u64::try_from(length.as_secs()).unwrap_or(0))
    }

    /// Whether writes went off and are not back.
    #[must_use]
    pub const fn lasts(&self) -> bool {
        self.from.is_some() && self.until.is_none()
    }
}

impl RunState {
    /// Reads a journal from its first line to its last.
    ///
    /// # Errors
    /// With the number of the first line that cannot follow the lines before it.
    pub fn fold(lines: &[Line]) -> Result<Self, JournalFault> {
        let (first, rest) = lines.split_first().ok_or_else(|| {
            JournalFault::new(
                "the journal has no line",
                "An empty journal does not tell what was done. Where nothing is kept in the folder `evidence` beside it, the run never \
                 began: start it again with `hcops run`. Otherwise keep the folder, and see with `hcops status` what is off.",
            )
        })?;
        let mut state = Self::opened(first)?;
        for line in rest {
            state.apply(line)?;
        }
        Ok(state)
    }

    /// Takes one more line.
    ///
    /// # Errors
    /// When the line cannot follow what is known; the state is then unchanged.
    pub fn apply(&mut self, line: &Line) -> Result<(), JournalFault> {
        if let Some(objection) = self.objection_to(line) {
            return Err(refused(line, &objection));
        }
        self.take(line);
        Ok(())
    }

    /// Takes one more line as [`RunState::take`] does; the first one makes the state. What comes before the opening says nothing.
    pub fn follow(known: &mut Option<Self>, line: &Line) {
        match known {
            Some(state) => state.take(line),
            None => *known = Self::opened(line).ok(),
        }
    }

    /// Begins with a journal's first line.
    ///
    /// # Errors
    /// When it does not say what was opened.
    pub fn opened(line: &Line) -> Result<Self, JournalFault> {
        let Entry::Opened { format, run, tool, by, plan, digest, origin } = &line.entry else {
            return Err(refused(line, "the first line must say what was opened"));
        };
        if line.seq != 1 {
            return Err(refused(line, "the first line must have the number 1"));
        }
        Ok(Self {
            run: *run,
            format: *format,
            opened_by: by.clone(),
            opened_at: line.at,
            tool: tool.clone(),
            origin: origin.clone(),
            plan: (**plan).clone(),
            digest: digest.clone(),
            left_behind: None,
            approved: false,
            steps: BTreeMap::new(),
            confirmed: BTreeMap::new(),
            asked_there: BTreeSet::new(),
            crossed: Vec::new(),
            crossings: Crossings::default(),
            questions: BTreeMap::new(),
            parked: None,
            unresumed: false,
            lease: None,
            stopped: None,
            silence: Silence::default(),
            budget_lifted: false,
            downtime: Downtime::default(),
            closed: None,
            seq: line.seq,
            at: line.at,
        })
    }

    /// Whether the run is on its way back.
    #[must_use]
    pub const fn turned_back(&self) -> bool {
        self.left_behind.is_some()
    }

    /// The plan that the run was opened with.
    #[must_use]
    pub fn main_plan(&self) -> &Plan {
        self.left_behind.as_deref().unwrap_or(&self.plan)
    }

    /// Whether it is a rehearsal: nothing at Heroku is touched by it.
    #[must_use]
    pub fn is_rehearsal(&self) -> bool {
        self.origin.starts_with(REHEARSAL)
    }

    /// What is known about a step.
    #[must_use]
    pub fn step(&self, id: &StepId) -> StepState {
        self.steps.get(id).cloned().unwrap_or_default()
    }

    /// Whether a step of the active plan is over: settled, waived or left out.
    #[must_use]
    pub fn is_over(&self, step: &PlannedStep) -> bool {
        step.omitted.is_some() || self.steps.get(&step.id).is_some_and(StepState::is_finished)
    }

    /// The steps whose turn it is: the first unfinished one and the unfinished members of its group.
    #[must_use]
    pub fn front(&self) -> Vec<&PlannedStep> {
        let steps: Vec<&PlannedStep> = self.plan.steps.iter().filter(|step| step.omitted.is_none()).collect();
        let Some(first) = steps.iter().position(|step| !self.is_over(step)) else { return Vec::new() };
        let group = &steps[first].group;
        if group.is_none() {
            return vec![steps[first]];
        }
        let members = steps[first..].iter().take_while(|step| &step.group == group);
        members.filter(|step| !self.is_over(step)).copied().collect()
    }

    /// Why the answer to an earlier step leaves this one out of the run, where it does.
    #[must_use]
    pub fn left_out(&self, step: &PlannedStep) -> Option<String> {
        let only_if = step.only_if.as_ref()?;
        let asking = self.steps.get(&only_if.step)?;
        if matches!(asking.outcome, Outcome::Waived { .. }) {
            return Some(format!("{} was left out, and this hangs on its answer", only_if.step));
        }
        only_if.unmet(asking.output()?)
    }

    /// Whether a person may attest this step with a reason although its runbook does not say so: nothing else leads on where
    /// writes are off, or behind the point of no return, and the step cannot be seen. Before a point of no return an act is
    /// attested only where somebody has done it by hand and it cannot be read. A point of no return is never attested, nor
    /// what makes broken silence final, nor anything whose output a later step needs.
    #[must_use]
    pub fn may_be_attested(&self, step: &PlannedStep) -> bool {
        let behind = !self.crossed.is_empty();
        let off = self.downtime.lasts();
        let by_hand = self.is_done_by_hand_unread(step) && !self.makes_any_final(&step.id);
        let allowed = behind || (off && !step.effect.changes_the_world()) || by_hand;
        allowed && step.crossing.is_none() && !self.turned_back() && !self.is_needed_later(step)
    }

    /// Whether somebody said that they did this step by hand, and no look has told since whether it is so.
    #[must_use]
    pub fn is_done_by_hand_unread(&self, step: &PlannedStep) -> bool {
        let known = self.step(&step.id);
        let tells =
            known.sight.as_ref().is_some_and(|(_, seen)| !matches!(seen, Seen::Unclear { .. } | Seen::Underway { .. }));
        known.by_hand_at.is_some() && (known.fault.is_some() || !tells)
    }

    /// Whether a step that is not over yet refers to this one's output, by itself or by a condition of its own. What may be
    /// left out or attested as well needs nothing: a person is told what it rests on, and decides.
    fn is_needed_later(&self, step: &PlannedStep) -> bool {
        let later = self.plan.steps.iter().filter(|later| later.id != step.id && !self.is_over(later));
        later.into_iter().any(|later| {
            let mut holds = later.holds.iter().filter_map(|hold| self.plan.holds.get(hold)).map(|hold| &hold.with);
            let name = later.crossing.as_ref().is_some_and(|crossing| refers_to(&step.id, &crossing.name));
            let itself =
                !later.may_skip && refers_to(&step.id, &later.with.to_string()) && !self.may_be_attested(later);
            name || itself || holds.any(|with| refers_to(&step.id, &with.to_string()))
        })
    }

    /// The attested step whose output this one refers to: it shows nothing that could be filled in.
    #[must_use]
    pub fn rests_on_attested(&self, step: &PlannedStep) -> Option<&PlannedStep> {
        let with = step.with.to_string();
        let attested = |other: &&PlannedStep| matches!(self.step(&other.id).outcome, Outcome::Waived { .. });
        self.plan.steps.iter().filter(attested).find(|other| refers_to(&other.id, &with))
    }

    /// The outputs of all settled steps, of both plans.
    #[must_use]
    pub fn outputs(&self) -> Outputs {
        self.steps.iter().filter_map(|(id, step)| Some((id.clone(), step.output()?.clone()))).collect()
    }

    /// The outputs of all settled steps, and of each step that was begun and has not settled what it noted before its act.
    #[must_use]
    pub fn outputs_and_before(&self) -> Outputs {
        let noted = |step: &StepState| step.output().or(step.before.as_ref()).cloned();
        self.steps.iter().filter_map(|(id, step)| Some((id.clone(), noted(step)?))).collect()
    }

    /// The name that a step's point of no return goes by, its late references filled in.
    ///
    /// # Errors
    /// When a reference cannot be filled yet.
    pub fn crossing_name(&self, step: &PlannedStep) -> Result<Option<String>, String> {
        let Some(crossing) = &step.crossing else { return Ok(None) };
        crate::references::fill_string(&crossing.name, &self.outputs()).map(Some)
    }
}

/// Whether an answer to a statement denies it.
#[must_use]
pub fn is_denial(answer: &str) -> bool {
    let bare = answer.trim().trim_end_matches(|mark: char| !mark.is_alphanumeric()).to_lowercase();
    matches!(bare.as_str(), "no" | "n" | "false" | "refuse" | "refused" | "いいえ")
}

fn refused(line: &Line, objection: &str) -> JournalFault {
    JournalFault::new(
        format!("line {} of the journal cannot follow the lines before it: {objection}", line.seq),
        "The journal was changed by something other than hcops, or there is a defect. Keep it as evidence, look \
                 at the app's state with `hcops status`, and make a new plan from there.",
    )
}

/// Whether a text refers to the output of a step.
fn refers_to(step: &StepId, text: &str) -> bool {
    text.contains(&format!("${{steps.{step}.")) || text.contains(&format!("${{steps.{step}}}"))
}
