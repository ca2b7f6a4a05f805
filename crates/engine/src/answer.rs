//! What a person's answer means for the journal, however it was given.

use std::time::Duration;

use jiff::Timestamp;

use hcops_journal::RunState;
use hcops_journal::gate::Opening;
use hcops_journal::run_state::is_denial;
use hcops_model::{
    ASK_THERE, Choice, Entry, Fault, FaultKind, Happened, Journal, JournalFault, Line, Question, QuestionKind, RunId,
    Verdict, says_nothing,
};

/// An answer as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The answer: a digest, a name, `yes`, `no`, `happened`, `did-not-happen`, `retry`, `wait`, `done-by-hand`, `skip`.
    pub answer: String,
    /// Why, when it is a skip.
    pub reason: Option<String>,
    /// The person.
    pub by: String,
    /// How it was given: `typed`, `--approve`, `--confirm`, `--answer`, `answer`, `rehearsal`.
    pub how: String,
}

/// Why an answer was not taken.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AnswerFault {
    /// It does not fit; nothing was written.
    #[error(transparent)]
    Refused(#[from] Fault),
    /// The journal could not be written.
    #[error(transparent)]
    Journal(#[from] JournalFault),
}

/// Answers an open question of a run that no process drives at the moment (`hcops answer RUN ID VALUE`).
///
/// # Errors
/// [`AnswerFault::Refused`] when the run is over, nothing was asked under this id, or the answer does not fit;
/// [`AnswerFault::Journal`] when it could not be written.
pub fn give(journal: &mut dyn Journal, id: &str, given: &Given, at: Timestamp) -> Result<Line, AnswerFault> {
    let state = RunState::fold(journal.lines())?;
    if let Some(refusal) = over(&state) {
        return Err(refusal.into());
    }
    let question = state.questions.get(id).ok_or_else(|| nothing_asked(&state, id))?;
    let entry = entry_for(question, given).map_err(|misfit| misfit.fault(state.run, question, given))?;
    match state.objection_to_entry(&entry) {
        None => Ok(journal.append(at, entry)?),
        Some(objection) => Err(out_of_turn(&state, id, &objection).into()),
    }
}

/// Why an answer does not fit its question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misfit {
    /// It is not the digest that was asked about.
    OtherDigest,
    /// It is not the name that was asked for.
    OtherName,
    /// It is none of the answers that this question takes.
    NotAnAnswer,
    /// A skip needs a reason.
    ReasonMissing,
    /// The downtime can't begin so, because of this.
    Opening(String),
    /// It is a no.
    Declined,
}

/// The entry that records an answer.
///
/// # Errors
/// Why it does not answer the question; nothing may be recorded then.
pub fn entry_for(question: &Question, given: &Given) -> Result<Entry, Misfit> {
    let answer = given.answer.trim();
    match &question.sort {
        QuestionKind::Approve { digest } => approval(question, given, digest),
        QuestionKind::Cross { name, .. } if answer == name => Ok(confirmed(question, given, answer)),
        QuestionKind::Cross { ahead: true, .. } if answer == ASK_THERE => Ok(answered(question, given, answer)),
        QuestionKind::Cross { .. } => Err(Misfit::OtherName),
        QuestionKind::Gate { usual, until_point } => opened(question, given, (*usual, *until_point)),
        QuestionKind::Attest { .. } if answer.is_empty() => Err(Misfit::NotAnAnswer),
        QuestionKind::Attest { .. } if question.in_words && says_nothing(answer) => Err(Misfit::NotAnAnswer),
        QuestionKind::Attest { .. } if question.in_words => Ok(answered(question, given, answer)),
        QuestionKind::Attest { .. } => Ok(answered(question, given, to_statement(answer)?)),
        QuestionKind::Decide { choices } if choices.iter().any(|choice| choice.answer == answer) => {
            Ok(answered(question, given, answer))
        }
        QuestionKind::Decide { .. } => Err(Misfit::NotAnAnswer),
        QuestionKind::WhatHappened if matches!(answer, "happened" | "did-not-happen") => {
            Ok(answered(question, given, answer))
        }
        QuestionKind::WhatHappened => Err(Misfit::NotAnAnswer),
        QuestionKind::Trouble { choices } => match choice_named(answer).filter(|choice| choices.contains(choice)) {
            Some(Choice::Skip) => waived(question, given),
            Some(Choice::Retry | Choice::Wait | Choice::DoneByHand) => Ok(answered(question, given, answer)),
            Some(Choice::ShowEvidence | Choice::Abort | Choice::Leave) | None => Err(Misfit::NotAnAnswer),
        },
    }
}

/// When the downtime may begin, if it fits into the time that it is given.
fn opened(question: &Question, given: &Given, (usual, until_point): (u64, u64)) -> Result<Entry, Misfit> {
    let opening = Opening::written(given.answer.trim()).map_err(Misfit::Opening)?;
    match opening.objection(Duration::from_secs(usual), Duration::from_secs(until_point)) {
        None => Ok(answered(question, given, &opening.to_string())),
        Some(objection) => Err(Misfit::Opening(objection)),
    }
}

