//! Whoever answers in a sweep: agrees to everything that it was told to agree to, and tells the truth about what happened.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use hcops_engine::answer::{Given, entry_for};
use hcops_engine::drive::questions::answers;
use hcops_model::{Choice, Person, Question, QuestionKind, Reply, RunId};
use hcops_simulator::{RequestEffect, Simulator};

/// Sees every question that is asked.
pub(crate) type OnQuestion = Arc<dyn Fn(&Question) + Send + Sync>;

/// Approves, attests, types the name, and says what happened by what the simulator saw.
pub(crate) struct Willing {
    simulator: Arc<Simulator>,
    /// What is chosen in trouble: the first of these that is offered and was not chosen for this step before. Where none
    /// is, nobody is there.
    pub in_trouble: &'static [Choice],
    pub on_question: Option<OnQuestion>,
    chosen: BTreeSet<(String, String)>,
}

impl Willing {
    pub(crate) fn over(simulator: &Arc<Simulator>) -> Self {
        Self { simulator: Arc::clone(simulator), in_trouble: &[], on_question: None, chosen: BTreeSet::new() }
    }

    fn choose(&mut self, step: &str, offered: &[Choice]) -> Reply {
        let mut ways = self.in_trouble.iter().copied();
        let chosen =
            ways.find(|way| offered.contains(way) && self.chosen.insert((step.to_owned(), format!("{way:?}"))));
        let reason = Some("I have seen to it, says the sweeper".to_owned());
        chosen.map_or(Reply::NobodyThere, |choice| Reply::Chose { choice, reason })
    }

    fn upgrade_was_applied(&self) -> bool {
        self.simulator
            .requests()
            .iter()
            .any(|request| request.path.ends_with("/upgrade/run") && request.effect == RequestEffect::Applied)
    }
}

#[async_trait]
impl Person for Willing {
    fn name(&self) -> String {
        "sweeper@example.com".to_owned()
    }

    async fn ask(&mut self, question: &Question) -> Reply {
        takes_what_it_prints(question);
        if let Some(on_question) = &self.on_question {
            on_question(question);
        }
        let said = |answer: &str| Reply::Said { answer: answer.to_owned(), how: "typed".to_owned() };
        match &question.sort {
            QuestionKind::Approve { digest } => said(digest),
            QuestionKind::Cross { name, .. } => said(name),
            QuestionKind::Attest { .. } => said("yes, says the sweeper"),
            QuestionKind::Gate { .. } => said("now"),
            QuestionKind::Decide { choices } => said(&choices[0].answer),
            QuestionKind::WhatHappened if self.upgrade_was_applied() => said("happened"),
            QuestionKind::WhatHappened => said("did-not-happen"),
            QuestionKind::Trouble { choices } => self.choose(&question.id, choices),
        }
    }
}

/// Every answer that a question's commands name is one that it takes.
fn takes_what_it_prints(question: &Question) {
    let run = RunId(uuid::Uuid::nil());
    let start = format!("hcops answer {run} {} ", question.id);
    for command in answers(run, question) {
        let Some(rest) = command.strip_prefix(&start) else { continue };
        let (answer, reason) =
            rest.split_once(" --reason ").map_or((rest, None), |(answer, reason)| (answer, Some(reason)));
        let given = Given {
            answer: answer.trim_matches('\'').to_owned(),
            reason: reason.map(|reason| reason.trim_matches('\'').to_owned()),
            by: "sweeper@example.com".to_owned(),
            how: "answer".to_owned(),
        };
        let taken = entry_for(question, &given);
        assert!(taken.is_ok(), "`{command}` is printed and not taken: {taken:?}, {question:?}");
    }
}
