//! The downtime clock: how long writes have been off, how long they will be, and what is left of it.

use jiff::Timestamp;

use super::text::{duration, wrap};
use super::{Appearance, Board, Tone};
use hcops_journal::planned::{PlannedDowntime, seconds};
use hcops_journal::run_state::Phase;
use hcops_model::{DowntimeEdge, PlannedStep};

/// One sentence on writes at `now`, dressed.
pub(super) fn downtime_line(board: &Board, now: Timestamp, appearance: &Appearance) -> String {
    let (tone, text) = sentence(board, now);
    appearance.dress(tone, &appearance.tell(&text))
}

/// The same in lines that fit.
pub(super) fn downtime_lines(board: &Board, now: Timestamp, appearance: &Appearance) -> Vec<String> {
    let (tone, text) = sentence(board, now);
    let lines = wrap(&appearance.tell(&text), appearance.columns, "", "  ");
    lines.iter().map(|line| appearance.dress(tone, line)).collect()
}

fn sentence(board: &Board, now: Timestamp) -> (Tone, String) {
    let estimate = board.plan().and_then(PlannedDowntime::usual_downtime);
    match (board.writes_off(now), estimate) {
        (None, None) => (Tone::Faint, "writes stay on".to_owned()),
        (None, Some(estimate)) => {
            (Tone::Faint, format!("writes on; they will be off for about {}", duration(rounded(estimate))))
        }
        (Some((seconds, false)), None) => (Tone::Good, format!("writes were off for {}", duration(seconds))),
        (Some((seconds, false)), Some(estimate)) => (
            Tone::Good,
            format!("writes were off for {}; about {} was estimated", duration(seconds), duration(rounded(estimate))),
        ),
        (Some((seconds, true)), _) => off(board, now, seconds, estimate),
    }
}

fn off(board: &Board, now: Timestamp, seconds: u64, estimate: Option<u64>) -> (Tone, String) {
    let (left, so_far) = (left(board, now), duration(seconds));
    let late = estimate.filter(|estimate| seconds > *estimate);
    let over = late.map(|estimate| duration(rounded(seconds - estimate)));
    let estimate = estimate.map(|estimate| duration(rounded(estimate)));
    let told_left = duration(rounded(left));
    let text = match (over, estimate, left) {
        (Some(over), _, 0) => format!("writes off for {so_far}, {over} longer than estimated"),
        (Some(over), _, _) => format!("writes off for {so_far}, {over} longer than estimated; about {told_left} left"),
        (None, Some(estimate), 0) => format!("writes off for {so_far} of about {estimate}"),
        (None, Some(estimate), _) => format!("writes off for {so_far} of about {estimate}; about {told_left} left"),
        (None, None, 0) => format!("writes off for {so_far}"),
        (None, None, _) => format!("writes off for {so_far}; about {told_left} left"),
    };
    (if late.is_some() { Tone::Warning } else { Tone::Heading }, text)
}

/// Seconds until writes are usually back: what is left of the steps up to the last that brings them back. Steps side by
/// side take as long as the longest of them.
fn left(board: &Board, now: Timestamp) -> u64 {
    let Some(plan) = board.plan() else { return 0 };
    let rounds = plan.rounds();
    let ends = |round: &Vec<&PlannedStep>| round.iter().any(|step| step.downtime == Some(DowntimeEdge::Ends));
    let count = rounds.iter().rposition(ends).map_or(rounds.len(), |last| last + 1);
    seconds(&rounds[..count], |step| left_of(board, step, now))
}

fn left_of(board: &Board, step: &PlannedStep, now: Timestamp) -> u64 {
    match board.phase(&step.id) {
        Phase::Done(_) | Phase::Waived => 0,
        Phase::Next => step.expect.usual,
        Phase::Underway => step.expect.usual.saturating_sub(board.underway_for(&step.id, now).unwrap_or(0)),
    }
}

