//! What is on the screen while a run is driven or watched, when signals come.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::arguments::Form;
use super::desk::Desk;
use super::interrupt::Scene;
use hcops_engine::newest::NewestProgress;
use hcops_model::{Clock, EVENT_VERSION, Event, Happening, Progress, RunId};
use hcops_terminal::{Appearance, KeySwitch, Printer, Stage, Tone, wrap};

/// How long a suspension waits until it has been told: whoever does not read must not keep it off.
const BEFORE_SUSPENDED: Duration = Duration::from_secs(1);

/// The screen of the process that drives a run.
pub(super) struct RunScene {
    curtain: Curtain,
    form: Form,
    run: RunId,
    clock: Arc<dyn Clock>,
    newest: NewestProgress,
}

impl RunScene {
    pub(super) fn new(desk: &Desk, stage: Stage, run: RunId, clock: Arc<dyn Clock>, newest: NewestProgress) -> Self {
        Self { curtain: Curtain::new(desk, stage), form: desk.form, run, clock, newest }
    }

    /// Tells watchers, and whoever reads JSON lines.
    fn tell(&self, suspended: bool) {
        let progress = Progress::Suspended { suspended, process: std::process::id() };
        let happening = Happening::Progress { at: self.clock.now(), progress };
        let event = Event { v: EVENT_VERSION, run: self.run, happening };
        self.newest.hear(&event);
        self.newest.flush();
        if let (Form::Json, Ok(line)) = (self.form, serde_json::to_string(&event)) {
            self.curtain.printer.data(&line);
        }
    }
}

impl Scene for RunScene {
    fn will_suspend(&self) {
        self.curtain.aside("It is suspended as soon as the act in flight is over; Ctrl-Z again does not wait for it.");
    }

    fn suspend(&self) {
        self.curtain.lower();
        let process = std::process::id();
        self.curtain.say(&format!(
            "Suspended where it is (process {process}). Nothing is lost, and what Heroku has begun goes on. It still holds \
             the run: `fg` goes on here, and these two commands go on from another terminal:"
        ));
        self.curtain.say_command(&format!("hcops stop {}", self.run));
        self.curtain.say_command(&format!("hcops resume {}", self.run));
        self.tell(true);
        self.curtain.printer.flush_within(BEFORE_SUSPENDED);
    }

    fn go_on(&self) {
        self.curtain.say("It goes on, and looks at the world again first.");
        self.tell(false);
        self.curtain.raise();
    }

    fn leave_terminal(&self) {
        self.curtain.leave_terminal();
    }
}

/// The screen of a process that only watches.
pub(super) struct WatchScene {
    curtain: Curtain,
    keys: KeySwitch,
}

impl WatchScene {
    pub(super) fn new(desk: &Desk, stage: Stage, keys: KeySwitch) -> Self {
        Self { curtain: Curtain::new(desk, stage), keys }
    }
}

impl Scene for WatchScene {
    fn suspend(&self) {
        self.curtain.lower();
        self.keys.off();
        self.curtain.say("The watching is suspended, the run is not; `fg` goes on watching.");
        self.curtain.printer.flush_within(BEFORE_SUSPENDED);
    }

    fn go_on(&self) {
        self.keys.on();
        self.curtain.raise();
    }

    fn leave_terminal(&self) {
        self.curtain.leave_terminal();
    }
}

/// The live area, which goes away and comes back.
struct Curtain {
    printer: Printer,
    appearance: Appearance,
    stage: Stage,
    was_up: AtomicBool,
}

impl Curtain {
    fn new(desk: &Desk, stage: Stage) -> Self {
        let (printer, appearance) = (desk.printer.clone(), desk.appearance.clone());
        Self { printer, appearance, stage, was_up: AtomicBool::new(false) }
    }

    fn lower(&self) {
        self.was_up.store(self.stage.lower(), Ordering::Relaxed);
    }

    fn raise(&self) {
        if self.was_up.swap(false, Ordering::Relaxed) {
            self.stage.raise();
        }
    }

    fn leave_terminal(&self) {
        self.printer.leave_terminal();
        self.stage.lower();
    }

    fn aside(&self, text: &str) {
        self.lower();
        self.say(text);
        self.raise();
    }

    fn say(&self, text: &str) {
        let text = self.appearance.tell(text);
        self.printer.note_lines(&wrap(&text, self.appearance.columns, "", ""));
    }

    fn say_command(&self, command: &str) {
        self.printer.note(&format!("  {}", self.appearance.dress(Tone::Command, command)));
    }
}
