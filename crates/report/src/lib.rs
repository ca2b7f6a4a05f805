//! A journal, told for people and for machines: needs a journal and nothing else. Where the evidence files are at hand,
//! they are held against the digests that the journal names.

mod account;
mod document;
mod evidence;
mod gather;
mod html;
mod markdown;
mod measures;
mod presentable;
mod reading;
mod remaining;
#[cfg(test)]
mod tests;
mod timing;
mod words;

pub use account::{
    Account, Confirmation, Crossing, Downtime, Exchange, Failure, HoldLook, JournalMark, Left, Pause, Process,
    ReadBySql, SetBack, Span, SpanKind, Spent, StepAccount, StepEnd, Trouble, Turn,
};
pub use document::{DOCUMENT_VERSION, Document, json, schema};
pub use evidence::{Evidence, EvidenceFile, Kept};
pub use gather::account;
pub use html::html;
pub use markdown::markdown;
pub use measures::{Curve, Point};
