//! The person who answered beforehand: with flags, or by rehearsing. Whoever is at the terminal comes after.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::arguments::GateChoice;
use hcops_engine::answer::choice_named;
use hcops_journal::gate::{Opening, read_budget};
use hcops_model::{Choice, Clock, Digest, Person, Question, QuestionKind, Reply};

/// Answers given before the run, and somebody to ask for the rest.
pub(super) struct Answers {
    /// For the record.
    pub(super) name: String,
    /// The digest of the plan that was reviewed.
    pub(super) approve: Option<String>,
    /// Names that may be crossed: each confirms one point of no return, once.
    pub(super) confirm: Vec<String>,
    /// Answers by question. Each is used once: a question that comes back needs a new answer.
    pub(super) given: BTreeMap<String, String>,
    /// The statements that the plan lists: approving the plan by its digest attests them, and nothing else.
    pub(super) listed: BTreeSet<String>,
    /// Whether this is a rehearsal without a terminal, which approves and attests by itself but never crosses.
    pub(super) rehearsal: bool,
    /// When the downtime may begin.
    pub(super) gate: GateChoice,
    /// The time that an opening is about which does not name its day.
    pub(super) clock: Arc<dyn Clock>,
    /// Whoever is at the terminal.
    pub(super) then: Option<Box<dyn Person>>,
}

impl Answers {
    fn beforehand(&mut self, question: &Question) -> Option<Reply> {
        if let Some(answer) = self.given.remove(&question.id) {
            return Some(explicit(question, &answer));
        }
        match &question.sort {
            QuestionKind::Approve { digest } => self.approval(digest),
            QuestionKind::Cross { name, .. } => self.confirmation(name),
            QuestionKind::Attest { statements } => self.attestation(statements),
            QuestionKind::Gate { .. } => self.opening(),
            QuestionKind::Decide { .. } | QuestionKind::WhatHappened | QuestionKind::Trouble { .. } => None,
        }
    }

    /// A name confirms the next point of no return that goes by it. Asked again, because a condition was broken or another
    /// point goes by the same name, somebody has to say it again.
    fn confirmation(&mut self, name: &str) -> Option<Reply> {
        let given = self.confirm.iter().position(|given| given == name)?;
        Some(said(&self.confirm.remove(given), "--confirm"))
    }

    /// A time that has passed lets nothing begin, so it is given once; `--go` means whenever it is asked.
    fn opening(&mut self) -> Option<Reply> {
        if self.gate.until.is_some() {
            return Some(Reply::NobodyThere);
        }
        let at = self.gate.at.take().map(|at| said(&format!("at {at}"), "--at"));
        let window = || self.gate.window.take().map(|hours| said(&format!("window {hours}"), "--window"));
        let go = self.gate.go.then(|| said("now", "--go"));
        at.or_else(window).or(go).or_else(|| self.rehearsal.then(|| said("now", "rehearsal")))
    }

    /// An opening as it is written down: with its date, its zone and the budget of the command. What can't be understood is passed
    /// on as it was given; the engine says why.
    fn spelled_out(&self, reply: Reply) -> Reply {
        let Reply::Said { answer, how } = reply else { return reply };
        let budget = self.gate.budget.as_ref().filter(|_| !answer.contains(" budget "));
        let answer = budget.map_or_else(|| answer.clone(), |budget| format!("{answer} budget {budget}"));
        let opening = read_opening(&answer, self.clock.now());
        Reply::Said { answer: opening.map_or(answer, |opening| opening.to_string()), how }
    }

    /// A digest that does not fit is passed on once: the engine says what it should have been.
    fn approval(&self, digest: &str) -> Option<Reply> {
        match &self.approve {
            Some(given) if Digest(digest.to_owned()).is_named_by(given) => Some(said(given, "--approve")),
            Some(given) if self.then.is_none() => Some(said(given, "--approve")),
            _ => self.rehearsal.then(|| said(digest, "rehearsal")),
        }
    }

    /// Approving a plan by its digest attested the statements that it listed. What only shows during the run, such as a
    /// login or writes that would be lost, nobody has attested beforehand.
    fn attestation(&self, statements: &[String]) -> Option<Reply> {
        let was_listed = statements.iter().all(|statement| self.listed.contains(statement));
        match &self.approve {
            Some(digest) if was_listed && self.then.is_none() => Some(said("yes", &format!("--approve {digest}"))),
            _ if was_listed => self.rehearsal.then(|| said("yes", "rehearsal")),
            _ => self.rehearsal.then(|| said(REHEARSED_ANSWER, "rehearsal")),
        }
    }
}

/// What a rehearsal answers where somebody would have to look something up.
const REHEARSED_ANSWER: &str = "as this rehearsal has it";

#[async_trait]
impl Person for Answers {
    fn name(&self) -> String {
        self.name.clone()
    }

    async fn ask(&mut self, question: &Question) -> Reply {
        let reply = match (self.beforehand(question), &mut self.then) {
            (Some(reply), _) => reply,
            (None, Some(person)) => person.ask(question).await,
            (None, None) => Reply::NobodyThere,
        };
        if matches!(question.sort, QuestionKind::Gate { .. }) { self.spelled_out(reply) } else { reply }
    }

    /// In a rehearsal no downtime is real: there it may be tried what a run that parks with writes off is like.
    fn is_there_later(&self) -> bool {
        self.rehearsal || self.then.as_ref().is_some_and(|person| person.is_there_later())
    }
}

