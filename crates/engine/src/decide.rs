//! The engine's one decision, as a pure function of what is known: what comes next for a step.

use std::time::Duration;

use serde_json::Value;

use hcops_model::{Effect, Exit, Fault, FaultKind, Happened, NOT_REACHED, Seen, Settlement, Steadiness};

/// How long the world may take to show an act before its absence means anything (Heroku's APIs lag behind their own
/// acts).
pub const GRACE: Duration = Duration::from_secs(60);
/// Acts that are tried before a person is asked.
pub const MAX_TRIES: u32 = 5;
/// Looks in a row that may fail for a passing reason even in a step whose time is short (about three minutes with
/// [`backoff`]). Otherwise the step's own limit counts: maintenance of Heroku Connect answers nothing for up to 45 minutes
/// (docs/heroku/procedures.md, "Connect maintenance"), and a run that ended meanwhile would leave the apps silent with
/// nobody looking.
pub const MAX_FAILED_LOOKS: u32 = 8;
/// For how long those looks may fail, however long each of them waits for an answer that does not come.
pub const PASSING: Duration = Duration::from_secs(180);
/// For how long a run that changes something waits for what is away, whatever the limit of its step: what says that it is not
/// available (502, 503, 504), and what can't be reached from here (no network, no address, a database that lets nobody in).
/// Heroku announces maintenance of Connect with up to 45 minutes (docs/heroku/procedures.md, "Connect maintenance"), and
/// giving up sooner leaves apps silent with nobody looking.
pub const AWAY: Duration = Duration::from_secs(3600);
/// Answers in a row that may be unreadable (a proxy's HTML page passes; a changed API does not).
pub const MAX_UNREADABLE_LOOKS: u32 = 4;

const LOOK_FOR_EFFECT: Duration = Duration::from_secs(5);
const SHORTEST_WAIT: Duration = Duration::from_secs(1);

/// Everything that the decision depends on.
#[derive(Debug, Clone)]
pub struct Situation<'a> {
    /// What doing the act twice would mean.
    pub effect: Effect,
    /// What has been done so far.
    pub standing: Standing,
    /// What the newest look showed.
    pub seen: Sight<'a>,
    /// Satisfied looks in a row, this one included.
    pub satisfied_looks: u32,
    /// How many are needed.
    pub steadiness: Steadiness,
    /// Whether a point of no return has to be confirmed.
    pub crossing: CrossingState,
    /// Whether the operator lets the downtime begin here.
    pub gate: GateState,
    /// What the standing conditions showed in this very visit.
    pub holds: HoldsState,
    /// What a person has said about this step.
    pub answer: AnswerState,
    /// How long the step has been waited for since it began, since its newest intent, or since a person last said to
    /// go on; whichever is the latest.
    pub waited: Duration,
    /// After how long a person is asked.
    pub limit: Duration,
    /// Acts begun in all.
    pub attempts: u32,
    /// Acts begun since a person last said to go on.
    pub tries: u32,
    /// Failed looks in a row, this one included.
    pub failed_looks: u32,
    /// Since the first of those.
    pub failing: Duration,
    /// For how long what is away is waited for.
    pub patience: Duration,
    /// How long the world may lag behind an act.
    pub grace: Duration,
    /// How much longer the act that this step reverses may take to show, when its end is not known. Until then the world
    /// looks as if there were nothing to reverse.
    pub echo: Duration,
}

/// What has been done so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing, as far as it matters: no act, or one that is known not to have taken place.
    Fresh,
    /// An act was begun and its outcome is not known.
    OpenIntent {
        /// Since the intent was written.
        age: Duration,
    },
    /// An act was accepted.
    Received {
        /// Since the intent was written.
        age: Duration,
    },
    /// A person says that the interrupted act took place.
    AnsweredHappened,
    /// A person says that the interrupted act did not take place.
    AnsweredDidNotHappen,
}

/// The newest look.
#[derive(Debug, Clone, Copy)]
pub enum Sight<'a> {
    /// It showed this.
    Saw(&'a Seen<Value>),
    /// It failed, which says nothing about the world.
    Failed(&'a Fault),
}

/// The step's point of no return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrossingState {
    /// There is none.
    Absent,
    /// Its name has not been typed yet.
    Unconfirmed,
    /// Its name was typed in this run.
    Confirmed,
}

/// The step's gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GateState {
    /// It is none.
    Absent,
    /// Something has not been said yet that the downtime needs.
    Shut,
    /// It was said to open after this long.
    Opens(Duration),
    /// The downtime may begin.
    Open,
}

