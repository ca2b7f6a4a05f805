use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::chain::encode;
use super::evidence;
use super::fault::StoreFault;
use super::files::{io_fault, private_directory, private_file, sync_directory};
use super::reading::{Reading, read};
use crate::lease::{Holder, Lease};
use hcops_model::{Entry, EvidenceMark, FORMAT, Folder, Journal, JournalFault, Line};

/// File name of the journal in a run's directory.
/// What the file of a journal is called, in the folder of its run.
pub const JOURNAL: &str = "journal.jsonl";
pub(super) const EVIDENCE: &str = "evidence";

/// A run's journal in a file, held by this process alone.
///
/// One append is one `write_all` of one line followed by `sync_data`. After any error nothing more is written: what is
/// on disk is then unknown until the file is read anew.
#[derive(Debug)]
pub struct FileJournal {
    directory: PathBuf,
    file: File,
    length: u64,
    reading: Reading,
    lease: Lease,
    broken: Option<JournalFault>,
}

impl FileJournal {
    /// Makes the directory of a new run and takes its lease.
    ///
    /// # Errors
    /// When the directory exists or cannot be made.
    pub(super) fn create(directory: &Path, holder: Holder) -> Result<Self, StoreFault> {
        let fault = |error: &io::Error| io_fault("make", directory, error);
        if let Some(parent) = directory.parent() {
            private_directory().recursive(true).create(parent).map_err(|error| fault(&error))?;
        }
        private_directory().create(directory).map_err(|error| fault(&error))?;
        private_directory().create(directory.join(EVIDENCE)).map_err(|error| fault(&error))?;
        let lease = Lease::take(directory, holder)?;
        let path = directory.join(JOURNAL);
        let file = private_file()
            .append(true)
            .create_new(true)
            .open(&path)
            .map_err(|error| io_fault("make", &path, &error))?;
        sync_directory(directory).map_err(|error| fault(&error))?;
        if let Some(parent) = directory.parent() {
            sync_directory(parent).map_err(|error| fault(&error))?;
        }
        let reading = Reading { lines: Vec::new(), whole: 0, torn: 0, format: FORMAT, unknown: Vec::new() };
        Ok(Self { directory: directory.to_owned(), file, length: 0, reading, lease, broken: None })
    }

    /// Takes the lease of a run and opens its journal for writing; a torn last line is set aside first. The second
    /// value says so.
    ///
    /// # Errors
    /// [`StoreFault::LeasedElsewhere`] when another process holds it; [`StoreFault::Journal`] when it is broken, of a
    /// newer format, or cannot be read.
    pub(super) fn open(directory: &Path, holder: Holder, why: Option<&str>) -> Result<(Self, Vec<String>), StoreFault> {
        let lease = Lease::take_with(directory, holder, why)?;
        let path = directory.join(JOURNAL);
        let text = read_whole(&path)?;
        let reading = read(&text).map_err(|fault| with_path(fault, &path))?;
        if !reading.may_be_written() {
            return Err(newer_minor(&reading, &path).into());
        }
        let mut notes = Vec::new();
        if reading.torn > 0 {
            notes.push(set_torn_aside(directory, &text[reading.whole..], reading.whole)?);
        }
        let file = private_file().append(true).open(&path).map_err(|error| io_fault("open", &path, &error))?;
        let length = reading.whole as u64;
        let reading = Reading { torn: 0, ..reading };
        Ok((Self { directory: directory.to_owned(), file, length, reading, lease, broken: None }, notes))
    }

    /// The run's directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The run's folder, as the lease tells it.
    pub(super) fn folder(&self) -> Option<Box<Folder>> {
        self.lease.holder().folder.clone()
    }

    /// Sets the fence that this process writes under.
    pub(super) fn fence(&mut self, fence: u64) -> Result<(), JournalFault> {
        self.lease.set_fence(fence)
    }

