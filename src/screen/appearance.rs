use console::Style;
use jiff::tz::TimeZone;

/// How text is dressed: colours or none, how wide, in which time zone. Handed in, so that a snapshot is the same on
/// every machine.
#[derive(Debug, Clone)]
pub struct Appearance {
    /// Whether colours are used. Nothing is said by colour alone.
    pub colour: bool,
    /// Columns of the terminal or log.
    pub columns: usize,
    /// Time zone in which moments are told.
    pub zone: TimeZone,
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
    /// Without colour, 80 columns, UTC: for logs and tests.
    #[must_use]
    pub const fn plain() -> Self {
        Self { colour: false, columns: 80, zone: TimeZone::UTC }
    }

    /// `text`, dressed for its meaning.
    #[must_use]
    pub fn dress(&self, tone: Tone, text: &str) -> String {
        if !self.colour || tone == Tone::Normal {
            return text.to_owned();
        }
        style(tone).force_styling(true).apply_to(text).to_string()
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
        let coloured = Appearance { colour: true, ..Appearance::plain() };
        assert_eq!(coloured.dress(Tone::Danger, "careful"), "\u{1b}[31m\u{1b}[1mcareful\u{1b}[0m");
    }
}