/// The standing conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldsState {
    /// Not looked at in this visit.
    Unchecked,
    /// All satisfied, just now.
    Kept,
    /// At least one is not.
    Broken,
}

/// What a person has said about the step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerState {
    /// Nothing.
    Unasked,
    /// An answer to the step's statements.
    Given,
    /// That they did it by hand.
    DoneByHand {
        /// Since they said so.
        age: Duration,
    },
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The step is done.
    Settle(Settlement),
    /// Nothing to do but to look again after this long.
    LookAgain(Duration),
    /// Look at the standing conditions, then decide again.
    CheckHolds,
    /// Have the operator say when the downtime may begin, and what it needs.
    AskGate,
    /// Wait this long for the gate to open.
    WaitAtGate(Duration),
    /// Have the point of no return confirmed.
    AskCrossing,
    /// Write the intent and act.
    Act,
    /// Have a person say whether an interrupted act took place.
    AskWhatHappened,
    /// Have a person answer the statements that the look showed.
    Ask,
    /// The step cannot go on by itself: a menu for a person, or park.
    Park(Trouble),
    /// A standing condition is broken: nothing is done.
    HoldBroken,
    /// Nothing that a person says here would help: stop and tell.
    Stop(Trouble),
}

/// Why a step cannot go on by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trouble {
    /// The cause.
    pub cause: Cause,
    /// The exit code if nobody is there to decide.
    pub exit: Exit,
}

/// The sorts of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// It takes longer than its limit.
    Overlong,
    /// The world blocks it.
    Blocked,
    /// The world cannot be understood.
    Unclear,
    /// A look failed.
    LookFailed,
    /// An act failed.
    ActFailed,
    /// It was tried as often as is reasonable.
    TriesSpent,
    /// A person said that it was done by hand, and it is not.
    StillNotSo,
    /// A read-only action asked to act.
    Defect,
}

const fn park(cause: Cause, exit: Exit) -> Next {
    Next::Park(Trouble { cause, exit })
}

const fn stop(cause: Cause) -> Next {
    Next::Stop(Trouble { cause, exit: Exit::Failed })
}

/// What comes next for a step. Pure: the same situation always gives the same answer.
#[must_use]
pub fn next(situation: &Situation<'_>) -> Next {
    match situation.seen {
        Sight::Failed(fault) => after_failed_look(situation, fault),
        Sight::Saw(Seen::Satisfied { .. }) => satisfied(situation),
        Sight::Saw(Seen::Ready { .. }) => ready(situation),
        Sight::Saw(Seen::Underway { look_again, .. }) => wait(situation, *look_again),
        Sight::Saw(Seen::Blocked { .. }) => park(Cause::Blocked, Exit::Blocked),
        Sight::Saw(Seen::Unclear { ask, .. }) => unclear(situation, ask),
    }
}

/// How an act has been tried since a person last said to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trying {
    /// Acts that were begun and not put off.
    pub tries: u32,
    /// Acts in a row that were put off, this one included: not sent, or asked to come later.
    pub put_off: u32,
    /// Since the first of those.
    pub waited: Duration,
    /// For how long an act may be put off: the limit of its step.
    pub limit: Duration,
}

/// What comes next after an act failed. One that was put off is made again only after another look at the world and at
/// the holds, however long the server wants to be left alone.
#[must_use]
pub fn after_failed_act(fault: &Fault, trying: &Trying) -> Next {
    match (fault.kind, fault.happened) {
        (_, Happened::No) if is_renamed(fault) => park(Cause::ActFailed, Exit::Blocked),
        (FaultKind::Unauthorized | FaultKind::Bug | FaultKind::Usage, _) => stop(Cause::ActFailed),
        (FaultKind::Verification, _) => park(Cause::ActFailed, Exit::VerificationFailed),
        (_, Happened::Unknown) => Next::LookAgain(backoff(1)),
        (FaultKind::Transient, Happened::No) if trying.waited < trying.limit => Next::LookAgain(put_off(fault, trying)),
        (FaultKind::Refused, Happened::No) if trying.tries < MAX_TRIES => Next::LookAgain(backoff(trying.tries)),
        (_, Happened::No) => park(Cause::ActFailed, Exit::Failed),
    }
}

/// The pause before an act that was put off: within the step's limit.
fn put_off(fault: &Fault, trying: &Trying) -> Duration {
    let left = trying.limit.saturating_sub(trying.waited);
    pause(fault, trying.put_off, left).min(left).max(SHORTEST_WAIT)
}

