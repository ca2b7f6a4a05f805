//! A comparison for people: how far it is, then the verdict in its own words and everything that differs.

use std::fmt::Write as _;

use indicatif::{HumanBytes, HumanCount};

use hcops_database::compare::{
    ColumnDifference, Comparison, ConnectResult, Phase, Progress, RowDifference, RowKind, SequenceResult, ServerSeen,
    Sort, TableResult, Value, Verdict,
};
use hcops_database::inventory::{Difference, Weight};
use hcops_terminal::{Appearance, Tone, duration, padded, wrap};
use hcops_text::counted;

/// How far it is, on one line.
pub(super) fn progress_line(progress: &Progress) -> String {
    let mut line = match progress.phase {
        Phase::Structure => "reading the structure of both databases".to_owned(),
        Phase::Contents => format!(
            "comparing contents: {} of {}, {} rows",
            HumanBytes(progress.bytes),
            HumanBytes(progress.bytes_in_all),
            HumanCount(progress.rows)
        ),
        Phase::Locating => "looking for the rows that differ".to_owned(),
        Phase::Remainder => "comparing sequences, large objects and Connect's own state".to_owned(),
    };
    if progress.seconds > 0 {
        let _ = write!(line, ", for {}", duration(progress.seconds));
    }
    if let Some(left) = progress.seconds_left {
        let _ = write!(line, ", about {} left", duration(left));
    }
    if progress.retries > 0 {
        let _ = write!(line, ", {} lost connections made again", progress.retries);
    }
    line
}

/// The whole result, the verdict first.
pub(super) fn lines(comparison: &Comparison, appearance: &Appearance) -> Vec<String> {
    let mut page = Page { lines: Vec::new(), appearance };
    page.tell(tone_of(comparison.verdict), "verdict", &comparison.statement);
    for (label, side) in [("old", &comparison.old), ("new", &comparison.new)] {
        page.tell(Tone::Normal, label, &server(side));
    }
    let took = format!("{}, {} compared", duration(comparison.seconds as u64), HumanBytes(comparison.bytes));
    page.tell(Tone::Normal, "took", &took);
    page.resumption(comparison);
    comparison.remarks.iter().for_each(|remark| page.tell(Tone::Warning, "remark", remark));
    for schema in &comparison.connect {
        page.connect(schema);
    }
    comparison.differing_structure().for_each(|it| page.tell(Tone::Danger, "structure", &structure(it)));
    comparison.differing_tables().for_each(|it| page.table(it));
    comparison.differing_sequences().for_each(|it| page.tell(Tone::Danger, "sequence", &sequence(it)));
    page.large_objects(comparison);
    comparison.unseen().for_each(|it| page.tell(Tone::Warning, "not compared", &it.to_string()));
    page.preparation(comparison);
    let expected = comparison.structure.iter().filter(|it| it.weight == Weight::Expected);
    expected.for_each(|it| page.tell(Tone::Faint, "expected", &structure(it)));
    if hides_values(comparison) {
        page.tell(Tone::Faint, "hint", "Values are hidden, keys are not. --show-values shows the values as well.");
    }
    page.lines
}

/// Columns of the label before a sentence.
const LABEL: usize = 13;

struct Page<'a> {
    lines: Vec<String>,
    appearance: &'a Appearance,
}

