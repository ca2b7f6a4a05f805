//! Counts in words.

/// `1 row`, `2 rows`, `0 boxes`.
#[must_use]
pub fn counted(count: impl Into<i128>, thing: &str) -> String {
    let count = count.into();
    let plural = if thing.ends_with('x') { "es" } else { "s" };
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}{plural}") }
}
