use jiff::Timestamp;

use super::text::seconds_between;
use hcops_model::Part;

/// What was measured while something was waited for: how much was left, and when.
///
/// It stays small however long the wait is: when it is full every second measurement but the newest goes, so that it
/// still reaches back to the beginning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct History {
    unit: String,
    points: Vec<(Timestamp, u64)>,
}

/// Measurements that are kept.
const MOST: usize = 240;

/// Where a measure is going.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trend {
    Falling,
    Steady,
    Rising,
}

impl History {
    /// Notes how much was left at this moment. What is counted in another unit is another measure, which begins anew.
    pub(super) fn add(&mut self, at: Timestamp, part: &Part) {
        if self.unit != part.unit {
            *self = Self { unit: part.unit.clone(), points: Vec::new() };
        }
        self.points.push((at, part.of.saturating_sub(part.done)));
        if self.points.len() > MOST {
            let newest = self.points.len() - 1;
            let mut index = 0;
            self.points.retain(|_| {
                let kept = index % 2 == 0 || index == newest;
                index += 1;
                kept
            });
        }
    }

    /// What was left, oldest first, at most so many values: each measurement where they are few, else evenly in time.
    pub(super) fn values(&self, most: usize) -> Vec<u64> {
        let (Some((first, _)), Some((last, _))) = (self.points.first(), self.points.last()) else { return Vec::new() };
        if self.points.len() <= most {
            return self.points.iter().map(|(_, left)| *left).collect();
        }
        let span = seconds_between(*first, *last);
        let seconds = |index: usize| span * index as u64 / most.saturating_sub(1).max(1) as u64;
        (0..most).map(|index| self.left_after(*first, seconds(index))).collect()
    }

    /// Where it is going: the newest measurement against the one a quarter of the history before it. Absent while there
    /// is nothing to compare.
    pub(super) fn trend(&self) -> Option<Trend> {
        let newest = self.points.len().checked_sub(1)?;
        let earlier = newest.checked_sub((newest / 4).max(1))?;
        let ((_, before), (_, after)) = (self.points.get(earlier)?, self.points.get(newest)?);
        Some(match after.cmp(before) {
            std::cmp::Ordering::Less => Trend::Falling,
            std::cmp::Ordering::Equal => Trend::Steady,
            std::cmp::Ordering::Greater => Trend::Rising,
        })
    }

    /// The newest value that was known so many seconds after the first.
    fn left_after(&self, first: Timestamp, seconds: u64) -> u64 {
        let known = self.points.iter().rev().find(|(at, _)| seconds_between(first, *at) <= seconds);
        known.or(self.points.first()).map_or(0, |(_, left)| *left)
    }
}

#[cfg(test)]
mod tests {
    use super::{History, MOST, Trend};
    use crate::board::samples::at;
    use hcops_model::Part;

    fn commits(left: u64) -> Part {
        Part { done: 10_000 - left, of: 10_000, unit: "commits".into() }
    }

    fn history(lefts: &[u64]) -> History {
        let mut history = History::default();
        for (second, left) in (0..).zip(lefts) {
            history.add(at(second * 10), &commits(*left));
        }
        history
    }

    #[test]
    fn few_measurements_are_shown_as_they_are_and_many_evenly_in_time() {
        assert_eq!(history(&[9, 5, 1]).values(8), [9, 5, 1]);
        let mut uneven = history(&[100]);
        for second in 90..=100 {
            uneven.add(at(second), &commits(u64::try_from(100 - second).unwrap()));
        }
        assert_eq!(uneven.values(5), [100, 100, 100, 100, 0], "nothing was measured until the end");
        assert!(History::default().values(5).is_empty());
    }

    #[test]
    fn the_trend_is_that_of_the_last_quarter() {
        assert_eq!(history(&[7]).trend(), None);
        assert_eq!(history(&[7, 3]).trend(), Some(Trend::Falling));
        assert_eq!(history(&[90, 80, 70, 60, 50, 40, 30, 20, 25]).trend(), Some(Trend::Falling));
        assert_eq!(history(&[90, 80, 70, 60, 20, 30, 40, 50, 60]).trend(), Some(Trend::Rising));
        assert_eq!(history(&[90, 5, 5, 5, 5]).trend(), Some(Trend::Steady));
    }

    #[test]
    fn it_stays_small_and_reaches_back_to_the_beginning() {
        let long: Vec<u64> = (0..5000).rev().collect();
        let history = history(&long);
        assert!(history.points.len() <= MOST, "{}", history.points.len());
        assert_eq!(history.points.first().unwrap().1, 4999);
        assert_eq!(history.points.last().unwrap().1, 0);
    }

    #[test]
    fn another_unit_begins_anew() {
        let mut history = history(&[9, 5]);
        history.add(at(100), &Part { done: 1, of: 4, unit: "steps".into() });
        assert_eq!(history.values(8), [3]);
    }
}
