//! From moments to places on a drawing, in percent of its width.
//!
//! Places in percent let a drawing become narrower without its letters becoming smaller.

use jiff::Timestamp;

/// Share of the width, in percent, that a long wait for a person gets: the axis is broken there.
const BREAK: f64 = 6.0;
/// A wait is long when it takes more than this share of the rest.
const LONG: f64 = 0.15;
/// About how many marks an axis has.
const MARKS: i64 = 5;
/// Two marks are at least this far apart, in percent.
const APART: f64 = 14.0;
/// Steps of an axis, in seconds, that people count in.
const STEPS: [i64; 17] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400];

/// After this many seconds a time of day alone does not say which.
const DAY: f64 = 86_400.0;

/// A time and the place of its beginning and its end.
struct Piece {
    from: Timestamp,
    until: Timestamp,
    start: f64,
    end: f64,
    broken: bool,
}

/// A time axis over the whole width.
pub(super) struct Scale {
    pieces: Vec<Piece>,
}

impl Scale {
    /// From the one moment to the other, broken at those of `pauses` that would squeeze everything else. They are in
    /// order and do not overlap.
    pub(super) fn new(from: Timestamp, until: Timestamp, pauses: &[(Timestamp, Timestamp)]) -> Self {
        let paused: f64 = pauses.iter().map(|(from, until)| seconds(*from, *until)).sum();
        let busy = (seconds(from, until) - paused).max(1.0);
        let mut pieces = Vec::new();
        let mut at = from;
        for (began, ended) in pauses.iter().filter(|(began, ended)| seconds(*began, *ended) > busy * LONG) {
            pieces.extend([(at, *began, false), (*began, *ended, true)]);
            at = *ended;
        }
        pieces.push((at, until, false));
        Self { pieces: placed(&pieces) }
    }

    /// The place of a moment, in percent.
    pub(super) fn place(&self, at: Timestamp) -> f64 {
        let piece = self.pieces.iter().find(|piece| at <= piece.until).or(self.pieces.last());
        piece.map_or(0.0, |piece| {
            let length = seconds(piece.from, piece.until);
            let share = if length > 0.0 { (seconds(piece.from, at) / length).clamp(0.0, 1.0) } else { 0.0 };
            piece.start + (piece.end - piece.start) * share
        })
    }

    /// Where the axis is broken: from place to place.
    pub(super) fn breaks(&self) -> Vec<(f64, f64)> {
        self.pieces.iter().filter(|piece| piece.broken).map(|piece| (piece.start, piece.end)).collect()
    }

    /// The marks of the axis: place and time of day, or date and time where it spans more than a day.
    pub(super) fn marks(&self) -> Vec<(f64, String)> {
        let drawn: Vec<&Piece> = self.pieces.iter().filter(|piece| !piece.broken).collect();
        let total: i64 = drawn.iter().map(|piece| piece.until.duration_since(piece.from).as_secs()).sum();
        let step = STEPS.into_iter().find(|step| total / step <= MARKS).unwrap_or(STEPS[STEPS.len() - 1]);
        let form = self.form(step);
        let mut marks: Vec<(f64, String)> = Vec::new();
        for at in drawn.iter().flat_map(|piece| round_moments(piece.from, piece.until, step)) {
            let place = self.place(at);
            if marks.last().is_none_or(|(before, _)| place - before >= APART) {
                marks.push((place, at.strftime(form).to_string()));
            }
        }
        marks
    }

    fn form(&self, step: i64) -> &'static str {
        let ends = self.pieces.first().zip(self.pieces.last());
        match ends {
            Some((first, last)) if seconds(first.from, last.until) > DAY => "%-d %b %H:%M",
            _ if step < 60 => "%H:%M:%S",
            _ => "%H:%M",
        }
    }
}

/// Every multiple of `step` seconds from the one moment to the other.
fn round_moments(from: Timestamp, until: Timestamp, step: i64) -> impl Iterator<Item = Timestamp> {
    let first = from.as_second().div_euclid(step) * step;
    let moments = (0..).map(move |count| first + count * step).take_while(move |second| *second <= until.as_second());
    moments.filter(move |second| *second >= from.as_second()).filter_map(|second| Timestamp::from_second(second).ok())
}

fn placed(pieces: &[(Timestamp, Timestamp, bool)]) -> Vec<Piece> {
    let breaks = pieces.iter().filter(|(.., broken)| *broken).count();
    #[expect(clippy::cast_precision_loss, reason = "a run is parked a few times, not a billion")]
    let for_breaks = (breaks as f64 * BREAK).min(60.0);
    let busy: f64 = pieces.iter().filter(|(.., broken)| !broken).map(|(from, until, _)| seconds(*from, *until)).sum();
    let mut start = 0.0;
    let place = |(from, until, broken): &(Timestamp, Timestamp, bool)| {
        #[expect(clippy::cast_precision_loss, reason = "as above")]
        let width = match (broken, busy > 0.0) {
            (true, _) => for_breaks / breaks as f64,
            (false, true) => (100.0 - for_breaks) * seconds(*from, *until) / busy,
            (false, false) => 0.0,
        };
        let piece = Piece { from: *from, until: *until, start, end: start + width, broken: *broken };
        start += width;
        piece
    };
    pieces.iter().map(place).collect()
}

fn seconds(from: Timestamp, until: Timestamp) -> f64 {
    until.duration_since(from).as_secs_f64()
}

/// A place as an attribute: `12.5%`.
pub(super) fn percent(place: f64) -> String {
    let text = format!("{place:.3}");
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn close(left: f64, right: f64) -> bool {
        (left - right).abs() < 1e-6
    }

    #[test]
    fn without_pauses_places_are_in_proportion() {
        let scale = Scale::new(at(0), at(600), &[]);
        assert!(
            close(scale.place(at(0)), 0.0) && close(scale.place(at(150)), 25.0) && close(scale.place(at(600)), 100.0)
        );
        assert!(close(scale.place(at(900)), 100.0), "what is later stays on the drawing");
        let marks: Vec<String> = scale.marks().into_iter().map(|(_, mark)| mark).collect();
        assert_eq!(marks, ["00:00", "00:02", "00:04", "00:06", "00:08", "00:10"]);
    }

    #[test]
    fn a_night_of_waiting_does_not_squeeze_the_work() {
        let night = (at(300), at(300 + 36_000));
        let scale = Scale::new(at(0), at(36_600), &[night]);
        assert!(close(scale.place(night.0), 47.0), "{}", scale.place(night.0));
        assert!(close(scale.place(night.1), 53.0));
        assert_eq!(scale.breaks().len(), 1);
        let short = Scale::new(at(0), at(600), &[(at(100), at(130))]);
        assert_eq!(short.breaks().len(), 0, "a short wait is drawn as it is");
    }

    #[test]
    fn a_run_of_no_length_has_a_place() {
        let scale = Scale::new(at(5), at(5), &[]);
        assert!(close(scale.place(at(5)), 0.0));
        assert_eq!(scale.marks().len(), 1);
    }

    #[test]
    fn marks_keep_apart_and_name_the_day_when_there_are_several() {
        let scale = Scale::new(at(0), at(500_000), &[(at(1_000), at(499_000))]);
        let marks = scale.marks();
        assert!(marks.windows(2).all(|pair| pair[1].0 - pair[0].0 >= APART), "{marks:?}");
        assert_eq!(marks[0].1, "1 Jan 00:00");
    }

    #[test]
    fn percent_is_short() {
        assert_eq!((percent(12.5).as_str(), percent(0.0).as_str(), percent(100.0).as_str()), ("12.5%", "0%", "100%"));
    }
}
