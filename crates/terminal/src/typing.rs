use std::io;

use console::Term;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, Input};

use super::keys::forget_typed;
use super::menu::{Menu, Pressed};
use super::text::wrap;
use super::{Appearance, Printer, Tone};

/// How a person types: by single keys where the screen can be drawn upon, else by lines, without a control character.
pub(super) struct Typing {
    pub(super) printer: Printer,
    pub(super) appearance: Appearance,
    /// Whether the screen can be drawn upon.
    pub(super) by_keys: bool,
}

/// Lines that mean nothing before it counts as no answer.
const MOST_MISTAKES: u32 = 5;
/// Columns that dialoguer draws around a prompt, with some for the answer.
const AROUND: usize = 8;

impl Typing {
    /// Asks for a yes; everything else is a no.
    ///
    /// # Errors
    /// `Interrupted` for Ctrl-C; others when the terminal is gone.
    pub(super) fn yes_or_no(&self, question: &str) -> io::Result<bool> {
        if !self.by_keys {
            self.say(question);
            let answer = self.line("y or n:")?;
            return Ok(answer.is_some_and(|line| matches!(line.trim().to_lowercase().as_str(), "y" | "yes")));
        }
        let told = self.appearance.tell(question);
        let fits = console::measure_text_width(&told) + AROUND <= self.appearance.columns;
        if !fits {
            self.say(question);
        }
        let short = self.appearance.tell("Yes or no?");
        let prompt = if fits { super::clean(&told) } else { short.into_owned() };
        let theme = self.theme();
        let confirm = Confirm::with_theme(&*theme).with_prompt(prompt).default(false).wait_for_newline(true);
        confirm.interact_on(&self.terminal()).map_err(of_terminal)
    }

    /// Asks for words: `question` says what for, `label` stands before what is typed. Empty where nothing was typed.
    ///
    /// # Errors
    /// `Interrupted` for Ctrl-C; others when the terminal is gone.
    pub(super) fn words(&self, question: &str, label: &str) -> io::Result<String> {
        self.say(question);
        if !self.by_keys {
            let line = self.line(&format!("{}:", self.appearance.tell(label)))?;
            return Ok(line.unwrap_or_default().trim().to_owned());
        }
        let label = self.appearance.tell(label).into_owned();
        let theme = self.theme();
        let input = Input::<String>::with_theme(&*theme).with_prompt(label).allow_empty(true);
        let typed = input.interact_text_on(&self.terminal()).map_err(of_terminal)?;
        Ok(typed.trim().to_owned())
    }

    /// Asks for one of several choices; nothing where the person wants none.
    ///
    /// # Errors
    /// `Interrupted` for Ctrl-C; others when the terminal is gone.
    pub(super) fn choose(&self, question: &str, menu: &Menu) -> io::Result<Option<usize>> {
        if !self.by_keys {
            return self.choose_by_line(question, menu);
        }
        let chosen = Drawn { term: self.terminal(), lines: 0 }.choose(question, menu, &self.appearance)?;
        let words =
            chosen.map_or_else(|| self.appearance.tell("none of them").into_owned(), |at| menu.words(at).into());
        let head = format!("{} ", self.appearance.tell(question));
        self.printer.note_lines(&wrap(&words, self.appearance.columns, &head, "  "));
        Ok(chosen)
    }

    fn choose_by_line(&self, question: &str, menu: &Menu) -> io::Result<Option<usize>> {
        self.say(question);
        self.printer.note_lines(&menu.numbered(&self.appearance));
        for _ in 0..MOST_MISTAKES {
            let Some(line) = self.line(&self.appearance.tell("A number or a letter:"))? else { return Ok(None) };
            if let Some(chosen) = menu.typed(&line) {
                return Ok(Some(chosen));
            }
            self.say("That is none of the choices.");
        }
        Ok(None)
    }

    /// One typed line; nothing where the input has ended.
    fn line(&self, prompt: &str) -> io::Result<Option<String>> {
        self.terminal().write_str(&format!("{} ", super::clean(prompt)))?;
        let mut line = String::new();
        Ok((io::stdin().read_line(&mut line)? > 0).then_some(line))
    }

    /// Where it is typed, once the question can be seen. What was typed while it could not, answers nothing.
    fn terminal(&self) -> Term {
        if self.printer.wait_until_shown() {
            forget_typed();
        }
        self.printer.terminal()
    }

    /// A sentence, wrapped.
    pub(super) fn say(&self, sentence: &str) {
        self.printer.note_lines(&wrap(&self.appearance.tell(sentence), self.appearance.columns, "", ""));
    }

    fn theme(&self) -> Box<dyn Theme> {
        if self.appearance.colour { Box::new(ColorfulTheme::default()) } else { Box::new(SimpleTheme) }
    }
}

/// A menu on the screen, which goes when the choice is made. The cursor is there again however it ends.
struct Drawn {
    term: Term,
    lines: usize,
}

impl Drawn {
    fn choose(mut self, question: &str, menu: &Menu, appearance: &Appearance) -> io::Result<Option<usize>> {
        self.term.hide_cursor()?;
        forget_typed();
        let mut at = 0;
        loop {
            self.draw(question, menu, at, appearance)?;
            match menu.pressed(at, &self.term.read_key()?) {
                Pressed::Moved(to) => at = to,
                Pressed::Chosen(chosen) => return Ok(Some(chosen)),
                Pressed::Left => return Ok(None),
                Pressed::Nothing => {}
            }
        }
    }

    fn draw(&mut self, question: &str, menu: &Menu, at: usize, appearance: &Appearance) -> io::Result<()> {
        let mut lines = wrap(&appearance.tell(question), appearance.columns, "", "");
        lines.extend(menu.lines(at, appearance));
        lines.push(appearance.dress(Tone::Faint, &appearance.cut(&appearance.tell(menu.hint()), appearance.columns)));
        self.term.clear_last_lines(self.lines)?;
        self.lines = lines.len();
        self.term.write_line(&lines.join("\n"))
    }
}

impl Drop for Drawn {
    fn drop(&mut self) {
        // A terminal that is gone needs no cursor.
        let _ = self.term.clear_last_lines(self.lines);
        let _ = self.term.show_cursor();
    }
}

fn of_terminal(error: dialoguer::Error) -> io::Error {
    let dialoguer::Error::IO(error) = error;
    error
}
