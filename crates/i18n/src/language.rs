use std::fmt;

/// A language that the screen speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// As everything is written.
    #[default]
    English,
    /// Through the catalogue `ja.ftl`.
    Japanese,
}

impl Language {
    /// Every language, in the order in which help names them.
    pub const ALL: [Self; 2] = [Self::English, Self::Japanese];

    /// Its code in ISO 639-1: `en`, `ja`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Japanese => "ja",
        }
    }

    /// The language of a locale as POSIX writes it (`ja_JP.UTF-8`) or as BCP 47 does (`ja-JP`). Any locale that is not
    /// Japanese is told English: nothing else is spoken here.
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        let code = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
        if code.eq_ignore_ascii_case("ja") { Self::Japanese } else { Self::English }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn a_locale_names_a_language() {
        for japanese in ["ja", "ja_JP.UTF-8", "ja-JP", "JA_jp", "ja@euro", "ja.UTF-8"] {
            assert_eq!(Language::of_locale(japanese), Language::Japanese, "{japanese}");
        }
        for english in ["", "C", "POSIX", "en_GB.UTF-8", "de_DE", "jav_ID", "jam"] {
            assert_eq!(Language::of_locale(english), Language::English, "{english}");
        }
    }
}
