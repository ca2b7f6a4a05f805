use std::collections::BTreeMap;

use jiff::Timestamp;

use super::chain::encode;
use super::reading::{Reading, read};
use hcops_model::{Digest, Entry, EvidenceMark, Journal, JournalFault, Line};

/// A journal without a disk: for tests, rehearsals and previews. It can be told to fail like a disk that dies.
#[derive(Debug, Clone)]
pub struct MemoryJournal {
    reading: Reading,
    text: String,
    evidence: BTreeMap<String, Vec<u8>>,
    appends: u64,
    failure: Option<(u64, Tear)>,
}

/// Where in an append the disk dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tear {
    /// Before a byte is written.
    Before,
    /// In the middle of the line.
    Torn,
    /// After the line is durable, before the append returns.
    After,
}

impl Default for MemoryJournal {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryJournal {
    /// An empty journal.
    #[must_use]
    pub fn new() -> Self {
        Self::of_reading(
            Reading { lines: Vec::new(), whole: 0, torn: 0, format: hcops_model::FORMAT, unknown: Vec::new() },
            String::new(),
        )
    }

    /// A journal over a text, read as a file would be: a torn last line is left out.
    ///
    /// # Errors
    /// As [`read`].
    pub fn from_text(text: &str) -> Result<Self, JournalFault> {
        let reading = read(text.as_bytes())?;
        let whole = text.get(..reading.whole).unwrap_or_default().to_owned();
        Ok(Self::of_reading(reading, whole))
    }

    const fn of_reading(reading: Reading, text: String) -> Self {
        Self { reading, text, evidence: BTreeMap::new(), appends: 0, failure: None }
    }

    /// Lets the `append`-th append from now (counting from 1) fail in this way, and every append after it.
    pub const fn fail_at(&mut self, append: u64, tear: Tear) {
        self.failure = Some((self.appends + append, tear));
    }

    /// The journal's text, as a file would hold it, torn line included.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How often something was appended since it was made.
    #[must_use]
    pub const fn appends(&self) -> u64 {
        self.appends
    }

    /// A kept piece of evidence.
    #[must_use]
    pub fn evidence(&self, name: &str) -> Option<&[u8]> {
        self.evidence.get(name).map(Vec::as_slice)
    }

    /// What a new process finds: the lines that were durable, without the failure.
    ///
    /// # Errors
    /// As [`read`].
    pub fn reopened(&self) -> Result<Self, JournalFault> {
        let mut journal = Self::from_text(&self.text)?;
        journal.evidence.clone_from(&self.evidence);
        Ok(journal)
    }
}

impl Journal for MemoryJournal {
    fn append(&mut self, at: Timestamp, entry: Entry) -> Result<Line, JournalFault> {
        self.appends += 1;
        let seq = self.reading.lines.last().map_or(1, |line| line.seq + 1);
        let (line, text) = encode(&self.reading.seal(), seq, at, entry)?;
        let failing = self.failure.filter(|(from, _)| self.appends >= *from);
        if failing.is_some_and(|(from, _)| self.appends > from) {
            return Err(died());
        }
        match failing.map(|(_, tear)| tear) {
            Some(Tear::Before) => return Err(died()),
            Some(Tear::Torn) => {
                self.text.extend(text.chars().take(text.chars().count() / 2));
                return Err(died());
            }
            Some(Tear::After) | None => {}
        }
        self.text.push_str(&text);
        self.text.push('\n');
        self.reading.whole = self.text.len();
        self.reading.lines.push(line.clone());
        if failing.is_some() { Err(died()) } else { Ok(line) }
    }

    fn lines(&self) -> &[Line] {
        &self.reading.lines
    }

    fn keep(&mut self, name: &str, contents: &[u8]) -> Result<EvidenceMark, JournalFault> {
        let name = super::evidence::safe_name(name);
        self.evidence.insert(name.clone(), contents.to_vec());
        Ok(EvidenceMark { name, digest: Digest::of_bytes(contents) })
    }
}

fn died() -> JournalFault {
    JournalFault::new("the journal could not be written (a planned failure)", "")
}
