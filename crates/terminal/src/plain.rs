use std::collections::BTreeMap;

use jiff::Timestamp;

use super::needs::writes_off_lines;
use super::tale::{self, Tale};
use super::text::{duration, seconds_between, time_of_day, wrap};
use super::{Appearance, Board, Printer, Tone, needs_lines, plan_lines};
use hcops_model::{Event, Happening, Line, Listener, Progress, StepId};

/// Lines for a log: `HH:MM:SS step  sentence`. No cursor tricks; a wait is told when it has other words than before, when it
/// becomes overdue, and else at growing distances, so that one of hours stays readable and is never silent.
pub struct Plain {
    printer: Printer,
    appearance: Appearance,
    board: Board,
    told: BTreeMap<StepId, Told>,
}

/// What was told of a step's wait. Its look, the looks at its conditions and the facts of both come in turns.
#[derive(Default)]
struct Told {
    /// When something was last told in these words.
    at: BTreeMap<String, Timestamp>,
    overdue: bool,
    /// Which of the distances comes next.
    distance: usize,
}

/// Seconds between two lines of the same words: the first distance, the next, and so on; the last one stays.
const DISTANCES: [u64; 4] = [60, 120, 300, 600];

impl Plain {
    /// Prints through `printer`.
    #[must_use]
    pub fn new(printer: Printer, appearance: Appearance) -> Self {
        Self { printer, appearance, board: Board::default(), told: BTreeMap::new() }
    }

    /// Takes what happened before this process into account without telling it again.
    pub fn catch_up(&mut self, lines: &[Line]) {
        self.board.catch_up(lines);
    }

    fn tell(&mut self, at: Timestamp, tale: &Tale) {
        if tale.waiting && !self.is_news(at, tale) {
            return;
        }
        let head = self.head(at, tale.step.as_ref());
        let rest = " ".repeat(11);
        for (index, line) in
            wrap(&self.appearance.tell(&tale.text), self.appearance.columns, &head, &rest).iter().enumerate()
        {
            let line = if index == 0 {
                self.dress_after(head.len(), tale.tone, line)
            } else {
                self.appearance.dress(tale.tone, line)
            };
            self.printer.note(&line);
        }
        for more in &tale.more {
            self.printer.note_lines(&wrap(&self.appearance.tell(more), self.appearance.columns, &rest, &rest));
        }
    }

    fn head(&self, at: Timestamp, step: Option<&StepId>) -> String {
        let time = time_of_day(at, &self.appearance.zone);
        step.map_or_else(|| format!("{time}  "), |step| format!("{time}  {step}  "))
    }

    /// The time and the step's name stay undressed, so that they can be found and copied.
    fn dress_after(&self, head: usize, tone: Tone, line: &str) -> String {
        match line.split_at_checked(head) {
            Some((head, sentence)) => format!("{head}{}", self.appearance.dress(tone, sentence)),
            None => line.to_owned(),
        }
    }

    fn is_news(&mut self, at: Timestamp, tale: &Tale) -> bool {
        let Some(step) = &tale.step else { return true };
        let words = words_of(&tale.text);
        let told = self.told.entry(step.clone()).or_default();
        let overdue = tale.tone == Tone::Warning && !told.overdue;
        told.overdue |= overdue;
        let before = told.at.get(&words).copied();
        let is_due = before.is_none_or(|before| seconds_between(before, at) >= DISTANCES[told.distance]);
        if is_due || overdue {
            let further = (told.distance + 1).min(DISTANCES.len() - 1);
            told.distance = if before.is_some() && is_due { further } else { 0 };
            told.at.insert(words, at);
        }
        is_due || overdue
    }

    fn hear_progress(&mut self, at: Timestamp, progress: &Progress) {
        match progress {
            Progress::PlanShown { plan, .. } => self.printer.note_lines(&plan_lines(plan, &self.appearance)),
            Progress::StepStarted { step } => self.announce(at, step),
            Progress::Needs { needs } => {
                self.printer.note("");
                self.printer.note_lines(&needs_lines(needs, &self.appearance));
            }
            Progress::Left { note, command, writes_off, .. } => {
                let off = writes_off.as_ref().map(|off| writes_off_lines(off, &self.appearance));
                self.printer.note_lines(&off.unwrap_or_default());
                self.printer.note_lines(&wrap(&self.appearance.tell(note), self.appearance.columns, "", ""));
                self.printer.note(&format!(
                    "{} {}",
                    self.appearance.tell("To go on:"),
                    self.appearance.dress(Tone::Command, command)
                ));
            }
            other => {
                if let Some(tale) = tale::of_progress(other) {
                    self.tell(at, &tale);
                }
            }
        }
    }

    fn announce(&self, at: Timestamp, step: &StepId) {
        let place = self.board.place(step).map_or_else(String::new, |(index, of)| format!("[{index}/{of}] "));
        let usual = self.board.plan().and_then(|plan| plan.step(step)).map_or(0, |planned| planned.expect.usual);
        let usual = match usual {
            0 => String::new(),
            usual => format!(" {}", self.appearance.tell(&format!("(usually {})", duration(usual)))),
        };
        let text = format!("{place}{}{usual}", self.appearance.tell(&self.board.title(step)));
        let head = self.head(at, Some(step));
        self.printer.note_lines(&wrap(&text, self.appearance.columns, &head, &" ".repeat(11)));
    }
}

/// The sentence without its numbers: a lag that shrinks is the same news until the words change.
fn words_of(text: &str) -> String {
    let note = text.split("; waited").next().unwrap_or(text);
    note.chars().filter(|character| !character.is_ascii_digit()).collect()
}

