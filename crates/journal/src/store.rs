use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::fault::StoreFault;
use super::file::{FileJournal, JOURNAL, read_whole, with_path};
use super::files::{io_fault, private_directory, private_file};
use super::reading::{Reading, read};
use super::remains::Remains;
use crate::claims::{Claims, only_looks};
use crate::lease::{self, Holder};
use crate::run_state::{Lease, RunState, Stopped};
use crate::stop_request::{StopRequest, pending_request};
use hcops_model::{Entry, Journal, JournalFault, Line, Plan, RunId, Verdict};

/// All runs of this machine: one directory each, below `$XDG_STATE_HOME/hcops/runs` or wherever the caller says.
#[derive(Debug, Clone)]
pub struct RunStore {
    root: PathBuf,
}

/// The right to begin a run among all runs of a store; given back when dropped.
#[derive(Debug)]
pub struct Beginning {
    _lock: fs::File,
}

/// What the file is called, beside the folder of the runs, whose lock is that right.
const BEGINNING: &str = "lock";

/// What the first line of a run says.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The run.
    pub run: RunId,
    /// Version of this hcops.
    pub tool: String,
    /// The frozen plan.
    pub plan: Plan,
    /// Where the requests go.
    pub origin: String,
}

/// A run that this process may write to.
#[derive(Debug)]
pub struct WriteJournal {
    /// The run.
    pub run: RunId,
    /// Its journal, leased.
    pub journal: FileJournal,
    /// What the operator should know: a torn line that was set aside.
    pub notes: Vec<String>,
}

/// A run that this process only reads; another may be writing to it.
#[derive(Debug, Clone)]
pub struct ReadJournal {
    /// The run.
    pub run: RunId,
    /// Its directory.
    pub directory: PathBuf,
    /// Its lines, oldest first.
    pub lines: Vec<Line>,
    /// What the operator should know: a line that is torn or being written, kinds of entry that are not known here.
    pub notes: Vec<String>,
}

/// One run in a list.
#[derive(Debug, Clone)]
pub struct Listing {
    /// The run.
    pub run: RunId,
    /// Its directory.
    pub directory: PathBuf,
    /// What its journal says, or why it can't be read.
    pub summary: Result<RunSummary, Unreadable>,
}

/// A run whose journal cannot be read: nobody knows what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Why.
    pub fault: JournalFault,
    /// What can be told all the same.
    pub remains: Remains,
}

/// What a list says about a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunSummary {
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Who opened it.
    pub opened_by: String,
    /// The procedure.
    pub procedure: String,
    /// The method.
    pub method: String,
    /// The app.
    pub app: String,
    /// Title of the active plan.
    pub title: String,
    /// Where the requests go.
    pub origin: String,
    /// Where it stands.
    pub standing: Standing,
    /// Steps that are over, and steps in all, of the active plan.
    pub progress: (usize, usize),
    /// When its newest line was written.
    pub newest_at: Timestamp,
    /// Why its newest process left it, where that was wished.
    pub stopped: Option<Stopped>,
    /// The request to stop that its process has not followed yet.
    pub stop_requested: Option<StopRequest>,
    /// What it changes.
    pub claims: Claims,
    /// Whether its plan only looks.
    pub only_looks: bool,
    /// Whether it may have changed anything so far.
    pub has_acted: bool,
    /// Whether it has turned writes off and not back on.
    pub writes_off: bool,
    /// Whether it is past a point of no return.
    pub has_crossed: bool,
    /// The title of the step whose turn it is.
    pub step: Option<String>,
    /// Who took it last, and where.
    pub lease: Option<Lease>,
}

/// Where a run stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// A process works on it.
    Running(Box<Holder>),
    /// It waits for a person.
    Parked {
        /// What it was asked, in one sentence.
        question: String,
    },
    /// No process works on it, and it is not finished.
    Interrupted,
    /// It is over.
    Closed(Verdict),
}

impl Standing {
    /// Whether something is left to do.
    #[must_use]
    pub const fn is_unfinished(&self) -> bool {
        !matches!(self, Self::Closed(_))
    }
}

impl RunStore {
    /// The runs below this directory; it need not exist yet.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The directory of a run.
    #[must_use]
    pub fn directory(&self, run: RunId) -> PathBuf {
        self.root.join(run.to_string())
    }

    /// The journal's file of a run.
    #[must_use]
    pub fn journal_path(&self, run: RunId) -> PathBuf {
        self.directory(run).join(JOURNAL)
    }

    /// Waits until no other process is beginning a run here, and keeps others from it until what is returned is dropped:
    /// between looking for runs that are in the way and writing the own one down nobody else may do the same.
    ///
    /// # Errors
    /// When the directory of the runs cannot be made or written.
    pub fn beginning(&self) -> Result<Beginning, StoreFault> {
        private_directory().recursive(true).create(&self.root).map_err(|error| io_fault("make", &self.root, &error))?;
        let path = self.root.with_extension(BEGINNING);
        let lock = private_file().write(true).create(true).truncate(false).open(&path);
        let lock = lock.map_err(|error| io_fault("open", &path, &error))?;
        lock.lock().map_err(|error| io_fault("lock", &path, &error))?;
        Ok(Beginning { _lock: lock })
    }