    /// Another process may have taken the run over: on a network file system a lock can be lost without a word.
    fn check_still_ours(&self) -> Result<(), JournalFault> {
        self.lease.check()?;
        let path = self.directory.join(JOURNAL);
        let length = fs::metadata(&path).map_err(|error| io_fault("look at", &path, &error))?.len();
        if length == self.length {
            return Ok(());
        }
        Err(JournalFault::new(
            format!("{} has {length} bytes, and this process has written {}", path.display(), self.length),
            "Another process has written to the run. This one stops; see who holds it with `hcops runs`.",
        )
        .taken_elsewhere())
    }

    fn write(&mut self, text: &str) -> Result<(), JournalFault> {
        let path = self.directory.join(JOURNAL);
        let write = |file: &mut File| {
            file.write_all(text.as_bytes())?;
            file.sync_data()
        };
        write(&mut self.file).map_err(|error| io_fault("write", &path, &error))?;
        self.length += text.len() as u64;
        Ok(())
    }

    fn try_append(&mut self, at: Timestamp, entry: Entry) -> Result<Line, JournalFault> {
        self.check_still_ours()?;
        let seq = self.reading.lines.last().map_or(1, |line| line.seq + 1);
        let (line, mut text) = encode(&self.reading.seal(), seq, at, entry)?;
        text.push('\n');
        self.write(&text)?;
        self.reading.lines.push(line.clone());
        Ok(line)
    }
}

impl Journal for FileJournal {
    fn append(&mut self, at: Timestamp, entry: Entry) -> Result<Line, JournalFault> {
        if let Some(fault) = &self.broken {
            return Err(fault.clone());
        }
        self.try_append(at, entry).inspect_err(|fault| self.broken = Some(fault.clone()))
    }

    fn lines(&self) -> &[Line] {
        &self.reading.lines
    }

    fn keep(&mut self, name: &str, contents: &[u8]) -> Result<EvidenceMark, JournalFault> {
        self.lease.check()?;
        evidence::keep(&self.directory.join(EVIDENCE), name, contents)
    }
}

/// The text of a journal.
pub(super) fn read_whole(path: &Path) -> Result<Vec<u8>, JournalFault> {
    let mut text = Vec::new();
    File::open(path)
        .and_then(|mut file| file.read_to_end(&mut text))
        .map_err(|error| io_fault("read", path, &error))?;
    Ok(text)
}

/// The fault with the path of the journal in front.
pub(super) fn with_path(fault: JournalFault, path: &Path) -> JournalFault {
    JournalFault { saw: format!("{}: {}", path.display(), fault.saw), ..fault }
}

fn set_torn_aside(directory: &Path, torn: &[u8], whole: usize) -> Result<String, JournalFault> {
    let path = directory.join(JOURNAL);
    let aside = (1..)
        .map(|number| directory.join(format!("journal.torn-{number}")))
        .find(|candidate| !candidate.exists())
        .unwrap_or_else(|| directory.join("journal.torn"));
    let write = || {
        let mut copy = private_file().write(true).create_new(true).open(&aside)?;
        copy.write_all(torn)?;
        copy.sync_all()?;
        sync_directory(directory)?;
        let journal = private_file().write(true).open(&path)?;
        journal.set_len(whole as u64)?;
        journal.sync_all()
    };
    write().map_err(|error| io_fault("set the torn last line aside of", &path, &error))?;
    Ok(format!(
        "the last line of the journal was torn ({} bytes): it was never acknowledged, nothing was done on its strength, \
         and it is kept in {}",
        torn.len(),
        aside.display()
    ))
}

fn newer_minor(reading: &Reading, path: &Path) -> JournalFault {
    JournalFault::new(
        format!(
            "{} has format {}.{}, and this hcops writes format {}.{}",
            path.display(),
            reading.format.major,
            reading.format.minor,
            FORMAT.major,
            FORMAT.minor
        ),
        "It was written by a newer hcops. This one may show it and report on it; update it to go on with the run.",
    )
}
