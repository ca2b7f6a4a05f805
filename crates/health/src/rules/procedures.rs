//! What stands against a procedure, where its own checks were made.

use crate::{Finding, Grade, Rule};
use hcops_model::Fault;

pub(super) const RULE: Rule = Rule {
    id: "procedure-check",
    looks_at: "what stands against each procedure, by its own checks (with --procedures)",
    why: "The procedure would refuse to begin, or could not be planned.",
    source: "the procedures' own runbooks: hcops runbook list",
};

/// The finding that one of a procedure's own checks makes: `about` names the procedure.
#[must_use]
pub fn of_procedure(grade: Grade, about: &str, fault: Fault) -> Finding {
    let mut finding = RULE.found(grade, about, format!("{about}: {}", fault.saw)).remedy(fault.remedy);
    finding.command = fault.command;
    finding
}
