//! The clap tree. The doc comment of each argument struct is its help text.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use super::operations::{self, OperationOf};
use super::{verbs, version};
use hcops_i18n::Language;

/// Maintenance of Heroku Connect and of the Heroku Postgres database under it, as interactive, resumable procedures
#[derive(Parser)]
#[command(
    name = "hcops",
    version = version::SHORT,
    long_version = version::long(),
    max_term_width = 100,
    disable_help_subcommand = true,
    arg_required_else_help = false
)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) everywhere: Everywhere,
    #[command(subcommand)]
    pub(super) verb: Option<Verb>,
}

/// Options that every command takes.
#[derive(Args, Clone, Default)]
pub(super) struct Everywhere {
    /// Ask nothing: what is not answered by a flag parks the run (exit 10)
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub(super) non_interactive: bool,
    /// How to tell it: `json` prints one object per line on standard output [default: text, or `output` of the config
    /// file]
    #[arg(long, global = true, value_enum, value_name = "FORM", help_heading = "Everywhere")]
    pub(super) output: Option<Form>,
    /// Same as --output json
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub(super) json: bool,
    /// Where runs are kept [default: $HCOPS_STATE_DIR, `journal` of the config file, or hcops in the XDG state directory]
    #[arg(long, global = true, value_name = "DIR", help_heading = "Everywhere")]
    pub(super) state_dir: Option<PathBuf>,
    /// Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub(super) plain: bool,
    /// No colours, as with NO_COLOR
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub(super) no_color: bool,
    /// The language of what is told [default: `lang` of the config file, or that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English
    #[arg(long, global = true, value_enum, value_name = "LANGUAGE", help_heading = "Everywhere")]
    pub(super) lang: Option<Tongue>,
    /// Trace to standard error; twice for each request
    #[arg(short, long, global = true, action = ArgAction::Count, help_heading = "Everywhere")]
    pub(super) verbose: u8,
}

/// How a command tells its result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

/// A language that can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Tongue {
    /// English, as everything is written.
    En,
    /// Japanese.
    Ja,
}

impl From<Tongue> for Language {
    fn from(tongue: Tongue) -> Self {
        match tongue {
            Tongue::En => Self::English,
            Tongue::Ja => Self::Japanese,
        }
    }
}

/// The commands.
#[derive(Subcommand)]
pub(super) enum Verb {
    Plan(verbs::plan::Arguments),
    Run(verbs::run::Arguments),
    Resume(verbs::resume::Arguments),
    Abort(verbs::abort::Arguments),
    Answer(verbs::answer::Arguments),
    Runs(verbs::runs::Arguments),
    Show(verbs::show::Arguments),
    Watch(verbs::watch::Arguments),
    Stop(verbs::stop::Arguments),
    Report(verbs::report::Arguments),
    Rehearse(verbs::rehearse::Arguments),
    Status(verbs::status::Arguments),
    Doctor(verbs::doctor::Arguments),
    Windows(verbs::windows::Arguments),
    #[command(subcommand)]
    App(App),
    #[command(subcommand)]
    Connect(Connect),
    #[command(subcommand)]
    Postgres(Postgres),
    #[command(subcommand)]
    Runbook(verbs::runbook::Arguments),
    Simulator(verbs::simulator::Arguments),
    Schema(verbs::schema::Arguments),
    Config(verbs::config::Arguments),
    Completions(verbs::completions::Arguments),
    Man(verbs::man::Arguments),
}

/// Single steps on an app: maintenance mode, formation
#[derive(Subcommand)]
pub(super) enum App {
    /// One of `runbooks/operations/`.
    #[command(flatten)]
    Operation(OperationOf<operations::App>),
}

/// Single steps on a connection: pause, resume, repoint …
#[derive(Subcommand)]
pub(super) enum Connect {
    /// One of `runbooks/operations/`.
    #[command(flatten)]
    Operation(OperationOf<operations::Connect>),
}

/// Single steps on databases: follow, upgrade, promote, compare …
#[derive(Subcommand)]
pub(super) enum Postgres {
    Compare(verbs::postgres_compare::Arguments),
    /// One of `runbooks/operations/`.
    #[command(flatten)]
    Operation(OperationOf<operations::Postgres>),
}

/// Which app, and which of its connections.
#[derive(Args, Clone, Default)]
pub(super) struct AppChoice {
    /// The app [default: $HEROKU_APP, the app of the git remote, or that of the config file]
    #[arg(short, long, value_name = "APP")]
    pub(super) app: Option<String>,
    /// Take the app from this git remote
    #[arg(short, long, value_name = "REMOTE", conflicts_with = "app")]
    pub(super) remote: Option<String>,
    /// The Connect add-on, where the app has several connections
    #[arg(long, value_name = "NAME")]
    pub(super) resource: Option<String>,
}

/// How a procedure is to be carried out.
#[derive(Args, Clone, Default)]
pub(super) struct ProcedureChoice {
    /// The way to do it [default: proposed from the facts; `hcops plan` shows the others]
    #[arg(long, value_name = "METHOD")]
    pub(super) method: Option<String>,
    /// A runbook of your own instead of an embedded one
    #[arg(long, value_name = "FILE", conflicts_with = "method")]
    pub(super) runbook: Option<PathBuf>,
    /// An input of the runbook; those of the embedded runbooks are options of their own
    #[arg(long, value_name = "KEY=VALUE", value_parser = super::flags::key_and_value)]
    pub(super) input: Vec<(String, String)>,
}

