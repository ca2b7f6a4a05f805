use console::Key;

use super::text::wrap;
use super::{Appearance, Tone};

/// Choices, each with a key of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Menu {
    items: Vec<Item>,
    at_once: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    key: char,
    words: String,
}

/// What a key means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pressed {
    /// This one is marked now.
    Moved(usize),
    /// This one is chosen.
    Chosen(usize),
    /// The person wants none of them.
    Left,
    /// Nothing.
    Nothing,
}

impl Menu {
    /// Choices with the keys that they would like to have; a key that is taken becomes another letter of the words, or a
    /// digit. With `at_once` a key chooses; otherwise it marks, and Return chooses.
    pub(super) fn new(wishes: impl IntoIterator<Item = (char, String)>, at_once: bool) -> Self {
        let wishes: Vec<(char, String)> = wishes.into_iter().collect();
        let mut items: Vec<Item> = Vec::with_capacity(wishes.len());
        for (wish, words) in wishes {
            let letters = words.chars().filter(char::is_ascii_alphabetic).collect::<Vec<_>>();
            let wished = std::iter::once(wish).chain(letters).chain('1'..='9').map(|key| key.to_ascii_lowercase());
            let free = |key: &char| key.is_ascii_alphanumeric() && items.iter().all(|item| item.key != *key);
            let key = wished.into_iter().find(free).unwrap_or('?');
            items.push(Item { key, words });
        }
        Self { items, at_once }
    }

    /// What a key means while the choice `at` is marked.
    pub(super) fn pressed(&self, at: usize, key: &Key) -> Pressed {
        let count = self.items.len();
        match key {
            _ if count == 0 => Pressed::Left,
            Key::ArrowDown | Key::Tab => Pressed::Moved((at + 1) % count),
            Key::ArrowUp | Key::BackTab => Pressed::Moved((at + count - 1) % count),
            Key::Home => Pressed::Moved(0),
            Key::End => Pressed::Moved(count - 1),
            Key::Enter => Pressed::Chosen(at),
            Key::Escape => Pressed::Left,
            Key::Char(letter) => match self.with_key(*letter) {
                Some(index) if self.at_once => Pressed::Chosen(index),
                Some(index) => Pressed::Moved(index),
                None => Pressed::Nothing,
            },
            _ => Pressed::Nothing,
        }
    }

    /// The choice that a typed line means: its number, counted from 1, or its key.
    pub(super) fn typed(&self, line: &str) -> Option<usize> {
        let line = line.trim().trim_start_matches('[').trim_end_matches(']');
        let mut letters = line.chars();
        let by_key = match (letters.next(), letters.next()) {
            (Some(letter), None) => self.with_key(letter),
            _ => None,
        };
        by_key.or_else(|| line.parse::<usize>().ok()?.checked_sub(1).filter(|index| *index < self.items.len()))
    }

    /// How a choice is told once it is made.
    pub(super) fn words(&self, index: usize) -> &str {
        self.items.get(index).map_or("", |item| item.words.as_str())
    }

    /// The choices with the marked one standing out, in lines that fit.
    pub(super) fn lines(&self, at: usize, appearance: &Appearance) -> Vec<String> {
        let sign = if appearance.unicode { "›" } else { ">" };
        let told = self.items.iter().enumerate().flat_map(|(index, item)| {
            let (sign, tone) = if index == at { (sign, Tone::Heading) } else { (" ", Tone::Normal) };
            let lines = wrap(&item.words, appearance.columns, &format!("{sign} [{}] ", item.key), "      ");
            lines.into_iter().map(move |line| appearance.dress(tone, &line)).collect::<Vec<_>>()
        });
        told.collect()
    }

    /// The choices by number, for whoever types a line.
    pub(super) fn numbered(&self, appearance: &Appearance) -> Vec<String> {
        let told = self.items.iter().enumerate().flat_map(|(index, item)| {
            let first = format!("{:>3}. [{}] ", index + 1, item.key);
            wrap(&item.words, appearance.columns, &first, "         ")
        });
        told.collect()
    }

