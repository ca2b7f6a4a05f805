use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::crew::Gather;

/// One row that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowDifference {
    /// What is wrong with it.
    pub kind: RowKind,
    /// The key's columns with their values as text; empty for a table without a key.
    pub key: Vec<(String, String)>,
    /// Where the row lies in the old table: block and line.
    pub old_place: Option<String>,
    /// Where the row lies in the new table.
    pub new_place: Option<String>,
    /// The columns that differ; all of them are the row's when it is on one side only, and then not listed.
    pub columns: Vec<ColumnDifference>,
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowKind {
    /// The new database lacks it.
    Missing,
    /// Only the new database has it.
    Added,
    /// Both have a row of this key, with different values.
    Changed,
}

/// One column of a changed row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnDifference {
    /// The column.
    pub column: String,
    /// Its value in the old database.
    pub old: Value,
    /// Its value in the new database.
    pub new: Value,
}

/// A value, as far as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "shown", rename_all = "kebab-case")]
pub enum Value {
    /// NULL.
    Null,
    /// Hidden; only the length of its text form, in bytes.
    Masked {
        /// Bytes.
        bytes: u64,
    },
    /// Its text form, cut after 200 characters.
    Text {
        /// The text.
        text: String,
    },
}

/// A row as far as it is needed to tell whether the other side has the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Print {
    /// The key's values as a JSON array; empty without a key.
    pub(super) key: String,
    pub(super) hash: i64,
    pub(super) place: String,
}

/// Rows of the buckets that differ.
#[derive(Debug, Default)]
pub(super) struct Prints(Vec<Print>);

/// More rows than this are not held in memory; the buckets are chosen so that there are fewer.
const MOST: usize = 200_000;

impl Gather for Prints {
    /// A line is key, hash, place.
    fn add(&mut self, lines: Vec<Vec<Option<String>>>) -> Result<(), String> {
        for line in lines {
            let [Some(key), Some(hash), Some(place)] =
                <[Option<String>; 3]>::try_from(line).map_err(|line| format!("{line:?}"))?
            else {
                return Err("a row without key, hash or place".to_owned());
            };
            let hash = hash.parse().map_err(|_| format!("{hash} is no hash"))?;
            self.0.push(Print { key, hash, place });
        }
        if self.0.len() > MOST { Err("too many rows differ to hold them in memory".to_owned()) } else { Ok(()) }
    }

    fn rows(&self) -> u64 {
        self.0.len() as u64
    }
}

/// Two prints, one of which may be missing, that are not the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mismatch {
    pub(super) old: Option<Print>,
    pub(super) new: Option<Print>,
}

/// Pairs the rows of both sides by their keys. Without a key, rows are a multiset: a changed row is one that is missing and
/// one that was added.
pub(super) fn mismatches(old: Prints, new: Prints, keyed: bool) -> Vec<Mismatch> {
    let mut groups = HashMap::<(String, i64), (Vec<Print>, Vec<Print>)>::new();
    let name = |print: &Print| (print.key.clone(), if keyed { 0 } else { print.hash });
    for print in old.0 {
        groups.entry(name(&print)).or_default().0.push(print);
    }
    for print in new.0 {
        groups.entry(name(&print)).or_default().1.push(print);
    }
    let mut found: Vec<Mismatch> = groups.into_values().flat_map(|(old, new)| unequal(old, new)).collect();
    found.sort_by(|one, other| order(one).cmp(&order(other)));
    found
}

/// Keys sort by length first, so that numbers come in their order.
fn order(mismatch: &Mismatch) -> (usize, &str, &str) {
    let print = mismatch.old.as_ref().or(mismatch.new.as_ref());
    print.map_or((0, "", ""), |print| (print.key.len(), &print.key, &print.place))
}

/// A key is there once on each side unless an index is broken; then there may be more, and equal ones cancel out.
fn unequal(mut old: Vec<Print>, mut new: Vec<Print>) -> Vec<Mismatch> {
    old.retain(|print| match new.iter().position(|other| other.hash == print.hash) {
        Some(place) => {
            new.swap_remove(place);
            false
        }
        None => true,
    });
    let mut new = new.into_iter();
    let mut found: Vec<Mismatch> = old.into_iter().map(|old| Mismatch { old: Some(old), new: new.next() }).collect();
    found.extend(new.map(|new| Mismatch { old: None, new: Some(new) }));
    found
}

#[cfg(test)]
mod tests {
    use super::{Gather, Mismatch, Prints, mismatches};

    fn prints(rows: &[(&str, i64)]) -> Prints {
        let mut prints = Prints::default();
        let lines =
            rows.iter().map(|(key, hash)| vec![Some((*key).to_owned()), Some(hash.to_string()), Some("(0,1)".into())]);
        prints.add(lines.collect()).unwrap();
        prints
    }

    fn shape(found: &[Mismatch]) -> Vec<(Option<i64>, Option<i64>)> {
        found.iter().map(|it| (it.old.as_ref().map(|row| row.hash), it.new.as_ref().map(|row| row.hash))).collect()
    }

    #[test]
    fn rows_are_paired_by_key() {
        let old = prints(&[("[\"1\"]", 10), ("[\"2\"]", 20), ("[\"3\"]", 30)]);
        let new = prints(&[("[\"4\"]", 40), ("[\"2\"]", 21), ("[\"1\"]", 10)]);
        assert_eq!(shape(&mismatches(old, new, true)), [(Some(20), Some(21)), (Some(30), None), (None, Some(40))]);
    }

    #[test]
    fn without_a_key_equal_rows_cancel_out_one_by_one() {
        let (old, new) = (prints(&[("", 7), ("", 7), ("", 8)]), prints(&[("", 7), ("", 8), ("", 8)]));
        let mut found = shape(&mismatches(old, new, false));
        found.sort();
        assert_eq!(found, [(None, Some(8)), (Some(7), None)]);
    }
}
