use async_trait::async_trait;
use console::Term;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, Input, Select};

use super::needs::{facts, question_lines};
use super::text::{clean, wrap};
use super::{Appearance, Printer, Stage, Tone};
use crate::model::{Alternative, Choice, Person, Question, QuestionKind, Reply};

/// The person at the terminal.
///
/// Each question is shown with the facts to judge by. A crossing is answered only by typing its name. Leaving is always
/// possible: an empty name, a "no", or Ctrl-C.
#[derive(Clone)]
pub struct Terminal {
    name: String,
    printer: Printer,
    appearance: Appearance,
    stage: Stage,
}

impl Terminal {
    /// `name` is what the journal will say: an e-mail address or a user name.
    #[must_use]
    pub const fn new(name: String, printer: Printer, appearance: Appearance, stage: Stage) -> Self {
        Self { name, printer, appearance, stage }
    }

    fn ask_now(&self, question: &Question) -> Reply {
        self.printer.note("");
        let asked = match &question.sort {
            QuestionKind::Approve { digest } => self.approve(question, digest),
            QuestionKind::Cross { name, lost } => self.cross(question, name, lost),
            QuestionKind::Attest { .. } => self.attest(question),
            QuestionKind::Decide { choices } => self.decide(question, choices),
            QuestionKind::WhatHappened => self.what_happened(question),
            QuestionKind::Trouble { choices } => self.trouble(question, choices),
        };
        asked.unwrap_or_else(|error| {
            // The prompt hid the cursor; it must be there again whatever happened.
            let _ = Term::stderr().show_cursor();
            reply_to_failure(&error)
        })
    }

    fn approve(&self, question: &Question, digest: &str) -> dialoguer::Result<Reply> {
        let agreed = self.yes_or_no(&clean(&question.text))?;
        Ok(if agreed { said(digest) } else { leave() })
    }

    fn cross(&self, question: &Question, name: &str, lost: &str) -> dialoguer::Result<Reply> {
        self.printer.note_lines(&crossing_box(question, lost, &self.appearance));
        let prompt = format!("Type {} to cross, or nothing to leave", clean(name));
        let typed: String =
            Input::with_theme(&*self.theme()).with_prompt(prompt).allow_empty(true).interact_text_on(&Term::stderr())?;
        Ok(if typed.trim().is_empty() { leave() } else { said(typed.trim()) })
    }

    fn attest(&self, question: &Question) -> dialoguer::Result<Reply> {
        self.printer.note_lines(&question_lines(question, &self.appearance));
        self.offer_browser(question)?;
        let typed: String = Input::with_theme(&*self.theme())
            .with_prompt(
                "Do you attest this? yes, no, or in your own words; nothing to leave. It is recorded under your name",
            )
            .allow_empty(true)
            .interact_text_on(&Term::stderr())?;
        Ok(match typed.trim() {
            "" => leave(),
            "y" | "Y" => said("yes"),
            "n" | "N" => said("no"),
            words => said(words),
        })
    }

    /// Only at a terminal, and only when asked: a browser that opens by itself on a build machine helps nobody.
    fn offer_browser(&self, question: &Question) -> dialoguer::Result<()> {
        let Some(address) = address_to_open(question) else { return Ok(()) };
        if self.yes_or_no("Open the address in a browser now?")?
            && let Err(error) = open::that_detached(address)
        {
            self.printer.note(&format!("No browser could be opened ({error}); open the address by hand."));
        }
        Ok(())
    }

    /// The way out comes first, so that an absent-minded return decides nothing.
    fn decide(&self, question: &Question, choices: &[Alternative]) -> dialoguer::Result<Reply> {
        self.printer.note_lines(&question_lines(question, &self.appearance));
        let answers: Vec<String> = choices.iter().map(|choice| clean(&choice.answer)).collect();
        let items: Vec<&str> = std::iter::once("I do not know yet: leave, and resume later")
            .chain(answers.iter().map(String::as_str))
            .collect();
        let chosen = self.select("Which?", &items)?.and_then(|index| choices.get(index.checked_sub(1)?));
        Ok(chosen.map_or_else(leave, |choice| said(&choice.answer)))
    }

