//! What is asked at the gate, and what is shown to judge by. Pure.

use std::time::Duration;

use super::questions::{self, duration, to_the_second};
use hcops_journal::gate::Door;
use hcops_journal::planned::PlannedDowntime as _;
use hcops_journal::run_state::{OUT_OF_TIME, Phase, RunState};
use hcops_model::{ASK_THERE, Alternative, Plan, PlannedStep, Question, QuestionKind, RunId, Settlement};

/// The answer with which it goes on.
pub(super) const GO_ON: &str = "go-on";
/// What takes less is no share that anybody weighs, seconds.
const SMALLEST_SHARE: u64 = 30;

/// When may the downtime begin? `over` says why an earlier answer does not count any more.
pub(super) fn gate(step: &PlannedStep, state: &RunState, over: Option<String>) -> Question {
    let plan = &state.plan;
    let (usual, until_point) = (plan.usual_downtime().unwrap_or(0), plan.usual_until_point());
    let mut shown = vec![format!("Goes off: {}.", titles_of_silence(plan))];
    shown.push(format!("Usually off for {}: {}.", duration(usual), shares(plan)));
    shown.push(way_back(plan, until_point));
    shown.extend(attested(state));
    shown.extend(questions::just_observed(step, plan));
    shown.extend(over.map(|why| format!("What was said before does not count any more: {why}.")));
    shown.push("Writes stay on until then, for days if need be, and what was checked is checked again.".to_owned());
    shown.push(questions::leaving(state));
    Question {
        id: step.id.to_string(),
        step: Some(step.id.clone()),
        sort: QuestionKind::Gate { usual, until_point },
        text: format!(
            "Writes of {} go off here, usually for {}. When may that begin? Now (`now`), at a time (`at 22:00`), or between \
             hours (`window 22:00-02:00`); ` budget 30m` behind it turns back when it takes longer.",
            plan.app,
            duration(usual)
        ),
        shown,
        picture: None,
        in_words: false,
    }
}

fn titles_of_silence(plan: &Plan) -> String {
    let first = plan.downtime().into_iter().next().unwrap_or_default();
    let titles: Vec<&str> = first.iter().map(|step| step.title.as_str()).collect();
    titles.join("; ")
}

/// What the downtime consists of.
fn shares(plan: &Plan) -> String {
    let rounds = plan.downtime();
    let longest = rounds.iter().filter_map(|round| round.iter().copied().max_by_key(|step| step.expect.usual));
    let (large, small): (Vec<&PlannedStep>, Vec<&PlannedStep>) =
        longest.partition(|step| step.expect.usual >= SMALLEST_SHARE);
    let told = large.iter().map(|step| format!("{} ({})", step.title, duration(step.expect.usual)));
    let rest: u64 = small.iter().map(|step| step.expect.usual).sum();
    let rest = (rest > 0).then(|| format!("the other steps ({})", duration(rest)));
    told.chain(rest).collect::<Vec<_>>().join(", ")
}

fn way_back(plan: &Plan, until_point: u64) -> String {
    match plan.points_in_downtime().next() {
        Some(point) => format!(
            "Can be turned back until: {}, usually {} after writes went off.",
            point.title,
            duration(until_point)
        ),
        None => "Can be turned back until writes are back.".to_owned(),
    }
}

/// What people attested on the way here may be days old: whoever lets the downtime begin reads it again.
fn attested(state: &RunState) -> Vec<String> {
    let gate = state.plan.steps.iter().take_while(|step| !step.is_gate());
    let told = gate.filter_map(|step| {
        let at = state.steps.get(&step.id)?.answered_at?;
        let was = state.phase(&step.id) == Phase::Done(Settlement::Attested);
        let statements = step.with["statements"].as_array().filter(|_| was)?;
        let statements = statements.iter().filter_map(serde_json::Value::as_str);
        let attested = move |text: &str| format!("Attested at {}, and still to be so: {text}", to_the_second(at));
        Some(statements.map(attested).collect::<Vec<_>>())
    });
    told.flatten().collect()
}