/// Words that make a sentence a no, or leave it open, wherever they stand in it: "yes, but not all of them" is none either.
const IN_DOUBT: [&str; 20] = [
    "no", "not", "never", "nope", "none", "cannot", "cant", "dont", "didnt", "isnt", "arent", "maybe", "perhaps",
    "unsure", "unknown", "still", "later", "but", "except", "unless",
];

/// What is recorded as the answer to a statement: a plain no, or the person's own words where they can be nothing else than a
/// yes.
fn to_statement(answer: &str) -> Result<&str, Misfit> {
    if is_denial(answer) {
        return Ok("no");
    }
    let lower = answer.to_lowercase().replace(['\'', '’'], "");
    let words: Vec<&str> = lower.split(|mark: char| !mark.is_alphanumeric() && mark != '-').collect();
    let first = words.first().copied().unwrap_or_default();
    let is_choice = choice_named(first).is_some_and(|choice| choice != Choice::DoneByHand);
    let in_doubt = words.iter().any(|word| IN_DOUBT.contains(word)) || lower.starts_with("いいえ");
    if is_choice || in_doubt { Err(Misfit::NotAnAnswer) } else { Ok(answer) }
}

/// The choice of this name.
#[must_use]
pub fn choice_named(name: &str) -> Option<Choice> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}

/// The name of a choice, as it is typed and recorded.
#[must_use]
pub const fn name_of(choice: Choice) -> &'static str {
    match choice {
        Choice::Retry => "retry",
        Choice::Wait => "wait",
        Choice::ShowEvidence => "show-evidence",
        Choice::Skip => "skip",
        Choice::DoneByHand => "done-by-hand",
        Choice::Abort => "abort",
        Choice::Leave => "leave",
    }
}

/// A bare yes approves only where the plan was on the screen; from elsewhere the digest must be named.
fn approval(question: &Question, given: &Given, digest: &str) -> Result<Entry, Misfit> {
    let answer = given.answer.trim();
    let in_sight = matches!(given.how.as_str(), "typed" | "rehearsal");
    if hcops_model::Digest(digest.to_owned()).is_named_by(answer) {
        return Ok(confirmed(question, given, answer));
    }
    match answer.to_lowercase().as_str() {
        "y" | "yes" if in_sight => Ok(confirmed(question, given, digest)),
        text if is_denial(text) => Err(Misfit::Declined),
        _ => Err(Misfit::OtherDigest),
    }
}

fn confirmed(question: &Question, given: &Given, value: &str) -> Entry {
    Entry::Confirmed {
        step: question.step.clone(),
        by: given.by.clone(),
        how: given.how.clone(),
        given: value.to_owned(),
        shown: question.shown.clone(),
        picture: question.picture.clone(),
    }
}

fn answered(question: &Question, given: &Given, answer: &str) -> Entry {
    Entry::Answered {
        question: question.id.clone(),
        answer: answer.to_owned(),
        by: given.by.clone(),
        how: given.how.clone(),
        picture: question.picture.clone(),
    }
}

fn waived(question: &Question, given: &Given) -> Result<Entry, Misfit> {
    let step = question.step.clone().ok_or(Misfit::NotAnAnswer)?;
    let reason = given.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let reason = reason.ok_or(Misfit::ReasonMissing)?.to_owned();
    Ok(Entry::Waived { step, by: given.by.clone(), reason })
}

impl Misfit {
    /// The refusal, with what would have been taken.
    #[must_use]
    pub fn fault(&self, run: RunId, question: &Question, given: &Given) -> Fault {
        let saw = match self {
            Self::OtherDigest => format!("`{}` is not the digest of the plan that is to be approved", given.answer),
            Self::OtherName => format!("`{}` is not the name that is asked for", given.answer),
            Self::NotAnAnswer => format!("`{}` does not answer the question `{}`", given.answer, question.id),
            Self::ReasonMissing => format!("a reason is missing for skipping `{}`", question.id),
            Self::Opening(why) => format!("`{}` can't be when the downtime begins: {why}", given.answer),
            Self::Declined => "the plan was not approved".to_owned(),
        };
        let commands = crate::drive::questions::answers(run, question);
        let fault = Fault::new(
            FaultKind::Usage,
            saw,
            "Nothing was written: an answer counts only when it names exactly what it is about.",
            format!("The question is: {} It takes {}.", question.text, takes(question)),
        )
        .with_happened(Happened::No);
        match commands.into_iter().next() {
            Some(command) => fault.with_command(command),
            None => fault,
        }
    }
}

