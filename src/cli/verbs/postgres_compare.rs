use std::num::{NonZeroU32, NonZeroU64};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use clap::{Args, ValueEnum};
use tokio::sync::OnceCell;

use crate::cli::app_name;
use crate::cli::arguments::{AppChoice, Form};
use crate::cli::clock::SystemClock;
use crate::cli::comparison;
use crate::cli::database_name::DatabaseName;
use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::reach::Reach;
use hcops_database::compare::{
    self, CheckpointFile, Comparison, Depth, ExpectedOrg, Options, Origin, Phase, Progress, Verdict, Watch,
};
use hcops_model::{DatabaseUrl, Exit, Fault, FaultKind};
use hcops_terminal::{Appearance, Printer};

/// Compare two databases, of possibly different majors: is the new one an exact copy? Changes nothing
///
/// Reads structure, sequences, large objects, what Connect keeps in its schema, and every value of every table on both
/// sides, each at one moment; let nothing write to them meanwhile. Rows that differ are named by their keys, which are
/// always shown. docs/compare.md says how sure the result is.
///
/// A database is named by an attachment, a config var or an add-on of the app, as APP::NAME for another app, or by a
/// postgres:// URL. Other users of this machine can see a URL in the list of processes; a name tells them nothing.
///
/// Exit 0 when everything was compared and no difference was found, 15 when there is one, 12 when something could not be
/// compared and may differ, 2 when a name means no database, 1 when a database cannot be read.
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    /// The database as it was
    old: String,
    /// The database that should be the same
    new: String,
    /// The app whose databases are named [default: $HEROKU_APP, or the app of the git remote]
    #[arg(short, long, value_name = "APP")]
    app: Option<String>,
    /// Take the app from this git remote
    #[arg(short, long, value_name = "REMOTE", conflicts_with = "app")]
    remote: Option<String>,
    /// What of the tables is compared
    #[arg(long, alias = "compare", value_enum, default_value_t, value_name = "MODE")]
    mode: Contents,
    /// The new database was made as a follower of the old one: its sequences may be up to 32 values ahead
    #[arg(long)]
    follower: bool,
    /// Connections to each database that read tables
    #[arg(long, value_name = "N", default_value_t = Options::default().jobs)]
    jobs: NonZeroU32,
    /// Read at most so many bytes a second from each database
    #[arg(long, value_name = "BYTES")]
    max_rate: Option<NonZeroU64>,
    /// Keep what was read in this file: when the comparison was cut short, the same command goes on there, as long as
    /// neither database has changed. Removed at the end
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// The id of the Salesforce org that Connect's schema must name; for several orgs on one database once for each, with
    /// its schema
    #[arg(long, value_name = "[SCHEMA=]ORG_ID")]
    org: Vec<String>,
    /// Rows that are shown of each table that differs
    #[arg(long, value_name = "N", default_value_t = Options::default().rows_shown)]
    rows: usize,
    /// Show the values that differ, instead of their lengths
    #[arg(long)]
    show_values: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Contents {
    /// Every value of every row
    #[default]
    Full,
    /// Only the number of rows
    Counts,
}

impl Arguments {
    fn options(&self) -> Options {
        Options {
            depth: match self.mode {
                Contents::Full => Depth::Full,
                Contents::Counts => Depth::Counts,
            },
            origin: if self.follower { Origin::Follower } else { Origin::Copy },
            jobs: self.jobs,
            max_rate: self.max_rate.map(NonZeroU64::get),
            rows_shown: self.rows,
            show_values: self.show_values,
            expected_orgs: self.org.iter().map(|text| expected_org(text)).collect(),
            ..Options::default()
        }
    }
}

/// `SCHEMA=ORG_ID`, or `ORG_ID` of whichever schema.
fn expected_org(text: &str) -> ExpectedOrg {
    match text.rsplit_once('=') {
        Some((schema, id)) => ExpectedOrg { schema: Some(schema.to_owned()), id: id.to_owned() },
        None => ExpectedOrg { schema: None, id: text.to_owned() },
    }
}

/// Compares and tells.
///
/// # Errors
/// When a name means no database, or a database cannot be read.
pub(in crate::cli) async fn run(arguments: &Arguments, desk: &Desk) -> Result<Exit, Failure> {
    let [old, new] = addresses(arguments, desk).await?;
    let watch = Arc::new(Throttled {
        printer: desk.printer.clone(),
        appearance: desk.appearance.clone(),
        told_at: Mutex::new(None),
    });
    // The servers are real even where the Heroku that named them is simulated.
    let (options, clock) = (arguments.options(), Arc::new(SystemClock));
    let compared = match &arguments.checkpoint {
        Some(path) => {
            let checkpoint = Arc::new(CheckpointFile::open(path)?);
            compare::compare_resumable(&old, &new, &options, clock, watch, checkpoint).await?
        }
        None => compare::compare(&old, &new, &options, clock, watch).await?,
    };
    tell(&compared, desk)?;
    Ok(match compared.verdict {
        Verdict::NoDifferenceFound => Exit::Done,
        Verdict::DifferencesFound => Exit::VerificationFailed,
        Verdict::NotAllCompared => Exit::Unclear,
    })
}

