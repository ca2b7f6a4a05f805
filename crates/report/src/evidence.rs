//! The kept observations, held against the digests that the journal names.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::presentable::presentable;
use hcops_model::{Digest, EvidenceMark};

/// The evidence files that are at hand, by name. None is needed: a report is made from a journal alone.
pub type Kept = BTreeMap<String, Vec<u8>>;

/// Contents beyond this many bytes are not repeated in a report; their digest is.
const LARGEST: usize = 64 * 1024;

/// A kept observation.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Evidence {
    /// File name below the run's `evidence/`.
    pub name: String,
    /// SHA-256 of its contents, as the journal has it.
    pub digest: String,
    /// What became of the file.
    pub file: EvidenceFile,
    /// The file's contents, where it is as the journal says, is text and has at most 64 KiB.
    pub contents: Option<String>,
}

/// What became of an evidence file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceFile {
    /// The report was made without it.
    NotAtHand,
    /// It has the digest that the journal names.
    Unchanged,
    /// It has another digest: somebody changed it afterwards.
    Changed,
}

impl EvidenceFile {
    /// In words, the same in every form of a report.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::NotAtHand => "Not at hand when this was made",
            Self::Unchanged => "Unchanged",
            Self::Changed => "Changed afterwards: its digest is another",
        }
    }
}

impl Evidence {
    /// What the journal says of a file, held against the file itself where it is at hand.
    #[must_use]
    pub(super) fn of(mark: &EvidenceMark, kept: &Kept) -> Self {
        let bytes = kept.get(&mark.name);
        let file = match bytes {
            None => EvidenceFile::NotAtHand,
            Some(bytes) if Digest::of_bytes(bytes) == mark.digest => EvidenceFile::Unchanged,
            Some(_) => EvidenceFile::Changed,
        };
        let whole = bytes.filter(|bytes| file == EvidenceFile::Unchanged && bytes.len() <= LARGEST);
        let contents = whole.and_then(|bytes| std::str::from_utf8(bytes).ok()).map(presentable);
        Self { name: mark.name.clone(), digest: mark.digest.to_string(), file, contents }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(contents: &[u8]) -> Evidence {
        let mark = EvidenceMark { name: "0001-pause.json".to_owned(), digest: Digest::of_bytes(b"as it was") };
        Evidence::of(&mark, &Kept::from([("0001-pause.json".to_owned(), contents.to_vec())]))
    }

    #[test]
    fn a_file_is_held_against_the_digest_of_the_journal() {
        let unchanged = evidence(b"as it was");
        assert_eq!((unchanged.file, unchanged.contents.as_deref()), (EvidenceFile::Unchanged, Some("as it was")));
        let changed = evidence(b"as somebody wants it");
        assert_eq!((changed.file, changed.contents), (EvidenceFile::Changed, None));
    }

    #[test]
    fn what_is_large_or_no_text_is_named_and_not_repeated() {
        for contents in [vec![b'x'; LARGEST + 1], vec![0xff, 0xfe]] {
            let mark = EvidenceMark { name: "copy".to_owned(), digest: Digest::of_bytes(&contents) };
            let evidence = Evidence::of(&mark, &Kept::from([("copy".to_owned(), contents)]));
            assert_eq!((evidence.file, evidence.contents), (EvidenceFile::Unchanged, None));
        }
    }
}