    fn what_happened(&self, question: &Question) -> dialoguer::Result<Reply> {
        self.printer.note_lines(&question_lines(question, &self.appearance));
        let items = ["It did happen", "It did not happen", "I do not know yet: leave, and resume later"];
        Ok(match self.select("What happened?", &items)? {
            Some(0) => said("happened"),
            Some(1) => said("did-not-happen"),
            _ => leave(),
        })
    }

    fn trouble(&self, question: &Question, choices: &[Choice]) -> dialoguer::Result<Reply> {
        self.printer.note_lines(&question_lines(question, &self.appearance));
        let items: Vec<&str> = choices.iter().map(|choice| choice_words(*choice)).collect();
        let chosen = self.select("What now?", &items)?.and_then(|index| choices.get(index).copied());
        let choice = chosen.unwrap_or(Choice::Leave);
        let reason = if choice == Choice::Skip { Some(self.reason()?) } else { None };
        Ok(Reply::Chose { choice, reason })
    }

    fn reason(&self) -> dialoguer::Result<String> {
        Input::with_theme(&*self.theme())
            .with_prompt("Why is it skipped? (for the record)")
            .interact_text_on(&Term::stderr())
    }

    fn yes_or_no(&self, prompt: &str) -> dialoguer::Result<bool> {
        Confirm::with_theme(&*self.theme())
            .with_prompt(prompt)
            .default(false)
            .wait_for_newline(true)
            .interact_on(&Term::stderr())
    }

    fn select(&self, prompt: &str, items: &[&str]) -> dialoguer::Result<Option<usize>> {
        Select::with_theme(&*self.theme()).with_prompt(prompt).items(items).default(0).interact_on_opt(&Term::stderr())
    }

    fn theme(&self) -> Box<dyn Theme> {
        if self.appearance.colour { Box::new(ColorfulTheme::default()) } else { Box::new(SimpleTheme) }
    }
}

#[async_trait]
impl Person for Terminal {
    fn name(&self) -> String {
        self.name.clone()
    }

    async fn ask(&mut self, question: &Question) -> Reply {
        let (me, question) = (self.clone(), question.clone());
        // Typing takes as long as a person takes: never on the runtime's own threads.
        let was_up = self.stage.lower();
        let asked = tokio::task::spawn_blocking(move || me.ask_now(&question)).await;
        if was_up {
            self.stage.raise();
        }
        asked.unwrap_or(Reply::Interrupted)
    }
}

fn said(answer: &str) -> Reply {
    Reply::Said { answer: answer.to_owned(), how: "typed".to_owned() }
}

/// Whoever leaves without an answer is gone, as far as the run is concerned: it parks, and says how to go on.
const fn leave() -> Reply {
    Reply::NobodyThere
}

/// Ctrl-C is a person who interrupts; a terminal that is gone is nobody.
fn reply_to_failure(error: &dialoguer::Error) -> Reply {
    let dialoguer::Error::IO(error) = error;
    match error.kind() {
        std::io::ErrorKind::Interrupted => Reply::Interrupted,
        _ => Reply::NobodyThere,
    }
}

const fn choice_words(choice: Choice) -> &'static str {
    match choice {
        Choice::Retry => "Try again: look at the world, and act if that is called for",
        Choice::Wait => "Keep waiting",
        Choice::ShowEvidence => "Show the evidence, then ask again",
        Choice::Skip => "Skip this step, with a reason",
        Choice::DoneByHand => "It was done by hand: look whether that is so",
        Choice::Abort => "Abort: restore what was before",
        Choice::Leave => "Leave; resume later",
    }
}

