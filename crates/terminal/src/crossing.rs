//! The screen of a point of no return, which cannot be overlooked: what becomes impossible, the facts that were just
//! observed, what was done so far, how long writes have been off, and the name to type.

use jiff::Timestamp;
use textwrap::{Options, WordSplitter};

use super::ahead::done_line;
use super::downtime::downtime_line;
use super::needs::facts;
use super::text::{clean, time_of_day};
use super::{Appearance, Board, Tone};
use hcops_journal::run_state::Phase;
use hcops_model::{PlannedStep, Question};

/// Columns of the widest line inside: longer ones are hard to read.
const WIDEST: usize = 110;
/// Columns of the frame with its margins.
const FRAME: usize = 6;
/// Rows below the frame, for the prompt.
const PROMPT: usize = 4;

/// Rows that the heading of what was done takes.
const DONE: usize = 2;

/// What is to be crossed.
pub(super) struct Crossing<'a> {
    pub(super) question: &'a Question,
    pub(super) name: &'a str,
    pub(super) lost: &'a str,
    /// When it is asked.
    pub(super) now: Option<Timestamp>,
    /// Rows of the terminal.
    pub(super) rows: usize,
}

/// A frame as wide as the terminal and as high, but for the rows of the prompt. What doesn't fit into that height makes
/// it higher: no fact is left out.
pub(super) fn crossing_lines(crossing: &Crossing<'_>, board: &Board, appearance: &Appearance) -> Vec<String> {
    let inner = Appearance { columns: appearance.columns.saturating_sub(FRAME).min(WIDEST), ..appearance.clone() };
    let (mut above, mut below) = (facts_lines(crossing, &inner), clock_lines(crossing, board, &inner));
    let height = crossing.rows.saturating_sub(PROMPT + 2);
    if above.len() + below.len() + DONE > height {
        above.retain(|line| !line.is_empty());
        below.retain(|line| !line.is_empty());
    }
    let room = height.saturating_sub(above.len() + below.len());
    let mut inside = above;
    inside.extend(done_lines(board, room, &inner));
    let missing = height.saturating_sub(inside.len() + below.len());
    inside.extend(std::iter::repeat_n(String::new(), missing));
    inside.extend(below);
    let nth = board.plan().zip(crossing.question.step.as_ref()).map(|(plan, step)| plan.nth_of_several(step));
    framed(&inside, &nth.unwrap_or_default(), appearance)
}

fn facts_lines(crossing: &Crossing<'_>, inner: &Appearance) -> Vec<String> {
    let mut lines = vec![String::new()];
    let question = lines_of(&inner.tell(&crossing.question.text), inner, "", "");
    lines.extend(question.iter().map(|line| inner.dress(Tone::Heading, line)));
    lines.extend([String::new(), inner.dress(Tone::Danger, &inner.tell("What becomes impossible:"))]);
    lines.extend(lines_of(&inner.tell(crossing.lost), inner, "  ", "  "));
    let mut facts = facts(crossing.question).peekable();
    if facts.peek().is_some() {
        let head = match crossing.now {
            Some(now) => format!("The facts, observed just now ({}):", time_of_day(now, &inner.zone)),
            None => "The facts, observed just now:".to_owned(),
        };
        lines.extend([String::new(), inner.dress(Tone::Heading, &inner.tell(&head))]);
        facts.for_each(|fact| lines.extend(lines_of(&inner.tell(fact), inner, "- ", "  ")));
    }
    lines
}

/// What was done so far, the newest last, as far as there is room: the count at least.
fn done_lines(board: &Board, room: usize, inner: &Appearance) -> Vec<String> {
    let (count, of) = board.count();
    let head = inner.cut(&inner.tell(&format!("Done so far: {count} of {of} steps")), inner.columns);
    let over = |(step, phase): (&PlannedStep, Phase)| phase.is_over().then(|| done_line(board, step, inner));
    let done: Vec<String> = board.steps().filter_map(over).collect();
    let shown = done.len().min(room.saturating_sub(DONE));
    let mut lines = vec![inner.dress(Tone::Heading, &head)];
    if room >= DONE {
        lines.insert(0, String::new());
    }
    lines.extend(done.into_iter().skip(count.saturating_sub(shown)));
    lines
}

fn clock_lines(crossing: &Crossing<'_>, board: &Board, inner: &Appearance) -> Vec<String> {
    let mut lines = vec![String::new()];
    lines.extend(crossing.now.map(|now| inner.cut(&downtime_line(board, now, inner), inner.columns)));
    let name = inner.dress(Tone::Command, &clean(crossing.name));
    lines.push(format!("{} {name}", inner.tell("The name to type:")));
    lines.push(String::new());
    lines
}

/// Lines that stay inside the frame: here even a word is broken if it must be.
fn lines_of(text: &str, inner: &Appearance, first: &str, rest: &str) -> Vec<String> {
    let options = Options::new(inner.columns.max(20))
        .initial_indent(first)
        .subsequent_indent(rest)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(&clean(text), options).into_iter().map(|line| line.trim_end().to_owned()).collect()
}

fn framed(inside: &[String], nth: &str, appearance: &Appearance) -> Vec<String> {
    let [corner_left, across, corner_right, down, foot_left, foot_right] =
        if appearance.unicode { ["┏", "━", "┓", "┃", "┗", "┛"] } else { ["+", "-", "+", "|", "+", "+"] };
    let width = appearance.columns.saturating_sub(2);
    let title = format!("{across}{across} {} ", appearance.tell(&format!("POINT OF NO RETURN{nth}")));
    let danger = |text: &str| appearance.dress(Tone::Danger, text);
    let rest = across.repeat(width.saturating_sub(console::measure_text_width(&title)));
    let mut lines = vec![danger(&format!("{corner_left}{title}{rest}{corner_right}"))];
    for line in inside {
        let missing = width.saturating_sub(2 + console::measure_text_width(line));
        lines.push(format!("{}  {line}{}{}", danger(down), " ".repeat(missing), danger(down)));
    }
    lines.push(danger(&format!("{foot_left}{}{foot_right}", across.repeat(width))));
    lines
}

