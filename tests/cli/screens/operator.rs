//! The person at the keyboard: answers each question as it stands on the screen, once.

use vt100::Screen;

use super::film::{Film, Reel};

/// Down, as a terminal sends it.
const DOWN: &str = "\u{1b}[B";

/// Which question it is: where it stands, how it begins, and what is marked in its menu.
type Asked = (usize, usize, String, Option<String>);

/// Answers whatever is asked.
pub(super) struct Operator {
    /// What is answered where it is offered: question and answer.
    answers: &'static [(&'static str, &'static str)],
    answered: Option<Asked>,
}

impl Operator {
    /// Agrees, attests, crosses, and picks these answers where they are offered.
    pub(super) const fn who_answers(answers: &'static [(&'static str, &'static str)]) -> Self {
        Self { answers, answered: None }
    }

    /// Sees the run through to its end.
    pub(super) fn sees_through(&mut self, film: &mut Film) {
        loop {
            match film.roll() {
                Reel::Ended => return,
                // What was typed before the prompt listened is lost, as it is for a person.
                Reel::Quiet => self.answered = None,
                Reel::Running => {}
            }
            self.answers_what_is_asked(film);
        }
    }

    /// Types the answer to a question that is on the screen and was not answered yet.
    pub(super) fn answers_what_is_asked(&mut self, film: &mut Film) {
        if let Some(keys) = self.keys(film.screen()) {
            film.types(&keys);
        }
    }

    /// What to type, if something is asked that was not answered yet.
    fn keys(&mut self, screen: &Screen) -> Option<String> {
        let (row, _) = screen.cursor_position();
        let lines: Vec<String> = screen.rows(0, screen.size().1.get()).map(|line| line.trim_end().to_owned()).collect();
        // A prompt that ends at the edge leaves the cursor on the row below.
        let row = (0..=usize::from(row)).rev().find(|row| !lines[*row].is_empty())?;
        let line = lines[row].trim().to_owned();
        let keys = self.answer(&lines, &line, row)?;
        let begins = line.chars().take(12).collect();
        let asked = (screen.scrollback_len(), row, begins, marked(&lines).cloned());
        if self.answered.as_ref() == Some(&asked) {
            return None;
        }
        self.answered = Some(asked);
        Some(keys)
    }

    fn answer(&self, lines: &[String], line: &str, row: usize) -> Option<String> {
        // What is typed stands behind the sign; a question with nothing there is still open.
        match line {
            "? Answer ›" if lines.iter().any(|above| above.contains("word for word")) => Some("none\r".to_owned()),
            "? Answer ›" => Some("y\r".to_owned()),
            "? Name ›" if !lines[..row].iter().any(|above| above.contains("The name to type: ")) => {
                Some("there\r".to_owned())
            }
            "? Name ›" => {
                let asked = lines[..row].iter().rev().find_map(|above| above.split("The name to type: ").nth(1));
                asked.and_then(|rest| rest.split(' ').next()).map(|name| format!("{name}\r"))
            }
            _ if line.starts_with("? Carry out this plan") && line.ends_with("› no") => Some("y\r".to_owned()),
            _ => self.pick(&lines[..=row]),
        }
    }

    /// Goes down a menu until what is wanted is marked, then takes it.
    fn pick(&self, menu: &[String]) -> Option<String> {
        menu.iter().rfind(|line| line.contains("then Return"))?;
        let marked = marked(menu)?;
        let is_wanted =
            self.answers.iter().map(|(_, answer)| *answer).chain(["Now"]).any(|answer| marked.ends_with(answer));
        Some(if is_wanted { "\r" } else { DOWN }.to_owned())
    }
}

fn marked(lines: &[String]) -> Option<&String> {
    lines.iter().rfind(|line| line.starts_with(['›', '>']))
}
