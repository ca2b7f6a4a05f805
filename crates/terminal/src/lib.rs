//! The only room that prints or asks. It knows the words of the model and nothing else: delete it and the engine still
//! compiles.
//!
//! Data goes to standard output, everything else to standard error. Every sentence is readable without colour, at 80
//! columns, in a log file; text that came from a server is stripped of control characters first.

mod ahead;
mod appearance;
mod board;
mod canvas;
mod crossing;
mod downtime;
mod fault;
mod history;
mod interactive;
mod json;
mod keys;
mod live;
mod measure;
mod menu;
mod needs;
mod outlet;
mod plain;
mod plan;
mod plan_page;
mod printer;
mod prompt;
mod run_names;
mod silent;
mod stage;
mod tale;
mod text;
mod typing;
mod underway;

pub use appearance::{Appearance, Tone};
pub use board::Board;
pub use fault::fault_lines;
pub use interactive::Interactive;
pub use json::{JsonLines, error_line};
pub use keys::{KeySwitch, Keys};
pub use needs::needs_lines;
pub use plain::Plain;
pub use plan::plan_lines;
pub use plan_page::plan_page;
pub use printer::Printer;
pub use prompt::Terminal;
pub use run_names::RunNames;
pub use silent::Silent;
pub use stage::Stage;
pub use text::{clean, duration, moment, padded, wrap};