/// May this point of no return be passed when it is reached?
pub(super) fn cross_ahead(step: &PlannedStep, name: &str, state: &RunState) -> Question {
    let told_lost = step.crossing.as_ref().map(|crossing| crossing.lost.clone()).unwrap_or_default();
    let nth = state.plan.nth_of_several(&step.id);
    let shown = vec![
        format!("Becomes impossible: {told_lost}"),
        format!("Way back afterwards: {}", step.way_back),
        "It is passed only while every condition of it is seen to hold. What is said here ends when the run stops, another process \
         takes it up, this machine sleeps while writes are off, or one of its conditions was seen broken: then it is asked again."
            .to_owned(),
    ];
    let opening = state.opening().map(|(opening, _)| format!("When writes may go off was said: `{opening}`"));
    // It would not be asked here otherwise.
    let put_off = state.asked_there.contains(&step.id).then(nobody_there);
    let shown = opening.into_iter().chain(put_off).chain(shown).collect();
    Question {
        id: step.id.to_string(),
        step: Some(step.id.clone()),
        sort: QuestionKind::Cross { name: name.to_owned(), lost: told_lost, ahead: true },
        text: format!(
            "Point of no return{nth}, in the downtime: {}. Type {name} for it to be passed when it is reached, or `{ASK_THERE}` to \
             be asked there.",
            step.title
        ),
        shown,
        picture: None,
        in_words: false,
    }
}

/// Why a point of no return can't be put off until it is reached.
pub(super) fn nobody_there() -> String {
    format!(
        "`{ASK_THERE}` was said, and nobody can be asked there: without a terminal the run would park with writes off. Resume it at a \
         terminal to be asked there."
    )
}

/// Whether this is put off until it is reached.
pub(super) fn puts_off(question: &Question, answer: &str) -> bool {
    matches!(question.sort, QuestionKind::Cross { ahead: true, .. }) && answer.trim() == ASK_THERE
}

/// Every question that is still to be answered before writes go off, or that would be asked while they are.
pub(super) fn all_before_downtime(
    state: &RunState,
    door: Option<Door>,
    unsaid: Vec<(&PlannedStep, String)>,
) -> Vec<Question> {
    let is_decided = |gate: &&PlannedStep| {
        let asking = gate.only_if.as_ref().and_then(|only_if| state.plan.step(&only_if.step));
        asking.is_none_or(|asking| state.is_over(asking))
    };
    let Some(gate) = state.plan.gate().filter(is_decided) else { return Vec::new() };
    let before = state.plan.steps.iter().take_while(|step| step.id != gate.id);
    let mut all: Vec<Question> = before
        .filter(|step| !state.is_over(step) && state.left_out(step).is_none())
        .filter_map(|step| {
            let statements = step.with["statements"].as_array()?;
            let statements =
                statements.iter().map(|text| text.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()?;
            let is_known = statements.iter().all(|text| !text.contains("${"));
            is_known.then(|| questions::attest(step, &step.why, &statements, &state.step(&step.id)))
        })
        .collect();
    if !matches!(door, Some(Door::Open | Door::OpensAt(_))) {
        all.push(self::gate(gate, state, None));
    }
    all.extend(unsaid.into_iter().map(|(point, name)| cross_ahead(point, &name, state)));
    all
}

/// The command that answers all of these at once.
pub(super) fn all_at_once(run: RunId, questions: &[&Question]) -> String {
    let flags = questions.iter().map(|question| match &question.sort {
        QuestionKind::Gate { .. } => " --go".to_owned(),
        QuestionKind::Cross { name, .. } => format!(" --confirm {name}"),
        _ => format!(" --answer {}=yes", question.id),
    });
    format!("{}{}", self::questions::resume(run), flags.collect::<String>())
}

/// Go on although the point of no return can't be reached in time?
pub(super) fn out_of_time(state: &RunState, budget: Duration, off: Duration, left: Duration) -> Question {
    let (off, left, budget) = (duration(off.as_secs()), duration(left.as_secs()), duration(budget.as_secs()));
    let choice = |answer: &str, means: &str| Alternative { answer: answer.to_owned(), means: means.to_owned() };
    Question {
        id: OUT_OF_TIME.to_owned(),
        step: None,
        sort: QuestionKind::Decide {
            choices: vec![
                choice(GO_ON, "The run goes on, however long it takes, and this is not asked again."),
                choice("abort", "The run turns back: writes come back, and what was before is restored."),
            ],
        },
        text: format!("Writes of {} have been off for {off}, and the budget is {budget}. Go on?", state.plan.app),
        shown: vec![
            format!("Until the point of no return it usually takes {left} from here."),
            "Without an answer the run turns back, as the budget has it.".to_owned(),
        ],
        picture: None,
        in_words: false,
    }
}
