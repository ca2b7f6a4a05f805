use jiff::Timestamp;
use serde_json::Value;

use super::live::place;
use super::tale::{self, Tale};
use super::text::{time_of_day, wrap};
use super::{Appearance, Phase, Printer, Stage, Tone, needs_lines, plan_lines};
use crate::model::{Entry, Event, Happening, Line, Listener, Progress, Settlement, StepId};

/// A screen for an engineer at a terminal: what is done scrolls away above, and a live area below shows what is
/// underway, what comes next and how long writes have been off.
pub struct Interactive {
    printer: Printer,
    appearance: Appearance,
    stage: Stage,
}

impl Interactive {
    /// Draws on `stage`; lines that stay go through `printer`.
    #[must_use]
    pub const fn new(printer: Printer, appearance: Appearance, stage: Stage) -> Self {
        Self { printer, appearance, stage }
    }

    /// Takes what happened before this process into account without telling it again.
    pub fn catch_up(&self, lines: &[Line]) {
        self.stage.with_board(|board| lines.iter().for_each(|line| board.hear_fact(line)));
    }

    fn say(&self, lines: &[String]) {
        self.stage.aside(|| self.printer.note_lines(lines));
    }

    fn hear_fact(&self, line: &Line) {
        match &line.entry {
            Entry::Settled { step, how, output, .. } => {
                self.say(&self.finished(step));
                self.say(&self.observed(step, *how, output));
            }
            Entry::Waived { step, .. } => self.say(&self.finished(step)),
            // The prompts show what is asked and what was seen, and the live area shows waits.
            Entry::Asked { .. }
            | Entry::Parked { .. }
            | Entry::Intended { .. }
            | Entry::Received { .. }
            | Entry::Observed { .. } => {}
            Entry::Closed { .. } => {
                self.stage.lower();
                self.tell_fact(line);
            }
            _ => self.tell_fact(line),
        }
    }

    fn tell_fact(&self, line: &Line) {
        let tale = self.stage.with_board(|board| tale::of_fact(&line.entry, board));
        if let Some(tale) = tale.filter(|tale| !tale.waiting) {
            self.tell(line.at, &tale);
        }
    }

    fn tell(&self, at: Timestamp, tale: &Tale) {
        let time = time_of_day(at, &self.appearance.zone);
        let step = tale.step.as_ref().map_or_else(String::new, |step| format!("{step}: "));
        let mut lines =
            wrap(&format!("{step}{}", tale.text), self.appearance.columns, &format!("{time}  "), "          ");
        for more in &tale.more {
            lines.extend(wrap(more, self.appearance.columns, "          ", "          "));
        }
        let dressed: Vec<String> = lines.iter().map(|line| self.appearance.dress(tale.tone, line)).collect();
        self.say(&dressed);
    }

    /// What was seen, below the step: in words of a few numbers, or in the step's own sentence.
    fn observed(&self, step: &StepId, how: Settlement, output: &Value) -> Vec<String> {
        let words = self.stage.with_board(|board| tale::observed(step, how, output, board));
        let lines = words.map(|words| wrap(&words, self.appearance.columns, "         ", "         "));
        lines.into_iter().flatten().map(|line| self.appearance.dress(Tone::Faint, &line)).collect()
    }

    fn finished(&self, step: &StepId) -> Vec<String> {
        let (place, title, took, phase) =
            self.stage.with_board(|board| (place(board, step), board.title(step), board.took(step), board.phase(step)));
        let (mark, tone) = if phase == Phase::Waived { ("skipped", Tone::Warning) } else { ("done", Tone::Good) };
        let took = took.filter(|seconds| *seconds > 0);
        let took = took.map_or_else(String::new, |seconds| format!("  ({})", super::duration(seconds)));
        let head = format!("{mark:<9}");
        let mut lines = wrap(&format!("{place}{title}{took}"), self.appearance.columns, &head, "         ");
        if let Some(rest) = lines.first().and_then(|first| first.strip_prefix(mark)) {
            lines[0] = format!("{}{rest}", self.appearance.dress(tone, mark));
        }
        lines
    }

    fn hear_progress(&self, at: Timestamp, progress: &Progress) {
        match progress {
            Progress::PlanShown { plan, .. } => self.say(&plan_lines(plan, &self.appearance)),
            Progress::StepStarted { .. } => self.stage.raise(),
            Progress::Needs { needs } => self.leave(&needs_lines(needs, &self.appearance)),
            Progress::Left { note, command, .. } => {
                let mut lines = wrap(note, self.appearance.columns, "", "");
                lines.push(format!("To go on: {}", self.appearance.dress(Tone::Command, command)));
                self.leave(&lines);
            }
            Progress::Waiting { .. } => {}
            other => {
                if let Some(tale) = tale::of_progress(other) {
                    self.tell(at, &tale);
                }
            }
        }
    }

    fn leave(&self, lines: &[String]) {
        self.stage.lower();
        self.printer.note("");
        self.printer.note_lines(lines);
    }
}

impl Listener for Interactive {
    fn hear(&mut self, event: &Event) {
        self.stage.with_board(|board| board.hear(event));
        match &event.happening {
            Happening::Fact(line) => self.hear_fact(line),
            Happening::Progress { at, progress } => self.hear_progress(*at, progress),
        }
    }
}

impl Drop for Interactive {
    fn drop(&mut self) {
        self.stage.lower();
    }
}
