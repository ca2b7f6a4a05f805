//! What a person is asked, shown and told to type. Pure.

use jiff::{Timestamp, Unit};
use serde_json::Value;

use super::looking::BrokenHold;
use crate::answer::name_of;
use crate::decide::{Cause, Trouble, is_not_reached, is_unavailable};
use hcops_journal::run_state::{Act, Crossed, RunState, StepState};
use hcops_model::{
    ASK_THERE, Alternative, Choice, Effect, Exit, Fault, FaultKind, Happened, Part, Plan, PlannedStep, Question,
    QuestionKind, RunId, Seen, Way, WayKind,
};

/// The command that takes a run up again.
#[must_use]
pub fn resume(run: RunId) -> String {
    format!("hcops resume {run}")
}

/// The command that turns a run back.
#[must_use]
pub fn abort(run: RunId) -> String {
    format!("hcops abort {run}")
}

/// Exact commands that answer a question, best first.
#[must_use]
pub fn answers(run: RunId, question: &Question) -> Vec<String> {
    let answer = |value: &str| format!("hcops answer {run} {} {value}", question.id);
    match &question.sort {
        QuestionKind::Approve { digest } => vec![format!("{} --approve {digest}", resume(run)), answer(digest)],
        QuestionKind::Cross { name, ahead, .. } => {
            let there = ahead.then(|| answer(ASK_THERE));
            [format!("{} --confirm {name}", resume(run)), answer(name)].into_iter().chain(there).collect()
        }
        QuestionKind::Gate { .. } => {
            vec![format!("{} --go", resume(run)), format!("{} --window 22:00-02:00", resume(run)), answer("now")]
        }
        QuestionKind::Attest { .. } if question.in_words => vec![answer("'what was asked for, in words'")],
        QuestionKind::Attest { .. } => vec![answer("yes"), answer("no")],
        QuestionKind::Decide { choices } => choices.iter().map(|choice| answer(&choice.answer)).collect(),
        QuestionKind::WhatHappened => vec![answer("happened"), answer("did-not-happen")],
        QuestionKind::Trouble { choices } => {
            let answers = choices.iter().filter_map(|choice| match choice {
                Choice::Retry | Choice::Wait | Choice::DoneByHand => Some(answer(name_of(*choice))),
                Choice::Skip => Some(format!("{} --reason 'why it can be left out'", answer("skip"))),
                Choice::Abort | Choice::ShowEvidence | Choice::Leave => None,
            });
            answers.collect()
        }
    }
}

/// What leads on besides an answer, best first, each once: what the fault names, going on, turning back where the question
/// offers it or nothing forbids it.
#[must_use]
pub fn ways(state: &RunState, question: &Question, fault: Option<&Fault>) -> Vec<Way> {
    let (resume, abort) = (resume(state.run), abort(state.run));
    let may_abort = match &question.sort {
        QuestionKind::Trouble { choices } => choices.contains(&Choice::Abort),
        _ => state.leads_back(),
    };
    let in_trouble = matches!(question.sort, QuestionKind::Trouble { .. });
    let named = fault.and_then(|fault| fault.command.clone()).map(|command| Way {
        kind: match &command {
            command if *command == abort => WayKind::Abort,
            command if *command == resume => WayKind::Resume,
            command if state.is_rehearsal() && is_for_heroku(command) => WayKind::RealApp,
            _ => WayKind::ByHand,
        },
        command,
    });
    let usual = [(in_trouble, WayKind::Resume, resume), (may_abort, WayKind::Abort, abort)];
    let usual =
        usual.into_iter().filter(|(is_offered, ..)| *is_offered).map(|(_, kind, command)| Way { kind, command });
    let mut ways: Vec<Way> = Vec::new();
    for way in named.into_iter().chain(usual) {
        if !ways.iter().any(|other| other.command == way.command) {
            ways.push(way);
        }
    }
    ways
}

fn is_for_heroku(command: &str) -> bool {
    command.starts_with("heroku ")
}

/// What a rehearsal says where somebody reads commands of `heroku`: its world is in this process, and they would reach a
/// real app of that name.
const REHEARSED: &str =
    "This is a rehearsal: a `heroku` command is what one would run for the real app, and nothing to type now.";

