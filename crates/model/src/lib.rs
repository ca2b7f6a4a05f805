//! The words everybody speaks: ids, effects, what was seen, faults, journal entries, events, plan, permit, clock.
//!
//! No I/O happens here and nothing outside this folder is imported. It is a dictionary, not a drawer.

mod action;
mod clock;
mod crossings;
mod effect;
mod entry;
mod event;
pub mod exit;
mod fault;
mod ids;
mod journal;
mod permit;
mod plan;
mod question;
mod seen;
pub mod state_dir;
mod stop;

pub use action::{Actions, AnyAction, Look, Prior, Receipt, Steadiness};
pub use clock::{Clock, Moment, TimeFault};
pub use crossings::Crossings;
pub use effect::Effect;
pub use entry::{BY_THE_PLAN, Entry, Folder, Line, Settlement, TakenOver, Verdict};
pub use event::{EVENT_VERSION, Event, Happening, Listener, Progress};
pub use exit::Exit;
pub use fault::{Fault, FaultKind, Happened, NOT_REACHED, RequestMark};
pub use hcops_secrets::{DatabaseUrl, Place, Secret};
pub use ids::{Digest, RunId, StepId};
pub use journal::{EvidenceMark, FORMAT, Format, Journal, JournalFault};
pub use permit::{FRESH, Intent, Permit};
pub use plan::{
    Crossing, DowntimeEdge, Expectation, Finality, GATE, OnlyIf, Plan, PlannedHold, PlannedStep, PlannedUndo,
};
pub use question::{
    ASK_THERE, Alternative, Choice, Needs, Person, Question, QuestionKind, Reply, Way, WayKind, WritesOff, says_nothing,
};
pub use seen::{Part, Seen, kept_document, output_in_words};
pub use stop::{StopCause, StopWish};
