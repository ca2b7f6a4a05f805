//! What the tests of this crate share: a set of actions that only know their parameters, a rich runbook over them, and a
//! survey that fits it.

mod actions;
mod world;

use super::Runbook;

pub(super) use actions::Scripted;
pub(super) use world::{EXAMPLE, example, facts, given, made, planned};

/// A runbook without the places where its parts are written, and without the order of parameters.
pub(super) fn meaning(book: &Runbook) -> String {
    let mut book = book.clone();
    let undos = book.steps.iter_mut().map(|step| (&mut step.call, step.undo.as_mut().map(|undo| &mut undo.call)));
    let calls = undos.flat_map(|(call, undo)| [Some(call), undo]).flatten();
    for call in calls.chain(book.holds.iter_mut().map(|hold| &mut hold.call)) {
        call.with.value.sort_all_objects();
        call.with.keys.sort_by(|one, other| one.value.cmp(&other.value));
    }
    let text = format!("{:#?}\n{:#?}\n{:#?}", book.inputs, book.holds, book.steps);
    let is_span = |one: char| one.is_ascii_digit() || one == '.';
    text.split("span: ").map(|part| part.trim_start_matches(is_span)).collect()
}