/// The same question as a rehearsal asks it.
pub(super) fn rehearsed(question: &mut Question) {
    let names_heroku = |text: &String| text.contains("`heroku ") || text.starts_with(FOR_THE_REAL_APP);
    let texts = || std::iter::once(&question.text).chain(&question.shown);
    if texts().any(names_heroku) && !question.shown.iter().any(|shown| shown == REHEARSED) {
        question.shown.push(REHEARSED.to_owned());
    }
}

/// The same fault as a rehearsal tells it: a command of `heroku` is no longer one to type.
#[must_use]
pub fn rehearsed_fault(mut fault: Fault) -> Fault {
    if let Some(command) = fault.command.take_if(|command| is_for_heroku(command)) {
        fault.remedy = format!("{} {FOR_THE_REAL_APP}{command}", fault.remedy);
    }
    if [&fault.saw, &fault.why, &fault.remedy]
        .iter()
        .any(|text| text.contains("`heroku ") || text.contains(FOR_THE_REAL_APP))
        && !fault.remedy.contains(REHEARSED)
    {
        fault.remedy = format!("{} {REHEARSED}", fault.remedy);
    }
    fault
}

const FOR_THE_REAL_APP: &str = "For the real app: ";

/// Is this plan to be carried out?
pub(super) fn approve(plan: &Plan, digest: &str) -> Question {
    let mut shown = vec![plan.title.clone(), format!("Digest: {digest}")];
    shown.extend(plan.notices.iter().cloned());
    Question {
        id: "approve".to_owned(),
        step: None,
        sort: QuestionKind::Approve { digest: digest.to_owned() },
        text: format!("Carry out this plan for {}?", plan.app),
        shown,
        picture: None,
        in_words: false,
    }
}

/// Is this way back to be taken?
pub(super) fn turn_back(plan: &Plan, digest: &str) -> Question {
    Question { text: format!("Turn back, and restore what was before on {}?", plan.app), ..approve(plan, digest) }
}

/// May the point of no return be crossed?
///
/// `before` says why an earlier confirmation does not count any more.
pub(super) fn cross(
    step: &PlannedStep,
    (name, lost): (&str, &str),
    seen: &Seen<Value>,
    state: &RunState,
    before: Option<String>,
) -> Question {
    let nth = state.plan.nth_of_several(&step.id);
    let told_lost = if state.crossed.iter().any(|crossed| crossed.lost == lost) {
        format!("Nothing that is not impossible already, since a point of no return is behind the run: {lost}")
    } else {
        lost.to_owned()
    };
    let mut shown = vec![format!("Becomes impossible: {told_lost}"), format!("Way back afterwards: {}", step.way_back)];
    shown.extend(state.crossed.iter().map(|crossed| already_behind(crossed, state)));
    shown.push(leaving(state));
    shown.extend(describe(seen));
    shown.extend(just_observed(step, &state.plan));
    shown.extend(before);
    Question {
        id: step.id.to_string(),
        step: Some(step.id.clone()),
        sort: QuestionKind::Cross { name: name.to_owned(), lost: told_lost, ahead: false },
        text: format!("Point of no return{nth}: {}. Type {name} to go on.", step.title),
        shown,
        picture: Some(crossing_picture(lost, seen)),
        in_words: false,
    }
}

/// The standing conditions of a step about which somebody is asked: they were looked at right before.
pub(super) fn just_observed(step: &PlannedStep, plan: &Plan) -> Vec<String> {
    let observed = step.holds.iter().map(|hold| match plan.holds.get(hold) {
        Some(planned) => format!("Just observed: {hold} holds ({})", planned.why),
        None => format!("Just observed: {hold} holds"),
    });
    observed.collect()
}

/// A point of no return that was passed: a question about another one must not read as if it were the first.
fn already_behind(crossed: &Crossed, state: &RunState) -> String {
    let title = state.plan.step(&crossed.step).map_or(crossed.step.as_str(), |step| &step.title);
    let nth = state.plan.nth_of_several(&crossed.step);
    format!(
        "Already behind the run, and not to be undone: point of no return{nth}, {title}, at {}",
        to_the_second(crossed.at)
    )
}