impl Page<'_> {
    /// One labelled sentence.
    fn tell(&mut self, tone: Tone, label: &str, sentence: &str) {
        let label = padded(&self.appearance.tell(label), LABEL);
        let rest = " ".repeat(LABEL);
        let wrapped = wrap(&self.appearance.tell(sentence), self.appearance.columns, &label, &rest);
        self.lines.extend(wrapped.iter().map(|line| self.appearance.dress(tone, line)));
    }

    fn table(&mut self, table: &TableResult) {
        let label = match table.sort {
            Sort::Table => "table",
            Sort::MaterialisedView => "view",
        };
        self.tell(Tone::Danger, label, &counts(table));
        for row in &table.differences {
            self.tell(Tone::Normal, "  row", &difference(row));
        }
        let rest = table.differing.saturating_sub(table.differences.len() as u64);
        if rest > 0 {
            self.tell(Tone::Faint, "  row", &format!("{} more are not shown; --rows shows more", HumanCount(rest)));
        }
    }

    fn resumption(&mut self, comparison: &Comparison) {
        let Some(resumption) = &comparison.resumption else { return };
        if resumption.pieces > 0 {
            let sentence =
                format!("{} pieces had been read before and were not read again", HumanCount(resumption.pieces));
            self.tell(Tone::Normal, "resumed", &sentence);
        }
        if let Some(why) = &resumption.begun_again {
            self.tell(Tone::Warning, "checkpoint", &format!("not used, everything was read again: {why}"));
        }
        if let Some(why) = &resumption.trouble {
            self.tell(Tone::Warning, "checkpoint", &format!("could not be written: {why}"));
        }
    }

    fn connect(&mut self, schema: &ConnectResult) {
        self.tell(Tone::Normal, "connect", &connect(schema));
        schema.trouble.iter().for_each(|trouble| self.tell(Tone::Danger, "connect", trouble));
    }

    /// What is no difference and yet wants doing before the app goes live.
    fn preparation(&mut self, comparison: &Comparison) {
        if !comparison.without_statistics.is_empty() {
            let sentence = format!(
                "{} tables have no planner statistics in new: {}. Run ANALYZE there before the app goes live.",
                comparison.without_statistics.len(),
                comparison.without_statistics.join(", ")
            );
            self.tell(Tone::Warning, "statistics", &sentence);
        }
        for extension in &comparison.new.upgradable_extensions {
            self.tell(Tone::Faint, "extension", &format!("{extension} (ALTER EXTENSION … UPDATE)"));
        }
    }

    fn large_objects(&mut self, comparison: &Comparison) {
        let Some(objects) = comparison.large_objects.as_ref().filter(|objects| !objects.differing.is_empty()) else {
            return;
        };
        let ids: Vec<String> = objects.differing.iter().map(i64::to_string).collect();
        let sentence = format!("{} in old, {} in new; differing: {}", objects.old, objects.new, ids.join(", "));
        self.tell(Tone::Danger, "large object", &sentence);
    }
}

const fn tone_of(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::NoDifferenceFound => Tone::Good,
        Verdict::DifferencesFound => Tone::Danger,
        Verdict::NotAllCompared => Tone::Warning,
    }
}

fn server(side: &ServerSeen) -> String {
    format!(
        "{}, PostgreSQL {}, {}, {}, collation {}, data checksums {}",
        side.place,
        side.version,
        HumanBytes(side.bytes),
        side.encoding,
        side.collation,
        side.data_checksums
    )
}

fn connect(schema: &ConnectResult) -> String {
    format!(
        "{}: org {}, {}, {} of its own, {}, newest id {}",
        schema.schema,
        schema.new_org.as_deref().unwrap_or("unknown"),
        counted(schema.mapped.len() as u64, "mapped table"),
        counted(schema.new_objects, "object"),
        counted(schema.new_open, "open change"),
        schema.newest_id.map_or_else(|| "none".to_owned(), |id| id.to_string())
    )
}

fn structure(difference: &Difference) -> String {
    let fact = difference.fact.as_ref().map_or_else(String::new, |fact| format!(", {fact}"));
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
    let (old, new) = (value(&difference.old), value(&difference.new));
    format!("{} {}{fact}: {old} in old, {new} in new", difference.kind, difference.name)
}

fn sequence(result: &SequenceResult) -> String {
    let trouble = result.trouble.as_deref().unwrap_or_default();
    format!("{}: {trouble} (next in old {}, in new {})", result.sequence, result.old_next, result.new_next)
}

