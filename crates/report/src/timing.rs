//! What the time of a run was spent with, by the moments of its lines.

use jiff::{SignedDuration, Timestamp};

use super::account::{Account, Pause, SetBack, SpanKind, Spent};
use hcops_model::Line;

/// Lets the time of the lines only go on: a clock that was set back, or that of another machine, would give times that are
/// longer than the whole and steps that end before they begin. What is told of it is how far it went back, and when.
pub(super) fn go_on(lines: &mut [Line]) -> Vec<SetBack> {
    let mut back = Vec::new();
    let (mut shift, mut newest) = (SignedDuration::ZERO, None);
    for line in lines {
        let at = line.at.saturating_add(shift).unwrap_or(line.at);
        let missing = newest.map_or(SignedDuration::ZERO, |newest: Timestamp| newest.duration_since(at));
        if missing.is_positive() {
            shift = shift.saturating_add(missing);
            if missing.as_secs() > 0 {
                back.push(SetBack { at: line.at, seconds: missing.as_secs().unsigned_abs() });
            }
        }
        line.at = newest.map_or(at, |newest| newest.max(at));
        newest = Some(line.at);
    }
    back
}

/// The shares of the whole; together they make it.
pub(super) fn spent(account: &Account) -> Spent {
    let of = |kind: SpanKind| {
        let pauses = account.pauses.iter().filter(|pause| pause.with == kind);
        pauses.map(|pause: &Pause| seconds_between(pause.from, pause.until)).sum::<u64>()
    };
    let (person, undriven) = (of(SpanKind::Person), of(SpanKind::Undriven));
    Spent { driven: account.seconds.saturating_sub(person).saturating_sub(undriven), person, undriven }
}

/// Whole seconds from the one moment to the other; none where it is not later.
pub(super) fn seconds_between(from: Timestamp, until: Timestamp) -> u64 {
    u64::try_from(until.duration_since(from).as_secs()).unwrap_or(0)
}
