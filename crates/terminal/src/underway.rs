//! The steps that are underway: what each waits for, how far that is, since when, and how long it usually takes.

use super::board::Wait;
use super::live::{LABEL, Moment, Piece, Rank, label, place};
use super::measure::{measure_line, words};
use super::text::{clean, duration, seconds_between, wrap};
use super::{Appearance, Board, Tone};
use hcops_journal::run_state::Phase;
use hcops_model::PlannedStep;

/// Steps side by side before each is told on one line only.
const ROOMY: usize = 3;
/// Lines of a sentence on what is waited for.
const NOTE: usize = 2;

/// The steps that are underway, in at most `room` lines where they are many.
pub(super) fn underway_pieces(board: &Board, moment: &Moment, room: usize, appearance: &Appearance) -> Vec<Piece> {
    let steps: Vec<_> = board.steps().filter(|(_, phase)| *phase == Phase::Underway).map(|(step, _)| step).collect();
    if steps.len() <= ROOMY {
        return steps.into_iter().flat_map(|step| whole(board, step, moment, appearance)).collect();
    }
    let shown = if steps.len() > room { room.saturating_sub(1) } else { steps.len() };
    let mut pieces: Vec<Piece> = steps.iter().take(shown).map(|step| brief(board, step, moment, appearance)).collect();
    if shown < steps.len() {
        let more = format!("and {} more at the same time", steps.len() - shown);
        let more = format!("{}{}", " ".repeat(LABEL), appearance.dress(Tone::Faint, &appearance.tell(&more)));
        pieces.push(Piece::new(Rank::Core, more));
    }
    pieces
}

/// A step with its wait, on as many lines as that takes.
fn whole(board: &Board, step: &PlannedStep, moment: &Moment, appearance: &Appearance) -> Vec<Piece> {
    let mut pieces = vec![Piece::new(Rank::Core, title(board, step, moment, appearance, appearance.columns))];
    let Some(wait) = board.wait(&step.id) else {
        pieces.extend(times_so_far(board, step, moment, appearance));
        return pieces;
    };
    let (columns, indent) = (appearance.columns.saturating_sub(LABEL), " ".repeat(LABEL));
    let tone = if wait.is_overdue(moment.now) { Tone::Warning } else { Tone::Normal };
    let note = wrap(&appearance.tell(&wait.note), columns.max(20), "", "");
    for line in note.into_iter().take(NOTE) {
        pieces.push(Piece::new(Rank::Note, format!("{indent}{}", appearance.dress(tone, &line))));
    }
    let measure = measure_line(wait, columns, appearance);
    pieces.extend(measure.map(|line| Piece::new(Rank::Measure, format!("{indent}{line}"))));
    let times = wrap(&appearance.tell(&times(wait, moment)), columns.max(20), "", "");
    for line in times {
        pieces.push(Piece::new(Rank::Times, format!("{indent}{}", appearance.dress(faint_unless(tone), &line))));
    }
    pieces
}

const fn faint_unless(tone: Tone) -> Tone {
    if matches!(tone, Tone::Normal) { Tone::Faint } else { tone }
}

/// A step with its wait on one line, what matters most at its right.
fn brief(board: &Board, step: &PlannedStep, moment: &Moment, appearance: &Appearance) -> Piece {
    let wait = board.wait(&step.id);
    let since = wait.map(|wait| seconds_between(wait.since, moment.now)).or(board.underway_for(&step.id, moment.now));
    let since = duration(since.unwrap_or(0));
    let part = wait.and_then(|wait| Some(words(wait.part.as_ref()?, &wait.history, appearance)));
    let right = part.map_or_else(|| since.clone(), |part| format!("{part}  {since}"));
    let right = appearance.cut(&right, appearance.columns / 2);
    let overdue = wait.is_some_and(|wait| wait.is_overdue(moment.now));
    let right_width = console::measure_text_width(&right);
    let left_width = appearance.columns.saturating_sub(right_width + 2);
    let left = title(board, step, moment, appearance, left_width);
    let gap = (left_width + 2).saturating_sub(console::measure_text_width(&left));
    let right = appearance.dress(if overdue { Tone::Warning } else { Tone::Faint }, &right);
    Piece::new(Rank::Core, format!("{left}{}{right}", " ".repeat(gap)))
}

fn title(board: &Board, step: &PlannedStep, moment: &Moment, appearance: &Appearance, columns: usize) -> String {
    let turning: &[char] = if appearance.unicode {
        &['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
    } else {
        &['|', '/', '-', '\\']
    };
    let turn = turning.get(moment.turn % turning.len()).copied().unwrap_or(' ');
    let words = format!("{}{}", place(board, &step.id), clean(&appearance.tell(&step.title)));
    let words = appearance.cut(&words, columns.saturating_sub(LABEL));
    let sign = label(&format!("{turn} {}", appearance.tell("now")));
    format!("{}{}", appearance.dress(Tone::Command, &sign), appearance.dress(Tone::Heading, &words))
}

fn times(wait: &Wait, moment: &Moment) -> String {
    let since = duration(seconds_between(wait.since, moment.now));
    let (usual, limit) = (duration(wait.usual), duration(wait.limit));
    match (wait.usual, wait.limit) {
        (0, _) => format!("for {since}"),
        (_, 0) if wait.is_overdue(moment.now) => format!("for {since}, longer than the usual {usual}"),
        (_, 0) => format!("for {since}; usually {usual}"),
        _ if wait.is_overdue(moment.now) => {
            format!("for {since}, longer than the usual {usual}; you are asked after {limit}")
        }
        _ => format!("for {since}; usually {usual}; you are asked after {limit}"),
    }
}

/// A step that is being looked at or acted on has no wait yet.
fn times_so_far(board: &Board, step: &PlannedStep, moment: &Moment, appearance: &Appearance) -> Option<Piece> {
    let since = duration(board.underway_for(&step.id, moment.now)?);
    let text = match step.expect.usual {
        0 => format!("for {since}"),
        usual => format!("for {since}; usually {}", duration(usual)),
    };
    let text = appearance.cut(&appearance.tell(&text), appearance.columns.saturating_sub(LABEL));
    Some(Piece::new(Rank::Times, format!("{}{}", " ".repeat(LABEL), appearance.dress(Tone::Faint, &text))))
}
