//! Which run is meant: a prefix of its id, or the newest that is not finished.

use clap::Args;

use super::clock::SystemClock;
use super::desk::Desk;
use super::failure::Failure;
use super::run_list::table;
use hcops_journal::{Listing, Standing};
use hcops_model::{Clock as _, RunId};

/// A run.
#[derive(Args, Clone, Default)]
pub(super) struct RunChoice {
    /// The run: as much of its id as fits no other [default: the newest that is not finished]
    #[arg(value_name = "RUN")]
    pub(super) run: Option<String>,
}

/// The word with which a copy of a run's folder is gone on with.
#[derive(Args, Clone, Default)]
pub(super) struct TakeOver {
    /// Go on here although the run's folder is a copy of another one (another machine, a backup): why nobody goes on there.
    /// It is written into the journal
    #[arg(long, value_name = "WHY", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(super) take_over: Option<String>,
}

impl RunChoice {
    /// The id of an unfinished run.
    ///
    /// # Errors
    /// When none is named and none is unfinished, or the name fits none or several.
    pub(super) fn unfinished(&self, desk: &Desk) -> Result<String, Failure> {
        if let Some(named) = &self.run {
            return Ok(named_run(named, desk)?.to_string());
        }
        let newest = desk.store().newest_unfinished()?;
        newest.map(|run| run.to_string()).ok_or_else(|| {
            Failure::usage(
                "no run is unfinished",
                "Without a name the command is about the newest run that is not finished.",
                "Name a run; finished ones can be shown and reported on.",
            )
            .with_command("hcops runs")
        })
    }

    /// The id of a run: the newest unfinished, else the newest.
    ///
    /// # Errors
    /// When none is named and there is none, or the name fits none or several.
    pub(super) fn any(&self, desk: &Desk) -> Result<String, Failure> {
        if self.run.is_some() {
            return self.unfinished(desk);
        }
        let store = desk.store();
        let newest = match store.newest_unfinished()? {
            Some(run) => Some(run),
            None => store.list()?.first().map(|listing| listing.run),
        };
        newest.map(|run| run.to_string()).ok_or_else(no_runs)
    }

    /// The id of a run that a process drives; where none is named and none is driven, as [`RunChoice::any`].
    ///
    /// # Errors
    /// As [`RunChoice::any`].
    pub(super) fn driven(&self, desk: &Desk) -> Result<String, Failure> {
        if self.run.is_some() {
            return self.unfinished(desk);
        }
        let is_driven = |listing: &Listing| matches!(&listing.summary, Ok(summary) if matches!(summary.standing, Standing::Running(_)));
        match desk.store().list()?.into_iter().find(is_driven) {
            Some(listing) => Ok(listing.run.to_string()),
            None => self.any(desk),
        }
    }
}

fn no_runs() -> Failure {
    Failure::usage(
        "there are no runs",
        "The command is about one run.",
        "Start one, or rehearse one without touching anything.",
    )
    .with_command("hcops rehearse version-upgrade")
}

/// The run that this name means: its id, or as much of it as fits no other.
///
/// # Errors
/// When it fits none, or several: then with what each of them is.
pub(super) fn named_run(name: &str, desk: &Desk) -> Result<RunId, Failure> {
    let store = desk.store();
    let fitting = store.named(name)?;
    match fitting.as_slice() {
        [run] => Ok(*run),
        [] => Err(store.not_there(name).into()),
        several => {
            let meant: Vec<Listing> =
                store.list()?.into_iter().filter(|listing| several.contains(&listing.run)).collect();
            Err(Failure::usage(
                format!("`{name}` fits {} runs", several.len()),
                "The command is about one run.",
                "Give more of the id: as much as is shown above.",
            )
            .with_detail(table(&meant, SystemClock.now(), &desk.appearance))
            .with_command("hcops runs"))
        }
    }
}
