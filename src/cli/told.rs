//! How the verbs that only look say things: labelled sentences, and moments in local time and UTC.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::desk::Desk;
use hcops_health::{Finding, Grade};
use hcops_terminal::{Tone, clean, moment, padded, wrap};

/// Columns of the label before a sentence.
const LABEL: usize = 12;

/// One labelled sentence.
pub(super) fn say(desk: &Desk, label: &str, sentence: &str) {
    desk.say(&labelled(desk, label, sentence));
}

/// The lines of one labelled sentence.
pub(super) fn labelled(desk: &Desk, label: &str, sentence: &str) -> Vec<String> {
    below(desk, &desk.appearance.tell(label), sentence)
}

/// One sentence whose label calls for attention: it stands in capitals, where the language has some.
pub(super) fn call(desk: &Desk, label: &str, sentence: &str) -> Vec<String> {
    below(desk, &desk.appearance.tell(label).to_uppercase(), sentence)
}

fn below(desk: &Desk, label: &str, sentence: &str) -> Vec<String> {
    let rest = " ".repeat(LABEL);
    wrap(&desk.appearance.tell(sentence), desk.appearance.columns, &padded(label, LABEL), &rest)
}

/// What was found, labelled with its grade.
pub(super) fn finding(desk: &Desk, finding: &Finding) -> Vec<String> {
    match finding.grade {
        Grade::Broken => call(desk, "broken", &finding.saw),
        grade => labelled(desk, grade.word(), &finding.saw),
    }
}

/// A command, on one line however long it is: it is there to be copied.
pub(super) fn command(desk: &Desk, command: &str) -> String {
    let label = padded(&desk.appearance.tell("  run"), LABEL);
    format!("{label}{}", desk.appearance.dress(Tone::Command, &clean(command)))
}

/// A moment in the machine's time zone and in UTC; once, where they are the same. Both are named, so that it can be read
/// in a log elsewhere as well.
pub(super) fn both(at: Timestamp) -> String {
    both_in(at, &TimeZone::system())
}

fn both_in(at: Timestamp, zone: &TimeZone) -> String {
    let (local, utc) = (moment(at, zone), moment(at, &TimeZone::UTC));
    if local == utc { utc } else { format!("{local} ({utc})") }
}

#[cfg(test)]
mod tests {
    use jiff::tz::{self, TimeZone};

    #[test]
    fn local_time_is_told_beside_utc_where_they_differ() {
        let at = "2026-12-03T22:00:00Z".parse().unwrap();
        assert_eq!(super::both_in(at, &TimeZone::UTC), "2026-12-03 22:00:00 UTC");
        let east = TimeZone::fixed(tz::offset(2));
        assert_eq!(super::both_in(at, &east), "2026-12-04 00:00:00 +02 (2026-12-03 22:00:00 UTC)");
    }
}
