//! An undisturbed run, recorded: what a new process would find if this one died at any append or request.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use hcops_heroku::transport::{Wire, WireFault, WireRequest, WireResponse};
use hcops_journal::MemoryJournal;
use hcops_model::{Entry, EvidenceMark, Journal, JournalFault, Line};
use hcops_simulator::{Simulator, World};
use jiff::Timestamp;

/// The world, the journal and the moment at which a process died.
#[derive(Clone)]
pub(crate) struct Snapshot {
    /// Where it died, for the message of a failing case.
    pub place: String,
    pub world: Arc<World>,
    pub now: Timestamp,
    pub journal: Arc<str>,
}

/// One snapshot of each state in which a process can die: the world, the moment, and what a new process reads of the
/// journal, where a torn last line is left out. Nothing else reaches a new process, so that the same state ends the same.
///
/// # Panics
/// When a journal that was cut cannot be read.
pub(crate) fn distinct(snapshots: &[Snapshot]) -> Vec<&Snapshot> {
    let mut found: Vec<(&Snapshot, Arc<str>)> = Vec::new();
    let mut newest: Option<(&str, Arc<str>)> = None;
    for snapshot in snapshots {
        let journal = match newest.take() {
            Some((text, read)) if text == &*snapshot.journal => read,
            _ => Arc::from(MemoryJournal::from_text(&snapshot.journal).unwrap().text()),
        };
        newest = Some((&snapshot.journal, Arc::clone(&journal)));
        let is_same = |(known, read): &(&Snapshot, Arc<str>)| *read == journal && *known.world == *snapshot.world;
        // What is the same follows at the same moment.
        if !found.iter().rev().take_while(|(known, _)| known.now == snapshot.now).any(is_same) {
            found.push((snapshot, journal));
        }
    }
    found.into_iter().map(|(snapshot, _)| snapshot).collect()
}

/// Of snapshots between which nothing but time has passed, the first two and the last one.
pub(crate) fn ends_of_waits(snapshots: Vec<&Snapshot>) -> Vec<&Snapshot> {
    let stands_still = |one: &&Snapshot, next: &&Snapshot| {
        one.journal == next.journal
            && one.world.timers == next.world.timers
            && one.world.essence() == next.world.essence()
    };
    snapshots.chunk_by(stands_still).flat_map(|wait| first_two_and_last(wait.iter().copied())).collect()
}

/// The first two and the last one.
pub(crate) fn first_two_and_last<T>(all: impl ExactSizeIterator<Item = T>) -> impl Iterator<Item = T> {
    let last = all.len().saturating_sub(1);
    all.enumerate().filter(move |(place, _)| *place < 2 || *place == last).map(|(_, one)| one)
}

/// What a recorder writes to.
#[derive(Clone)]
pub(crate) struct Tape {
    simulator: Arc<Simulator>,
    inner: Arc<Mutex<Reel>>,
}

#[derive(Default)]
struct Reel {
    snapshots: Vec<Snapshot>,
    journal: Arc<str>,
    requests: u64,
}

impl Tape {
    pub(crate) fn over(simulator: &Arc<Simulator>, journal: &str) -> Self {
        let reel = Reel { journal: Arc::from(journal), ..Reel::default() };
        Self { simulator: Arc::clone(simulator), inner: Arc::new(Mutex::new(reel)) }
    }

    pub(crate) fn snapshots(&self) -> Vec<Snapshot> {
        self.reel().snapshots.clone()
    }

    fn reel(&self) -> std::sync::MutexGuard<'_, Reel> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, place: String, journal: Arc<str>) {
        let world = Arc::new(self.simulator.world());
        let now = hcops_model::Clock::now(&*self.simulator.clock());
        self.reel().snapshots.push(Snapshot { place, world, now, journal });
    }
}

/// A wire that takes a snapshot before each request and after its effect.
pub(crate) struct RecordingWire {
    inner: Arc<dyn Wire>,
    tape: Tape,
}

impl RecordingWire {
    pub(crate) fn new(inner: Arc<dyn Wire>, tape: Tape) -> Self {
        Self { inner, tape }
    }
}

#[async_trait]
impl Wire for RecordingWire {
    async fn send(&self, request: WireRequest) -> Result<WireResponse, WireFault> {
        let (number, journal) = {
            let mut reel = self.tape.reel();
            reel.requests += 1;
            (reel.requests, Arc::clone(&reel.journal))
        };
        let name = format!("request {number} {} {}", request.method, request.url.path());
        let changes = request.method != "GET";
        self.tape.take(format!("before {name}"), Arc::clone(&journal));
        let answer = self.inner.send(request).await;
        if changes {
            self.tape.take(format!("after {name}"), journal);
        }
        answer
    }
}

/// A journal that takes a snapshot before each append, in the middle of it, and after it.
pub(crate) struct RecordingJournal {
    inner: MemoryJournal,
    tape: Tape,
}

impl RecordingJournal {
    pub(crate) fn new(inner: MemoryJournal, tape: Tape) -> Self {
        Self { inner, tape }
    }

    pub(crate) fn into_inner(self) -> MemoryJournal {
        self.inner
    }
}

impl Journal for RecordingJournal {
    fn append(&mut self, at: Timestamp, entry: Entry) -> Result<Line, JournalFault> {
        let before = self.inner.text().to_owned();
        let line = self.inner.append(at, entry)?;
        let after = self.inner.text();
        let middle = before.len() + (after.len() - before.len()) / 2;
        let torn = after.get(..middle).unwrap_or(&before);
        let name = format!("append {}", line.seq);
        self.tape.take(format!("before {name}"), Arc::from(before.as_str()));
        self.tape.take(format!("in the middle of {name}"), Arc::from(torn));
        let after: Arc<str> = Arc::from(after);
        self.tape.take(format!("after {name}"), Arc::clone(&after));
        self.tape.reel().journal = after;
        Ok(line)
    }

    fn lines(&self) -> &[Line] {
        self.inner.lines()
    }

    fn keep(&mut self, name: &str, contents: &[u8]) -> Result<EvidenceMark, JournalFault> {
        self.inner.keep(name, contents)
    }
}
