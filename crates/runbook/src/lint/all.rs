use hcops_model::Actions;

use super::super::book::Runbook;
use super::super::diagnostic::Diagnostics;
use super::{calls, conditions, inputs, order, prose, references};

/// Checks what a runbook says against the actions and facts that exist. No requests are made.
///
/// Found are: unknown actions, parameters that do not fit, references that lead nowhere or to what is not known yet,
/// conditions that can't be met, holds that nothing answers or that would change something, acts before the crossing
/// without a way back, ids and groups that are ambiguous, waits without sense, and missing prose.
#[must_use]
pub fn lint(book: &Runbook, actions: &dyn Actions) -> Diagnostics {
    let mut problems = calls::check(book, actions);
    problems.extend(references::check(book, actions));
    problems.extend(conditions::check(book));
    problems.extend(inputs::check(book));
    problems.extend(order::check(book, actions));
    problems.extend(prose::check(book, actions));
    Diagnostics::of(&book.source, problems)
}
