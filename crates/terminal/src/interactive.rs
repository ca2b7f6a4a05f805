use jiff::Timestamp;
use serde_json::Value;

use super::ahead::done_lines;
use super::live::LABEL;
use super::needs::writes_off_lines;
use super::tale::{self, Tale};
use super::text::{time_of_day, wrap};
use super::{Appearance, Printer, Stage, Tone, needs_lines, plan_lines};
use hcops_model::{Entry, Event, Happening, Line, Listener, Progress, Settlement, StepId};

/// A screen for an engineer at a terminal: what is done scrolls away above, and a live area below shows what is
/// underway, what comes next and how long writes have been off.
pub struct Interactive {
    printer: Printer,
    appearance: Appearance,
    stage: Stage,
    /// Whether questions are asked at another terminal.
    asked_elsewhere: bool,
}

impl Interactive {
    /// Draws on `stage`; lines that stay go through `printer`.
    #[must_use]
    pub const fn new(printer: Printer, appearance: Appearance, stage: Stage) -> Self {
        Self { printer, appearance, stage, asked_elsewhere: false }
    }

    /// The same for whoever only watches: what is asked at the run's own terminal is told here.
    #[must_use]
    pub const fn asked_elsewhere(mut self) -> Self {
        self.asked_elsewhere = true;
        self
    }

    /// Takes what happened before this process into account without telling it again.
    pub fn catch_up(&self, lines: &[Line]) {
        self.stage.with_board(|board| board.catch_up(lines));
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
            Entry::Asked { .. } if self.asked_elsewhere => self.tell_fact(line),
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
        let appearance = self.stage.fitted(&self.appearance);
        let (time, rest) = (time_of_day(at, &appearance.zone), " ".repeat(10));
        let step = tale.step.as_ref().map_or_else(String::new, |step| format!("{step}: "));
        let run = self.stage.with_board(|board| board.run());
        let text = format!("{step}{}", appearance.runs.within(&appearance.tell(&tale.text), run));
        let mut lines = wrap(&text, appearance.columns, &format!("{time}  "), &rest);
        for more in &tale.more {
            lines.extend(wrap(&appearance.tell(more), appearance.columns, &rest, &rest));
        }
        let dressed: Vec<String> = lines.iter().map(|line| appearance.dress(tale.tone, line)).collect();
        self.say(&dressed);
    }

    /// What was seen, below the step: in words of a few numbers, or in the step's own sentence.
    fn observed(&self, step: &StepId, how: Settlement, output: &Value) -> Vec<String> {
        let (appearance, rest) = (self.stage.fitted(&self.appearance), " ".repeat(LABEL));
        let words = self.stage.with_board(|board| tale::observed(step, how, output, board));
        let lines = words.map(|words| wrap(&appearance.tell(&words), appearance.columns, &rest, &rest));
        lines.into_iter().flatten().map(|line| appearance.dress(Tone::Faint, &line)).collect()
    }

    fn finished(&self, step: &StepId) -> Vec<String> {
        let appearance = self.stage.fitted(&self.appearance);
        self.stage.with_board(|board| done_lines(board, step, &appearance))
    }

    fn hear_progress(&self, at: Timestamp, progress: &Progress) {
        match progress {
            Progress::PlanShown { plan, .. } => self.say(&plan_lines(plan, &self.stage.fitted(&self.appearance))),
            Progress::StepStarted { .. } => self.stage.raise(),
            Progress::Needs { needs } => self.leave(&needs_lines(needs, &self.stage.fitted(&self.appearance))),
            Progress::Left { note, command, writes_off, .. } => {
                let appearance = self.stage.fitted(&self.appearance);
                let off = writes_off.as_ref().map(|off| writes_off_lines(off, &appearance));
                let mut lines = off.unwrap_or_default();
                lines.extend(wrap(&appearance.tell(note), appearance.columns, "", ""));
                lines.push(format!("{} {}", appearance.tell("To go on:"), appearance.dress(Tone::Command, command)));
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