fn counts(table: &TableResult) -> String {
    let (old, new) = (HumanCount(table.old_rows), HumanCount(table.new_rows));
    let mut text = format!("{}: {old} rows in old, {new} in new", table.table);
    if table.differing > 0 {
        let at_least = if table.differing_is_all { "" } else { "at least " };
        let _ = write!(text, "; {at_least}{} differ", HumanCount(table.differing));
    }
    let _ = write!(text, "; by {}", table.method.words());
    text
}

fn difference(row: &RowDifference) -> String {
    let which = which(row);
    match row.kind {
        RowKind::Missing => format!("{which} is missing in new"),
        RowKind::Added => format!("{which} is only in new"),
        RowKind::Changed => {
            let columns: Vec<String> = row.columns.iter().map(column).collect();
            format!("{which} differs: {}", columns.join("; "))
        }
    }
}

/// By its key; without one, by where it lies.
fn which(row: &RowDifference) -> String {
    if row.key.is_empty() {
        let place = row.old_place.as_ref().or(row.new_place.as_ref());
        return format!("the row at {}", place.map_or("an unknown place", String::as_str));
    }
    let key: Vec<String> = row.key.iter().map(|(column, value)| format!("{column}={value}")).collect();
    key.join(" ")
}

fn column(column: &ColumnDifference) -> String {
    format!("{} {} in old, {} in new", column.column, value(&column.old), value(&column.new))
}

fn value(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Masked { bytes } => format!("hidden ({bytes} bytes)"),
        Value::Text { text } => format!("“{text}”"),
    }
}

fn hides_values(comparison: &Comparison) -> bool {
    let rows = comparison.tables.iter().flat_map(|table| &table.differences);
    rows.flat_map(|row| &row.columns)
        .any(|column| [&column.old, &column.new].iter().any(|value| matches!(value, Value::Masked { .. })))
}

#[cfg(test)]
mod tests {
    use super::{counts, difference, progress_line};
    use hcops_database::compare::{
        ColumnDifference, Method, Phase, Progress, RowDifference, RowKind, Sort, TableResult, Value,
    };

    #[test]
    fn progress_tells_how_much_and_how_long() {
        let contents = Progress {
            phase: Phase::Contents,
            bytes: 1 << 20,
            bytes_in_all: 1 << 22,
            rows: 12_345,
            retries: 1,
            seconds: 10,
            seconds_left: Some(30),
        };
        let line = progress_line(&contents);
        assert_eq!(
            line,
            "comparing contents: 1.00 MiB of 4.00 MiB, 12,345 rows, for 10s, about 30s left, 1 lost connections made again"
        );
    }

    fn row(kind: RowKind, key: &[(&str, &str)]) -> RowDifference {
        let key = key.iter().map(|(column, value)| ((*column).to_owned(), (*value).to_owned())).collect();
        let columns =
            vec![ColumnDifference { column: "name".to_owned(), old: Value::Null, new: Value::Masked { bytes: 4 } }];
        RowDifference { kind, key, old_place: Some("(0,7)".to_owned()), new_place: None, columns }
    }

    #[test]
    fn a_row_is_named_by_its_key_or_its_place() {
        let changed = difference(&row(RowKind::Changed, &[("id", "7")]));
        assert_eq!(changed, "id=7 differs: name NULL in old, hidden (4 bytes) in new");
        assert_eq!(difference(&row(RowKind::Missing, &[])), "the row at (0,7) is missing in new");
    }

    #[test]
    fn a_limit_is_not_told_as_a_total() {
        let table = TableResult {
            table: "public.customer".to_owned(),
            sort: Sort::Table,
            method: Method::CanonicalRowHash,
            as_text: Vec::new(),
            old_rows: 1_000,
            new_rows: 1_000,
            same: false,
            expected: None,
            differences: Vec::new(),
            differing: 40,
            differing_is_all: false,
        };
        let told = counts(&table);
        assert_eq!(told, "public.customer: 1,000 rows in old, 1,000 in new; at least 40 differ; by canonical row hash");
    }
}