/// What it means to answer nothing here.
pub(super) fn leaving(state: &RunState) -> String {
    let (resume, abort) = (resume(state.run), abort(state.run));
    match (state.downtime.lasts(), state.leads_back()) {
        (true, true) => {
            format!("Leaving here: writes stay off until the run goes on (`{resume}`) or is turned back (`{abort}`).")
        }
        (true, false) => format!(
            "Leaving here: writes stay off, and the run can no longer be turned back: only `{resume}` leads on."
        ),
        (false, true) => {
            format!("Leaving here: the run waits; it can go on (`{resume}`) or be turned back (`{abort}`).")
        }
        (false, false) => {
            format!("Leaving here: the run waits, and can no longer be turned back: only `{resume}` leads on.")
        }
    }
}

/// What a confirmation is about: what is lost, and what would be done.
pub(super) fn crossing_picture(lost: &str, seen: &Seen<Value>) -> hcops_model::Digest {
    let mut facts = vec![lost.to_owned()];
    facts.extend(describe(seen));
    Question::picture_of(&facts)
}

/// Is this so?
///
/// `before` is what is known of the step: an answer to other statements is told, with what has changed since.
pub(super) fn attest(step: &PlannedStep, why: &str, statements: &[String], before: &StepState) -> Question {
    let mut shown = vec![why.to_owned(), step.why.clone()];
    shown.extend(answered_before(statements, before));
    Question {
        id: step.id.to_string(),
        step: Some(step.id.clone()),
        sort: QuestionKind::Attest { statements: statements.to_vec() },
        text: format!("{}: is this so?", step.title),
        shown,
        picture: Some(Question::picture_of(statements)),
        in_words: false,
    }
}

fn answered_before(statements: &[String], before: &StepState) -> Vec<String> {
    let (Some(answer), Some(asked)) = (&before.answer, &before.asked) else { return Vec::new() };
    if asked == statements {
        return Vec::new();
    }
    let gone = asked.iter().filter(|one| !statements.contains(one)).map(|one| format!("Was shown then: {one}"));
    let head = format!("The answer \"{answer}\" was about something else, and does not count any more.");
    std::iter::once(head).chain(gone).collect()
}

/// Which way is it to go?
pub(super) fn decide(step: &PlannedStep, why: &str, facts: &[String], choices: Vec<Alternative>) -> Question {
    let mut shown = facts.to_vec();
    shown.push(step.why.clone());
    Question {
        id: step.id.to_string(),
        step: Some(step.id.clone()),
        sort: QuestionKind::Decide { choices },
        text: why.to_owned(),
        shown,
        picture: Some(Question::picture_of(facts)),
        in_words: false,
    }
}

/// Did the interrupted act take place?
pub(super) fn what_happened(step: &PlannedStep, known: &StepState, seen: &Seen<Value>) -> Question {
    let mut shown = evidence(known);
    shown.extend(describe(seen));
    shown.push("If it did not take place it will be done; if it did, its effect is waited for.".to_owned());
    Question {
        id: step.id.to_string(),
        step: Some(step.id.clone()),
        sort: QuestionKind::WhatHappened,
        text: format!("{}: the act was interrupted and the world shows no sign of it. Did it take place?", step.title),
        shown,
        picture: None,
        in_words: false,
    }
}

/// What is to be done about a step that cannot go on by itself?
pub(super) fn trouble(step: &PlannedStep, text: String, shown: Vec<String>, choices: Vec<Choice>) -> Question {
    Question {
        id: step.id.to_string(),
        step: Some(step.id.clone()),
        sort: QuestionKind::Trouble { choices },
        text,
        shown,
        picture: None,
        in_words: false,
    }
}

/// What may be chosen. Retry acts again where the act may be repeated; of one that must not be repeated, only the
/// waiting goes on. Nothing is skipped that the runbook does not allow, and nothing leads back past a crossing.
pub(super) fn choices(cause: Cause, step: &PlannedStep, state: &RunState) -> Vec<Choice> {
    let accepted = matches!(state.step(&step.id).act, Act::Received | Act::SaidHappened);
    let repeatable = matches!(step.effect, Effect::Idempotent | Effect::Findable);
    let overlong = cause == Cause::Overlong;
    let may = [
        (Choice::Wait, overlong),
        (Choice::Retry, !overlong || (repeatable && accepted)),
        (Choice::ShowEvidence, true),
        (Choice::DoneByHand, step.effect.changes_the_world() && !state.is_done_by_hand_unread(step)),
        (Choice::Skip, step.may_skip || attestable(cause, step, state)),
        (Choice::Abort, state.leads_back()),
        (Choice::Leave, true),
    ];
    may.into_iter().filter_map(|(choice, allowed)| allowed.then_some(choice)).collect()
}

