//! A comparison under way: in the background, so that looks can tell how far it is.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::{JoinError, JoinHandle};

use super::seal::{Both, Seal};
use crate::Context;
use crate::reach::{self, Databases};
use hcops_database::Session;
use hcops_database::compare::{self, Comparison, Options, Progress};
use hcops_model::{DatabaseUrl, Fault, FaultKind};

/// A comparison that runs until it is dropped.
pub(super) struct Comparing {
    progress: watch::Receiver<Option<Progress>>,
    task: JoinHandle<Result<Compared, Fault>>,
}

/// What came of it. It proves something where the seal is unbroken once it has ended.
pub(super) struct Compared {
    pub(super) comparison: Comparison,
    /// Both databases as they were right before it began.
    pub(super) seal: Seal,
}

/// What a look at it shows.
pub(super) enum State {
    /// It has come this far.
    Underway(Progress),
    /// It is over; to be looked at no more.
    Over(Result<Box<Compared>, Box<Fault>>),
}

impl Comparing {
    /// Finds both databases and begins.
    ///
    /// # Errors
    /// When an address cannot be found.
    pub(super) async fn begin(
        context: &Context,
        databases: &Arc<Databases>,
        both: &Both,
        options: Options,
    ) -> Result<Self, Fault> {
        let [old, new] = both.subjects();
        let urls = [reach::address(context, old).await?, reach::address(context, new).await?];
        let (teller, progress) = watch::channel(None);
        let work = Work {
            context: Context::new(context.clients.clone(), Arc::clone(&context.clock)),
            databases: Arc::clone(databases),
            both: both.clone(),
            urls,
            options,
            teller,
        };
        Ok(Self { progress, task: tokio::spawn(work.carry_out()) })
    }

    /// Waits for the next sign of progress, not for any time, and tells it.
    pub(super) async fn next(&mut self) -> State {
        loop {
            tokio::select! {
                biased;
                ended = &mut self.task => {
                    let ended = ended.unwrap_or_else(|error| Err(crashed(&error)));
                    return State::Over(ended.map(Box::new).map_err(Box::new));
                }
                Ok(()) = self.progress.changed() => {}
            }
            if let Some(progress) = self.progress.borrow_and_update().clone() {
                return State::Underway(progress);
            }
        }
    }
}

impl Drop for Comparing {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Work {
    context: Context,
    databases: Arc<Databases>,
    both: Both,
    urls: [DatabaseUrl; 2],
    options: Options,
    teller: watch::Sender<Option<Progress>>,
}

impl Work {
    /// The seal is taken before the snapshots: whatever is written after it is either compared or noticed.
    async fn carry_out(self) -> Result<Compared, Fault> {
        let [old, new] = self.both.subjects();
        let old = self.databases.session(&self.context, old).await?;
        let new = self.databases.session(&self.context, new).await?;
        let seal = Seal::take([&old as &Session, &new], self.both.schema.as_deref()).await?;
        let teller = self.teller;
        let watch = Arc::new(move |progress: &Progress| drop(teller.send(Some(progress.clone()))));
        let clock = Arc::clone(&self.context.clock);
        let comparison = compare::compare(&self.urls[0], &self.urls[1], &self.options, clock, watch).await?;
        Ok(Compared { comparison, seal })
    }
}

fn crashed(error: &JoinError) -> Fault {
    Fault::new(
        FaultKind::Bug,
        format!("the comparison ended without a result: {error}"),
        "Nothing is known about the copy then; nothing was changed.",
        "Report this as a defect of hcops.",
    )
}
