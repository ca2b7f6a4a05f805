//! Who hears of a run, and who is asked: chosen once from what the operator sits at.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::arguments::{AnswersBeforehand, Form};
use super::desk::Desk;
use super::flags::Answers;
use super::reach::Reach;
use hcops_model::{Clock, Line, Listener, Person};
use hcops_terminal::{Interactive, JsonLines, Plain, Stage, Terminal};

/// The listener of a run, and the stage that its prompts share with it.
pub(super) struct Audience {
    pub(super) listener: Box<dyn Listener>,
    pub(super) stage: Stage,
}

/// What whoever watches may press.
const WATCHING: &str = "q ends the watching  s asks the run to stop";

impl Audience {
    /// A live screen at a capable terminal, lines elsewhere, JSON where asked for. `before` is what happened in the run
    /// before this process: taken into account, not told again.
    pub(super) fn new(desk: &Desk, clock: Arc<dyn Clock>, before: &[Line]) -> Self {
        match desk.form {
            Form::Json => {
                Self::silent_stage(Box::new(JsonLines::new(desk.printer.clone(), desk.appearance.state_dir.clone())))
            }
            Form::Text if desk.live => Self::live(desk, clock, before),
            Form::Text => Self::lines(desk, before),
        }
    }

    /// The same for whoever watches a run that another process drives: questions are asked there, and told here.
    pub(super) fn watching(desk: &Desk, clock: Arc<dyn Clock>) -> Self {
        if desk.form == Form::Json || !desk.live {
            return Self::new(desk, clock, &[]);
        }
        let stage = Stage::with_keys(desk.printer.clone(), desk.appearance.clone(), clock, WATCHING);
        let screen = Interactive::new(desk.printer.clone(), desk.appearance.clone(), stage.clone()).asked_elsewhere();
        Self { listener: Box::new(screen), stage }
    }

    fn live(desk: &Desk, clock: Arc<dyn Clock>, before: &[Line]) -> Self {
        let stage = Stage::new(desk.printer.clone(), desk.appearance.clone(), clock);
        let screen = Interactive::new(desk.printer.clone(), desk.appearance.clone(), stage.clone());
        screen.catch_up(before);
        Self { listener: Box::new(screen), stage }
    }

    fn lines(desk: &Desk, before: &[Line]) -> Self {
        let mut plain = Plain::new(desk.printer.clone(), desk.appearance.clone());
        plain.catch_up(before);
        Self::silent_stage(Box::new(plain))
    }

    fn silent_stage(listener: Box<dyn Listener>) -> Self {
        Self { listener, stage: Stage::absent() }
    }

    /// Flags answer first, then whoever is at the terminal.
    pub(super) fn person(
        &self,
        desk: &Desk,
        reach: &Reach,
        beforehand: &AnswersBeforehand,
        listed: BTreeSet<String>,
    ) -> Answers {
        let name = &reach.by;
        let terminal = || -> Box<dyn Person> {
            let (printer, appearance) = (desk.printer.clone(), desk.appearance.clone());
            Box::new(Terminal::new(name.clone(), printer, appearance, self.stage.clone()))
        };
        Answers {
            name: name.clone(),
            approve: beforehand.approve.clone(),
            confirm: beforehand.confirm.clone(),
            given: beforehand.answer.iter().cloned().collect::<BTreeMap<_, _>>(),
            listed,
            rehearsal: reach.rehearsal.is_some() && !desk.interactive,
            gate: (*beforehand.gate).clone(),
            clock: reach.clock.clone(),
            then: desk.interactive.then(terminal),
        }
    }
}