/// Whether a person's word with a reason leads on. What was seen to differ is attested only where no way leads back.
fn attestable(cause: Cause, step: &PlannedStep, state: &RunState) -> bool {
    let cannot_be_seen = matches!(cause, Cause::Unclear | Cause::Overlong | Cause::LookFailed);
    let differs = state.step(&step.id).fault.is_some_and(|fault| fault.kind == FaultKind::Verification);
    let no_way_back = !state.crossed.is_empty();
    cause != Cause::Defect && state.may_be_attested(step) && (no_way_back || (cannot_be_seen && !differs))
}

/// What an attestation means, where one is offered.
pub(super) fn attesting(cause: Cause, step: &PlannedStep, state: &RunState) -> Option<String> {
    let seen_otherwise = matches!(cause, Cause::Blocked | Cause::ActFailed | Cause::StillNotSo);
    let unread = if state.is_done_by_hand_unread(step) {
        "It was said to be done by hand, and no look tells whether it is so. "
    } else {
        ""
    };
    (!step.may_skip && attestable(cause, step, state)).then(|| {
        let verdict = if seen_otherwise {
            " What was seen says otherwise, so the run ends as a failed verification (exit 15)."
        } else {
            ""
        };
        format!(
            "{unread}Where you have seen for yourself that it is so, or have seen to it: `skip` with a reason attests it. It is \
             recorded under your name, and nothing looks at it again.{verdict}"
        )
    })
}

/// What may be chosen where a standing condition is broken: it cannot be skipped, and the act is not made. Behind the
/// point of no return a person may do by hand what the step would have done, and attest that; but not where what is broken
/// has cost writes.
pub(super) fn choices_for_holds(step: &PlannedStep, broken: &[BrokenHold], state: &RunState) -> Vec<Choice> {
    let mut choices = vec![Choice::Retry, Choice::ShowEvidence];
    let for_good = broken.iter().any(|hold| hold.lost.is_some());
    // Nothing is off yet at a gate: a notice that is wrong, or that somebody accepts, must not keep the run there for ever.
    if !for_good && (state.may_be_attested(step) || step.is_gate()) {
        choices.push(Choice::Skip);
    }
    if state.leads_back() {
        choices.push(Choice::Abort);
    }
    choices.push(Choice::Leave);
    choices
}

/// One sentence on why a step cannot go on.
pub(super) fn trouble_text(step: &PlannedStep, trouble: Trouble) -> String {
    let title = &step.title;
    match trouble.cause {
        Cause::Overlong => format!("{title}: this takes longer than the limit of {}.", duration(step.expect.limit)),
        Cause::Blocked => format!("{title}: something must be changed first."),
        Cause::Unclear => format!("{title}: what was seen cannot be understood from here."),
        Cause::LookFailed => format!("{title}: the state could not be read."),
        Cause::ActFailed => format!("{title}: it failed."),
        Cause::TriesSpent => format!("{title}: it was tried several times without success."),
        Cause::StillNotSo => format!("{title}: it was said to be done by hand, and the world does not show it."),
        Cause::Defect => format!("{title}: hcops contradicts itself here."),
    }
}

/// The same where a look or an act ended with a fault: not every look that failed has read nothing.
pub(super) fn trouble_text_of(step: &PlannedStep, trouble: Trouble, fault: &Fault) -> String {
    let title = &step.title;
    match trouble.cause {
        Cause::LookFailed if fault.kind == FaultKind::Verification => format!("{title}: a difference was found."),
        Cause::LookFailed if fault.kind == FaultKind::Unsupported => format!("{title}: this is not supported."),
        Cause::LookFailed if is_unavailable(fault) => {
            format!("{title}: what is asked answers that it is not available now.")
        }
        Cause::LookFailed if is_not_reached(fault) => format!("{title}: what is asked can't be reached from here."),
        _ => trouble_text(step, trouble),
    }
}