    /// Begins a run: makes its directory (mode 0700, files 0600), takes its lease, and writes its first two lines.
    ///
    /// # Errors
    /// [`StoreFault::Journal`] when the directory exists or cannot be written.
    pub fn create(&self, opening: Opening, holder: Holder, now: Timestamp) -> Result<WriteJournal, StoreFault> {
        self.create_with(opening, Vec::new(), holder, now)
    }

    /// The same with what was said so that it may begin, written behind the first line.
    ///
    /// # Errors
    /// As [`RunStore::create`].
    pub fn create_with(
        &self,
        opening: Opening,
        said: Vec<Entry>,
        holder: Holder,
        now: Timestamp,
    ) -> Result<WriteJournal, StoreFault> {
        let run = opening.run;
        let mut journal = FileJournal::create(&self.directory(run), holder.clone())?;
        journal.append(now, opening.entry(&holder.by))?;
        for entry in said {
            journal.append(now, entry)?;
        }
        take_lease(&mut journal, &holder, 1, now)?;
        Ok(WriteJournal { run, journal, notes: Vec::new() })
    }

    /// Takes a run by its id or a prefix of it that fits no other run.
    ///
    /// # Errors
    /// [`StoreFault::NotFound`], [`StoreFault::LeasedElsewhere`], or [`StoreFault::Journal`] when the journal is broken
    /// or of a newer format.
    pub fn open_write(&self, name: &str, holder: Holder, now: Timestamp) -> Result<WriteJournal, StoreFault> {
        self.open_write_with(name, holder, None, now)
    }

    /// The same where `why` says that the run may be gone on with in this folder even if it is a copy of another one.
    ///
    /// # Errors
    /// As [`RunStore::open_write`]; [`StoreFault::Copied`] where it is a copy and nothing was said.
    pub fn open_write_with(
        &self,
        name: &str,
        holder: Holder,
        why: Option<&str>,
        now: Timestamp,
    ) -> Result<WriteJournal, StoreFault> {
        let run = self.resolve(name)?;
        let (mut journal, notes) = FileJournal::open(&self.directory(run), holder.clone(), why)?;
        let state = RunState::fold(journal.lines())?;
        if state.closed.is_none() {
            take_lease(&mut journal, &holder, state.lease.map_or(1, |lease| lease.fence + 1), now)?;
        }
        Ok(WriteJournal { run, journal, notes })
    }

    /// Reads a run by its id or a prefix of it that fits no other run, without taking it.
    ///
    /// # Errors
    /// [`StoreFault::NotFound`], or [`StoreFault::Journal`] when the journal is broken or of a newer major format.
    pub fn open_read(&self, name: &str) -> Result<ReadJournal, StoreFault> {
        let run = self.resolve(name)?;
        let directory = self.directory(run);
        let reading = read_journal(&directory)?;
        let notes = reading_notes(&reading);
        Ok(ReadJournal { run, directory, lines: reading.lines, notes })
    }

    /// All runs, newest first. A run that cannot be read is listed with the reason.
    ///
    /// # Errors
    /// When the directory exists and cannot be listed.
    pub fn list(&self) -> Result<Vec<Listing>, StoreFault> {
        Ok(self.ids()?.into_iter().map(|run| self.listing(run)).collect())
    }

    /// The ids of all runs, newest first. No journal is read.
    ///
    /// # Errors
    /// As [`RunStore::list`].
    pub fn ids(&self) -> Result<Vec<RunId>, StoreFault> {
        let mut runs = self.runs()?;
        runs.sort_unstable_by(|one, other| other.cmp(one));
        Ok(runs)
    }

    /// The longest journal and how many bytes it has; none is read.
    #[must_use]
    pub fn longest(&self) -> Option<(PathBuf, u64)> {
        let paths = self.runs().unwrap_or_default().into_iter().map(|run| self.journal_path(run));
        paths.filter_map(|path| Some((path.metadata().ok()?.len(), path))).max().map(|(bytes, path)| (path, bytes))
    }

    /// The newest run that is not finished, where there is one.
    ///
    /// # Errors
    /// As [`RunStore::list`].
    pub fn newest_unfinished(&self) -> Result<Option<RunId>, StoreFault> {
        let unfinished =
            |listing: &Listing| listing.summary.as_ref().is_ok_and(|summary| summary.standing.is_unfinished());
        Ok(self.list()?.into_iter().find(unfinished).map(|listing| listing.run))
    }

