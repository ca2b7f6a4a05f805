use serde_json::json;

use super::Printer;
use hcops_model::state_dir::StateDir;
use hcops_model::{EVENT_VERSION, Event, Fault, Happening, Listener, Progress};

/// Prints one event per line on standard output: `{v, run, seq?, at, kind, …}`. Facts carry `seq`, progress does not.
pub struct JsonLines {
    printer: Printer,
    state_dir: StateDir,
}

impl JsonLines {
    /// Prints through this printer; what is to be typed finds the runs that are kept there.
    #[must_use]
    pub const fn new(printer: Printer, state_dir: StateDir) -> Self {
        Self { printer, state_dir }
    }

    /// What is told beside the journal. Its own lines are printed as they are: their chain is over these bytes.
    fn told(&self, event: &Event) -> Event {
        let mut event = event.clone();
        if let Happening::Progress { progress, .. } = &mut event.happening {
            match progress {
                Progress::Needs { needs } => **needs = self.state_dir.within_needs(needs.as_ref().clone()),
                Progress::Left { command, writes_off, .. } => {
                    *command = self.state_dir.within(command).into_owned();
                    *writes_off = writes_off.take().map(|off| self.state_dir.within_writes_off(off));
                }
                _ => {}
            }
        }
        event
    }
}

impl Listener for JsonLines {
    fn hear(&mut self, event: &Event) {
        if let Ok(line) = serde_json::to_string(&self.told(event)) {
            self.printer.data(&line);
        }
    }
}

/// The one line that `--output json` prints when a command fails before or outside a run:
/// `{v, kind: "error", exit, saw, why, remedy, command, requests}`.
#[must_use]
pub fn error_line(fault: &Fault, exit: u8, state_dir: &StateDir) -> String {
    json!({
        "v": EVENT_VERSION,
        "kind": "error",
        "exit": exit,
        "saw": fault.saw,
        "why": fault.why,
        "remedy": state_dir.within_text(&fault.remedy),
        "command": fault.command.as_deref().map(|command| state_dir.within(command)),
        "requests": fault.requests,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::{JsonLines, error_line};
    use crate::Printer;
    use hcops_model::state_dir::StateDir;
    use hcops_model::{Event, Fault, FaultKind, Happening, Listener, Progress, RunId, StepId};

    #[test]
    fn an_event_is_one_line_and_reads_back() {
        let printer = Printer::memory();
        let event = Event {
            v: 1,
            run: RunId(uuid::Uuid::nil()),
            happening: Happening::Progress {
                at: jiff::Timestamp::UNIX_EPOCH,
                progress: Progress::StepStarted { step: StepId::from("pause") },
            },
        };
        JsonLines::new(printer.clone(), StateDir::usual()).hear(&event);
        let printed = printer.printed_data();
        assert_eq!(printed.lines().count(), 1);
        assert_eq!(serde_json::from_str::<Event>(&printed).expect("an event"), event);
    }

    #[test]
    fn an_error_is_one_line_with_its_exit_code() {
        let fault = Fault::new(FaultKind::Usage, "two\nlines", "why", "remedy");
        let line = error_line(&fault, 2, &StateDir::usual());
        assert_eq!(line.lines().count(), 1);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&line).expect("json")["exit"], 2);
    }
}
