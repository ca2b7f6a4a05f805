//! The loop around the decision: fold, observe, decide, ask, write the intent, act, write the receipt, observe until
//! satisfied, settle.

mod acting;
mod age;
mod asking;
mod driver;
mod ended;
mod gate;
mod gate_questions;
mod looking;
mod names;
pub mod questions;
mod turning;
mod unanswered;

pub(super) use driver::between;
use driver::later;
pub use driver::{Drive, drive};
pub use ended::Ended;
pub use turning::turn_back;
