//! The act: intent, durable; crossing, durable; act; receipt, durable.

use std::time::Duration;

use super::age::{Since, not_sent};
use super::driver::{Driver, Visit};
use super::ended::Halt;
use super::names;
use super::unanswered::SOON;
use crate::decide;
use crate::decide::Trying;
use hcops_journal::references;
use hcops_model::{Entry, Fault, Intent, Look, Permit, PlannedStep, Receipt, Seen};

impl Driver<'_> {
    pub(super) async fn act(&mut self, step: &PlannedStep, look: &Look, since: &Since) -> Result<Visit, Halt> {
        self.check_stop()?;
        let attempt = self.state.step(&step.id).attempts() + 1;
        let will = match &look.seen {
            Seen::Ready { will } => will.clone(),
            _ => Vec::new(),
        };
        let intent =
            Intent { step: step.id.clone(), action: step.action.clone(), attempt, will, before: look.before.clone() };
        self.check_legal(&Entry::Intended { intent: intent.clone() })?;
        let (permit, line) = Permit::by_writing(self.parts.journal, self.parts.clock.now(), intent)?;
        self.take(line)?;
        if self.is_stale(since) {
            return self.after_failed_act(step, not_sent());
        }
        self.write_crossing(step)?;
        let acted = if self.is_stale(since) {
            Err(not_sent())
        } else {
            self.carry_out_act(step, permit.resting_on(since.moment)).await?
        };
        match acted {
            Ok(receipt) => {
                self.record(Entry::Received { step: step.id.clone(), receipt })?;
                Ok(Visit::Again(Duration::ZERO))
            }
            Err(fault) => self.after_failed_act(step, fault),
        }
    }

    fn after_failed_act(&mut self, step: &PlannedStep, fault: Fault) -> Result<Visit, Halt> {
        self.record(Entry::Faulted { step: step.id.clone(), acting: true, fault: fault.clone() })?;
        // A night that the machine slept through is no time that the act was put off.
        self.notice_time(step)?;
        let known = self.state.step(&step.id);
        let trying = Trying {
            tries: known.tries,
            put_off: known.put_off,
            waited: known.put_off_since.map_or(Duration::ZERO, |since| self.elapsed(since)),
            limit: Duration::from_secs(step.expect.limit),
        };
        self.follow_fault(step, fault.clone(), decide::after_failed_act(&fault, &trying))
    }

    /// The point of no return counts as crossed before the act: after a crash nobody may believe in a way back that
    /// may be gone.
    fn write_crossing(&mut self, step: &PlannedStep) -> Result<(), Halt> {
        let Some(crossing) = step.crossing.as_ref().filter(|_| !self.state.step(&step.id).crossed) else {
            return Ok(());
        };
        let outputs = self.state.outputs();
        let filled = |text: &str| references::fill_string(text, &outputs).unwrap_or_else(|_| text.to_owned());
        let (name, lost) = (filled(&crossing.name), filled(&crossing.lost));
        self.record(Entry::Crossed { step: step.id.clone(), name, lost })
    }

    /// Asked to stop once, an act in flight is finished so that its outcome is known; asked twice, it is cut off, which
    /// the open intent makes safe.
    async fn carry_out_act(&mut self, step: &PlannedStep, permit: Permit) -> Result<Result<Receipt, Fault>, Halt> {
        let (action, with) = match self.prepared(step) {
            Ok(prepared) => prepared,
            Err(fault) => return Ok(Err(fault)),
        };
        let (stop, clock) = (self.parts.stop, self.parts.clock);
        let _in_flight = stop.acting();
        let (known, actions) = (names::known(&self.state), self.parts.actions);
        let mut acting = std::pin::pin!(async {
            match action.act(&with, permit).await {
                Err(fault) => Err(names::of_an_act(actions, &known, fault).await),
                done => done,
            }
        });
        let mut felt = Duration::ZERO;
        loop {
            tokio::select! {
                biased;
                acted = &mut acting => return Ok(acted),
                () = stop.requested() => break,
                () = clock.felt(SOON) => felt += SOON,
            }
            if felt == SOON {
                self.tell_unanswered(step, felt);
            }
        }
        self.tell_stopping(step);
        tokio::select! {
            biased;
            acted = &mut acting => Ok(acted),
            () = stop.requested_twice() => Err(self.interrupted()),
        }
    }
}