/// The same as a fault, for the end of the process.
pub(super) fn trouble_fault(step: &PlannedStep, trouble: Trouble, seen: &Seen<Value>) -> Fault {
    let saw = format!("{} {}", trouble_text(step, trouble), describe(seen).join(" "));
    let remedy = match seen {
        Seen::Blocked { remedy, .. } => remedy.clone(),
        Seen::Unclear { ask, .. } if !ask.is_empty() => format!("Find out: {}", ask.join(" ")),
        _ if trouble.cause == Cause::Overlong => {
            format!("It usually takes {}. Wait on, or find out why it takes longer.", duration(step.expect.usual))
        }
        _ => "Look at the step's state, then take the run up again.".to_owned(),
    };
    let kind = match trouble.exit {
        Exit::VerificationFailed => FaultKind::Verification,
        _ => FaultKind::Refused,
    };
    Fault::new(kind, saw.trim(), step.why.clone(), remedy)
}

/// What was seen instead of the standing conditions, and who could have changed it.
pub(super) fn broken_holds(
    step: &PlannedStep,
    broken: &[BrokenHold],
    state: &RunState,
) -> (String, Vec<String>, Fault) {
    let names: Vec<&str> = broken.iter().map(|hold| hold.name.as_str()).collect();
    let text = format!("{}: not begun, because this no longer holds: {}.", step.title, names.join(", "));
    let mut shown = Vec::new();
    for hold in broken {
        shown.push(format!("{} (it protects: {})", hold.name, hold.why));
        shown.extend(describe(&hold.sight));
        shown.extend(hold.lost.iter().map(|lost| format!("Going on would lose it: {lost}")));
    }
    let app = &state.plan.app;
    shown.push(format!(
        "Who could have changed it: anybody with access to {app} (`heroku access -a {app}`), a deploy or config change \
         (`heroku releases -a {app}`), or Heroku itself (`heroku status`)."
    ));
    let saw = format!("{text} {}", shown.join(" "));
    let fault = if broken.iter().any(|hold| hold.lost.is_some()) {
        broken_for_good(state, saw)
    } else {
        let why = "The act is safe only while these conditions hold.";
        let remedy = if state.leads_back() {
            "Find out who changed it, bring it back, then take the run up again; or turn back with `hcops abort`."
        } else if state.may_be_attested(step) {
            "Find out who changed it, bring it back, then take the run up again. Where it cannot be brought back, do by hand \
             what this step would do, and attest that with `skip` and a reason."
        } else {
            "Find out who changed it, bring it back, then take the run up again."
        };
        Fault::new(FaultKind::Refused, saw, why, remedy).with_command(resume(state.run))
    };
    (text, shown, fault.with_happened(Happened::No))
}

/// The new database has what the old one had when it ceased to follow or was copied, and nothing of what came later.
fn broken_for_good(state: &RunState, saw: String) -> Fault {
    let why = "What was written to the old database since it was followed or copied is missing in the new one, and keeping \
               the condition again brings nothing of it there.";
    if state.leads_back() {
        let remedy = format!(
            "Silence the writer first. Then turn back: `{}` restores what was before, and the old database has everything. \
             Where the databases themselves prove that nothing was written, the run goes on by itself when it is taken up.",
            abort(state.run)
        );
        return Fault::new(FaultKind::Refused, saw, why, remedy).with_command(abort(state.run));
    }
    let remedy = "The point of no return is behind this run. Keep the writer silent, see what is missing with the command that \
                  compares, and bring it over by hand.";
    Fault::new(FaultKind::Refused, saw, why, remedy).with_command(resume(state.run))
}

/// What a sight says, one fact a line.
pub(super) fn describe(seen: &Seen<Value>) -> Vec<String> {
    match seen {
        Seen::Satisfied { .. } => vec!["Seen: it is as the step wants it.".to_owned()],
        Seen::Ready { will } => will.iter().map(|change| format!("Would do: {change}")).collect(),
        Seen::Underway { note, part, .. } => {
            let part = part.as_ref().map(|part| format!(" ({} of {} {})", part.done, part.of, part.unit));
            vec![format!("Seen: {note}{}", part.unwrap_or_default())]
        }
        Seen::Blocked { why, remedy } => vec![format!("Seen: {why}"), format!("Remedy: {remedy}")],
        Seen::Unclear { why, .. } => vec![format!("Seen: {why}")],
    }
}

