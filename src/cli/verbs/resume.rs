use clap::Args;

use crate::cli::arguments::{Conduct, GateChoice};
use crate::cli::beforehand;
use crate::cli::desk::Desk;
use crate::cli::execution::{self, Direction};
use crate::cli::failure::Failure;
use crate::cli::reach::Reach;
use crate::cli::run_choice::{RunChoice, TakeOver};
use hcops_model::Exit;

/// Go on with a run: after a crash, an interrupt, an answer
///
/// Looks at the world first: what was done in the meantime counts as done, and no effect is made twice.
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    run: RunChoice,
    #[command(flatten)]
    take_over: TakeOver,
    #[command(flatten)]
    conduct: Conduct,
    #[command(flatten)]
    gate: GateChoice,
}

/// Goes on.
///
/// # Errors
/// When there is no such run, another process holds it, or it cannot be gone on with from here.
pub(in crate::cli) async fn run(mut arguments: Arguments, desk: &Desk) -> Result<Exit, Failure> {
    *arguments.conduct.answers.gate = std::mem::take(&mut arguments.gate);
    let name = arguments.run.unfinished(desk)?;
    let reach = Reach::of_run(desk, &name, Direction::Onward).await?;
    beforehand::fit_run(desk, &reach, &name, &arguments.conduct.answers, Direction::Onward)?;
    let open = execution::take(desk, &reach, &name, &arguments.take_over).await?;
    execution::carry_out(desk, &reach, open, &arguments.conduct, Direction::Onward).await
}
