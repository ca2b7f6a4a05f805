use std::collections::{BTreeMap, BTreeSet};

use super::crew::Gather;

/// Rows and the sum of their hashes, by bucket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Rows in all.
    pub(super) rows: u64,
    /// By bucket: rows and sum. After both sides are settled, only what differs.
    pub(super) buckets: BTreeMap<i64, (u64, i128)>,
}

impl Gather for Tally {
    /// A line is bucket, rows, sum.
    fn add(&mut self, lines: Vec<Vec<Option<String>>>) -> Result<(), String> {
        for line in lines {
            let (bucket, rows, sum) = parsed(&line).ok_or_else(|| format!("a tally of {line:?} cannot be read"))?;
            let entry = self.buckets.entry(bucket).or_default();
            entry.0 += rows;
            entry.1 = entry.1.wrapping_add(sum);
            self.rows += rows;
        }
        Ok(())
    }

    fn rows(&self) -> u64 {
        self.rows
    }

    /// Equal buckets are of no further use, and a database may have many tables.
    fn settle(old: &mut Self, new: &mut Self) {
        let equal: BTreeSet<i64> = old
            .buckets
            .iter()
            .filter(|(bucket, found)| new.buckets.get(bucket) == Some(found))
            .map(|(it, _)| *it)
            .collect();
        old.buckets.retain(|bucket, _| !equal.contains(bucket));
        new.buckets.retain(|bucket, _| !equal.contains(bucket));
    }
}

fn parsed(line: &[Option<String>]) -> Option<(i64, u64, i128)> {
    let [Some(bucket), Some(rows), Some(sum)] = line else { return None };
    Some((bucket.parse().ok()?, rows.parse().ok()?, sum.parse().ok()?))
}

/// The buckets that differ between two settled tallies, with the rows of the fuller side.
pub(super) fn differing(old: &Tally, new: &Tally) -> BTreeMap<i64, u64> {
    let mut buckets = BTreeMap::new();
    for (bucket, (rows, _)) in old.buckets.iter().chain(&new.buckets) {
        let most: &mut u64 = buckets.entry(*bucket).or_default();
        *most = (*most).max(*rows);
    }
    buckets
}

#[cfg(test)]
mod tests {
    use super::{Gather, Tally, differing};

    fn tally(lines: &[(&str, &str, &str)]) -> Tally {
        let mut tally = Tally::default();
        let lines = lines.iter().map(|it| vec![Some(it.0.into()), Some(it.1.into()), Some(it.2.into())]).collect();
        tally.add(lines).unwrap();
        tally
    }

    #[test]
    fn chunks_add_up_whatever_their_borders() {
        let one = tally(&[("3", "2", "-7"), ("4", "1", "9223372036854775807"), ("4", "1", "9223372036854775807")]);
        let other = tally(&[("4", "2", "18446744073709551614"), ("3", "1", "-3"), ("3", "1", "-4")]);
        assert_eq!(one, other);
        assert_eq!(one.rows, 4);
    }

    #[test]
    fn only_what_differs_remains() {
        let mut old = tally(&[("1", "1", "5"), ("2", "1", "6"), ("3", "9", "1")]);
        let mut new = tally(&[("1", "1", "5"), ("2", "1", "7"), ("4", "2", "1")]);
        Tally::settle(&mut old, &mut new);
        let found: Vec<(i64, u64)> = differing(&old, &new).into_iter().collect();
        assert_eq!(found, [(2, 1), (3, 9), (4, 2)]);
        assert_eq!((old.rows, new.rows), (11, 4));
    }

    #[test]
    fn a_line_that_is_no_tally_is_an_error() {
        assert!(Tally::default().add(vec![vec![Some("1".into()), None, None]]).is_err());
    }
}