    /// What a list says about one run.
    #[must_use]
    pub fn listing(&self, run: RunId) -> Listing {
        let directory = self.directory(run);
        let summary = read_journal(&directory)
            .and_then(|reading| RunState::fold(&reading.lines))
            .map(|state| summarise(&state, &directory))
            .map_err(|fault| Unreadable { fault, remains: Remains::of(&directory) });
        Listing { run, directory, summary }
    }

    fn runs(&self) -> Result<Vec<RunId>, StoreFault> {
        let entries = match fs::read_dir(&self.root) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(io_fault("list", &self.root, &error).into()),
        };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        Ok(names.filter_map(|name| name.parse().ok().map(RunId)).collect())
    }

    /// The runs whose id begins so. Hyphens may be left out.
    ///
    /// # Errors
    /// As [`RunStore::list`].
    pub fn named(&self, name: &str) -> Result<Vec<RunId>, StoreFault> {
        let digits = |text: &str| text.trim().to_lowercase().replace('-', "");
        let wanted = digits(name);
        let begins_so = |run: &RunId| !wanted.is_empty() && digits(&run.to_string()).starts_with(&wanted);
        Ok(self.runs()?.into_iter().filter(begins_so).collect())
    }

    /// What to say where no run has this name.
    #[must_use]
    pub fn not_there(&self, name: &str) -> StoreFault {
        StoreFault::NotFound {
            saw: format!("there is no run `{name}` in {}", self.root.display()),
            remedy: "`hcops runs` lists the runs of this machine. A run of another machine is in that machine's \
                     state directory."
                .to_owned(),
        }
    }

    fn resolve(&self, name: &str) -> Result<RunId, StoreFault> {
        match self.named(name)?.as_slice() {
            [run] => Ok(*run),
            [] => Err(self.not_there(name)),
            several => Err(StoreFault::NotFound {
                saw: format!("`{name}` fits {} runs", several.len()),
                remedy: format!("Give more of the id: {}.", joined(several)),
            }),
        }
    }
}

impl Opening {
    /// The first line of a run that this person opens.
    #[must_use]
    pub fn entry(self, by: &str) -> Entry {
        Entry::Opened {
            format: hcops_model::FORMAT,
            run: self.run,
            tool: self.tool,
            by: by.to_owned(),
            digest: self.plan.digest(),
            plan: Box::new(self.plan),
            origin: self.origin,
        }
    }
}

fn take_lease(journal: &mut FileJournal, holder: &Holder, fence: u64, now: Timestamp) -> Result<(), JournalFault> {
    journal.fence(fence)?;
    let folder = journal.folder();
    journal.append(now, Entry::Leased { by: holder.by.clone(), holder: holder.place(), fence, folder }).map(|_| ())
}

fn read_journal(directory: &Path) -> Result<Reading, JournalFault> {
    let path = directory.join(JOURNAL);
    read(&read_whole(&path)?).map_err(|fault| with_path(fault, &path))
}

fn reading_notes(reading: &Reading) -> Vec<String> {
    let mut notes = Vec::new();
    if reading.torn > 0 {
        notes.push(format!("the last line ({} bytes) is being written, or was torn by a crash", reading.torn));
    }
    if !reading.may_be_written() {
        notes.push(format!(
            "the journal has the newer format {}.{}: it can be read here, not gone on with",
            reading.format.major, reading.format.minor
        ));
    }
    if !reading.unknown.is_empty() {
        notes.push(format!("kinds of entry that this version does not know: {}", reading.unknown.join(", ")));
    }
    notes
}

fn summarise(state: &RunState, directory: &Path) -> RunSummary {
    RunSummary {
        opened_at: state.opened_at,
        opened_by: state.opened_by.clone(),
        procedure: state.plan.procedure.clone(),
        method: state.plan.method.clone(),
        app: state.plan.app.clone(),
        title: state.plan.title.clone(),
        origin: state.origin.clone(),
        standing: standing_of(state, directory),
        progress: state.count(),
        newest_at: state.at,
        stopped: state.stopped.clone(),
        stop_requested: pending_request(directory),
        claims: Claims::of_plan(state.main_plan()),
        only_looks: only_looks(state.main_plan()),
        has_acted: state.has_acted(),
        writes_off: state.downtime.lasts(),
        has_crossed: !state.crossed.is_empty(),
        step: state.front().first().map(|step| step.title.clone()),
        lease: state.lease.clone(),
    }
}

fn standing_of(state: &RunState, directory: &Path) -> Standing {
    if let Some(verdict) = state.closed {
        return Standing::Closed(verdict);
    }
    let holder = lease::is_held(directory).then(|| lease::holder_of(directory)).flatten();
    match (holder, &state.parked) {
        (Some(holder), _) => Standing::Running(Box::new(holder)),
        (None, Some(needs)) => Standing::Parked { question: needs.question.text.clone() },
        (None, None) => Standing::Interrupted,
    }
}

fn joined(runs: &[RunId]) -> String {
    runs.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
