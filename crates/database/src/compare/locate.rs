//! Narrows a difference down to the rows.

use std::collections::{BTreeMap, HashMap};

use crate::connect::literal;
use hcops_model::Fault;

use super::canonical::{Form, form_of, hash_of, printed, reference};
use super::catalog::Column;
use super::crew::{Crew, Question};
use super::ledger::Finding;
use super::options::Options;
use super::pairing::Pair;
use super::rows::{ColumnDifference, Mismatch, Print, Prints, RowDifference, RowKind, Value, mismatches};
use super::side::Which;
use super::tally::{Tally, differing};

/// What was found out about a table that differs.
#[derive(Debug, Default)]
pub(super) struct Located {
    pub(super) differences: Vec<RowDifference>,
    pub(super) differing: u64,
    pub(super) is_all: bool,
}

/// Rows that are looked at one by one, on each side.
const ROWS_AT_ONCE: u64 = 20_000;

/// Buckets that are divided further at once; each becomes 1024 groups in the server's memory.
const DIVIDED_AT_ONCE: usize = 64;

/// Each round looks at ten further bits of the hash, and so divides each bucket into 1024.
const BITS_A_ROUND: u32 = 10;
const LAST_MASK: i64 = (1 << 40) - 1;

/// The rows whose hash, under the mask, is one of the buckets.
struct Suspects {
    mask: i64,
    buckets: BTreeMap<i64, u64>,
    /// Whether all differing buckets are still among them.
    is_all: bool,
}

/// Finds the rows that differ: divides the table into ever smaller buckets by the hash of the key, and follows those that
/// differ, until there are few enough rows to look at one by one.
///
/// # Errors
/// When a database cannot be reached any more.
pub(super) async fn locate(
    crew: &Crew,
    pair: &Pair,
    tallies: (&Tally, &Tally),
    options: &Options,
) -> Result<Located, Fault> {
    let mut suspects = Suspects { mask: 0, buckets: differing(tallies.0, tallies.1), is_all: true };
    while suspects.rows() > ROWS_AT_ONCE && suspects.mask < LAST_MASK {
        suspects.keep_few(DIVIDED_AT_ONCE);
        let buckets = refine(crew, pair, &suspects).await?;
        if buckets.is_empty() {
            return Ok(Located::default());
        }
        suspects.descend(buckets);
    }
    suspects.keep_few(usize::MAX);
    let Some(found) = fetch(crew, pair, &suspects).await? else { return Ok(Located::default()) };
    let differing = found.len() as u64;
    let differences = describe(crew, pair, found.into_iter().take(options.rows_shown).collect(), options).await?;
    Ok(Located { differences, differing, is_all: suspects.is_all })
}

impl Suspects {
    fn rows(&self) -> u64 {
        self.buckets.values().sum()
    }

    /// Keeps the smallest buckets, at most so many and with no more rows than can be handled at once, and at least one.
    fn keep_few(&mut self, most: usize) {
        let mut order: Vec<(i64, u64)> = self.buckets.iter().map(|(bucket, rows)| (*bucket, *rows)).collect();
        order.sort_by_key(|(_, rows)| *rows);
        let mut rows = 0;
        let kept = order.iter().take_while(|(_, more)| {
            let first = rows == 0;
            rows += more;
            first || rows <= ROWS_AT_ONCE
        });
        let kept: BTreeMap<i64, u64> = kept.take(most).copied().collect();
        self.is_all &= kept.len() == self.buckets.len();
        self.buckets = kept;
    }

    fn descend(&mut self, buckets: BTreeMap<i64, u64>) {
        self.mask = next_mask(self.mask);
        self.buckets = buckets;
    }

    fn condition(&self, pair: &Pair) -> String {
        let buckets: Vec<String> = self.buckets.keys().map(i64::to_string).collect();
        format!("{} & {} in ({})", pair.group_hash(), self.mask, buckets.join(", "))
    }
}

const fn next_mask(mask: i64) -> i64 {
    mask << BITS_A_ROUND | ((1 << BITS_A_ROUND) - 1)
}

/// The differing buckets of the next finer division; none when the table cannot be read, or when it differs no more at the
/// later moment at which a lost connection was made again.
async fn refine(crew: &Crew, pair: &Pair, suspects: &Suspects) -> Result<BTreeMap<i64, u64>, Fault> {
    let statement = format!(
        "select {} & {}, count(*), sum({}) from {} where {} and {}{} group by 1",
        pair.group_hash(),
        next_mask(suspects.mask),
        pair.row_hash(),
        pair.source(),
        Question::PLACE,
        suspects.condition(pair),
        pair.restriction()
    );
    let found = crew.ask::<Tally>(vec![pair.question(statement)]).await?.pop();
    Ok(match found {
        Some(Finding::Gathered(old, new)) => differing(&old, &new),
        _ => BTreeMap::new(),
    })
}

