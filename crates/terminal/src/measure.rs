//! How far a piece of work is, on one line: a bar, or a curve of what was left at each look.

use indicatif::{HumanBytes, HumanCount};

use super::Appearance;
use super::board::Wait;
use super::history::{History, Trend};
use hcops_model::Part;

/// Columns of a bar or a curve, where there is room.
const LONGEST: usize = 40;
/// Columns that the words beside it may take.
const WORDS: usize = 34;

/// The measure of a wait in at most `columns`; nothing where nothing is measured.
pub(super) fn measure_line(wait: &Wait, columns: usize, appearance: &Appearance) -> Option<String> {
    let part = wait.part.as_ref()?;
    let length = columns.saturating_sub(WORDS).clamp(8, LONGEST);
    let drawn = match part.unit.as_str() {
        "commits" => curve(&wait.history, length, appearance),
        _ => bar(part.done, part.of, length, appearance),
    };
    Some(appearance.cut(&format!("{drawn}  {}", words(part, &wait.history, appearance)), columns))
}

/// The measure of a wait in a few words, without a drawing.
pub(super) fn words(part: &Part, history: &History, appearance: &Appearance) -> String {
    let text = match part.unit.as_str() {
        "commits" => commits(part.of.saturating_sub(part.done), history.trend()),
        "bytes" => {
            let percent = part.done.min(part.of) * 100 / part.of.max(1);
            format!("{} of {} ({percent}%)", HumanBytes(part.done), HumanBytes(part.of))
        }
        unit => format!("{} of {} {unit}", HumanCount(part.done), HumanCount(part.of)),
    };
    super::clean(&appearance.tell(&text))
}

fn commits(behind: u64, trend: Option<Trend>) -> String {
    let count = if behind == 1 { "1 commit".to_owned() } else { format!("{} commits", HumanCount(behind)) };
    match trend {
        None => format!("{count} behind"),
        Some(Trend::Falling) => format!("{count} behind, falling"),
        Some(Trend::Steady) => format!("{count} behind, unchanged"),
        Some(Trend::Rising) => format!("{count} behind, rising"),
    }
}

/// A bar of exactly `length` columns, full only when all is done.
pub(super) fn bar(done: u64, of: u64, length: usize, appearance: &Appearance) -> String {
    let (open, full, empty, close) = if appearance.unicode { ("", "█", "░", "") } else { ("[", "#", ".", "]") };
    let inside = length.saturating_sub(open.len() + close.len());
    let filled = u128::from(done.min(of)) * inside as u128 / u128::from(of.max(1));
    let filled = usize::try_from(filled).unwrap_or(inside);
    format!("{open}{}{}{close}", full.repeat(filled), empty.repeat(inside - filled))
}

/// What was left at each look, oldest first, as a curve of at most `length` columns; the height of 0 is the lowest.
fn curve(history: &History, length: usize, appearance: &Appearance) -> String {
    const FINE: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    const COARSE: [char; 8] = ['_', '.', '-', ':', '=', '+', '*', '#'];
    let levels = if appearance.unicode { FINE } else { COARSE };
    let values = history.values(length);
    let highest = u128::from(values.iter().copied().max().unwrap_or(0).max(1));
    let level = |value: u64| usize::try_from(u128::from(value) * 7 / highest).unwrap_or(7);
    values.into_iter().filter_map(|value| levels.get(level(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::{bar, measure_line};
    use crate::Appearance;
    use crate::board::Wait;
    use crate::board::samples::at;
    use crate::history::History;
    use hcops_model::Part;

    fn wait(unit: &str, of: u64, lefts: &[u64]) -> Wait {
        let part = |left: u64| Part { done: of - left, of, unit: unit.into() };
        let mut history = History::default();
        (0..).zip(lefts).for_each(|(second, left)| history.add(at(second * 5), &part(*left)));
        let part = lefts.last().copied().map(part);
        Wait { note: String::new(), part, since: at(0), usual: 60, limit: 600, history }
    }

    fn drawn(unit: &str, of: u64, lefts: &[u64]) -> String {
        let fine = Appearance { unicode: true, ..Appearance::plain() };
        measure_line(&wait(unit, of, lefts), 60, &fine).unwrap()
    }

    #[test]
    fn each_measure_is_drawn_as_it_is_read_best() {
        insta::assert_snapshot!(drawn("bytes", 4 << 30, &[3 << 30]), @"██████░░░░░░░░░░░░░░░░░░░░  1.00 GiB of 4.00 GiB (25%)");
        insta::assert_snapshot!(drawn("mappings", 12, &[3]), @"███████████████████░░░░░░░  9 of 12 mappings");
        insta::assert_snapshot!(drawn("commits", 90_000, &[90_000, 70_000, 40_000, 12_345, 900]), @"█▆▄▁▁  900 commits behind, falling");
        insta::assert_snapshot!(drawn("commits", 70_000, &[50_000, 70_000]), @"▆█  70,000 commits behind, rising");
        insta::assert_snapshot!(drawn("commits", 7, &[7]), @"█  7 commits behind");
        insta::assert_snapshot!(drawn("commits", 7, &[0, 0]), @"▁▁  0 commits behind, unchanged");
    }

    #[test]
    fn without_the_characters_it_is_drawn_in_ascii() {
        let ascii = measure_line(&wait("commits", 90, &[90, 45, 1]), 60, &Appearance::plain()).unwrap();
        assert_eq!(ascii, "#:_  1 commit behind, falling");
        assert_eq!(bar(1, 4, 10, &Appearance::plain()), "[##......]");
    }

    #[test]
    fn a_bar_is_full_only_at_the_end_and_never_overflows() {
        let of = |done, of| bar(done, of, 6, &Appearance::plain());
        assert_eq!(of(999, 1000), "[###.]");
        assert_eq!(of(1000, 1000), "[####]");
        assert_eq!(of(7, 0), "[....]");
        assert_eq!(of(u64::MAX, u64::MAX), "[####]");
    }

    #[test]
    fn what_is_not_measured_is_not_drawn() {
        assert_eq!(measure_line(&wait("bytes", 1, &[]), 60, &Appearance::plain()), None);
    }
}
