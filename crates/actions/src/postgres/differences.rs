//! What a comparison found, as the failure of a verification: values stay hidden, rows are named by their keys.

use super::seal::{self, Breach};
use hcops_database::compare::{Comparison, Origin, RowDifference, RowKind, SequenceResult, Sort, TableResult};
use hcops_database::inventory::Difference;
use hcops_model::{Fault, FaultKind};
use hcops_text::counted;

/// Differences of each sort that are named; the command tells the rest.
const NAMED: usize = 5;

/// The failure, with the first differences of each sort.
pub(super) fn fault(comparison: &Comparison, breaches: &[Breach]) -> Fault {
    let mut parts = vec![comparison.statement.clone()];
    parts.extend(comparison.differing_structure().take(NAMED).map(structure));
    parts.extend(comparison.differing_tables().take(NAMED).map(table));
    parts.extend(comparison.differing_sequences().take(NAMED).map(sequence));
    if let Some(objects) = comparison.large_objects.as_ref().filter(|objects| !objects.differing.is_empty()) {
        let ids: Vec<String> = objects.differing.iter().take(NAMED).map(i64::to_string).collect();
        parts.push(format!("large objects {}", ids.join(", ")));
    }
    parts.extend(comparison.connect.iter().flat_map(|schema| &schema.trouble).take(NAMED).cloned());
    if !breaches.is_empty() {
        parts.push(format!("meanwhile something was written: {}", seal::spoken(breaches)));
    }
    Fault::new(
        FaultKind::Verification,
        format!("The new database is not an exact copy of the old one: {}.", parts.join("; ")),
        "Connect neither fills nor mends an empty or different database: what differs would be wrong for good, and would \
         be synced to Salesforce as it is.",
        remedy(comparison),
    )
}

fn remedy(comparison: &Comparison) -> String {
    let (follower, anew) = match comparison.origin {
        Origin::Follower => (" --follower", "a new follower"),
        Origin::Copy => ("", "a new copy"),
    };
    let by_hand = ["setting", "grant", "default privileges", "comment"];
    let by_hand = if comparison.differing_structure().any(|it| by_hand.contains(&it.kind.as_str())) {
        "Settings (ALTER DATABASE … SET), grants and comments can be made in the new database by hand; then retry. "
    } else {
        ""
    };
    let views: Vec<&str> = comparison
        .differing_tables()
        .filter(|it| it.sort == Sort::MaterialisedView)
        .map(|it| it.table.as_str())
        .collect();
    let refresh = if views.is_empty() {
        String::new()
    } else {
        format!(
            "Materialised views can be filled anew in the new database (REFRESH MATERIALIZED VIEW {}). ",
            views.join(", ")
        )
    };
    format!(
        "Look at the differences with `hcops postgres compare OLD NEW{follower}` (--show-values shows values). {refresh}{by_hand}Where \
         somebody still writes, stop them; what is missing in the new database does not come by itself, so turn back with \
         `hcops abort` and begin anew with {anew}."
    )
}

fn structure(difference: &Difference) -> String {
    let fact = difference.fact.as_ref().map_or_else(String::new, |fact| format!(", {fact}"));
    let there = |value: &Option<String>| if value.is_some() { "there" } else { "missing" };
    if difference.fact.is_none() {
        let (old, new) = (there(&difference.old), there(&difference.new));
        return format!("{} {}: {old} in old, {new} in new", difference.kind, difference.name);
    }
    format!("{} {}{fact} is not the same", difference.kind, difference.name)
}

fn table(table: &TableResult) -> String {
    let rows: Vec<String> = table.differences.iter().take(NAMED).map(row).collect();
    let rows = if rows.is_empty() { String::new() } else { format!(": {}", rows.join(", ")) };
    let (old, new) = (table.old_rows, table.new_rows);
    format!("{} {}, {} in old and {new} in new{rows}", table.sort.word(), table.table, counted(old, "row"))
}

fn row(row: &RowDifference) -> String {
    let key: Vec<String> = row.key.iter().map(|(column, value)| format!("{column}={value}")).collect();
    let which = if key.is_empty() { "a row without a key".to_owned() } else { key.join(" ") };
    match row.kind {
        RowKind::Missing => format!("{which} is missing in new"),
        RowKind::Added => format!("{which} is only in new"),
        RowKind::Changed => {
            let columns: Vec<&str> = row.columns.iter().map(|column| column.column.as_str()).collect();
            format!("{which} differs in {}", columns.join(", "))
        }
    }
}

fn sequence(sequence: &SequenceResult) -> String {
    format!("sequence {}: {}", sequence.sequence, sequence.trouble.as_deref().unwrap_or("differs"))
}