/// As long as the server asks for, but never past the step's limit: a proxy may ask for years.
fn pause(fault: &Fault, failures: u32, left: Duration) -> Duration {
    let asked = fault.pause.map_or(Duration::ZERO, Duration::from_secs);
    backoff(failures).max(asked.min(left)).max(SHORTEST_WAIT)
}

/// The pause after the `failures`-th failure in a row: 2, 4, 8, 16, then 30 seconds. The transport below adds jitter.
#[must_use]
pub fn backoff(failures: u32) -> Duration {
    Duration::from_secs(2_u64.saturating_pow(failures.max(1)).min(30))
}

fn satisfied(situation: &Situation<'_>) -> Next {
    if situation.satisfied_looks < situation.steadiness.looks {
        return Next::LookAgain(situation.steadiness.apart.max(SHORTEST_WAIT));
    }
    if situation.standing == Standing::Fresh && !situation.echo.is_zero() {
        return Next::LookAgain(LOOK_FOR_EFFECT.min(situation.echo).max(SHORTEST_WAIT));
    }
    if let Some(next) = crossed_by_another(situation).or_else(|| at_gate(situation)) {
        return next;
    }
    Next::Settle(match (situation.standing, situation.answer) {
        (Standing::Received { .. }, _) => Settlement::Acted,
        (Standing::OpenIntent { .. } | Standing::AnsweredHappened | Standing::AnsweredDidNotHappen, _) => {
            Settlement::Adopted
        }
        (Standing::Fresh, AnswerState::DoneByHand { .. }) => Settlement::Adopted,
        (Standing::Fresh, _) if situation.attempts > 0 => Settlement::Adopted,
        (Standing::Fresh, AnswerState::Given) => Settlement::Attested,
        (Standing::Fresh, AnswerState::Unasked) => Settlement::AlreadyTrue,
    })
}

/// A point of no return that is behind us without an act of ours: whoever passed it looked at none of its conditions, and
/// what comes next rests on them as much as on the act.
const fn crossed_by_another(situation: &Situation<'_>) -> Option<Next> {
    match (situation.standing, situation.crossing, situation.holds) {
        (Standing::Fresh, CrossingState::Unconfirmed | CrossingState::Confirmed, HoldsState::Unchecked) => {
            Some(Next::CheckHolds)
        }
        (Standing::Fresh, CrossingState::Unconfirmed | CrossingState::Confirmed, HoldsState::Broken) => {
            Some(Next::HoldBroken)
        }
        _ => None,
    }
}

/// What was checked before is checked again on leaving the gate; while it is shut nothing is waited for, since nobody has said
/// that anything shall follow.
fn at_gate(situation: &Situation<'_>) -> Option<Next> {
    match (situation.gate, situation.holds) {
        (GateState::Absent, _) | (GateState::Open, HoldsState::Kept) => None,
        (GateState::Opens(after), _) => Some(Next::WaitAtGate(after.max(SHORTEST_WAIT))),
        (GateState::Shut | GateState::Open, HoldsState::Unchecked) => Some(Next::CheckHolds),
        (GateState::Shut | GateState::Open, HoldsState::Broken) => Some(Next::HoldBroken),
        (GateState::Shut, HoldsState::Kept) => Some(Next::AskGate),
    }
}

fn ready(situation: &Situation<'_>) -> Next {
    if situation.effect == Effect::ReadOnly {
        return stop(Cause::Defect);
    }
    if let AnswerState::DoneByHand { age } = situation.answer {
        return within_grace(situation, age).unwrap_or(park(Cause::StillNotSo, Exit::Blocked));
    }
    match situation.standing {
        Standing::Fresh | Standing::AnsweredDidNotHappen => towards_act(situation),
        Standing::OpenIntent { age } => within_grace(situation, age).unwrap_or_else(|| match situation.effect {
            Effect::OneShot => Next::AskWhatHappened,
            Effect::Idempotent | Effect::Findable | Effect::ReadOnly => towards_act(situation),
        }),
        Standing::Received { .. } | Standing::AnsweredHappened => wait(situation, LOOK_FOR_EFFECT),
    }
}

fn within_grace(situation: &Situation<'_>, age: Duration) -> Option<Next> {
    let left = situation.grace.checked_sub(age).filter(|left| !left.is_zero())?;
    Some(Next::LookAgain(LOOK_FOR_EFFECT.min(left).max(SHORTEST_WAIT)))
}