fn said(answer: &str, how: &str) -> Reply {
    Reply::Said { answer: answer.to_owned(), how: how.to_owned() }
}

/// `--answer ID=VALUE`; in trouble VALUE is a choice, and a skip carries its reason: `skip:REASON`.
fn explicit(question: &Question, answer: &str) -> Reply {
    if !matches!(question.sort, QuestionKind::Trouble { .. }) {
        return said(answer, "--answer");
    }
    let (name, reason) = answer.split_once(':').map_or((answer, None), |(name, reason)| (name, Some(reason.trim())));
    match choice_named(name.trim()) {
        Some(choice) => Reply::Chose { choice, reason: reason.map(str::to_owned) },
        None => Reply::Chose { choice: Choice::Leave, reason: None },
    }
}

/// Reads an opening as a person types it: a time without a zone is that of this machine, at a terminal and without one.
///
/// # Errors
/// One sentence on what cannot be understood.
pub(super) fn read_opening(text: &str, now: Timestamp) -> Result<Opening, String> {
    Opening::read(text, now, &TimeZone::system())
}

/// Reads a budget, and leaves it as it was typed.
///
/// # Errors
/// One sentence, for clap.
pub(super) fn budget(text: &str) -> Result<String, String> {
    read_budget(text).map(|_| text.to_owned())
}

/// Reads `ID=VALUE`.
///
/// # Errors
/// One sentence, for clap.
pub(super) fn key_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err(format!("`{text}` is not of the form KEY=VALUE")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nobody() -> Answers {
        Answers {
            name: "ci".into(),
            approve: None,
            confirm: Vec::new(),
            given: BTreeMap::new(),
            listed: BTreeSet::from(["nobody writes".to_owned()]),
            rehearsal: false,
            gate: GateChoice::default(),
            clock: Arc::new(crate::cli::clock::SystemClock),
            then: None,
        }
    }

    fn question(id: &str, sort: QuestionKind) -> Question {
        Question {
            id: id.into(),
            step: None,
            sort,
            text: String::new(),
            shown: Vec::new(),
            picture: None,
            in_words: false,
        }
    }

    fn crossing() -> Question {
        question("promote", QuestionKind::Cross { name: "new-db".into(), lost: String::new(), ahead: false })
    }

    #[tokio::test]
    async fn nobody_says_yes_to_anything() {
        let sorts = [
            QuestionKind::Approve { digest: "a".repeat(64) },
            QuestionKind::Attest { statements: Vec::new() },
            QuestionKind::WhatHappened,
            QuestionKind::Trouble { choices: vec![Choice::Skip] },
        ];
        for sort in sorts {
            assert_eq!(nobody().ask(&question("q", sort)).await, Reply::NobodyThere);
        }
        assert_eq!(nobody().ask(&crossing()).await, Reply::NobodyThere);
    }

    #[tokio::test]
    async fn a_rehearsal_approves_and_attests_but_never_crosses() {
        let mut rehearsal = Answers { rehearsal: true, ..nobody() };
        let digest = "b".repeat(64);
        let approve = question("approve", QuestionKind::Approve { digest: digest.clone() });
        assert_eq!(rehearsal.ask(&approve).await, said(&digest, "rehearsal"));
        let attest = question("outside", QuestionKind::Attest { statements: Vec::new() });
        assert_eq!(rehearsal.ask(&attest).await, said("yes", "rehearsal"));
        let told = question("collaborators", QuestionKind::Attest { statements: vec!["Who are they?".into()] });
        assert_eq!(rehearsal.ask(&told).await, said(REHEARSED_ANSWER, "rehearsal"));
        assert_eq!(rehearsal.ask(&crossing()).await, Reply::NobodyThere);
    }

    #[tokio::test]
    async fn approval_by_digest_attests_what_the_plan_listed() {
        let digest = "c".repeat(64);
        let mut answers = Answers { approve: Some(digest.clone()), ..nobody() };
        let attest = question("outside", QuestionKind::Attest { statements: vec!["nobody writes".into()] });
        assert_eq!(answers.ask(&attest).await, said("yes", &format!("--approve {digest}")));
        let new = vec!["nobody writes".into(), "3 writes are lost".into()];
        let unlisted = question("unsent", QuestionKind::Attest { statements: new });
        assert_eq!(answers.ask(&unlisted).await, Reply::NobodyThere, "nobody has read that beforehand");
    }

    #[tokio::test]
    async fn only_the_exact_name_crosses() {
        let mut answers = Answers { confirm: vec!["old-db".into()], ..nobody() };
        assert_eq!(answers.ask(&crossing()).await, Reply::NobodyThere);
        answers.confirm.push("new-db".into());
        assert_eq!(answers.ask(&crossing()).await, said("new-db", "--confirm"));
        assert_eq!(answers.ask(&crossing()).await, Reply::NobodyThere, "one name opens one point of no return");
    }

    #[tokio::test]
    async fn an_answer_is_used_once_and_a_skip_carries_its_reason() {
        let given = BTreeMap::from([("synced".to_owned(), "skip: checked by hand".to_owned())]);
        let mut answers = Answers { given, ..nobody() };
        let trouble = question("synced", QuestionKind::Trouble { choices: vec![Choice::Skip] });
        let skip = Reply::Chose { choice: Choice::Skip, reason: Some("checked by hand".into()) };
        assert_eq!(answers.ask(&trouble).await, skip);
        assert_eq!(answers.ask(&trouble).await, Reply::NobodyThere);
    }
}