/// Both addresses. Heroku is asked only where a name makes it necessary.
async fn addresses(arguments: &Arguments, desk: &Desk) -> Result<[DatabaseUrl; 2], Failure> {
    let old = DatabaseName::read(&arguments.old, "OLD")?;
    let new = DatabaseName::read(&arguments.new, "NEW")?;
    let lookup = Lookup { arguments, desk, reach: OnceCell::new() };
    Ok([lookup.address(old).await?, lookup.address(new).await?])
}

/// The way from names to addresses, begun when it is first needed.
struct Lookup<'a> {
    arguments: &'a Arguments,
    desk: &'a Desk,
    reach: OnceCell<Reach>,
}

impl Lookup<'_> {
    async fn address(&self, name: DatabaseName) -> Result<DatabaseUrl, Failure> {
        let (app, name) = match name {
            DatabaseName::Url(url) => return Ok(url),
            DatabaseName::Named { app: Some(app), name } => (app, name),
            DatabaseName::Named { app: None, name } => (self.chosen_app()?, name),
        };
        let asking = async {
            let reach = self.reach.get_or_try_init(|| Reach::to_look(self.desk)).await?;
            Ok::<_, Failure>(reach.clients.platform.named_database(&app, &name).await?)
        };
        self.desk.patiently("asking Heroku for the database", asking).await.map_err(Failure::of_look)
    }

    fn chosen_app(&self) -> Result<String, Failure> {
        let (app, remote) = (self.arguments.app.clone(), self.arguments.remote.clone());
        app_name::chosen(&AppChoice { app, remote, resource: None }, self.desk)
    }
}

fn tell(compared: &Comparison, desk: &Desk) -> Result<(), Failure> {
    match desk.form {
        Form::Text => desk.say(&comparison::lines(compared, &desk.appearance)),
        Form::Json => desk.say_json("comparison", serde_json::to_value(compared).map_err(|error| untold(&error))?),
    }
    Ok(())
}

fn untold(error: &serde_json::Error) -> Fault {
    Fault::new(
        FaultKind::Bug,
        format!("the result cannot be written as JSON: {error}"),
        "The comparison was made, but cannot be handed on.",
        "Leave --output json away, and report this as a defect.",
    )
}

/// Says how far it is: when a part begins that takes long, and every few seconds.
struct Throttled {
    printer: Printer,
    appearance: Appearance,
    /// The part and the second of the last line.
    told_at: Mutex<Option<(Phase, u64)>>,
}

/// Seconds between two lines.
const PAUSE: u64 = 5;

impl Watch for Throttled {
    fn see(&self, progress: &Progress) {
        let mut told_at = self.told_at.lock().unwrap_or_else(PoisonError::into_inner);
        if is_news(*told_at, progress) {
            *told_at = Some((progress.phase, progress.seconds));
            self.printer.note(&self.appearance.tell(&comparison::progress_line(progress)));
        }
    }
}

fn is_news(told_at: Option<(Phase, u64)>, progress: &Progress) -> bool {
    told_at.is_none_or(|(phase, second)| {
        let begins = progress.phase == Phase::Contents && phase != Phase::Contents;
        begins || progress.seconds >= second + PAUSE
    })
}

#[cfg(test)]
mod tests {
    use super::is_news;
    use hcops_database::compare::{Phase, Progress};

    fn at(phase: Phase, seconds: u64) -> Progress {
        Progress { phase, bytes: 0, bytes_in_all: 0, rows: 0, retries: 0, seconds, seconds_left: None }
    }

    #[test]
    fn progress_is_told_at_the_beginning_and_then_every_few_seconds() {
        assert!(is_news(None, &at(Phase::Structure, 0)));
        assert!(is_news(Some((Phase::Structure, 0)), &at(Phase::Contents, 1)));
        assert!(!is_news(Some((Phase::Contents, 1)), &at(Phase::Contents, 5)));
        assert!(!is_news(Some((Phase::Contents, 1)), &at(Phase::Locating, 2)));
        assert!(is_news(Some((Phase::Contents, 1)), &at(Phase::Contents, 6)));
    }
}
