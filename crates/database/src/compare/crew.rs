//! Reads pieces of tables on both sides at once, several connections each.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::JoinSet;

use hcops_model::{Fault, FaultKind};

use super::checkpoint::Kept;
use super::ledger::{Finding, Ledger};
use super::pace::Pace;
use super::pieces::{self, Piece};
use super::progress::Meter;
use super::side::{Reader, Side, Which};

/// What is put together from the answers about the pieces of one table on one side.
pub(super) trait Gather: Default + Send + 'static {
    /// Takes the lines of one answer.
    ///
    /// # Errors
    /// When a line cannot be read, or when there would be too many.
    fn add(&mut self, lines: Vec<Vec<Option<String>>>) -> Result<(), String>;

    /// Rows so far, for progress.
    fn rows(&self) -> u64;

    /// Called once, when both sides of a table are complete: what is of no further use may go.
    fn settle(_old: &mut Self, _new: &mut Self) {}
}

/// One table of the work: how large it is on each side and what is asked about each of its pieces.
pub(super) struct Question {
    /// Blocks on either side.
    pub(super) blocks: [u64; 2],
    /// Bytes on either side.
    pub(super) bytes: [u64; 2],
    /// Whether it can be read in pieces; a server before 14 would read all of it for each.
    pub(super) divisible: bool,
    /// The statement, with [`Question::PLACE`] where the condition of the piece belongs.
    pub(super) statement: String,
}

impl Question {
    /// Stands for the condition of a piece.
    pub(super) const PLACE: &'static str = "/* piece */ true";

    fn statement_for(&self, piece: &Piece) -> String {
        match piece.condition(super::canonical::ALIAS) {
            Some(condition) => self.statement.replace(Self::PLACE, &condition),
            None => self.statement.clone(),
        }
    }
}

/// What the crew works with.
pub(super) struct Crew {
    pub(super) sides: [Arc<Side>; 2],
    pub(super) paces: [Arc<Pace>; 2],
    pub(super) jobs: u32,
    pub(super) chunk_bytes: u64,
    pub(super) meter: Arc<Meter>,
}

/// How often a piece is asked for before its table is given up.
const ATTEMPTS: u32 = 4;

impl Crew {
    /// Asks all questions on both sides and returns what was found for each, in their order.
    ///
    /// A connection that is lost is made again, and only the piece that was being read is read once more.
    ///
    /// # Errors
    /// When a side cannot be reached any more. A table that cannot be read is no fault but a finding.
    pub(super) async fn ask<G: Gather>(&self, questions: Vec<Question>) -> Result<Vec<Finding<G>>, Fault> {
        self.ask_on(questions, None).await
    }

    /// As [`Crew::ask`], going on from what was kept, and keeping what is read.
    ///
    /// # Errors
    /// As [`Crew::ask`].
    pub(super) async fn ask_on<G: Gather>(
        &self,
        questions: Vec<Question>,
        kept: Option<&Arc<Kept>>,
    ) -> Result<Vec<Finding<G>>, Fault> {
        let cut = |work: usize, question: &Question, which: Which| {
            let (blocks, bytes) = (question.blocks[which.index()], question.bytes[which.index()]);
            pieces::cut(work, if question.divisible { blocks } else { 1 }, bytes, self.chunk_bytes)
        };
        let mut ledger = Ledger::<G>::new(&questions, cut);
        if let Some(kept) = kept {
            self.restore(&mut ledger, kept);
        }
        let ledger = Arc::new(Mutex::new(ledger));
        let questions = Arc::new(questions);
        // Work comes back when a side's moment has moved on: then there is another round.
        while locked(&ledger).has_work() {
            self.round(&ledger, &questions, kept).await?;
        }
        let findings = locked(&ledger).take_findings();
        Ok(findings)
    }

    fn restore<G: Gather>(&self, ledger: &mut Ledger<G>, kept: &Kept) {
        for which in Which::BOTH {
            let restored = ledger.restore(which, kept.take_earlier(which));
            kept.note_reused(restored.len() as u64);
            restored.iter().for_each(|(piece, rows)| self.meter.advance(piece.bytes, *rows));
        }
    }

    async fn round<G: Gather>(
        &self,
        ledger: &Arc<Mutex<Ledger<G>>>,
        questions: &Arc<Vec<Question>>,
        kept: Option<&Arc<Kept>>,
    ) -> Result<(), Fault> {
        let mut workers = JoinSet::new();
        for which in Which::BOTH {
            let hands = usize::try_from(self.jobs).unwrap_or(1).min(locked(ledger).waiting(which));
            for _ in 0..hands {
                let worker = Worker {
                    which,
                    side: Arc::clone(&self.sides[which.index()]),
                    pace: Arc::clone(&self.paces[which.index()]),
                    ledger: Arc::clone(ledger),
                    questions: Arc::clone(questions),
                    kept: kept.cloned(),
                    meter: Arc::clone(&self.meter),
                };
                workers.spawn(worker.run());
            }
        }
        while let Some(ended) = workers.join_next().await {
            // Dropping the set on a fault ends the others.
            ended.map_err(|fault| defect(&fault.to_string()))??;
        }
        Ok(())
    }
}

struct Worker<G> {
    which: Which,
    side: Arc<Side>,
    pace: Arc<Pace>,
    ledger: Arc<Mutex<Ledger<G>>>,
    questions: Arc<Vec<Question>>,
    kept: Option<Arc<Kept>>,
    meter: Arc<Meter>,
}

impl<G: Gather> Worker<G> {
    async fn run(self) -> Result<(), Fault> {
        let mut reader = None;
        loop {
            let Some(piece) = locked(&self.ledger).take(self.which) else { return Ok(()) };
            self.pace.admit(piece.bytes).await;
            self.read(piece, &mut reader).await?;
        }
    }

    /// Reads one piece, with as many connections as it takes.
    async fn read(&self, piece: Piece, reader: &mut Option<Reader>) -> Result<(), Fault> {
        let statement = self.questions[piece.work].statement_for(&piece);
        for attempt in 1.. {
            let open = match reader.take() {
                Some(open) => open,
                None => self.side.reader().await?,
            };
            match open.session.lines(&statement).await {
                Ok(lines) => {
                    self.book(piece, open.moment, lines);
                    *reader = Some(open);
                    return Ok(());
                }
                // The transaction is broken either way; the reader is not used again.
                Err(fault) if fault.kind == FaultKind::Transient && attempt < ATTEMPTS => {
                    self.meter.note_retry();
                }
                Err(fault) => {
                    locked(&self.ledger).give_up(piece.work, fault.saw);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn book(&self, piece: Piece, moment: u32, lines: Vec<Vec<Option<String>>>) {
        let bytes = piece.bytes;
        // What was read at a later moment does not belong to the marks in the checkpoint.
        if let Some(kept) = self.kept.as_ref().filter(|_| moment == 0) {
            kept.add(self.which, piece.work, piece.from, &lines);
        }
        let rows = locked(&self.ledger).book(self.which, piece, moment, lines);
        self.meter.advance(bytes, rows);
    }
}

fn locked<G>(ledger: &Mutex<Ledger<G>>) -> MutexGuard<'_, Ledger<G>> {
    ledger.lock().unwrap_or_else(PoisonError::into_inner)
}

fn defect(what: &str) -> Fault {
    Fault::new(
        FaultKind::Bug,
        format!("A part of the comparison ended unexpectedly: {what}."),
        "The comparison is not complete.",
        "Report this; nothing was changed.",
    )
}
