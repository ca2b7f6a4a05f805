use std::io;
use std::process::{Command, Stdio};

use async_trait::async_trait;

use super::crossing::{Crossing, crossing_lines};
use super::downtime::downtime_lines;
use super::keys::forget_typed;
use super::menu::Menu;
use super::needs::question_lines;
use super::text::clean;
use super::typing::Typing;
use super::{Appearance, Board, Printer, Stage};
use hcops_model::{ASK_THERE, Alternative, Choice, Person, Question, QuestionKind, Reply, Secret};
use hcops_secrets::handover;

/// The person at the terminal.
///
/// Each question is shown with the facts to judge by. A crossing is answered only by typing its name. Leaving is always
/// possible: an empty name, a "no", or Ctrl-C. Where no live area is drawn nothing is redrawn here either: choices are
/// numbered, and answers are lines.
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
        // What is typed before a question can be seen is no answer to it.
        self.printer.wait_until_shown();
        forget_typed();
        self.printer.note("");
        let typing = Typing {
            printer: self.printer.clone(),
            appearance: self.stage.fitted(&self.appearance),
            by_keys: self.stage.is_live(),
        };
        self.tell_downtime(&typing, question);
        let asked = match &question.sort {
            QuestionKind::Approve { digest } => approve(&typing, question, digest),
            QuestionKind::Cross { ahead: true, .. } => cross_ahead(&typing, question),
            QuestionKind::Cross { name, lost, .. } => self.cross(&typing, question, name, lost),
            QuestionKind::Gate { .. } => gate(&typing, question),
            QuestionKind::Attest { .. } => attest(&typing, question),
            QuestionKind::Decide { choices } => decide(&typing, question, choices),
            QuestionKind::WhatHappened => what_happened(&typing, question),
            QuestionKind::Trouble { choices } => trouble(&typing, question, choices),
        };
        asked.unwrap_or_else(|error| {
            if typing.by_keys {
                // The prompt hid the cursor; it must be there again whatever happened.
                let _ = self.printer.terminal().show_cursor();
            }
            reply_to_failure(&error)
        })
    }

    /// Whoever thinks while writes are off sees for how long. A crossing that fills the screen says it itself.
    fn tell_downtime(&self, typing: &Typing, question: &Question) {
        let fills_the_screen = typing.by_keys && matches!(question.sort, QuestionKind::Cross { .. });
        let Some(now) = self.stage.now().filter(|_| !fills_the_screen) else { return };
        let is_off = |board: &mut Board| board.writes_off(now).is_some_and(|(_, still)| still);
        if self.stage.with_board(is_off) {
            let lines = self.stage.with_board(|board| downtime_lines(board, now, &typing.appearance));
            self.printer.note_lines(&lines);
        }
    }

    /// Nothing else is on the screen then; what was there is still in the scrollback.
    fn cross(&self, typing: &Typing, question: &Question, name: &str, lost: &str) -> io::Result<Reply> {
        if typing.by_keys {
            let term = self.printer.terminal();
            let (rows, appearance) = (usize::from(term.size().0), self.stage.whole_width(&typing.appearance));
            let crossing = Crossing { question, name, lost, now: self.stage.now(), rows };
            let lines = self.stage.with_board(|board| crossing_lines(&crossing, board, &appearance));
            term.write_str(&"\n".repeat(rows))?;
            term.move_cursor_to(0, 0)?;
            self.printer.note_lines(&lines);
        } else {
            show(typing, question);
        }
        let now = self.stage.now();
        // Without a screen of its own the question above it has said so, and no board has followed the run.
        let leaving = if typing.by_keys {
            self.stage.with_board(|board| {
                leaving(now.and_then(|now| board.writes_off(now)).is_some_and(|(_, still)| still), board.crossed())
            })
        } else {
            ""
        };
        let typed = typing.words(&format!("Type {} to cross, or nothing to leave{leaving}.", clean(name)), "Name")?;
        Ok(if typed.is_empty() { leave() } else { said(&typed) })
    }
}

/// The way out comes first, so that an absent-minded return lets nothing begin. Times are passed on as they were typed.
fn gate(typing: &Typing, question: &Question) -> io::Result<Reply> {
    show(typing, question);
    let items = [
        ('l', "Not now: leave, and resume later"),
        ('n', "Now"),
        ('t', "At a time"),
        ('w', "Between hours, on whichever day"),
    ];
    let items = items.map(|(key, words)| (key, typing.appearance.tell(words).into_owned()));
    let (kind, typed) = match typing.choose("When may writes go off?", &Menu::new(items, false))? {
        Some(1) => return Ok(said("now")),
        Some(2) => ("at", typing.words("When? 22:00, or 2026-12-03T22:00 for another day; nothing to leave.", "Time")?),
        Some(3) => {
            let asked = "Between which hours? 22:00-02:00, or 22:00-02:00@Europe/Berlin; nothing to leave.";
            ("window", typing.words(asked, "Hours")?)
        }
        _ => return Ok(leave()),
    };
    Ok(if typed.is_empty() { leave() } else { said(&format!("{kind} {typed}")) })
}

