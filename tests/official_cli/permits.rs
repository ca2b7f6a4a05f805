//! A permit for a change that a test makes.

use hcops_model::{Digest, Entry, EvidenceMark, Intent, Journal, JournalFault, Line, Permit};
use jiff::Timestamp;

/// A permit, written into a journal that is then thrown away.
pub(crate) fn permit() -> Permit {
    let intent = Intent { step: "test".into(), action: "test".to_owned(), attempt: 1, will: Vec::new(), before: None };
    Permit::by_writing(&mut Forgetful::default(), Timestamp::UNIX_EPOCH, intent).unwrap().0
}

#[derive(Default)]
struct Forgetful {
    lines: Vec<Line>,
}

impl Journal for Forgetful {
    fn append(&mut self, at: Timestamp, entry: Entry) -> Result<Line, JournalFault> {
        let seq = self.lines.len() as u64 + 1;
        let line = Line { seq, at, entry, chain: Digest::of_bytes(b"") };
        self.lines.push(line.clone());
        Ok(line)
    }

    fn lines(&self) -> &[Line] {
        &self.lines
    }

    fn keep(&mut self, name: &str, contents: &[u8]) -> Result<EvidenceMark, JournalFault> {
        Ok(EvidenceMark { name: name.to_owned(), digest: Digest::of_bytes(contents) })
    }
}
