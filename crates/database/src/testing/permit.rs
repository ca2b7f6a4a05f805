use jiff::Timestamp;

use hcops_model::{Digest, Entry, EvidenceMark, Intent, Journal, JournalFault, Line, Permit, StepId};

/// A permit, with its intent in a journal that forgets.
pub(crate) fn permit() -> Permit {
    let intent =
        Intent { step: StepId::from("test"), action: "test".to_owned(), attempt: 1, will: Vec::new(), before: None };
    Permit::by_writing(&mut Forgetful, Timestamp::UNIX_EPOCH, intent).unwrap().0
}

struct Forgetful;

impl Journal for Forgetful {
    fn append(&mut self, at: Timestamp, entry: Entry) -> Result<Line, JournalFault> {
        Ok(Line { seq: 1, at, entry, chain: Digest::of_bytes(b"") })
    }

    fn lines(&self) -> &[Line] {
        &[]
    }

    fn keep(&mut self, name: &str, contents: &[u8]) -> Result<EvidenceMark, JournalFault> {
        Ok(EvidenceMark { name: name.to_owned(), digest: Digest::of_bytes(contents) })
    }
}
