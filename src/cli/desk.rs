use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::arguments::{Everywhere, Form};
use super::environment::{self, Environment};
use super::failure::Failure;
use super::settings::{SaidBy, Settings};
use hcops_journal::RunStore;
use hcops_model::EVENT_VERSION;
use hcops_model::state_dir::StateDir;
use hcops_terminal::{Appearance, Printer, RunNames, error_line, fault_lines};

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
    /// What flags, variables and the config file say.
    pub(super) settings: Settings,
    /// Whether it was said that a long journal takes a while to be read.
    told_of_long: AtomicBool,
}

/// A journal from this size on takes more than a moment to be read, mebibytes.
const LONG: u64 = 20;

/// Below this many columns the live screen is no help.
const NARROW: u16 = 60;

/// How long nothing need be said.
const MOMENT: Duration = Duration::from_millis(1500);

impl Desk {
    /// Looks at the terminal, the environment and the options.
    ///
    /// # Errors
    /// When the config file is wrong, or there is no place for runs.
    pub(super) fn set_up(environment: Environment, options: &Everywhere) -> Result<Self, Failure> {
        let settings = Settings::read(&environment, options)?;
        let mut desk = Self::looked_at(environment, options, settings);
        // Runs that cannot be listed are told by the command that needs them.
        desk.appearance.runs = RunNames::of(desk.quiet_store().ids().unwrap_or_default());
        Ok(desk)
    }

    /// Enough of a desk to say why there is no better one.
    pub(super) fn bare(options: &Everywhere) -> Self {
        Self::looked_at(Environment::read(), options, Settings::of_flags(options))
    }

    fn looked_at(environment: Environment, options: &Everywhere, settings: Settings) -> Self {
        let terminal = console::Term::stderr();
        let form = settings.output.value;
        let attended = terminal.is_term() && std::io::stdin().is_terminal();
        let (_, columns) = terminal.size();
        let interactive = attended && !options.non_interactive && form == Form::Text;
        let capable = !options.plain && environment.get(environment::TERM) != Some("dumb") && columns >= NARROW;
        let coloured = !options.no_color && environment.get(environment::NO_COLOR).is_none();
        Self {
            printer: if form == Form::Json { Printer::standard().with_json_data() } else { Printer::standard() },
            appearance: Appearance {
                colour: terminal.is_term() && coloured,
                columns: columns_of(&terminal),
                unicode: cfg!(not(unix)) || environment.is_utf8(),
                zone: zone(attended),
                called: environment.owned(environment::CALLED),
                runs: RunNames::none(),
                state_dir: state_dir(&settings),
                language: settings.lang.value,
            },
            form,
            interactive,
            live: interactive && capable,
            verbose: options.verbose,
            settings,
            environment,
            told_of_long: AtomicBool::new(false),
        }
    }

    /// How text is dressed now: since the desk was set up its terminal may have become wider or narrower.
    pub(super) fn appearance_now(&self) -> Appearance {
        Appearance { columns: columns_of(&console::Term::stderr()), ..self.appearance.clone() }
    }

    /// The runs of this desk. Where a journal is so long that reading it takes a while, that is said first.
    pub(super) fn store(&self) -> RunStore {
        let store = self.quiet_store();
        if !self.told_of_long.swap(true, Ordering::Relaxed)
            && let Some((path, bytes)) = store.longest().filter(|(_, bytes)| *bytes >> 20 >= LONG)
        {
            let path = path.display();
            let said = format!("{path} has {} MB: whatever reads it takes a little longer", bytes >> 20);
            match self.form {
                Form::Text => self.remark(&format!("note: {said}")),
                Form::Json => self
                    .remark(&json!({ "v": EVENT_VERSION, "kind": "waiting", "note": said, "waited": 0 }).to_string()),
            }
        }
        store
    }

    /// The same, where nothing but the result may be said.
    pub(super) fn quiet_store(&self) -> RunStore {
        RunStore::new(self.settings.journal.value.join("runs"))
    }

    /// Lines of data for people.
    pub(super) fn say(&self, lines: &[String]) {
        self.printer.data_lines(lines);
    }

    /// Waits for a look, and says so where it takes longer than a moment: on standard error, so that what is on standard
    /// output stays the result alone; with JSON as an event.
    pub(super) async fn patiently<T>(&self, what: &str, look: impl Future<Output = T>) -> T {
        let mut look = std::pin::pin!(look);
        match tokio::time::timeout(MOMENT, &mut look).await {
            Ok(seen) => seen,
            Err(_) => {
                match self.form {
                    Form::Text => self.remark(
                        &self.appearance.tell(&format!("{what}: this takes a little longer; every wait has an end")),
                    ),
                    Form::Json => self.remark(
                        &json!({ "v": EVENT_VERSION, "kind": "waiting", "note": what, "waited": MOMENT.as_secs() })
                            .to_string(),
                    ),
                }
                look.await
            }
        }
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
            self.printer.data(&error_line(&failure.fault, failure.exit.code(), &self.appearance.state_dir));
        }
    }
}

/// The folder that commands have to name again, because an option named it.
fn state_dir(settings: &Settings) -> StateDir {
    match settings.journal.by {
        SaidBy::Option(_) => {
            let named = &settings.journal.value;
            StateDir::named(&std::path::absolute(named).unwrap_or_else(|_| named.clone()))
        }
        SaidBy::Variable(_) | SaidBy::Remote | SaidBy::Line(_) | SaidBy::Default => StateDir::usual(),
    }
}

/// As wide as the terminal, within what can be read; a log has 80 columns.
fn columns_of(terminal: &console::Term) -> usize {
    if terminal.is_term() { usize::from(terminal.size().1).clamp(40, 120) } else { 80 }
}

/// A log is read elsewhere later: it tells UTC.
fn zone(attended: bool) -> TimeZone {
    if attended { TimeZone::system() } else { TimeZone::UTC }
}