/// The name now, or later: a name that is typed here is not asked for in the middle of the night.
fn cross_ahead(typing: &Typing, question: &Question) -> io::Result<Reply> {
    show(typing, question);
    let asked = format!("Type the name, or `{ASK_THERE}` to be asked when it is reached; nothing to leave.");
    let typed = typing.words(&asked, "Name")?;
    Ok(if typed.is_empty() { leave() } else { said(&typed) })
}

/// What it means to leave a point of no return without an answer.
const fn leaving(writes_off: bool, crossed: bool) -> &'static str {
    match (writes_off, crossed) {
        (true, true) => ": writes stay off, abort is no longer possible, and only resume leads on",
        (true, false) => ": writes stay off until you resume or abort",
        (false, true) => ": abort is no longer possible, and only resume leads on",
        (false, false) => ": you can resume or abort later",
    }
}

fn show(typing: &Typing, question: &Question) {
    typing.printer.note_lines(&question_lines(question, &typing.appearance));
}

fn approve(typing: &Typing, question: &Question, digest: &str) -> io::Result<Reply> {
    let agreed = typing.yes_or_no(&question.text)?;
    Ok(if agreed { said(digest) } else { leave() })
}

fn attest(typing: &Typing, question: &Question) -> io::Result<Reply> {
    show(typing, question);
    offer_browser(typing, question)?;
    if question.in_words {
        let answer =
            typing.words("Say what is asked for; nothing to leave. It is recorded under your name.", "Answer")?;
        return Ok(if answer.is_empty() { leave() } else { said(&answer) });
    }
    let asked = "Do you attest this? yes, no, or in your own words; nothing to leave. It is recorded under your name.";
    loop {
        return Ok(match typing.words(asked, "Answer")?.as_str() {
            "" => leave(),
            "y" | "Y" => said("yes"),
            "n" | "N" => said("no"),
            words if is_for_a_shell(words) => {
                typing.say(
                    "That is a command for a shell and no answer: hcops still asks. Ctrl-Z does nothing while it asks.",
                );
                continue;
            }
            words => said(words),
        });
    }
}

/// What is typed by someone who pressed Ctrl-Z and believes to be in the shell again. It must not count as their word.
fn is_for_a_shell(words: &str) -> bool {
    words.starts_with('%')
        || ["fg", "bg", "jobs", "exit"].iter().any(|command| words.split(' ').next() == Some(command))
}

/// Only at a terminal, and only when asked: a browser that opens by itself on a build machine helps nobody.
fn offer_browser(typing: &Typing, question: &Question) -> io::Result<()> {
    let Some(address) = handed_over(question) else { return Ok(()) };
    typing.say("The address, which is written down nowhere else:");
    typing.printer.note(&clean(address.open()));
    if is_for_a_browser(address.open())
        && typing.yes_or_no("Open the address in a browser now?")?
        && let Err(error) = open_browser(address.open())
    {
        typing.say(&format!("No browser could be opened ({error}); open the address by hand."));
    }
    Ok(())
}