/// What a fault says, one fact a line.
pub(super) fn describe_fault(fault: &Fault, state: &RunState) -> Vec<String> {
    let mut lines = vec![format!("Seen: {}", fault.saw), fault.why.clone(), format!("Remedy: {}", fault.remedy)];
    lines.extend(fault.command.iter().map(|command| {
        let is_real = state.is_rehearsal() && is_for_heroku(command);
        if is_real { format!("{FOR_THE_REAL_APP}{command}") } else { format!("Command: {command}") }
    }));
    lines
}

/// What the journal holds about a step, one fact a line.
pub(super) fn evidence(known: &StepState) -> Vec<String> {
    let mut lines = Vec::new();
    if let (Some(intent), Some(at)) = (&known.intent, known.intended_at) {
        lines.push(format!("Intent {} written at {}: {}", intent.attempt, to_the_second(at), intent.will.join(" ")));
    }
    if let Some(receipt) = &known.receipt {
        lines.push(format!("Receipt: {} {}", receipt.said, receipt.marks));
        lines.extend(receipt.requests.iter().map(request));
    }
    if let Some((at, sight)) = &known.sight {
        let at = to_the_second(*at);
        match sight {
            Seen::Satisfied { output } => lines.push(format!("Seen at {at}: {output}")),
            other => lines.extend(describe(other).iter().map(|line| format!("At {at}. {line}"))),
        }
    }
    if let Some(fault) = &known.fault {
        lines.push(format!("Failed: {fault}"));
        lines.extend(fault.requests.iter().map(request));
    }
    lines
}

/// A moment without its fraction of a second.
#[must_use]
pub fn to_the_second(at: Timestamp) -> Timestamp {
    at.round(Unit::Second).unwrap_or(at)
}

fn request(mark: &hcops_model::RequestMark) -> String {
    if let Some(database) = mark.database() {
        return format!("Read by SQL: {database}");
    }
    let status = mark.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    let id = mark.request_id.as_deref().unwrap_or("none");
    format!("Request: {} {}, status {status}, id {id}", mark.method, mark.target)
}

/// What is being waited for.
pub(super) fn waiting_for(seen: &Seen<Value>) -> (String, Option<Part>) {
    match seen {
        Seen::Underway { note, part, .. } => (note.clone(), part.clone()),
        Seen::Satisfied { .. } => ("it is as it should be; looking again to see that it stays so".to_owned(), None),
        Seen::Ready { .. } => ("the act was made; its effect does not show yet".to_owned(), None),
        Seen::Blocked { why, .. } | Seen::Unclear { why, .. } => (why.clone(), None),
    }
}

/// A plan that this version cannot carry out.
pub(super) fn unusable_plan(why: &str) -> Fault {
    Fault::new(
        FaultKind::Bug,
        format!("the plan cannot be carried out: {why}"),
        "A plan is checked when it is made, so it was probably made by another version of hcops.",
        "Go on with the version that made the plan, or make a new plan.",
    )
    .with_happened(Happened::No)
}

/// A step that needs what another one would have shown, which a person attested instead.
pub(super) fn rests_on_attested(step: &PlannedStep, attested: &PlannedStep) -> Fault {
    Fault::new(
        FaultKind::Refused,
        format!("\"{}\" rests on what \"{}\" shows, and a person attested or left that out", step.title, attested.title),
        step.why.clone(),
        "Look for yourself whether it is so, or do by hand what this step would do. Then leave it out with a reason that says \
         what you have seen.",
    )
    .with_happened(Happened::No)
}

/// A look-only action that is asked to act, or a decision that contradicts itself.
pub(super) fn defect(step: &PlannedStep) -> Fault {
    Fault::new(
        FaultKind::Bug,
        format!("`{}` only looks, and step {} has nothing left to look for", step.action, step.id),
        "An action that changes nothing must say what it waits for, what blocks it, or what is unclear.",
        "Please report this as a defect of hcops, with the run's report.",
    )
    .with_happened(Happened::No)
}

pub(super) fn duration(seconds: u64) -> String {
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds / 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}
