//! Runbooks: TOML files that say which actions a procedure takes, in which order and why; and plans, which are runbooks
//! with every value filled in, frozen and named by a digest.
//!
//! A text goes through here in one direction: [`parse()`] reads it and puts the [`Fragments`] that it uses in their places,
//! [`lint()`] checks it against the actions that exist, [`plan()`] resolves it against inputs and surveyed facts,
//! [`save_plan`] and [`load_plan`] carry it through a review, and [`difference()`] says what has changed since.

mod book;
mod describe;
mod diagnostic;
mod difference;
mod document;
mod duration;
mod expand;
mod facts;
mod fragments;
mod label;
mod library;
mod lint;
mod nearest;
mod output_path;
mod parse;
mod plan;
pub mod reader;
mod schema;
mod source;
mod standalone;
mod template;
#[cfg(test)]
mod testing;

pub use book::{
    Call, Condition, Crossing, Finality, ForEach, Hold, Input, InputKind, Offer, Runbook, Step, Subject, Test, Undo,
    With,
};
pub use describe::describe;
pub use diagnostic::{Diagnostic, Diagnostics, Place, Severity};
pub use difference::{Difference, difference};
pub use document::{load_plan, save_plan};
pub use fragments::Fragments;
pub use library::{
    Embedded, find, library, methods, methods_of, operation_books, operations, procedure_books, procedures,
};
pub use lint::lint;
pub use nearest::nearest;
pub use parse::{first_line, not_toml};
pub use parse::{parse, parse_with};
pub use plan::plan;
pub use schema::schema;
pub use source::{Source, Spot};
pub use standalone::standalone;
