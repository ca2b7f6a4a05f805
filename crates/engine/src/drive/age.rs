//! How old what was seen is: nothing is done on the strength of a look from before the machine slept, its clock was set,
//! the process stood still, or more than a minute passed.

use std::time::Duration;

use jiff::Timestamp;

use super::driver::{Driver, between};
use super::ended::Halt;
use hcops_model::{Entry, FRESH, Fault, FaultKind, Happened, Moment, PlannedStep, Progress, TimeFault};

/// When the looks of a visit began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Since {
    pub(super) moment: Moment,
    suspensions: u64,
}

/// When the machine was last noticed to have slept, or its clock to have been set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unsettled {
    at: Timestamp,
    moment: Moment,
}

impl Driver<'_> {
    pub(super) fn since_now(&self) -> Since {
        Since { moment: self.parts.clock.moment(), suspensions: self.parts.stop.suspensions() }
    }

    /// Whether the process or the machine stood still since then, or its clock was set: what was seen may be hours old, so
    /// nothing is done or given up on its strength before another look.
    pub(super) fn is_old_news(&self, since: &Since) -> bool {
        let suspended = self.parts.stop.suspensions() != since.suspensions;
        suspended || since.moment.fault_until(&self.parts.clock.moment()).is_some()
    }

    /// Whether what was seen since then is too old for an act.
    pub(super) fn is_stale(&self, since: &Since) -> bool {
        self.is_old_news(since) || since.moment.age_at(&self.parts.clock.moment()) > FRESH
    }

    /// Notices that the machine slept or that its clock was set since the last time this was asked, tells it, and forgets
    /// what hangs on the clock: everything is looked at again.
    pub(super) fn notice_time(&mut self, step: &PlannedStep) -> Result<(), Halt> {
        let now = self.parts.clock.moment();
        let before = std::mem::replace(&mut self.noticed, now);
        let Some(what) = before.fault_until(&now) else { return Ok(()) };
        self.unsettled = Some(Unsettled { at: self.parts.clock.now(), moment: now });
        for memory in self.memory.values_mut() {
            memory.due = None;
            memory.satisfied_looks = 0;
        }
        let fault = out_of_time(what);
        self.record(Entry::Faulted { step: step.id.clone(), acting: false, fault: fault.clone() })?;
        self.progress(Progress::Retrying { step: step.id.clone(), fault: Box::new(fault), after: 0 });
        if self.state.is_just_through_gate() {
            // It was opened for then, and not for whenever this machine wakes up.
            let (by, tool) = (self.parts.person.name(), env!("CARGO_PKG_VERSION").to_owned());
            self.record(Entry::Resumed { by, tool })?;
        }
        Ok(())
    }

    /// Whether this process noticed that since writes went off.
    pub(super) fn slept_since_writes_went_off(&self) -> bool {
        let off = self.state.downtime.from.filter(|_| self.state.downtime.lasts());
        off.zip(self.unsettled).is_some_and(|(off, unsettled)| unsettled.at >= off)
    }

    /// The time from a moment in the journal until now. After the machine slept or its clock was set, the clock on the wall
    /// does not tell it any more: then only what passed since that was noticed counts.
    pub(super) fn elapsed(&self, from: Timestamp) -> Duration {
        let now = self.parts.clock.now();
        match self.unsettled {
            Some(unsettled) if from > now || from < unsettled.at => unsettled.moment.age_at(&self.parts.clock.moment()),
            _ => between(from, now),
        }
    }
}

fn out_of_time(what: TimeFault) -> Fault {
    let saw = match what {
        TimeFault::Slept(by) => format!("this machine slept for {}", spoken(by)),
        TimeFault::SetForward(by) => format!("the clock of this machine was set forward by {}", spoken(by)),
        TimeFault::SetBack(by) => format!("the clock of this machine was set back by {}", spoken(by)),
    };
    Fault::new(
        FaultKind::Transient,
        saw,
        "What was seen before may not be so any more: everything is looked at again before anything is done.",
        "Nothing has to be done now. A machine that stays awake (`caffeinate`, `systemd-inhibit`) or a one-off dyno keeps the \
         writes off for no longer than the work takes.",
    )
    .with_happened(Happened::No)
}

/// Looks that took so long that the first of them was old before the last was made.
pub(super) fn slow_looks() -> Fault {
    let limit = FRESH.as_secs();
    Fault::new(
        FaultKind::Transient,
        format!("looking at the conditions of the act took longer than {limit} seconds, so the first look was old"),
        "The act is safe only while all of them hold at once.",
        "Find out what answers so slowly: the network, a proxy, or a rate limit that is used up.",
    )
    .with_happened(Happened::No)
}

/// An act that was not sent, because its looks had become old after its intent was written.
pub(super) fn not_sent() -> Fault {
    Fault::new(
        FaultKind::Transient,
        "the act was not sent: what it rests on was seen too long ago",
        "The world may have changed since, so everything is looked at again first.",
        "Nothing has to be done: the run looks again and goes on.",
    )
    .with_happened(Happened::No)
}

fn spoken(duration: Duration) -> String {
    match duration.as_secs() {
        seconds @ 0..=119 => format!("{seconds} s"),
        seconds @ 120..=7199 => format!("{} min", seconds / 60),
        seconds => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}