fn takes(question: &Question) -> String {
    match &question.sort {
        QuestionKind::Attest { .. } if question.in_words => "what was asked for, in your own words".to_owned(),
        QuestionKind::Approve { digest } => format!("the plan's digest, {digest}"),
        QuestionKind::Cross { name, ahead: true, .. } => format!("the name {name}, or `{ASK_THERE}` to be asked there"),
        QuestionKind::Cross { name, .. } => format!("the name {name}"),
        QuestionKind::Gate { .. } => {
            "`now`, `at TIME` or `window FROM-TO@ZONE`, each with ` budget 30m` behind it".to_owned()
        }
        QuestionKind::Attest { .. } => {
            "`yes`, `no` or a sentence of your own that can be nothing else than a yes".to_owned()
        }
        QuestionKind::Decide { choices } => {
            let answers: Vec<String> = choices.iter().map(|choice| format!("`{}`", choice.answer)).collect();
            format!("one of {}", answers.join(", "))
        }
        QuestionKind::WhatHappened => "`happened` or `did-not-happen`".to_owned(),
        QuestionKind::Trouble { choices } => {
            let takes_part =
                |choice: &&Choice| matches!(choice, Choice::Retry | Choice::Wait | Choice::DoneByHand | Choice::Skip);
            let names: Vec<String> =
                choices.iter().filter(takes_part).map(|choice| format!("`{}`", name_of(*choice))).collect();
            format!("one of {}", names.join(", "))
        }
    }
}

/// Why a run that is over takes no answer; nothing while it is not.
#[must_use]
pub fn over(state: &RunState) -> Option<Fault> {
    let how = match state.closed? {
        Verdict::Done => "it is done",
        Verdict::Aborted => "it was turned back",
        Verdict::Failed => "a look failed",
    };
    let (run, plan) = (state.run, state.main_plan());
    let again = if state.is_rehearsal() {
        format!("hcops rehearse {}", plan.procedure)
    } else {
        format!("hcops plan {} -a {}", plan.procedure, plan.app)
    };
    let fault = Fault::new(
        FaultKind::Usage,
        format!("the run is over: {how}, at {}", super::drive::questions::to_the_second(state.at)),
        "It asks nothing any more and goes on with nothing; nothing was written.",
        format!("See what it did. What is still to be done needs a plan of its own: `{again}`."),
    );
    Some(fault.with_happened(Happened::No).with_command(format!("hcops report {run}")))
}

fn out_of_turn(state: &RunState, id: &str, objection: &str) -> Fault {
    Fault::new(
        FaultKind::Usage,
        format!("the answer to `{id}` cannot be taken now: {objection}"),
        "An answer is recorded only where the run can go on from it.",
        "Take the run up again; it asks anew for what it needs.",
    )
    .with_happened(Happened::No)
    .with_command(format!("hcops resume {}", state.run))
}

fn nothing_asked(state: &RunState, id: &str) -> Fault {
    let open: Vec<&str> = state.questions.keys().map(String::as_str).collect();
    let remedy = match open.as_slice() {
        [] => "The run waits for no answer; take it up again and it will say what it needs.".to_owned(),
        ids => format!("Open questions of this run: {}.", ids.join(", ")),
    };
    Fault::new(
        FaultKind::Usage,
        format!("nothing was asked under the name `{id}`"),
        "An answer is recorded only for a question that was shown, so that the record says what it referred to.",
        remedy,
    )
    .with_happened(Happened::No)
    .with_command(format!("hcops show {}", state.run))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attest(in_words: bool) -> Question {
        Question {
            id: "settings".to_owned(),
            step: Some("settings".into()),
            sort: QuestionKind::Attest { statements: vec!["This is so.".to_owned()] },
            text: String::new(),
            shown: Vec::new(),
            picture: None,
            in_words,
        }
    }

    fn given(answer: &str) -> Given {
        let (by, how) = ("ann".to_owned(), "answer".to_owned());
        Given { answer: answer.to_owned(), reason: None, by, how }
    }

    #[test]
    fn where_something_is_to_be_said_neither_a_yes_nor_a_no_is_taken() {
        let question = attest(true);
        for word in ["yes", "Y", "ok", " no ", ""] {
            assert_eq!(entry_for(&question, &given(word)), Err(Misfit::NotAnAnswer), "{word}");
        }
        assert!(entry_for(&question, &given("61.0, merged writes")).is_ok());
        crate::scripted::takes_what_it_prints(&question);
    }

    #[test]
    fn what_may_be_a_no_attests_to_nothing() {
        let taken = |answer: &str| match entry_for(&attest(false), &given(answer))? {
            Entry::Answered { answer, .. } => Ok(answer),
            other => panic!("{other:?}"),
        };
        for yes in ["yes", "Yes, as of ten", "Checked with Bob", "I saw that nothing does", "done-by-hand", "はい"] {
            assert_eq!(taken(yes).as_deref(), Ok(yes));
        }
        for no in ["no", "No.", "N", "FALSE", "refused", "いいえ。"] {
            assert_eq!(taken(no).as_deref(), Ok("no"), "{no}");
        }
        for doubt in [
            "no, not yet",
            "not yet",
            "Never",
            "maybe",
            "abort",
            "leave",
            "retry",
            "wait",
            "skip",
            "skip:because",
            "no writers are left",
            "yes, but not all of them",
            "yes, except the nightly job",
            "I can't confirm that",
            "I did not look",
            "the job is still running",
            "いいえ、まだ",
            "",
        ] {
            assert_eq!(taken(doubt), Err(Misfit::NotAnAnswer), "{doubt}");
        }
    }
}
