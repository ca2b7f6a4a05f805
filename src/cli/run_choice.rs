//! Which run is meant: a prefix of its id, or the newest that is not finished.

use clap::Args;

use super::desk::Desk;
use super::failure::Failure;

/// A run.
#[derive(Args, Clone, Default)]
pub(super) struct RunChoice {
    /// The run: as much of its id as fits no other [default: the newest that is not finished]
    #[arg(value_name = "RUN")]
    pub(super) run: Option<String>,
}

impl RunChoice {
    /// The name of an unfinished run.
    ///
    /// # Errors
    /// When none is named and none is unfinished.
    pub(super) fn unfinished(&self, desk: &Desk) -> Result<String, Failure> {
        if let Some(named) = &self.run {
            return Ok(named.clone());
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

    /// The name of a run: the newest unfinished, else the newest.
    ///
    /// # Errors
    /// When none is named and there is none.
    pub(super) fn any(&self, desk: &Desk) -> Result<String, Failure> {
        if self.run.is_some() {
            return self.unfinished(desk);
        }
        let store = desk.store();
        let newest = match store.newest_unfinished()? {
            Some(run) => Some(run),
            None => store.list()?.first().map(|listing| listing.run),
        };
        newest.map(|run| run.to_string()).ok_or_else(|| {
            Failure::usage(
                "there are no runs",
                "The command is about one run.",
                "Start one, or rehearse one without touching anything.",
            )
            .with_command("hcops rehearse version-upgrade")
        })
    }
}