    /// What to press.
    pub(super) const fn hint(&self) -> &'static str {
        if self.at_once {
            "Press a key, or choose with the arrows and Return."
        } else {
            "Choose with a key or the arrows, then Return."
        }
    }

    fn with_key(&self, letter: char) -> Option<usize> {
        self.items.iter().position(|item| item.key == letter.to_ascii_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use console::Key;

    use super::{Menu, Pressed};
    use crate::Appearance;

    fn menu(at_once: bool) -> Menu {
        let choices = [
            ('r', "Try again: look at the world, and act if that is called for"),
            ('e', "Show the evidence"),
            ('a', "Abort: restore what was before"),
            ('l', "Leave; resume later"),
        ];
        Menu::new(choices.map(|(key, words)| (key, words.to_owned())), at_once)
    }

    #[test]
    fn a_key_chooses_at_once() {
        let menu = menu(true);
        assert_eq!(menu.pressed(0, &Key::Char('e')), Pressed::Chosen(1));
        assert_eq!(menu.pressed(0, &Key::Char('L')), Pressed::Chosen(3), "as a capital, too");
        assert_eq!(menu.pressed(0, &Key::Char('x')), Pressed::Nothing);
        assert_eq!(menu.pressed(2, &Key::Enter), Pressed::Chosen(2));
    }

    #[test]
    fn where_a_choice_cannot_be_taken_back_a_key_only_marks() {
        let menu = menu(false);
        assert_eq!(menu.pressed(0, &Key::Char('a')), Pressed::Moved(2));
        assert_eq!(menu.pressed(2, &Key::Enter), Pressed::Chosen(2));
    }

    #[test]
    fn the_arrows_go_round_and_escape_leaves() {
        let menu = menu(true);
        assert_eq!(menu.pressed(3, &Key::ArrowDown), Pressed::Moved(0));
        assert_eq!(menu.pressed(0, &Key::ArrowUp), Pressed::Moved(3));
        assert_eq!(menu.pressed(1, &Key::End), Pressed::Moved(3));
        assert_eq!(menu.pressed(1, &Key::Escape), Pressed::Left);
        assert_eq!(menu.pressed(1, &Key::PageUp), Pressed::Nothing);
        assert_eq!(Menu::new([], true).pressed(0, &Key::Enter), Pressed::Left);
    }

    #[test]
    fn every_choice_has_a_key_of_its_own() {
        let same = ["run", "rerun", "r", "run"].map(|answer| ('r', answer.to_owned()));
        let menu = Menu::new(same, false);
        let keys: Vec<char> = menu.items.iter().map(|item| item.key).collect();
        assert_eq!(keys, ['r', 'e', '1', 'u']);
    }

    #[test]
    fn a_typed_line_is_a_number_or_a_key() {
        let menu = menu(true);
        for (line, meant) in
            [("2", Some(1)), ("e", Some(1)), (" [E] ", Some(1)), ("4", Some(3)), ("0", None), ("5", None), ("", None)]
        {
            assert_eq!(menu.typed(line), meant, "{line:?}");
        }
        assert_eq!(menu.typed("retry"), None, "a word is not guessed at");
    }

    #[test]
    fn it_fits_the_terminal() {
        let narrow = Appearance { columns: 40, ..Appearance::plain() };
        insta::assert_snapshot!(menu(true).lines(1, &narrow).join("\n"), @r"
          [r] Try again: look at the world, and
              act if that is called for
        > [e] Show the evidence
          [a] Abort: restore what was before
          [l] Leave; resume later
        ");
        insta::assert_snapshot!(menu(true).numbered(&narrow).join("\n"), @r"
          1. [r] Try again: look at the world,
                 and act if that is called for
          2. [e] Show the evidence
          3. [a] Abort: restore what was before
          4. [l] Leave; resume later
        ");
    }
}