async fn fetch(crew: &Crew, pair: &Pair, suspects: &Suspects) -> Result<Option<Vec<Mismatch>>, Fault> {
    let statement = format!(
        "select {}, {}, {} from {} where {} and {}{}",
        key_values(pair),
        pair.row_hash(),
        PLACE,
        pair.source(),
        Question::PLACE,
        suspects.condition(pair),
        pair.restriction()
    );
    let found = crew.ask::<Prints>(vec![pair.question(statement)]).await?.pop();
    Ok(match found {
        Some(Finding::Gathered(old, new)) => Some(mismatches(old, new, !pair.key.is_empty())),
        _ => None,
    })
}

const PLACE: &str = "hcops_table.ctid::text";

fn key_values(pair: &Pair) -> String {
    if pair.key.is_empty() {
        return "''".to_owned();
    }
    let texts: Vec<String> =
        pair.key.iter().map(|it| format!("{}::text", reference(&pair.columns[*it].name))).collect();
    format!("to_json(array[{}])::text", texts.join(", "))
}

/// A row's columns: the hash of each, and as much of each value as may be shown.
struct Detail {
    hashes: Vec<String>,
    values: Vec<Value>,
}

async fn describe(
    crew: &Crew,
    pair: &Pair,
    found: Vec<Mismatch>,
    options: &Options,
) -> Result<Vec<RowDifference>, Fault> {
    // A row that is on one side only has no column to compare with.
    let on_both = |it: &Mismatch| it.old.clone().zip(it.new.clone());
    let (old, new): (Vec<Print>, Vec<Print>) = found.iter().filter_map(on_both).unzip();
    let old = details(crew, pair, Which::Old, &old, options).await?;
    let new = details(crew, pair, Which::New, &new, options).await?;
    Ok(found.iter().map(|mismatch| difference(pair, mismatch, &old, &new)).collect())
}

fn difference(
    pair: &Pair,
    mismatch: &Mismatch,
    old: &HashMap<String, Detail>,
    new: &HashMap<String, Detail>,
) -> RowDifference {
    let place = |print: &Option<Print>| print.as_ref().map(|print| print.place.clone());
    let (old_place, new_place) = (place(&mismatch.old), place(&mismatch.new));
    let kind = match (&mismatch.old, &mismatch.new) {
        (Some(_), Some(_)) => RowKind::Changed,
        (Some(_), None) => RowKind::Missing,
        _ => RowKind::Added,
    };
    let both = old_place.as_ref().and_then(|it| old.get(it)).zip(new_place.as_ref().and_then(|it| new.get(it)));
    let columns = both.map(|(old, new)| differing_columns(pair, old, new)).unwrap_or_default();
    RowDifference { kind, key: key_of(pair, mismatch), old_place, new_place, columns }
}

fn differing_columns(pair: &Pair, old: &Detail, new: &Detail) -> Vec<ColumnDifference> {
    let column = |(place, column): (usize, &Column)| {
        (old.hashes.get(place) != new.hashes.get(place)).then(|| ColumnDifference {
            column: column.name.clone(),
            old: old.values.get(place).cloned().unwrap_or(Value::Null),
            new: new.values.get(place).cloned().unwrap_or(Value::Null),
        })
    };
    pair.columns.iter().enumerate().filter_map(column).collect()
}

fn key_of(pair: &Pair, mismatch: &Mismatch) -> Vec<(String, String)> {
    let Some(print) = mismatch.old.as_ref().or(mismatch.new.as_ref()) else { return Vec::new() };
    let values: Vec<String> = serde_json::from_str(&print.key).unwrap_or_default();
    pair.key.iter().map(|place| pair.columns[*place].name.clone()).zip(values).collect()
}

/// The rows at these places, in the same snapshot unless the connection that held it was lost.
async fn details(
    crew: &Crew,
    pair: &Pair,
    which: Which,
    prints: &[Print],
    options: &Options,
) -> Result<HashMap<String, Detail>, Fault> {
    if prints.is_empty() {
        return Ok(HashMap::new());
    }
    let hashes: Vec<String> =
        pair.columns.iter().map(|column| format!("{}::text", hash_of(&[column], pair.method))).collect();
    let values: Vec<String> = pair.columns.iter().map(|column| shown(column, options)).collect();
    let places: Vec<String> = prints.iter().map(|print| format!("{}::tid", literal(&print.place))).collect();
    let statement = format!(
        "select {PLACE}, {}, to_json(array[{}])::text, to_json(array[{}])::text from {} where hcops_table.ctid in ({})",
        pair.row_hash(),
        hashes.join(", "),
        values.join(", "),
        pair.source(),
        places.join(", ")
    );
    let reader = crew.sides[which.index()].reader().await?;
    // The difference stands without its columns; nothing is gained by failing here.
    let lines = reader.session.lines(&statement).await.unwrap_or_default();
    Ok(recognised(lines, prints, options))
}

