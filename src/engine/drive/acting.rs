//! The act: intent, durable; crossing, durable; act; receipt, durable.

use std::time::Duration;

use super::driver::{Driver, Visit};
use super::ended::Halt;
use crate::engine::{decide, references};
use crate::model::{Entry, Fault, Intent, Permit, PlannedStep, Receipt, Seen};

impl Driver<'_> {
    pub(super) async fn act(&mut self, step: &PlannedStep, seen: &Seen<serde_json::Value>) -> Result<Visit, Halt> {
        self.check_stop()?;
        let attempt = self.state.step(&step.id).attempts() + 1;
        let will = match seen {
            Seen::Ready { will } => will.clone(),
            _ => Vec::new(),
        };
        let intent = Intent { step: step.id.clone(), action: step.action.clone(), attempt, will };
        self.check_legal(&Entry::Intended { intent: intent.clone() })?;
        let (permit, line) = Permit::by_writing(self.parts.journal, self.parts.clock.now(), intent)?;
        self.take(line)?;
        self.write_crossing(step)?;
        match self.carry_out_act(step, permit).await? {
            Ok(receipt) => {
                self.record(Entry::Received { step: step.id.clone(), receipt })?;
                Ok(Visit::Again(Duration::ZERO))
            }
            Err(fault) => {
                self.record(Entry::Faulted { step: step.id.clone(), acting: true, fault: fault.clone() })?;
                let next = decide::after_failed_act(&fault, self.state.step(&step.id).tries);
                self.follow_fault(step, fault, next)
            }
        }
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
        let stop = self.parts.stop;
        let _in_flight = stop.acting();
        let mut acting = action.act(&with, permit);
        tokio::select! {
            biased;
            acted = &mut acting => return Ok(acted),
            () = stop.requested() => {}
        }
        self.tell_stopping(step);
        tokio::select! {
            biased;
            acted = &mut acting => Ok(acted),
            () = stop.requested_twice() => Err(self.interrupted()),
        }
    }
}