#[cfg(test)]
mod tests {
    use super::{Crossing, crossing_lines};
    use crate::board::samples::{at, fact, opened, plan};
    use crate::{Appearance, Board};
    use hcops_model::{Entry, Intent, Question, QuestionKind, Settlement, StepId};

    const LOST: &str = "The old leader no longer receives writes, so nothing that is written from now on is in it.";

    fn question() -> Question {
        Question {
            id: "promote".into(),
            step: Some("promote".into()),
            sort: QuestionKind::Cross { name: "acme-crm-pg-1f2e3d".into(), lost: LOST.into(), ahead: false },
            text: "Point of no return: Make acme-crm-pg-1f2e3d the database of acme-crm. Type it to go on.".into(),
            shown: vec![
                format!("Becomes impossible: {LOST}"),
                "Just observed: connection-paused holds (Connect must not write.)".into(),
                "copy-exact: 0 commits behind, seen twice\u{1b}[2J".into(),
            ],
            picture: None,
            in_words: false,
        }
    }

    fn board() -> Board {
        let mut board = Board::default();
        board.hear(&opened(plan()));
        let step = StepId::from("maintenance-on@acme-crm");
        let intent = Intent { step: step.clone(), action: "a".into(), attempt: 1, will: Vec::new(), before: None };
        board.hear(&fact(10, Entry::Intended { intent }));
        let (how, output) = (Settlement::Acted, serde_json::Value::Null);
        board.hear(&fact(14, Entry::Settled { step, how, output, evidence: None, requests: Vec::new() }));
        board
    }

    fn drawn(rows: usize, appearance: &Appearance) -> Vec<String> {
        let (question, name) = (question(), "acme-crm-pg-1f2e3d");
        let crossing = Crossing { question: &question, name, lost: LOST, now: Some(at(70)), rows };
        crossing_lines(&crossing, &board(), appearance)
    }

    #[test]
    fn it_fills_the_screen_but_for_the_prompt() {
        insta::assert_snapshot!(drawn(30, &Appearance::plain()).join("\n"), @r"
        +-- POINT OF NO RETURN --------------------------------------------------------+
        |                                                                              |
        |  Point of no return: Make acme-crm-pg-1f2e3d the database of acme-crm. Type  |
        |  it to go on.                                                                |
        |                                                                              |
        |  What becomes impossible:                                                    |
        |    The old leader no longer receives writes, so nothing that is written      |
        |    from now on is in it.                                                     |
        |                                                                              |
        |  The facts, observed just now (01:01:10):                                    |
        |  - Just observed: connection-paused holds (Connect must not write.)          |
        |  - copy-exact: 0 commits behind, seen twice                                  |
        |                                                                              |
        |  Done so far: 1 of 3 steps                                                   |
        |  done     [1/3] Switch maintenance on for acme-crm  (4s)                     |
        |                                                                              |
        |                                                                              |
        |                                                                              |
        |                                                                              |
        |                                                                              |
        |                                                                              |
        |                                                                              |
        |  writes off for 1m of about 1m 30s; about 1m left                            |
        |  The name to type: acme-crm-pg-1f2e3d                                        |
        |                                                                              |
        +------------------------------------------------------------------------------+
        ");
        let fine = Appearance { columns: 60, unicode: true, ..Appearance::plain() };
        insta::assert_snapshot!(drawn(20, &fine).join("\n"), @r"
        ┏━━ POINT OF NO RETURN ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
        ┃  Point of no return: Make acme-crm-pg-1f2e3d the         ┃
        ┃  database of acme-crm. Type it to go on.                 ┃
        ┃  What becomes impossible:                                ┃
        ┃    The old leader no longer receives writes, so nothing  ┃
        ┃    that is written from now on is in it.                 ┃
        ┃  The facts, observed just now (01:01:10):                ┃
        ┃  - Just observed: connection-paused holds (Connect must  ┃
        ┃    not write.)                                           ┃
        ┃  - copy-exact: 0 commits behind, seen twice              ┃
        ┃                                                          ┃
        ┃  Done so far: 1 of 3 steps                               ┃
        ┃  done     [1/3] Switch maintenance on for acme-c…  (4s)  ┃
        ┃  writes off for 1m of about 1m 30s; about 1m left        ┃
        ┃  The name to type: acme-crm-pg-1f2e3d                    ┃
        ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛
        ");
    }

    #[test]
    fn it_is_exactly_as_wide_as_the_terminal() {
        for columns in [60, 80, 120, 200] {
            for (colour, unicode) in [(false, false), (true, true)] {
                let appearance = Appearance { columns, colour, unicode, ..Appearance::plain() };
                for line in drawn(40, &appearance) {
                    assert_eq!(console::measure_text_width(&line), columns, "{line}");
                    assert!(!line.contains("\u{1b}[2J"));
                }
            }
        }
    }

    #[test]
    fn no_fact_is_left_out_on_a_small_terminal() {
        let lines = drawn(8, &Appearance::plain()).join("\n");
        for part in
            ["The old leader", "connection-paused", "copy-exact", "1 of 3 steps", "writes off for 1m", "to type"]
        {
            assert!(lines.contains(part), "{part} is missing in\n{lines}");
        }
    }
}