/// How a run is conducted: what is answered beforehand, and who is told of it.
#[derive(Args, Clone, Default)]
pub(super) struct Conduct {
    #[command(flatten)]
    pub(super) answers: AnswersBeforehand,
    #[command(flatten)]
    pub(super) telling: Telling,
}

/// Who is told of what matters in a run: that it is parked, past the point of no return, late, failed or done.
#[derive(Args, Clone, Default)]
#[command(next_help_heading = "Telling others")]
pub(super) struct Telling {
    /// Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never
    /// breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY or in the config file [default for what is no
    /// rehearsal]
    #[arg(long, value_name = "URL", value_parser = super::elsewhere::address)]
    pub(super) notify: Vec<String>,
    /// Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run
    #[arg(long, value_name = "COMMAND")]
    pub(super) on_event: Vec<String>,
}

/// Answers that are given beforehand. There is no flag that says yes to everything.
#[derive(Args, Clone, Default)]
pub(super) struct AnswersBeforehand {
    /// Approve exactly the plan with this digest (at least 12 characters), and attest what it lists
    #[arg(long, value_name = "DIGEST")]
    pub(super) approve: Option<String>,
    /// Cross the next point of no return that goes by this name, once; another one needs its own
    #[arg(long, value_name = "NAME")]
    pub(super) confirm: Vec<String>,
    /// Answer a question: a step's id and the answer; in trouble a choice, `skip:REASON` for a skip
    #[arg(long, value_name = "ID=VALUE", value_parser = super::flags::key_and_value)]
    pub(super) answer: Vec<(String, String)>,
    /// When the downtime may begin, where the command takes that.
    #[arg(skip)]
    pub(super) gate: Box<GateChoice>,
}

/// When the downtime may begin. Without one of these somebody is asked at the gate, and where nobody is there the run parks before
/// writes go off.
#[derive(Args, Clone, Default)]
#[command(next_help_heading = "When writes go off")]
pub(super) struct GateChoice {
    /// Let the downtime begin as soon as everything before it is done
    #[arg(long, group = "opening")]
    pub(super) go: bool,
    /// Let it begin at this time, in the time zone of this machine: 22:00, 2026-12-03T22:00, 22:00@Europe/Berlin
    #[arg(long, value_name = "TIME", group = "opening")]
    pub(super) at: Option<String>,
    /// Let it begin between these hours of whichever day, where what is left of them holds the usual downtime:
    /// 22:00-02:00, 22:00-02:00@Europe/Berlin
    #[arg(long, value_name = "HOURS", group = "opening")]
    pub(super) window: Option<String>,
    /// Turn back where the point of no return cannot be reached within this time after writes went off (at a terminal it
    /// asks): 30m, 1h 30m
    #[arg(long, value_name = "TIME", value_parser = super::flags::budget)]
    pub(super) budget: Option<String>,
    /// Prepare everything, and leave the run at the gate
    #[arg(long, value_name = "PLACE", value_parser = ["gate"], group = "opening")]
    pub(super) until: Option<String>,
}

impl GateChoice {
    /// What was given, as somebody would type it at the gate; now, where no time was given.
    pub(super) fn typed(&self) -> String {
        let at = self.at.as_ref().map(|at| format!("at {at}"));
        let window = || self.window.as_ref().map(|hours| format!("window {hours}"));
        let when = at.or_else(window).unwrap_or_else(|| "now".to_owned());
        self.budget.as_ref().map_or_else(|| when.clone(), |budget| format!("{when} budget {budget}"))
    }

    /// The flag that was given, where one was.
    pub(super) fn flag(&self) -> Option<&'static str> {
        let given = [
            (self.go, "--go"),
            (self.at.is_some(), "--at"),
            (self.window.is_some(), "--window"),
            (self.budget.is_some(), "--budget"),
            (self.until.is_some(), "--until"),
        ];
        given.into_iter().find_map(|(is_given, flag)| is_given.then_some(flag))
    }
}

/// Which apps, and which of their connections.
#[derive(Args, Clone, Default)]
pub(super) struct AppsChoice {
    /// The app; may be given several times [default: $HEROKU_APP, the app of the git remote, or that of the config file]
    #[arg(short, long, value_name = "APP")]
    pub(super) app: Vec<String>,
    /// Take the app from this git remote
    #[arg(short, long, value_name = "REMOTE", conflicts_with = "app")]
    pub(super) remote: Option<String>,
    /// Only this Connect add-on, where an app has several connections
    #[arg(long, value_name = "NAME")]
    pub(super) resource: Option<String>,
}

/// How deep to look, and what decides the exit code.
#[derive(Args, Clone)]
pub(super) struct LookChoice {
    /// Look into the databases as well: backlog, failed rows, hstore, numbers of objects; by SQL that only reads
    #[arg(long)]
    pub(super) sql: bool,
    /// From which grade on a finding decides the exit code [default: attention]
    #[arg(long, value_enum, value_name = "GRADE")]
    pub(super) fail_on: Option<Threshold>,
    /// A deadline within so many days wants attention
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub(super) days: u32,
    /// Maintenance within so many hours wants attention
    #[arg(long, value_name = "N", default_value_t = 168, value_parser = clap::value_parser!(u32).range(1..=8760))]
    pub(super) hours: u32,
}

/// From which grade on a finding decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Threshold {
    /// Everything that is not well
    Note,
    /// What somebody should see to
    Attention,
    /// What is broken now
    Broken,
    /// Nothing; only what could not be looked at
    Never,
}
