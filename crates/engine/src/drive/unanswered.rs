//! Nobody waits in the dark: a look or an act that is not answered is told, and a look has an end.

use std::time::Duration;

use super::driver::Driver;
use super::ended::Halt;
use hcops_model::{Fault, FaultKind, Happened, Look, PlannedStep};

/// How long nothing need be said.
pub(super) const SOON: Duration = Duration::from_millis(1500);
/// How often it is said again.
const AGAIN: Duration = Duration::from_secs(30);
/// A look is not cut off sooner than this, however short its step's time is.
const SHORTEST_LOOK: Duration = Duration::from_secs(60);

impl Driver<'_> {
    /// What a look showed. It is told when nothing answers it for a moment, a request to stop cuts it off (it changes
    /// nothing), and it ends with the step's limit.
    pub(super) async fn answered(
        &mut self,
        step: &PlannedStep,
        looking: impl Future<Output = Result<Look, Fault>>,
    ) -> Result<Result<Look, Fault>, Halt> {
        let (stop, clock) = (self.parts.stop, self.parts.clock);
        let limit = Duration::from_secs(step.expect.limit).max(SHORTEST_LOOK);
        let mut looking = std::pin::pin!(looking);
        let (mut felt, mut next) = (Duration::ZERO, SOON);
        while felt < limit {
            tokio::select! {
                biased;
                looked = &mut looking => return Ok(looked),
                () = stop.requested() => return Err(self.interrupted()),
                () = clock.felt(next) => {}
            }
            felt += next;
            next = AGAIN;
            self.tell_unanswered(step, felt);
        }
        Ok(Err(unanswered(felt)))
    }

    /// Tells for how long nothing has answered.
    pub(super) fn tell_unanswered(&mut self, step: &PlannedStep, felt: Duration) {
        self.tell_wait(step, "what was asked has not answered yet".to_owned(), None, felt);
    }
}

fn unanswered(felt: Duration) -> Fault {
    Fault::new(
        FaultKind::Transient,
        format!("looking took longer than {} s without an end, so it was given up", felt.as_secs()),
        "What is asked has to answer within the time that the step has; it was only a look, so nothing has changed.",
        "Find out what answers so slowly: the network, a proxy, the database, or Heroku (https://status.heroku.com).",
    )
    .with_happened(Happened::No)
}
