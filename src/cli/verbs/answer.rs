use clap::Args;
use jiff::Timestamp;

use crate::cli::arguments::Form;
use crate::cli::clock::SystemClock;
use crate::cli::desk::Desk;
use crate::cli::execution::held_by_another;
use crate::cli::failure::Failure;
use crate::cli::flags::read_opening;
use crate::cli::reach::{has_its_own_time, simulated_now};
use crate::cli::run_choice::{TakeOver, named_run};
use hcops_engine::answer::{Given, give, over};
use hcops_journal::RunState;
use hcops_journal::lease::Holder;
use hcops_model::{Clock, Exit, QuestionKind};

/// Answer what a parked run asks; then `hcops resume` goes on
///
/// `hcops show RUN` says what it asks and what it takes: the digest of a plan, the name of a point of no return, `yes`
/// or a sentence, `happened` or `did-not-happen`, or one of the choices in trouble.
///
/// The name of a point of no return counts for the step that asked, and for 15 minutes; then it is asked anew.
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    /// The run: as much of its id as fits no other
    run: String,
    /// The question: a step's id, or `approve`
    id: String,
    /// The answer
    value: String,
    /// Why, when the answer is `skip`
    #[arg(long)]
    reason: Option<String>,
    #[command(flatten)]
    take_over: TakeOver,
}

/// Records the answer.
///
/// # Errors
/// When the run is over, another process holds it, nothing was asked under this id, or the answer does not fit; nothing is written
/// then.
pub(in crate::cli) async fn run(arguments: &Arguments, desk: &Desk) -> Result<Exit, Failure> {
    let by = desk.environment.user();
    let run = named_run(&arguments.run, desk)?.to_string();
    let state = RunState::fold(&desk.store().open_read(&run)?.lines)?;
    if let Some(refusal) = over(&state) {
        return Err(refusal.into());
    }
    let now = time_of_run(&state, desk).await;
    let holder = Holder::this_process(by.clone(), desk.environment.machine(), now);
    let why = arguments.take_over.take_over.as_deref();
    let mut open =
        desk.store().open_write_with(&run, holder, why, now).map_err(|fault| held_by_another(fault, &run))?;
    let is_gate = state.questions.get(&arguments.id).is_some_and(|it| matches!(it.sort, QuestionKind::Gate { .. }));
    let opening = read_opening(&arguments.value, now).ok().filter(|_| is_gate);
    let answer = opening.map_or_else(|| arguments.value.clone(), |opening| opening.to_string());
    let given = Given { answer, reason: arguments.reason.clone(), by, how: "answer".to_owned() };
    let line = give(&mut open.journal, &arguments.id, &given, now)?;
    match desk.form {
        Form::Text => {
            let command = desk.appearance.typed(&format!("hcops resume {}", open.run));
            let recorded = format!("Recorded. To go on: {command}");
            desk.say(&[desk.appearance.tell(&recorded).into_owned()]);
        }
        Form::Json => desk.say_json("recorded", serde_json::json!({ "run": open.run, "line": line })),
    }
    Ok(Exit::Done)
}

/// The machine's time; for a simulated world, whose time is its own, that of its simulator or, where that is gone, of the
/// newest line.
async fn time_of_run(state: &RunState, desk: &Desk) -> Timestamp {
    if !has_its_own_time(&state.origin) {
        return SystemClock.now();
    }
    simulated_now(&desk.environment).await.map_or(state.at, |now| now.max(state.at))
}
