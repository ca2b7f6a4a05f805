//! Which of a procedure's methods is proposed for an app, and what sets them apart.

use serde::Serialize;
use serde_json::Value;

use super::desk::Desk;
use super::failure::Failure;
use hcops_model::{Exit, Fault, FaultKind};
use hcops_runbook::{self as runbook, Runbook};
use hcops_terminal::wrap;

/// One method beside the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Row {
    pub(super) method: String,
    downtime: String,
    way_back: String,
    cost: String,
    /// Whether it is for a database of this tier.
    fits: bool,
}

/// The methods of a procedure, the one that is proposed first; none where there is nothing to choose.
pub(super) fn table(procedure: &str, facts: &Value) -> Vec<Row> {
    let books = runbook::methods(procedure).unwrap_or_default();
    let row = |book: &Runbook| {
        let offer = book.offer.clone()?;
        let (downtime, way_back, cost) = (offer.downtime, offer.way_back, offer.cost);
        Some(Row { method: book.method.value.clone(), downtime, way_back, cost, fits: fits(book, facts) })
    };
    let rows: Vec<Row> = books.iter().filter_map(row).collect();
    if rows.len() > 1 { rows } else { Vec::new() }
}

/// The method that is proposed: of those that are for the database's tier, the first in the order of the runbooks.
///
/// # Errors
/// With exit 11 when none is for this tier.
pub(super) fn proposed(books: Vec<Runbook>, facts: &Value) -> Result<Runbook, Failure> {
    let refusal = books.first().map(|book| refusal(book, facts));
    let fitting = books.into_iter().find(|book| fits(book, facts));
    fitting.ok_or_else(|| refusal.unwrap_or_else(nothing))
}

/// That a method is not for the database's tier is the world's doing, not a mistake in the command.
fn refusal(book: &Runbook, facts: &Value) -> Failure {
    let siblings = runbook::methods(&book.procedure.value).unwrap_or_default();
    let fitting = siblings.iter().filter(|sibling| fits(sibling, facts)).map(|sibling| sibling.method.value.clone());
    other_tier(book, facts, &fitting.collect::<Vec<_>>())
}

fn nothing() -> Failure {
    Failure::usage("there is no such procedure", "Nothing can be planned.", "See `hcops runbook list`.")
}

/// Whether a runbook is for a database of this tier.
pub(super) fn fits(book: &Runbook, facts: &Value) -> bool {
    let tier = tier(facts);
    book.tiers.as_ref().is_none_or(|tiers| tiers.value.iter().any(|known| known == tier))
}

fn tier(facts: &Value) -> &str {
    facts["database"]["tier"].as_str().unwrap_or_default()
}

fn other_tier(book: &Runbook, facts: &Value, fitting: &[String]) -> Failure {
    let (procedure, method) = (&book.procedure.value, &book.method.value);
    let tiers = book.tiers.as_ref().map(|tiers| tiers.value.join(", ")).unwrap_or_default();
    let database = facts["database"]["name"].as_str().unwrap_or("the database");
    let remedy = if fitting.is_empty() {
        "Change the database to one of these tiers first; there is no other method.".to_owned()
    } else {
        let flags: Vec<String> = fitting.iter().map(|other| format!("--method {other}")).collect();
        format!("Name another method: {}.", flags.join(", "))
    };
    let fault = Fault::new(
        FaultKind::Refused,
        format!("{database} is of tier {}, and {procedure} by {method} is for {tiers}", tier(facts)),
        "The steps of this method do not exist for a database of this tier: Essential has no followers, for one.",
        remedy,
    );
    Failure::new(Exit::Blocked, fault).with_command(format!("hcops runbook show {procedure} --method {method}"))
}

/// The table in words, for people; `chosen` is marked.
pub(super) fn tell(rows: &[Row], chosen: &str, desk: &Desk) {
    if rows.is_empty() {
        return;
    }
    desk.say(&[String::new(), desk.appearance.tell("Methods").into_owned()]);
    for row in rows {
        let standing = match (row.method == chosen, row.fits) {
            (true, _) => "this plan",
            (false, true) => "also possible",
            (false, false) => "not for a database of this tier",
        };
        let text = format!(
            "{} ({standing}): writes off {}; way back: {}; cost: {}.",
            row.method, row.downtime, row.way_back, row.cost
        );
        desk.say(&wrap(&desk.appearance.tell(&text), desk.appearance.columns, "  - ", "    "));
    }
    desk.say(&[desk.appearance.tell("  --method NAME chooses another one.").into_owned()]);
}
