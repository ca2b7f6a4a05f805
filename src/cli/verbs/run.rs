use std::path::Path;

use clap::Args;

use crate::cli::arguments::{AppChoice, Conduct, GateChoice, ProcedureChoice};
use crate::cli::desk::Desk;
use crate::cli::document;
use crate::cli::elsewhere::Elsewhere;
use crate::cli::execution::{self, Direction};
use crate::cli::failure::Failure;
use crate::cli::in_the_way::{self, Beside};
use crate::cli::inputs::Inputs;
use crate::cli::planning::{self, Wish};
use crate::cli::reach::Reach;
use crate::cli::{app_name, beforehand};
use hcops_journal::claims::only_looks;
use hcops_model::{Exit, Plan, RunId};
use hcops_runbook as runbook;

/// Plan, show, ask, and carry out a procedure
///
/// At a terminal it asks before it begins, at every point of no return, and whenever only a person can know. Elsewhere
/// flags answer, and what they do not answer parks the run (exit 10) with the exact command that does.
///
/// With a plan file, or with --approve, exactly the plan that was reviewed is carried out: when the world has changed
/// since, the difference is printed and nothing is done (exit 11).
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    /// A procedure, or a plan file of `hcops plan -o`
    #[arg(value_name = "PROCEDURE|PLAN.json")]
    what: String,
    #[command(flatten)]
    app: AppChoice,
    #[command(flatten)]
    choice: ProcedureChoice,
    #[command(flatten)]
    conduct: Conduct,
    #[command(flatten)]
    gate: GateChoice,
    #[command(flatten)]
    beside: Beside,
}

/// Plans and carries out.
///
/// # Errors
/// When no run could be begun.
pub(in crate::cli) async fn run(mut arguments: Arguments, inputs: Inputs, desk: &Desk) -> Result<Exit, Failure> {
    *arguments.conduct.answers.gate = std::mem::take(&mut arguments.gate);
    let approved = reviewed(&arguments.what)?;
    let wish = match &approved {
        Some(plan) => wish_of_plan(plan, &arguments)?,
        None => {
            let app = app_name::chosen(&arguments.app, desk)?;
            Wish::new(&arguments.what, &arguments.choice, inputs, app, arguments.app.resource.clone())
        }
    };
    begin(&wish, approved.as_ref(), &arguments.conduct, &arguments.beside, desk).await.map(|(exit, _)| exit)
}

/// Plans what is wished for, where `approved` is given exactly that, and carries it out. Returns the run as well.
///
/// # Errors
/// When no run could be begun.
pub(super) async fn begin(
    wish: &Wish,
    approved: Option<&Plan>,
    conduct: &Conduct,
    beside: &Beside,
    desk: &Desk,
) -> Result<(Exit, RunId), Failure> {
    let beside = beside.runs(desk)?;
    let reach = Reach::online(desk).await?;
    if let Some(approved) = approved {
        // What a run of one's own has changed is no change of the world: that run is named, not what it did.
        in_the_way::let_pass(desk, &reach, approved, &beside)?;
    }
    let looking = reach.for_looks();
    let plan = desk.patiently("surveying the app", planning::plan(&looking, wish)).await?;
    // Looks that wait for nobody but the one who asked have an end, like the survey before them.
    let reach = if only_looks(&plan) { reach.for_looks() } else { reach };
    if let Some(approved) = approved {
        planning::unchanged(approved, &plan)?;
    }
    let shown_by = format!("hcops plan {} -a {}", plan.procedure, plan.app);
    beforehand::fit_plan(desk, &conduct.answers, &plan, shown_by)?;
    in_the_way::let_pass(desk, &reach, &plan, &beside)?;
    desk.patiently("making the plan's own checks", planning::check(&looking, &plan)).await?;
    let run = RunId(uuid::Uuid::now_v7());
    let open = match execution::open(desk, &reach, run, plan.clone(), &beside) {
        Err(failure) if failure.exit == Exit::Failed => {
            let about = (run, &plan, false);
            Elsewhere::not_begun(desk, &conduct.telling, about, &failure.fault, reach.clock.now()).await?;
            return Err(failure);
        }
        other => other?,
    };
    let exit = execution::carry_out(desk, &reach, open, conduct, Direction::Onward).await?;
    Ok((exit, run))
}

/// Longest plan that is read, in bytes: it may hold a configuration that is imported, more than once.
const LONGEST_PLAN: u64 = 32 << 20;

/// The plan in the file of this name, if it is one.
fn reviewed(what: &str) -> Result<Option<Plan>, Failure> {
    let path = Path::new(what);
    let looks_like_a_file = path.extension().is_some_and(|extension| extension == "json") || path.is_file();
    if !looks_like_a_file {
        return Ok(None);
    }
    let text = document::text(path, LONGEST_PLAN)?;
    Ok(Some(runbook::load_plan(what, &text)?))
}

fn wish_of_plan(plan: &Plan, arguments: &Arguments) -> Result<Wish, Failure> {
    match &arguments.app.app {
        Some(app) if *app != plan.app => Err(Failure::usage(
            format!("the plan is for {}, and -a names {app}", plan.app),
            "A plan is about the app that it was made for.",
            "Leave -a out, or make a plan for the other app.",
        )),
        _ => Ok(Wish::of_plan(plan, arguments.choice.runbook.clone())),
    }
}
