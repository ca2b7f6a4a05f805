//! The part of an interactive screen that changes: a pure picture of the board at one moment.

use jiff::Timestamp;

use super::ahead::{ahead_pieces, back_piece, done_pieces};
use super::downtime::downtime_line;
use super::measure::bar;
use super::text::{clean, duration, seconds_between};
use super::underway::underway_pieces;
use super::{Appearance, Board, Tone};
use hcops_journal::run_state::Phase;
use hcops_model::StepId;

/// When and for how large a terminal the picture is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// The run's time.
    pub(super) now: Timestamp,
    /// How often it was drawn before: turns the sign of life.
    pub(super) turn: usize,
    /// Rows of the terminal.
    pub(super) rows: usize,
    /// Lines that the picture had before: while the same steps are underway it does not shrink.
    pub(super) at_least: usize,
}

/// A line of the picture, and how much it matters.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    rank: Rank,
    line: String,
}

/// What goes first where rows are few: the last of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Core,
    Next,
    Measure,
    Note,
    Times,
    Title,
    Back,
    Keys,
    Ahead,
    Target,
    Done,
    Gap,
}

impl Piece {
    pub(super) const fn new(rank: Rank, line: String) -> Self {
        Self { rank, line }
    }

    /// A space, because the drawing takes an empty line for none.
    fn gap() -> Self {
        Self::new(Rank::Gap, " ".to_owned())
    }
}

/// Columns of the label before a step.
pub(super) const LABEL: usize = 9;
/// Columns of the widest line: longer ones are hard to read.
pub(super) const WIDEST: usize = 120;
/// Columns of the bar over the whole plan, at most.
const BAR: usize = 60;

/// The picture, with what the person may press at its end.
pub(super) fn live_lines(board: &Board, moment: &Moment, keys: &str, appearance: &Appearance) -> Vec<String> {
    if board.verdict().is_some() || board.plan().is_none() {
        return Vec::new();
    }
    let appearance = &Appearance { columns: appearance.columns.min(WIDEST), ..appearance.clone() };
    let budget = budget(moment.rows);
    let mut above = head(board, moment.now, appearance);
    above.extend(done_pieces(board, appearance));
    above.extend(underway_pieces(board, moment, budget.saturating_sub(4).max(1), appearance));
    let below = foot(board, moment.now, keys, appearance);
    let coming = board.steps().any(|(_, phase)| phase == Phase::Next);
    above.extend(coming.then(Piece::gap));
    // The point of no return and its distance matter more than spaces do.
    let room = budget.saturating_sub(above.len() + below.len()).max(2);
    above.extend(if coming { ahead_pieces(board, room, appearance) } else { Vec::new() });
    let missing = moment.at_least.min(budget).saturating_sub(above.len() + below.len());
    above.extend(std::iter::repeat_with(Piece::gap).take(missing));
    above.extend(below);
    fitting(above, budget).into_iter().map(|piece| appearance.cut(&piece.line, appearance.columns)).collect()
}

/// Rows for the picture: what was done last stays in sight above it.
fn budget(rows: usize) -> usize {
    rows.saturating_sub((rows / 4).max(2)).max(3)
}

/// The pieces that fit, in their order: what matters least goes first, from below.
fn fitting(mut pieces: Vec<Piece>, budget: usize) -> Vec<Piece> {
    while pieces.len() > budget {
        let least = pieces.iter().map(|piece| piece.rank).max().unwrap_or(Rank::Core);
        match pieces.iter().rposition(|piece| piece.rank == least) {
            Some(index) => drop(pieces.remove(index)),
            None => break,
        }
    }
    pieces
}

fn head(board: &Board, now: Timestamp, appearance: &Appearance) -> Vec<Piece> {
    let Some(plan) = board.plan() else { return Vec::new() };
    let title = appearance.cut(&clean(&appearance.tell(&plan.title)), appearance.columns);
    let target = match &plan.resource {
        Some(resource) => format!("app {}, connection {resource}", plan.app),
        None => format!("app {}", plan.app),
    };
    let target = appearance.cut(&clean(&appearance.tell(&target)), appearance.columns);
    vec![
        Piece::gap(),
        Piece::new(Rank::Title, appearance.dress(Tone::Heading, &title)),
        Piece::new(Rank::Target, appearance.dress(Tone::Faint, &target)),
        Piece::new(Rank::Core, progress_line(board, now, appearance)),
        Piece::gap(),
    ]
}

fn progress_line(board: &Board, now: Timestamp, appearance: &Appearance) -> String {
    let (done, of) = board.count();
    let text = match board.begun() {
        Some(begun) => format!("{done} of {of} done, in {}", duration(seconds_between(begun, now))),
        None => format!("{done} of {of} done"),
    };
    let text = appearance.tell(&text);
    let length = appearance.columns.saturating_sub(console::measure_text_width(&text) + 2).min(BAR);
    let bar = bar(done as u64, of as u64, length, appearance);
    format!("{}  {text}", appearance.dress(Tone::Good, &bar))
}

fn foot(board: &Board, now: Timestamp, keys: &str, appearance: &Appearance) -> Vec<Piece> {
    let keys = appearance.cut(&appearance.tell(keys), appearance.columns);
    vec![
        Piece::gap(),
        Piece::new(Rank::Core, appearance.cut(&downtime_line(board, now, appearance), appearance.columns)),
        back_piece(board, appearance),
        Piece::new(Rank::Keys, appearance.dress(Tone::Faint, &keys)),
    ]
}

/// A label before a step, padded to its column.
pub(super) fn label(text: &str) -> String {
    console::pad_str(text, LABEL, console::Alignment::Left, None).into_owned()
}

/// A step's place in the plan: `[ 3/20] `.
pub(super) fn place(board: &Board, step: &StepId) -> String {
    board.place(step).map_or_else(String::new, |(index, of)| {
        let digits = of.to_string().len();
        format!("[{index:>digits$}/{of}] ")
    })
}

#[cfg(test)]
mod tests;
