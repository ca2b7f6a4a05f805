//! What is around the steps underway: what was done before this screen was there, what comes next, and what could still
//! be undone.

use super::live::{LABEL, Piece, Rank, label, place};
use super::text::{clean, duration, wrap};
use super::{Appearance, Board, Tone};
use hcops_journal::run_state::Phase;
use hcops_model::{PlannedStep, PlannedUndo, StepId};

/// Steps done that are told once more to whoever was not there.
const DONE: usize = 3;

/// The last steps that were done before this screen was there, with how long each took.
pub(super) fn done_pieces(board: &Board, appearance: &Appearance) -> Vec<Piece> {
    let untold = board.untold();
    let newest = untold.iter().skip(untold.len().saturating_sub(DONE));
    newest.map(|step| Piece::new(Rank::Done, done_line(board, step, appearance))).collect()
}

/// A step that is done or was skipped, with how long it took, on as many lines as that takes.
pub(super) fn done_lines(board: &Board, step: &StepId, appearance: &Appearance) -> Vec<String> {
    let text = format!("{}{}{}", place(board, step), appearance.tell(&board.title(step)), took(board, step));
    let rest = " ".repeat(LABEL);
    let lines = wrap(&text, appearance.columns, &rest, &rest);
    let (mark, tone) = done_mark(board, step, appearance);
    let marked = lines.iter().enumerate().map(|(index, line)| match line.strip_prefix(rest.as_str()) {
        Some(words) if index == 0 => format!("{}{words}", appearance.dress(tone, &mark)),
        _ => line.clone(),
    });
    marked.collect()
}

/// The same on one line.
pub(super) fn done_line(board: &Board, step: &PlannedStep, appearance: &Appearance) -> String {
    let (mark, tone) = done_mark(board, &step.id, appearance);
    let text = titled(board, step, &took(board, &step.id), appearance);
    format!("{}{text}", appearance.dress(tone, &mark))
}

fn done_mark(board: &Board, step: &StepId, appearance: &Appearance) -> (String, Tone) {
    let skipped = board.phase(step) == Phase::Waived;
    let (mark, tone) = if skipped { ("skipped", Tone::Warning) } else { ("done", Tone::Good) };
    (label(&appearance.tell(mark)), tone)
}

fn took(board: &Board, step: &StepId) -> String {
    let seconds = board.took(step).filter(|seconds| *seconds > 0);
    seconds.map_or_else(String::new, |seconds| format!("  ({})", duration(seconds)))
}

/// The steps to come, in at most `room` lines and at least one: the point of no return with its distance, and how many
/// more there are.
pub(super) fn ahead_pieces(board: &Board, room: usize, appearance: &Appearance) -> Vec<Piece> {
    let to_come: Vec<&PlannedStep> =
        board.steps().filter(|(_, phase)| *phase == Phase::Next).map(|(step, _)| step).collect();
    let room = room.max(1);
    let shown = if to_come.len() > room { room.saturating_sub(1).max(1) } else { to_come.len() };
    let mut pieces: Vec<Piece> = to_come
        .iter()
        .enumerate()
        .take(shown)
        .map(|(index, step)| {
            let rank = if index == 0 { Rank::Next } else { Rank::Ahead };
            Piece::new(rank, step_line(board, step, index, appearance))
        })
        .collect();
    if to_come.len() > shown && room > 1 {
        pieces.push(Piece::new(Rank::Ahead, more_line(&to_come, shown, appearance)));
    }
    pieces
}

fn step_line(board: &Board, step: &PlannedStep, index: usize, appearance: &Appearance) -> String {
    let sign = if index == 0 { label(&appearance.tell("next")) } else { label("") };
    if step.crossing.is_some() {
        let nth = board.plan().map_or_else(String::new, |plan| plan.nth_of_several(&step.id));
        let mark = match index {
            0 => format!("POINT OF NO RETURN{nth}:"),
            1 => format!("POINT OF NO RETURN{nth} in 2 steps:"),
            _ => format!("POINT OF NO RETURN{nth} in {} steps:", index + 1),
        };
        let text =
            format!("{}{} {}", place(board, &step.id), appearance.tell(&mark), clean(&appearance.tell(&step.title)));
        let text = appearance.cut(&text, appearance.columns.saturating_sub(LABEL));
        return format!("{}{}", appearance.dress(Tone::Faint, &sign), appearance.dress(Tone::Danger, &text));
    }
    let whole = place(board, &step.id) + &clean(&appearance.tell(&step.title));
    let usual = appearance.tell(&format!("(usually {})", duration(step.expect.usual))).into_owned();
    let usual = if step.expect.usual == 0 { String::new() } else { format!("  {usual}") };
    let fits = LABEL + console::measure_text_width(&whole) + console::measure_text_width(&usual) <= appearance.columns;
    let text = titled(board, step, if fits { &usual } else { "" }, appearance);
    appearance.dress(Tone::Faint, &format!("{sign}{text}"))
}

/// A step's place and title, cut so that what follows it is whole.
fn titled(board: &Board, step: &PlannedStep, after: &str, appearance: &Appearance) -> String {
    let room = appearance.columns.saturating_sub(LABEL + console::measure_text_width(after));
    let words = format!("{}{}", place(board, &step.id), clean(&appearance.tell(&step.title)));
    format!("{}{after}", appearance.cut(&words, room))
}

fn more_line(to_come: &[&PlannedStep], shown: usize, appearance: &Appearance) -> String {
    let more = to_come.len() - shown;
    let crossing = to_come.iter().position(|step| step.crossing.is_some()).filter(|index| *index >= shown);
    let (tone, text) = match crossing {
        Some(index) => (Tone::Danger, format!("and {more} more; POINT OF NO RETURN in {} steps", index + 1)),
        None => (Tone::Faint, format!("and {more} more")),
    };
    let text = appearance.cut(&appearance.tell(&text), appearance.columns.saturating_sub(LABEL));
    format!("{}{}", label(""), appearance.dress(tone, &text))
}

/// What could still be undone from here, on one line.
pub(super) fn back_piece(board: &Board, appearance: &Appearance) -> Piece {
    let (tone, text) = if board.turned_back() {
        (Tone::Warning, "on the way back: what was before is being restored".to_owned())
    } else if board.crossed() {
        (Tone::Danger, "no way back any more, only forward".to_owned())
    } else {
        (Tone::Faint, undo_words(&board.undoable(), appearance))
    };
    let text = appearance.cut(&appearance.tell(&text), appearance.columns);
    Piece::new(Rank::Back, appearance.dress(tone, &text))
}

fn undo_words(undoable: &[&PlannedUndo], appearance: &Appearance) -> String {
    let titles: Vec<String> = undoable.iter().map(|undo| clean(&appearance.tell(&undo.title))).collect();
    match titles.as_slice() {
        [] => "nothing to undo so far".to_owned(),
        [one] => format!("abort undoes 1 step: {one}"),
        many => format!("abort undoes {} steps: {}", many.len(), many.join("; ")),
    }
}