/// With the system's own program, found where programs are installed.
fn open_browser(address: &str) -> io::Result<()> {
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for usual in open::commands(address) {
        let name = usual.get_program().to_string_lossy().into_owned();
        let Some(program) = hcops_programs::find(&name) else { continue };
        let mut command = Command::new(program);
        command.args(usual.get_args()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        match command.spawn() {
            Ok(_) => return Ok(()),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// The way out comes first, so that an absent-minded return decides nothing.
fn decide(typing: &Typing, question: &Question, choices: &[Alternative]) -> io::Result<Reply> {
    show(typing, question);
    let way_out = std::iter::once(('l', typing.appearance.tell(NOT_YET).into_owned()));
    let answers = choices.iter().map(|choice| clean(&choice.answer));
    let answers = answers.map(|answer| (answer.chars().next().unwrap_or('1'), answer));
    let chosen = typing.choose("Which?", &Menu::new(way_out.chain(answers), false))?;
    let chosen = chosen.and_then(|index| choices.get(index.checked_sub(1)?));
    Ok(chosen.map_or_else(leave, |choice| said(&choice.answer)))
}

fn what_happened(typing: &Typing, question: &Question) -> io::Result<Reply> {
    show(typing, question);
    let items = [('l', NOT_YET), ('y', "It did happen"), ('n', "It did not happen")];
    let items = items.map(|(key, words)| (key, typing.appearance.tell(words).into_owned()));
    Ok(match typing.choose("What happened?", &Menu::new(items, false))? {
        Some(1) => said("happened"),
        Some(2) => said("did-not-happen"),
        _ => leave(),
    })
}

/// The menu of a step that cannot go on by itself. The evidence comes back here: the question is asked again with it.
fn trouble(typing: &Typing, question: &Question, choices: &[Choice]) -> io::Result<Reply> {
    show(typing, question);
    let items = choices.iter().map(|choice| {
        let (key, words) = key_and_words(*choice);
        (key, typing.appearance.tell(words).into_owned())
    });
    let chosen = typing.choose("What now?", &Menu::new(items, true))?.and_then(|index| choices.get(index).copied());
    let choice = chosen.unwrap_or(Choice::Leave);
    let reason = match choice {
        Choice::Skip => Some(typing.words("Why is it skipped? The reason is kept for the record.", "Reason")?),
        _ => None,
    };
    Ok(Reply::Chose { choice, reason })
}

const NOT_YET: &str = "I do not know yet: leave, and resume later";

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
fn reply_to_failure(error: &io::Error) -> Reply {
    match error.kind() {
        std::io::ErrorKind::Interrupted => Reply::Interrupted,
        _ => Reply::NobodyThere,
    }
}

const fn key_and_words(choice: Choice) -> (char, &'static str) {
    match choice {
        Choice::Retry => ('r', "Try again: look at the world, and act if that is called for"),
        Choice::Wait => ('w', "Keep waiting"),
        Choice::ShowEvidence => ('e', "Show the evidence, then ask again"),
        Choice::Skip => ('s', "Skip this step, with a reason"),
        Choice::DoneByHand => ('h', "It was done by hand: look whether that is so"),
        Choice::Abort => ('a', "Abort: restore what was before"),
        Choice::Leave => ('l', "Leave; resume later"),
    }
}

/// The address that this process was given for what the person is to do. It is shown here and written down nowhere.
fn handed_over(question: &Question) -> Option<Secret> {
    let QuestionKind::Attest { statements } = &question.sort else { return None };
    statements.iter().find_map(|statement| handover::handed(statement))
}

/// Whether it leads out into the encrypted web: a simulator's address is not for a browser.
fn is_for_a_browser(address: &str) -> bool {
    address.starts_with("https://")
        && !address.contains(|character: char| character.is_whitespace() || character.is_control())
}

#[cfg(test)]
mod tests {
    use super::{handed_over, is_for_a_browser, is_for_a_shell, reply_to_failure};
    use hcops_model::{Question, QuestionKind, Reply, Secret};
    use hcops_secrets::handover;

    #[test]
    fn a_command_for_a_shell_is_nobodys_word() {
        for command in ["fg", "fg %1", "bg", "%1", "jobs", "exit"] {
            assert!(is_for_a_shell(command), "{command}");
        }
        for words in ["yes", "none", "nobody writes", "exited the console", "fgh"] {
            assert!(!is_for_a_shell(words), "{words}");
        }
    }

    #[test]
    fn only_an_address_of_the_encrypted_web_is_opened() {
        assert!(is_for_a_browser("https://login.salesforce.com/services/oauth2/authorize?state=1"));
        for other in ["http://127.0.0.1:80/x", "file:///etc/passwd", "https://a b", "-a"] {
            assert!(!is_for_a_browser(other), "{other}");
        }
    }

    #[test]
    fn what_was_handed_over_is_known_by_its_statement_alone() {
        let told = |statement: &str| Question {
            id: "log-in".into(),
            step: None,
            sort: QuestionKind::Attest { statements: vec!["Log in.".into(), statement.into()] },
            text: String::new(),
            shown: Vec::new(),
            picture: None,
            in_words: false,
        };
        handover::hand("Open the login of this test.", Secret::new("https://a.example/?state=canary"));
        let question = told("Open the login of this test.");
        assert_eq!(handed_over(&question).expect("an address").open(), "https://a.example/?state=canary");
        assert!(handed_over(&told("Open the login of another one.")).is_none());
        assert!(!format!("{question:?}").contains("canary"));
    }

    #[test]
    fn an_interrupt_is_not_an_answer() {
        let interrupted = std::io::Error::from(std::io::ErrorKind::Interrupted);
        assert_eq!(reply_to_failure(&interrupted), Reply::Interrupted);
        let gone = std::io::Error::from(std::io::ErrorKind::NotConnected);
        assert_eq!(reply_to_failure(&gone), Reply::NobodyThere);
    }
}
