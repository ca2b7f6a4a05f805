use std::borrow::Cow;

use console::Style;
use jiff::tz::TimeZone;

use super::RunNames;
use hcops_i18n::{Catalogue, Language};
use hcops_model::state_dir::StateDir;

/// How text is dressed: colours or none, how wide, in which time zone. Handed in, so that a snapshot is the same on
/// every machine.
#[derive(Debug, Clone)]
pub struct Appearance {
    /// Whether colours are used. Nothing is said by colour alone.
    pub colour: bool,
    /// Columns of the terminal or log.
    pub columns: usize,
    /// Whether bars, frames and curves may be drawn with characters beyond ASCII.
    pub unicode: bool,
    /// Time zone in which moments are told.
    pub zone: TimeZone,
    /// What the person types instead of `hcops`, where another command called it: `heroku connect:ops`.
    pub called: Option<String>,
    /// The runs of this machine, whose ids are shown as short as they can be.
    pub runs: RunNames,
    /// Where runs are kept, where the person said so with an option.
    pub state_dir: StateDir,
    /// The language in which people are told.
    pub language: Language,
}

/// What a piece of text means; its colour follows from that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    Normal,
    /// A title.
    Heading,
    /// It went well.
    Good,
    /// It needs attention.
    Warning,
    /// It failed, or cannot be undone.
    Danger,
    /// Of lesser weight.
    Faint,
    /// Something to be typed or copied.
    Command,
}

impl Appearance {
    /// Without colour, 80 columns, ASCII drawings, UTC: for logs and tests.
    #[must_use]
    pub const fn plain() -> Self {
        Self {
            colour: false,
            columns: 80,
            unicode: false,
            zone: TimeZone::UTC,
            called: None,
            runs: RunNames::none(),
            state_dir: StateDir::usual(),
            language: Language::English,
        }
    }

    /// `text`, dressed for its meaning.
    #[must_use]
    pub fn dress(&self, tone: Tone, text: &str) -> String {
        let typed = (tone == Tone::Command).then(|| self.typed(text));
        let text = typed.as_deref().unwrap_or(text);
        if !self.colour || tone == Tone::Normal {
            return text.to_owned();
        }
        style(tone).force_styling(true).apply_to(text).to_string()
    }

    /// `text`, a whole sentence or label as it was written in English, in the person's language.
    ///
    /// Journals, JSON and names are English wherever they are read; only a screen speaks another language. So every
    /// renderer passes each text through here once, whole, before it is wrapped or padded. Commands in backticks become
    /// those that the person types.
    #[must_use]
    pub fn tell<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let told = Catalogue::of(self.language).and_then(|catalogue| catalogue.tell(text));
        self.with_typed_commands(told.map_or(Cow::Borrowed(text), Cow::Owned))
    }

    fn with_typed_commands<'a>(&self, text: Cow<'a, str>) -> Cow<'a, str> {
        if !text.contains("`hcops ") {
            return text;
        }
        let pieces: Vec<&str> = text.split('`').collect();
        // The last piece is outside: either no backtick is open there, or it was never closed.
        let quoted = |at: usize| at % 2 == 1 && at + 1 < pieces.len();
        let typed = pieces.iter().enumerate().map(|(at, piece)| match quoted(at) {
            true => self.typed(piece),
            false => (*piece).to_owned(),
        });
        Cow::Owned(typed.collect::<Vec<_>>().join("`"))
    }

    /// `text` on one line of at most `columns`; what is cut off is shown to be missing.
    #[must_use]
    pub(super) fn cut(&self, text: &str, columns: usize) -> String {
        console::truncate_str(text, columns, if self.unicode { "…" } else { "..." }).into_owned()
    }

    /// A command of `hcops` as the person types it: `hcops show` is `heroku connect:ops:show` for whoever calls it through
    /// `heroku`. The id of a run is as short as it can be, and the folder that `--state-dir` named is named again. Any other
    /// command stays as it is.
    #[must_use]
    pub fn typed(&self, command: &str) -> String {
        let command = self.state_dir.within(&self.runs.shorten(command)).into_owned();
        match (&self.called, command.strip_prefix("hcops ")) {
            (Some(called), Some(words)) if words.starts_with('-') => format!("{called} {words}"),
            (Some(called), Some(words)) => format!("{called}:{words}"),
            _ => command,
        }
    }
}

fn style(tone: Tone) -> Style {
    match tone {
        Tone::Normal => Style::new(),
        Tone::Heading => Style::new().bold(),
        Tone::Good => Style::new().green(),
        Tone::Warning => Style::new().yellow(),
        Tone::Danger => Style::new().red().bold(),
        Tone::Faint => Style::new().dim(),
        Tone::Command => Style::new().cyan(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Appearance, Tone};

    #[test]
    fn without_colour_the_text_is_untouched() {
        assert_eq!(Appearance::plain().dress(Tone::Danger, "careful"), "careful");
        assert_eq!(Appearance::plain().dress(Tone::Command, "hcops show"), "hcops show");
        let coloured = Appearance { colour: true, ..Appearance::plain() };
        assert_eq!(coloured.dress(Tone::Danger, "careful"), "\u{1b}[31m\u{1b}[1mcareful\u{1b}[0m");
    }

    #[test]
    fn commands_are_told_as_the_person_types_them() {
        let through = Appearance { called: Some("heroku connect:ops".into()), ..Appearance::plain() };
        for (command, typed) in [
            ("hcops resume 0192 --confirm new", "heroku connect:ops:resume 0192 --confirm new"),
            ("hcops postgres compare A B", "heroku connect:ops:postgres compare A B"),
            ("hcops --version", "heroku connect:ops --version"),
            ("heroku login", "heroku login"),
        ] {
            assert_eq!(through.dress(Tone::Command, command), typed);
        }
        assert_eq!(through.dress(Tone::Normal, "hcops resume"), "hcops resume", "only what is a command");
    }

    #[test]
    fn commands_within_a_sentence_are_told_as_the_person_types_them() {
        let through = Appearance { called: Some("heroku connect:ops".into()), ..Appearance::plain() };
        for (text, told) in [
            (
                "Then `hcops resume X`; `hcops --help` too.",
                "Then `heroku connect:ops:resume X`; `heroku connect:ops --help` too.",
            ),
            ("Take it up with `hcops resume`.", "Take it up with `heroku connect:ops:resume`."),
            ("hcops runs it; `heroku login` and `hcops` stay.", "hcops runs it; `heroku login` and `hcops` stay."),
            ("`a` hcops x `b`", "`a` hcops x `b`"),
            ("never closed: `hcops resume", "never closed: `hcops resume"),
        ] {
            assert_eq!(through.tell(text), told);
            assert_eq!(Appearance::plain().tell(text), text, "hcops is typed as hcops");
        }
        let japanese = Appearance { language: hcops_i18n::Language::Japanese, ..through };
        assert_eq!(japanese.tell("`hcops show X`"), "`heroku connect:ops:show X`");
    }
}
