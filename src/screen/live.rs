//! The part of an interactive screen that changes: a pure picture of the board at one moment.

use jiff::Timestamp;

use super::board::Wait;
use super::text::{clean, duration, seconds_between};
use super::{Appearance, Board, Phase, Tone};
use crate::model::{PlannedStep, StepId};

/// Steps that are underway side by side before each is told on one line only: a small terminal must hold them all.
const ROOMY: usize = 3;

/// The live area: what is underway with its wait, what comes next, how long writes have been off.
pub(super) fn live_lines(board: &Board, now: Timestamp, turn: usize, appearance: &Appearance) -> Vec<String> {
    if board.verdict().is_some() || board.plan().is_none() {
        return Vec::new();
    }
    let mut lines = vec![String::new()];
    let underway: Vec<_> = board.steps().filter(|(_, phase)| *phase == Phase::Underway).collect();
    for (step, _) in &underway {
        let told = underway_lines(board, step, now, turn, appearance);
        lines.extend(told.into_iter().take(if underway.len() > ROOMY { 1 } else { usize::MAX }));
    }
    lines.extend(next_line(board, appearance));
    lines.push(foot_line(board, now, appearance));
    lines.iter().map(|line| console::truncate_str(line, appearance.columns, "…").into_owned()).collect()
}

fn underway_lines(
    board: &Board,
    step: &PlannedStep,
    now: Timestamp,
    turn: usize,
    appearance: &Appearance,
) -> Vec<String> {
    let spinner = ['|', '/', '-', '\\'][turn % 4];
    let head = format!("{spinner} {}{}", place(board, &step.id), clean(&step.title));
    let mut lines = vec![appearance.dress(Tone::Heading, &head)];
    if let Some(wait) = board.wait(&step.id) {
        lines.extend(wait_lines(wait, now, appearance));
    }
    lines
}

fn wait_lines(wait: &Wait, now: Timestamp, appearance: &Appearance) -> Vec<String> {
    let tone = if wait.overdue { Tone::Warning } else { Tone::Normal };
    let late = if wait.overdue { ", longer than usual" } else { "" };
    let since = duration(seconds_between(wait.since, now));
    let mut lines = vec![
        format!("    {}", appearance.dress(tone, &clean(&wait.note))),
        format!("    for {since}, usually {}{late}", duration(wait.usual)),
    ];
    if let Some(part) = &wait.part {
        lines.push(format!("    {} {} of {} {}", bar(part.done, part.of), part.done, part.of, clean(&part.unit)));
    }
    lines
}

/// Twenty characters that show how far a piece of work is.
fn bar(done: u64, of: u64) -> String {
    let filled = usize::try_from(done.min(of) * 20 / of.max(1)).unwrap_or(20);
    format!("[{}{}]", "#".repeat(filled), ".".repeat(20 - filled))
}

fn next_line(board: &Board, appearance: &Appearance) -> Option<String> {
    let (step, _) = board.steps().find(|(_, phase)| *phase == Phase::Next)?;
    let (tone, mark) = if step.crossing.is_some() { (Tone::Danger, "POINT OF NO RETURN: ") } else { (Tone::Faint, "") };
    Some(appearance.dress(tone, &format!("  next: {mark}{}{}", place(board, &step.id), clean(&step.title))))
}

fn foot_line(board: &Board, now: Timestamp, appearance: &Appearance) -> String {
    let writes = match board.writes_off(now) {
        None => "writes on".to_owned(),
        Some((seconds, true)) => format!("writes off for {}", duration(seconds)),
        Some((seconds, false)) => format!("writes were off for {}", duration(seconds)),
    };
    let back = if board.turned_back() {
        "on the way back"
    } else if board.crossed() {
        "no way back any more"
    } else {
        "abort possible"
    };
    appearance.dress(Tone::Faint, &format!("  {writes} | {back} | Ctrl-C stops safely"))
}

/// A step's place in the plan: `[3/20] `.
pub(super) fn place(board: &Board, step: &StepId) -> String {
    board.place(step).map_or_else(String::new, |(index, of)| format!("[{index}/{of}] "))
}

#[cfg(test)]
mod tests {
    use super::live_lines;
    use crate::model::{Entry, Intent, Part, Progress, StepId};
    use crate::screen::board::samples::{at, fact, plan, progress, step};
    use crate::screen::{Appearance, Board};

    fn board() -> Board {
        let mut board = Board::default();
        board.hear(&progress(0, Progress::PlanShown { plan: Box::new(plan()), digest: String::new() }));
        let intent = Intent {
            step: StepId::from("maintenance-on@acme-crm"),
            action: "app.maintenance".into(),
            attempt: 1,
            will: Vec::new(),
        };
        board.hear(&fact(5, Entry::Intended { intent }));
        board.hear(&progress(
            20,
            Progress::Waiting {
                step: StepId::from("maintenance-on@acme-crm"),
                note: "2 of 8 processes still answer\u{1b}[2J".into(),
                part: Some(Part { done: 6, of: 8, unit: "processes".into() }),
                waited: 15,
                usual: 30,
                limit: 300,
                overdue: false,
            },
        ));
        board
    }

    #[test]
    fn it_shows_the_wait_the_next_steps_and_the_downtime_clock() {
        let lines = live_lines(&board(), at(25), 0, &Appearance::plain());
        insta::assert_snapshot!(lines.join("\n"), @r"
        | [1/3] Switch maintenance on for acme-crm
            2 of 8 processes still answer
            for 20s, usually 30s
            [###############.....] 6 of 8 processes
          next: POINT OF NO RETURN: [2/3] Make acme-crm-pg-1f2e3d the database of acme-…
          writes off for 20s | abort possible | Ctrl-C stops safely
        ");
    }

    #[test]
    fn many_steps_side_by_side_are_told_on_a_line_each() {
        let mut board = board();
        let mut many = plan();
        let ids: Vec<String> = (0..8).map(|number| format!("scale-down@app-{number}")).collect();
        many.steps = ids.iter().map(|id| step(id, "Scale down")).collect();
        board.hear(&progress(30, Progress::PlanShown { plan: Box::new(many), digest: String::new() }));
        for id in &ids {
            let (step, note) = (StepId::from(id.as_str()), "still up".to_owned());
            let wait = Progress::Waiting { step, note, part: None, waited: 1, usual: 30, limit: 60, overdue: false };
            board.hear(&progress(31, wait));
        }
        assert_eq!(live_lines(&board, at(32), 0, &Appearance::plain()).len(), 1 + ids.len() + 1);
    }

    #[test]
    fn it_fits_the_terminal_and_is_clean() {
        let narrow = Appearance { columns: 40, ..Appearance::plain() };
        for line in live_lines(&board(), at(25), 1, &narrow) {
            assert!(console::measure_text_width(&line) <= 40, "{line}");
            assert!(!line.contains('\u{1b}'), "{line:?}");
        }
    }
}