/// An estimate is not known to the second: from two minutes on it is told in whole minutes, from ten seconds on in tens
/// of seconds.
pub(super) fn rounded(seconds: u64) -> u64 {
    let to = |unit: u64| (seconds + unit / 2) / unit * unit;
    match seconds {
        0..10 => seconds,
        10..120 => to(10),
        _ => to(60),
    }
}

#[cfg(test)]
mod tests {
    use super::downtime_line;
    use crate::board::samples::{at, fact, opened, plan, step};
    use crate::{Appearance, Board};
    use hcops_model::{DowntimeEdge, Entry, Intent, PlannedStep, Settlement, StepId};

    fn downtime(id: &str, usual: u64, edge: Option<DowntimeEdge>, group: Option<&str>) -> PlannedStep {
        let mut step = step(id, id);
        step.expect.usual = usual;
        step.downtime = edge;
        step.group = group.map(str::to_owned);
        step
    }

    /// 30 s, then 60 s beside 300 s, then 20 s; an hour before and after it does not count.
    fn board() -> Board {
        let mut plan = plan();
        plan.steps = vec![
            downtime("before", 3600, None, None),
            downtime("off", 30, Some(DowntimeEdge::Starts), None),
            downtime("short", 60, None, Some("together")),
            downtime("long", 300, None, Some("together")),
            downtime("on", 20, Some(DowntimeEdge::Ends), None),
            downtime("after", 3600, None, None),
        ];
        let mut board = Board::default();
        board.hear(&opened(plan));
        board
    }

    fn intend(board: &mut Board, second: i64, step: &str) {
        let intent =
            Intent { step: StepId::from(step), action: "a".into(), attempt: 1, will: Vec::new(), before: None };
        board.hear(&fact(second, Entry::Intended { intent }));
    }

    fn settle(board: &mut Board, second: i64, step: &str) {
        let (step, how, output) = (StepId::from(step), Settlement::Acted, serde_json::Value::Null);
        board.hear(&fact(second, Entry::Settled { step, how, output, evidence: None, requests: Vec::new() }));
    }

    fn told(board: &Board, second: i64) -> String {
        downtime_line(board, at(second), &Appearance::plain())
    }

    #[test]
    fn the_clock_says_what_is_over_and_what_is_left() {
        let mut board = board();
        assert_eq!(told(&board, 5), "writes on; they will be off for about 6m");
        settle(&mut board, 10, "before");
        intend(&mut board, 10, "off");
        assert_eq!(told(&board, 20), "writes off for 10s of about 6m; about 6m left", "20 + 300 + 20 s");
        settle(&mut board, 40, "off");
        intend(&mut board, 40, "short");
        intend(&mut board, 40, "long");
        settle(&mut board, 90, "short");
        assert_eq!(told(&board, 240), "writes off for 3m 50s of about 6m; about 2m left", "100 + 20 s");
        assert_eq!(told(&board, 400), "writes off for 6m 30s, 40s longer than estimated; about 20s left");
        settle(&mut board, 400, "long");
        settle(&mut board, 430, "on");
        assert_eq!(told(&board, 9000), "writes were off for 7m; about 6m was estimated");
    }

    #[test]
    fn a_plan_without_downtime_says_so() {
        let mut board = Board::default();
        let mut quiet = plan();
        quiet.steps.retain(|step| step.downtime.is_none());
        board.hear(&opened(quiet));
        assert_eq!(told(&board, 5), "writes stay on");
    }

    #[test]
    fn on_the_way_back_it_goes_on_without_an_estimate() {
        let mut board = board();
        settle(&mut board, 5, "before");
        intend(&mut board, 10, "off");
        settle(&mut board, 15, "off");
        let mut back = plan();
        back.steps = vec![downtime("undo:off", 30, Some(DowntimeEdge::Ends), None)];
        let digest = back.digest();
        board.hear(&fact(20, Entry::Aborted { by: "ada".into(), plan: Box::new(back), digest }));
        assert_eq!(told(&board, 70), "writes off for 1m; about 30s left");
        settle(&mut board, 80, "undo:off");
        assert_eq!(told(&board, 99), "writes were off for 1m 10s");
    }
}
