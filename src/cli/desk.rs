use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::arguments::{Everywhere, Form};
use super::environment::{self, Environment};
use super::failure::Failure;
use crate::engine::RunStore;
use crate::model::EVENT_VERSION;
use crate::screen::{Appearance, Printer, RunNames, error_line, fault_lines};

/// What the operator sits at: the terminal or log, the environment, and where runs are kept.
pub(super) struct Desk {
    pub(super) environment: Environment,
    pub(super) printer: Printer,
    pub(super) appearance: Appearance,
    pub(super) form: Form,
    /// Whether questions can be asked.
    pub(super) interactive: bool,
    /// Whether a live screen can be drawn.
    pub(super) live: bool,
    pub(super) verbose: u8,
    state_dir: PathBuf,
}

/// Below this many columns the live screen is no help.
const NARROW: u16 = 60;

impl Desk {
    /// Looks at the terminal, the environment and the options.
    ///
    /// # Errors
    /// When there is no place for runs.
    pub(super) fn set_up(environment: Environment, options: &Everywhere) -> Result<Self, Failure> {
        let state_dir = state_dir(&environment, options.state_dir.as_deref())?;
        let mut desk = Self { state_dir, ..Self::looked_at(environment, options) };
        // Runs that cannot be listed are told by the command that needs them.
        desk.appearance.runs = RunNames::of(desk.store().ids().unwrap_or_default());
        Ok(desk)
    }

    /// Enough of a desk to say why there is no better one.
    pub(super) fn bare(options: &Everywhere) -> Self {
        Self::looked_at(Environment::read(), options)
    }

    fn looked_at(environment: Environment, options: &Everywhere) -> Self {
        let terminal = console::Term::stderr();
        let form = if options.json { Form::Json } else { options.output };
        let attended = terminal.is_term() && std::io::stdin().is_terminal();
        let (_, columns) = terminal.size();
        let interactive = attended && !options.non_interactive && form == Form::Text;
        let capable = !options.plain && environment.get(environment::TERM) != Some("dumb") && columns >= NARROW;
        let coloured = !options.no_color && environment.get(environment::NO_COLOR).is_none();
        let columns = if terminal.is_term() { usize::from(columns).clamp(40, 120) } else { 80 };
        Self {
            printer: Printer::standard(),
            appearance: Appearance {
                colour: terminal.is_term() && coloured,
                columns,
                unicode: cfg!(not(unix)) || environment.is_utf8(),
                zone: zone(attended),
                called: environment.owned(environment::CALLED),
                runs: RunNames::none(),
                language: options.lang.map_or_else(|| environment.language(), Into::into),
            },
            form,
            interactive,
            live: interactive && capable,
            verbose: options.verbose,
            state_dir: PathBuf::new(),
            environment,
        }
    }

    /// The runs of this desk.
    pub(super) fn store(&self) -> RunStore {
        RunStore::new(self.state_dir.join("runs"))
    }

    /// Lines of data for people.
    pub(super) fn say(&self, lines: &[String]) {
        self.printer.data_lines(lines);
    }

    /// A remark that is not the command's result.
    pub(super) fn remark(&self, line: &str) {
        self.printer.note(line);
    }

    /// One JSON object of data: `{v, kind, …}`.
    pub(super) fn say_json(&self, kind: &str, fields: Value) {
        let mut object = json!({ "v": EVENT_VERSION, "kind": kind });
        if let (Some(object), Value::Object(fields)) = (object.as_object_mut(), fields) {
            object.extend(fields);
        }
        self.printer.data(&object.to_string());
    }

    /// Says why a command failed: for people on standard error, and with `--output json` also as one line of data.
    pub(super) fn tell_failure(&self, failure: &Failure) {
        for line in &failure.detail {
            self.printer.note(&self.appearance.tell(line));
        }
        if !failure.detail.is_empty() {
            self.printer.note("");
        }
        self.printer.note_lines(&fault_lines(&failure.fault, &self.appearance));
        if self.form == Form::Json {
            self.printer.data(&error_line(&failure.fault, failure.exit.code()));
        }
    }
}

/// A log is read elsewhere later: it tells UTC.
fn zone(attended: bool) -> TimeZone {
    if attended { TimeZone::system() } else { TimeZone::UTC }
}

fn state_dir(environment: &Environment, option: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(named) = option {
        return Ok(named.to_owned());
    }
    if let Some(named) = environment.get(environment::STATE_DIR) {
        return Ok(PathBuf::from(named));
    }
    let places = etcetera::choose_base_strategy().map_err(|error| {
        Failure::usage(
            format!("there is no place for runs: {error}"),
            "The journal of a run is kept on disk, so that another process can go on with it.",
            "Name a directory with --state-dir.",
        )
    })?;
    Ok(places.state_dir().unwrap_or_else(|| places.data_dir()).join("hcops"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_option_wins_over_the_variable() {
        let environment = Environment::of(&[(environment::STATE_DIR, "/from/variable")]);
        assert_eq!(state_dir(&environment, Some(Path::new("/from/option"))).unwrap(), Path::new("/from/option"));
        assert_eq!(state_dir(&environment, None).unwrap(), Path::new("/from/variable"));
    }
}