/// The rows by their places. One that is another row by now is left out.
fn recognised(lines: Vec<Vec<Option<String>>>, prints: &[Print], options: &Options) -> HashMap<String, Detail> {
    let known = |place: &str, hash: &str| prints.iter().any(|it| it.place == place && it.hash.to_string() == hash);
    lines
        .into_iter()
        .filter_map(|line| detail(line, options))
        .filter(|it| known(&it.0, &it.1))
        .map(|it| (it.0, it.2))
        .collect()
}

fn shown(column: &Column, options: &Options) -> String {
    let text = match form_of(column) {
        Form::Text => printed(column),
        _ => format!("{}::text", reference(&column.name)),
    };
    if options.show_values { format!("left({text}, 200)") } else { format!("octet_length({text})::text") }
}

fn detail(line: Vec<Option<String>>, options: &Options) -> Option<(String, String, Detail)> {
    let [place, hash, hashes, values] = <[Option<String>; 4]>::try_from(line).ok()?;
    let value = |text: Option<String>| match text {
        None => Value::Null,
        Some(text) if options.show_values => Value::Text { text },
        Some(text) => Value::Masked { bytes: text.parse().unwrap_or_default() },
    };
    let values: Vec<Option<String>> = serde_json::from_str(&values?).ok()?;
    let detail =
        Detail { hashes: serde_json::from_str(&hashes?).ok()?, values: values.into_iter().map(value).collect() };
    Some((place?, hash?, detail))
}

#[cfg(test)]
mod tests {
    use super::{Column, LAST_MASK, Options, Print, Suspects, next_mask, recognised, shown};

    #[test]
    fn the_smallest_buckets_are_kept_as_far_as_their_rows_fit() {
        let kept = |rows: &[u64], most| {
            let buckets = (0..).zip(rows.iter().copied()).collect();
            let mut suspects = Suspects { mask: 0, buckets, is_all: true };
            suspects.keep_few(most);
            (suspects.buckets.into_values().collect::<Vec<u64>>(), suspects.is_all)
        };
        assert_eq!(kept(&[9_000, 15_000, 4_000, 8_000], 64), (vec![4_000, 8_000], false));
        assert_eq!(kept(&[12_000, 8_000], 64), (vec![12_000, 8_000], true), "as many as can be handled at once");
        assert_eq!(kept(&[40_000, 30_000], 64), (vec![30_000], false), "one is kept whatever its size");
        assert_eq!(kept(&[3, 1, 2], 2), (vec![1, 2], false));
    }

    #[test]
    fn every_round_looks_at_ten_further_bits_until_the_last() {
        let masks: Vec<i64> = std::iter::successors(Some(0), |mask| Some(next_mask(*mask))).take(5).collect();
        assert_eq!(masks, [0, 0x3ff, 0xf_ffff, 0x3fff_ffff, LAST_MASK]);
    }

    #[test]
    fn a_row_that_took_the_place_of_another_is_not_shown_for_it() {
        let print = |hash, place: &str| Print { key: String::new(), hash, place: place.to_owned() };
        let line = |place: &str, hash: &str| {
            [place, hash, "[\"7\"]", "[\"1\"]"].into_iter().map(|text| Some(text.to_owned())).collect::<Vec<_>>()
        };
        let lines = vec![line("(0,1)", "10"), line("(0,2)", "21"), line("(0,3)", "10")];
        let prints = [print(10, "(0,1)"), print(20, "(0,2)")];
        let found = recognised(lines, &prints, &Options::default());
        assert_eq!(found.keys().collect::<Vec<_>>(), ["(0,1)"]);
    }

    #[test]
    fn a_value_is_shown_as_its_type_prints_it() {
        let column = |kind: &str, built_in| Column {
            name: "c".to_owned(),
            kind: kind.to_owned(),
            built_in,
            ..Column::default()
        };
        for show_values in [false, true] {
            let options = Options { show_values, ..Options::default() };
            let own = shown(&column("code", false), &options);
            assert!(own.contains("concat(hcops_table.\"c\")") && !own.contains("\"c\"::text"), "{own}");
            let number = shown(&column("int4", true), &options);
            assert!(number.contains("hcops_table.\"c\"::text"), "{number}");
        }
    }
}