/// The holds come first even before a confirmation, so that nobody types a name for an act that cannot be made; after
/// the confirmation the driver visits the step anew, so they are looked at again.
const fn towards_act(situation: &Situation<'_>) -> Next {
    if situation.tries >= MAX_TRIES {
        return park(Cause::TriesSpent, Exit::Failed);
    }
    match (situation.holds, situation.crossing) {
        (HoldsState::Unchecked, _) => Next::CheckHolds,
        (HoldsState::Broken, _) => Next::HoldBroken,
        (HoldsState::Kept, CrossingState::Unconfirmed) => Next::AskCrossing,
        (HoldsState::Kept, CrossingState::Absent | CrossingState::Confirmed) => Next::Act,
    }
}

fn wait(situation: &Situation<'_>, look_again: Duration) -> Next {
    if situation.waited > situation.limit {
        return park(Cause::Overlong, Exit::Blocked);
    }
    Next::LookAgain(look_again.max(SHORTEST_WAIT))
}

fn unclear(situation: &Situation<'_>, ask: &[String]) -> Next {
    match (situation.standing, situation.answer) {
        (Standing::Fresh, AnswerState::Unasked) if !ask.is_empty() => Next::Ask,
        (Standing::Fresh, AnswerState::Given) => park(Cause::Unclear, Exit::NeedsPerson),
        (Standing::Fresh, _) => park(Cause::Unclear, Exit::Blocked),
        (Standing::OpenIntent { age }, _) => {
            within_grace(situation, age).unwrap_or(match (situation.effect, situation.answer) {
                (Effect::OneShot, AnswerState::Unasked | AnswerState::Given) => Next::AskWhatHappened,
                _ => park(Cause::Unclear, Exit::Unclear),
            })
        }
        (Standing::Received { .. } | Standing::AnsweredHappened | Standing::AnsweredDidNotHappen, _) => {
            park(Cause::Unclear, Exit::Unclear)
        }
    }
}

fn after_failed_look(situation: &Situation<'_>, fault: &Fault) -> Next {
    let again = Next::LookAgain(pause(fault, situation.failed_looks, situation.limit.saturating_sub(situation.waited)));
    match fault.kind {
        _ if is_renamed(fault) => park(Cause::LookFailed, Exit::Blocked),
        FaultKind::Unauthorized | FaultKind::Bug | FaultKind::Usage => stop(Cause::LookFailed),
        FaultKind::Verification => park(Cause::LookFailed, Exit::VerificationFailed),
        FaultKind::Unsupported => park(Cause::LookFailed, Exit::Blocked),
        FaultKind::Transient if still_in_time(situation) || may_pass(situation) || is_away(situation, fault) => again,
        FaultKind::Unreadable if situation.failed_looks < MAX_UNREADABLE_LOOKS => again,
        FaultKind::NotFound if acted_just_now(situation) => again,
        FaultKind::Transient | FaultKind::Unreadable | FaultKind::NotFound | FaultKind::Refused => {
            park(Cause::LookFailed, Exit::Failed)
        }
    }
}

/// Whether a server answered that it is not available for now (503), as Heroku does under maintenance, or what stands in
/// front of it that it answers nothing (502, 504).
pub(super) fn is_unavailable(fault: &Fault) -> bool {
    let status = fault.requests.last().and_then(|mark| mark.status);
    fault.kind == FaultKind::Transient && matches!(status, Some(502..=504))
}

/// The [`Fault::code`] of what is not found under its name because somebody has given it another one.
pub(super) const RENAMED: &str = "renamed";

fn is_renamed(fault: &Fault) -> bool {
    fault.code.as_deref() == Some(RENAMED)
}

/// Whether nothing could be sent to it.
pub(super) fn is_not_reached(fault: &Fault) -> bool {
    fault.kind == FaultKind::Transient && fault.code.as_deref() == Some(NOT_REACHED)
}

fn is_away(situation: &Situation<'_>, fault: &Fault) -> bool {
    (is_unavailable(fault) || is_not_reached(fault)) && situation.failing < situation.patience
}

fn may_pass(situation: &Situation<'_>) -> bool {
    situation.failed_looks < MAX_FAILED_LOOKS && situation.failing < PASSING
}

const fn still_in_time(situation: &Situation<'_>) -> bool {
    situation.waited.as_secs() < situation.limit.as_secs()
}

/// What an act has just made may not be found yet.
fn acted_just_now(situation: &Situation<'_>) -> bool {
    match situation.standing {
        Standing::OpenIntent { age } | Standing::Received { age } => age < situation.grace,
        Standing::Fresh | Standing::AnsweredHappened | Standing::AnsweredDidNotHappen => false,
    }
}

#[cfg(test)]
mod tests;