/// The address that a person is told to open, where it leads out into the encrypted web: a simulator's address is not
/// for a browser.
fn address_to_open(question: &Question) -> Option<&str> {
    let QuestionKind::Attest { statements } = &question.sort else { return None };
    statements.iter().find_map(|statement| statement.strip_prefix("Open ")).filter(|rest| {
        rest.starts_with("https://")
            && !rest.contains(|character: char| character.is_whitespace() || character.is_control())
    })
}

/// A frame that cannot be overlooked: what becomes impossible, and the facts that were just observed.
fn crossing_box(question: &Question, lost: &str, appearance: &Appearance) -> Vec<String> {
    let width = appearance.columns.clamp(40, 100);
    let inner = width - 4;
    let mut inside = wrap(&question.text, inner, "", "");
    inside.push(String::new());
    inside.extend(wrap(lost, inner, "What becomes impossible: ", "  "));
    inside.push(String::new());
    for fact in facts(question) {
        inside.extend(wrap(fact, inner, "- ", "  "));
    }
    frame("POINT OF NO RETURN", &inside, width).iter().map(|line| appearance.dress(Tone::Danger, line)).collect()
}

fn frame(title: &str, inside: &[String], width: usize) -> Vec<String> {
    let rule = |text: &str| format!("+{text:-<fill$}+", fill = width - 2);
    let mut lines = vec![rule(&format!("-- {title} "))];
    for line in inside {
        let missing = (width - 4).saturating_sub(console::measure_text_width(line));
        lines.push(format!("| {line}{} |", " ".repeat(missing)));
    }
    lines.push(rule(""));
    lines
}

#[cfg(test)]
mod tests {
    use super::{address_to_open, crossing_box, reply_to_failure};
    use crate::model::{Question, QuestionKind, Reply};
    use crate::screen::Appearance;

    #[test]
    fn the_crossing_is_framed_with_what_was_observed() {
        let lost = "The old leader no longer receives writes, so nothing that is written from now on is in it.";
        let question = Question {
            id: "promote".into(),
            step: Some("promote".into()),
            sort: QuestionKind::Cross { name: "acme-crm-pg-1f2e3d".into(), lost: lost.into() },
            text: "Make acme-crm-pg-1f2e3d the database of acme-crm".into(),
            shown: vec!["connection-paused: PAUSED".into(), "copy-exact: 0 commits behind, seen twice".into()],
        };
        insta::assert_snapshot!(crossing_box(&question, lost, &Appearance::plain()).join("\n"), @r"
        +-- POINT OF NO RETURN --------------------------------------------------------+
        | Make acme-crm-pg-1f2e3d the database of acme-crm                             |
        |                                                                              |
        | What becomes impossible: The old leader no longer receives writes, so        |
        |   nothing that is written from now on is in it.                              |
        |                                                                              |
        | - connection-paused: PAUSED                                                  |
        | - copy-exact: 0 commits behind, seen twice                                   |
        +------------------------------------------------------------------------------+
        ");
    }

    #[test]
    fn only_an_address_of_the_encrypted_web_is_opened() {
        let told = |statement: &str| Question {
            id: "log-in".into(),
            step: None,
            sort: QuestionKind::Attest { statements: vec!["Log in.".into(), statement.into()] },
            text: String::new(),
            shown: Vec::new(),
        };
        let address = "https://login.salesforce.com/services/oauth2/authorize?state=1";
        assert_eq!(address_to_open(&told(&format!("Open {address}"))), Some(address));
        for other in
            ["Open http://127.0.0.1:80/x", "Open file:///etc/passwd", "Open https://a b", "https://a.example", "-a"]
        {
            assert_eq!(address_to_open(&told(other)), None, "{other}");
        }
    }

    #[test]
    fn an_interrupt_is_not_an_answer() {
        let interrupted = std::io::Error::from(std::io::ErrorKind::Interrupted);
        assert_eq!(reply_to_failure(&dialoguer::Error::IO(interrupted)), Reply::Interrupted);
        let gone = std::io::Error::from(std::io::ErrorKind::NotConnected);
        assert_eq!(reply_to_failure(&dialoguer::Error::IO(gone)), Reply::NobodyThere);
    }
}
