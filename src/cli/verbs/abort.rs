use clap::Args;

use crate::cli::arguments::Conduct;
use crate::cli::beforehand;
use crate::cli::desk::Desk;
use crate::cli::execution::{self, Direction};
use crate::cli::failure::Failure;
use crate::cli::reach::Reach;
use crate::cli::run_choice::{RunChoice, TakeOver};
use hcops_model::Exit;

/// Turn a run back: restore what was before
///
/// Reverses what the run has done, newest first, as a plan of its own that is shown, approved, journalled and can be
/// taken up again. Possible until the point of no return. Exit 20 when everything is restored.
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    run: RunChoice,
    #[command(flatten)]
    take_over: TakeOver,
    #[command(flatten)]
    conduct: Conduct,
}

/// Turns back.
///
/// # Errors
/// When there is no such run, another process holds it, or no way leads back.
pub(in crate::cli) async fn run(arguments: Arguments, desk: &Desk) -> Result<Exit, Failure> {
    let name = arguments.run.unfinished(desk)?;
    let reach = Reach::of_run(desk, &name, Direction::Back).await?;
    beforehand::fit_run(desk, &reach, &name, &arguments.conduct.answers, Direction::Back)?;
    let open = execution::take(desk, &reach, &name, &arguments.take_over).await?;
    execution::carry_out(desk, &reach, open, &arguments.conduct, Direction::Back).await
}