impl Listener for Plain {
    fn hear(&mut self, event: &Event) {
        self.board.hear(event);
        match &event.happening {
            Happening::Fact(line) => {
                if let Some(tale) = tale::of_fact(&line.entry, &self.board) {
                    self.tell(line.at, &tale);
                }
            }
            Happening::Progress { at, progress } => self.hear_progress(*at, progress),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Plain;
    use crate::board::samples::{fact, plan, progress};
    use crate::{Appearance, Printer};
    use hcops_model::{Entry, Intent, Listener, Part, Progress, Seen, Settlement, StepId, Verdict};

    fn waiting(second: i64, commits: u64, overdue: bool) -> hcops_model::Event {
        progress(
            second,
            Progress::Waiting {
                step: StepId::from("promote"),
                note: format!("{commits} commits behind"),
                part: Some(Part { done: 100 - commits, of: 100, unit: "commits".into() }),
                waited: u64::try_from(second).expect("positive"),
                usual: 60,
                limit: 300,
                overdue,
            },
        )
    }

    /// What the journal keeps of a look that finds the same.
    fn looked(second: i64, commits: u64) -> hcops_model::Event {
        let sight = Seen::Underway {
            note: format!("{commits} commits behind"),
            part: Some(Part { done: 100 - commits, of: 100, unit: "commits".into() }),
            look_again: std::time::Duration::from_secs(10),
        };
        let step = StepId::from("promote");
        fact(second, Entry::Observed { step, hold: None, sight, requests: Vec::new(), proof: None })
    }

    fn told_of(events: impl IntoIterator<Item = hcops_model::Event>) -> Vec<String> {
        let printer = Printer::memory();
        let mut plain = Plain::new(printer.clone(), Appearance::plain());
        events.into_iter().for_each(|event| plain.hear(&event));
        printer
            .printed_notes()
            .lines()
            .filter(|line| line.contains("waiting:"))
            .map(|line| line[..8].to_owned())
            .collect()
    }

    #[test]
    fn a_wait_is_told_first_when_overdue_and_at_growing_distances() {
        // Two hours, looked at each ten seconds, with the facts of the journal between.
        let hours = (0..720).flat_map(|at| {
            let second = at * 10;
            [looked(second, 50), waiting(second, 50, second > 60)]
        });
        let told = told_of(hours);
        let expected = [
            "01:00:00", "01:01:00", "01:01:10", "01:02:10", "01:04:10", "01:09:10", "01:19:10", "01:29:10", "01:39:10",
            "01:49:10", "01:59:10", "02:09:10", "02:19:10", "02:29:10", "02:39:10", "02:49:10", "02:59:10",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn what_is_seen_for_the_first_time_is_told_at_once_and_what_comes_and_goes_is_not_told_each_time() {
        let other = |second| {
            progress(
                second,
                Progress::Waiting {
                    step: StepId::from("promote"),
                    note: "something else".into(),
                    part: None,
                    waited: 0,
                    usual: 60,
                    limit: 300,
                    overdue: false,
                },
            )
        };
        assert_eq!(told_of([waiting(0, 5, false), other(10)]), ["01:00:00", "01:00:10"]);
        let in_turns = (0..360).flat_map(|at| [waiting(at * 20, 5, false), other(at * 20 + 10)]);
        let told = told_of(in_turns);
        assert!((20..=40).contains(&told.len()), "two hours of it: {told:?}");
    }

    #[test]
    fn a_run_reads_as_a_log() {
        let printer = Printer::memory();
        let mut plain = Plain::new(printer.clone(), Appearance::plain());
        let shown = plan();
        plain.hear(&fact(
            0,
            Entry::Opened {
                format: hcops_model::FORMAT,
                run: hcops_model::RunId(uuid::Uuid::nil()),
                tool: "0.1.0".into(),
                by: "ops@example.com".into(),
                digest: shown.digest(),
                plan: Box::new(shown),
                origin: "https://api.heroku.com".into(),
            },
        ));
        plain.hear(&progress(1, Progress::StepStarted { step: StepId::from("maintenance-on@acme-crm") }));
        plain.hear(&fact(
            2,
            Entry::Intended {
                intent: Intent {
                    step: StepId::from("maintenance-on@acme-crm"),
                    action: "app.maintenance".into(),
                    attempt: 1,
                    will: vec!["switch maintenance on for acme-crm\u{1b}[2J".into()],
                    before: None,
                },
            },
        ));
        plain.hear(&fact(
            4,
            Entry::Settled {
                step: StepId::from("maintenance-on@acme-crm"),
                how: Settlement::Acted,
                output: serde_json::Value::Null,
                evidence: None,
                requests: Vec::new(),
            },
        ));
        plain.hear(&fact(62, Entry::Closed { verdict: Verdict::Done }));
        insta::assert_snapshot!(printer.printed_notes(), @r"
        01:00:00  run 00000000-0000-0000-0000-000000000000 opened by ops@example.com:
                   Upgrade postgresql-curved-12345 from 16 to 17 through a follower
                   plan df1554b27dc7, against https://api.heroku.com
        01:00:01  maintenance-on@acme-crm  [1/3] Switch maintenance on for acme-crm
                   (usually 30s)
        01:00:02  maintenance-on@acme-crm  does: switch maintenance on for acme-crm
        01:00:04  maintenance-on@acme-crm  done, and seen to be done (after 3s)
        01:01:02  done; writes were off for 1m
        ");
    }
}
