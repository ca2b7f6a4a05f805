use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::Entry;
use unic_langid::LanguageIdentifier;

use super::Language;
use super::sentence;
use super::template::Template;

const ENGLISH: &str = include_str!("en.ftl");
const JAPANESE: &str = include_str!("ja.ftl");

/// Letters that the shortest label has, with its colon and space.
const LABEL: usize = 5;

/// Every text for people in one language, found by the English text.
pub struct Catalogue {
    /// English texts without holes.
    whole: HashMap<String, String>,
    /// English texts with holes; the surest first, and of equals those that begin with letters.
    with_holes: Vec<Message>,
    /// Finds which of those a text may be: one pattern for each, in their order, of letters that it must have somewhere.
    told_by: Option<AhoCorasick>,
    translations: FluentBundle<FluentResource>,
}

/// An English text with holes, and the id that it has in every catalogue.
struct Message {
    id: String,
    template: Template,
}

/// One way to read a text: the message, and what its holes were filled with.
pub(super) struct Reading<'c> {
    id: &'c str,
    /// Letters of the English text that stand still, in bytes.
    pub(super) letters: usize,
    /// Whether it begins with a label, such as `waiting: `: what follows may be anybody's words.
    pub(super) labels: bool,
    /// The holes with their values.
    pub(super) holes: Vec<(&'c str, &'c str)>,
}

impl Catalogue {
    /// The catalogue of a language; none for English, which is shown as it is written. Made when it is first asked for.
    #[must_use]
    pub fn of(language: Language) -> Option<&'static Self> {
        static IN_JAPANESE: LazyLock<Catalogue> =
            LazyLock::new(|| Catalogue::read(ENGLISH, JAPANESE, Language::Japanese));
        match language {
            Language::English => None,
            Language::Japanese => Some(&IN_JAPANESE),
        }
    }

    /// `text`, a whole sentence or label as it was written in English, in this language; nothing where no sentence of the
    /// catalogue fits it. Names, numbers, states and commands in it stay as they are.
    #[must_use]
    pub fn tell(&self, text: &str) -> Option<String> {
        sentence::tell(self, text)
    }

    /// Lines that cannot be read are left out: a test reads both catalogues without a complaint.
    fn read(english: &str, translated: &str, language: Language) -> Self {
        let locale: LanguageIdentifier = language.code().parse().unwrap_or_default();
        let mut translations = FluentBundle::new_concurrent(vec![locale]);
        translations.set_use_isolating(false);
        translations.add_resource_overriding(resource(translated));
        let mut catalogue = Self { whole: HashMap::new(), with_holes: Vec::new(), told_by: None, translations };
        for (id, template) in templates(&resource(english)) {
            catalogue.add(id, template);
        }
        catalogue.with_holes.sort_by_key(|Message { template, .. }| {
            std::cmp::Reverse((template.letters(), !template.beginning().is_empty()))
        });
        // Without an automaton, which only a catalogue of gigabytes would be refused, every message is tried.
        catalogue.told_by = AhoCorasick::new(catalogue.with_holes.iter().map(|it| it.template.longest_letters())).ok();
        catalogue
    }

    fn add(&mut self, id: String, template: Template) {
        if !self.translations.has_message(&id) {
            return;
        }
        match template.whole() {
            Some(text) => {
                self.whole.insert(text.to_owned(), id);
            }
            None => self.with_holes.push(Message { id, template }),
        }
    }

    /// The message whose English text is exactly `text`.
    pub(super) fn exactly(&self, text: &str) -> Option<Reading<'_>> {
        let (text, id) = self.whole.get_key_value(text)?;
        Some(Reading { id, letters: text.len(), labels: false, holes: Vec::new() })
    }

    /// Every way to read `text` as an English text with holes, the surest first.
    pub(super) fn readings<'c>(&'c self, text: &'c str) -> impl Iterator<Item = Reading<'c>> {
        self.candidates(text).into_iter().filter_map(|place| {
            let message = &self.with_holes[place];
            let (template, holes) = (&message.template, message.template.fit(text)?);
            let labels = template.beginning().len() >= LABEL && template.beginning().ends_with(": ");
            Some(Reading { id: &message.id, letters: template.letters(), labels, holes })
        })
    }

    /// The places of messages that `text` may be, the surest first.
    fn candidates(&self, text: &str) -> Vec<usize> {
        let Some(told_by) = &self.told_by else { return (0..self.with_holes.len()).collect() };
        let mut places: Vec<usize> =
            told_by.find_overlapping_iter(text).map(|found| found.pattern().as_usize()).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// A message of this language with its holes filled; nothing where it cannot be made.
    pub(super) fn say<'a>(
        &self,
        reading: &Reading<'_>,
        values: impl IntoIterator<Item = (&'a str, String)>,
    ) -> Option<String> {
        let mut arguments = FluentArgs::new();
        for (name, value) in values {
            arguments.set(name.to_owned(), FluentValue::from(value));
        }
        let pattern = self.translations.get_message(reading.id)?.value()?;
        let mut errors = Vec::new();
        let said = self.translations.format_pattern(pattern, Some(&arguments), &mut errors);
        errors.is_empty().then(|| said.into_owned())
    }
}

fn resource(text: &str) -> FluentResource {
    FluentResource::try_new(text.to_owned()).unwrap_or_else(|(readable, _)| readable)
}

/// Every message of the English catalogue.
fn templates(english: &FluentResource) -> Vec<(String, Template)> {
    let messages = english.entries().filter_map(|entry| match entry {
        Entry::Message(message) => Some((message.id.name.to_owned(), Template::of_pattern(message.value.as_ref()?)?)),
        _ => None,
    });
    messages.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{Catalogue, ENGLISH, JAPANESE, templates};
    use crate::Language;
    use fluent_bundle::FluentResource;

    /// Id → the names of its holes.
    fn messages(of: &str) -> BTreeMap<String, BTreeSet<String>> {
        let resource =
            FluentResource::try_new(of.to_owned()).map_err(|(_, errors)| errors).expect("a readable catalogue");
        let found = templates(&resource);
        assert_eq!(resource.entries().filter(|entry| matches!(entry, super::Entry::Message(_))).count(), found.len());
        found.into_iter().map(|(id, it)| (id, it.holes().map(ToOwned::to_owned).collect())).collect()
    }

    #[test]
    fn no_message_is_missing_on_either_side_and_no_hole_is_lost() {
        let (english, japanese) = (messages(ENGLISH), messages(JAPANESE));
        let missing: Vec<&String> = english.keys().filter(|id| !japanese.contains_key(*id)).collect();
        let stale: Vec<&String> = japanese.keys().filter(|id| !english.contains_key(*id)).collect();
        assert!(missing.is_empty(), "not in ja.ftl, {} messages: {missing:#?}", missing.len());
        assert!(stale.is_empty(), "in ja.ftl, but no longer in en.ftl: {stale:#?}");
        for (id, holes) in &english {
            assert_eq!(&japanese[id], holes, "{id}: the holes differ");
        }
    }

    #[test]
    fn commands_options_and_states_are_the_same_in_both() {
        let (english, japanese) = (texts(ENGLISH), texts(JAPANESE));
        for (id, text) in &english {
            let Some(told) = japanese.get(id) else { continue };
            assert_eq!(in_backticks(text), in_backticks(told), "{id}: commands differ");
            assert_eq!(options(text), options(told), "{id}: options differ");
            let lost: Vec<&str> = states(text).difference(&states(told)).copied().collect();
            assert!(lost.is_empty(), "{id}: {lost:?} is no longer named in {told}");
        }
    }

    /// Id → the text as Fluent writes it.
    fn texts(of: &'static str) -> BTreeMap<&'static str, &'static str> {
        of.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = ")).collect()
    }

    fn in_backticks(text: &str) -> BTreeSet<&str> {
        text.split('`').skip(1).step_by(2).collect()
    }

    fn options(text: &str) -> BTreeSet<&str> {
        let of_option = |character: char| character.is_ascii_lowercase() || character == '-';
        let ends = |option: &str| option.find(|character| !of_option(character)).unwrap_or(option.len());
        let found = text.match_indices("--").map(|(at, _)| &text[at..at + ends(&text[at..])]);
        found.filter(|option| option.len() > 3).collect()
    }

    /// Words in capitals. The point of no return is no name: it is spoken loudly.
    fn states(text: &str) -> BTreeSet<&str> {
        let spoken = ["POINT", "NO", "RETURN"];
        let words = text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_');
        let in_capitals = |word: &str| word.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_');
        words.filter(|word| word.len() >= 3 && in_capitals(word) && !spoken.contains(word)).collect()
    }

    const SMALL_ENGLISH: &str = "\
paused = { $name } is { $state }, not PAUSED: sync runs.
resumed = Somebody has resumed it.
pause-again = Pause it again (`{ $command }`).
waiting = waiting: { $note }
commits = { $count } commits
behind = { $database } is { $lag } behind
at-most = waiting for at most { $most }
rule = { \"  \" }rule
remedy = { \"  \" }remedy: { $what }
left = { $a } is { $b }
done = done, and seen to be done
after = { $how } (after { $time })
";
    const SMALL_JAPANESE: &str = "\
paused = { $name } は PAUSED ではなく { $state } です：同期は動いています。
resumed = 誰かが再開しました。
pause-again = もう一度一時停止してください（`{ $command }`）。
waiting = 待っています：{ $note }
commits = { $count } コミット
behind = { $database } は { $lag } 遅れています
at-most = 最大 { $most } まで待ちます
rule = { \"  \" }規則
remedy = { \"  \" }対処：{ $what }
left = { $a } は { $b }
done = 完了を確認
after = { $how }（{ $time } 後）
";

    fn small() -> Catalogue {
        Catalogue::read(SMALL_ENGLISH, SMALL_JAPANESE, Language::Japanese)
    }

    #[test]
    fn a_sentence_is_told_with_what_was_put_into_it() {
        for (english, japanese) in [
            ("crm is IDLE, not PAUSED: sync runs.", "crm は PAUSED ではなく IDLE です：同期は動いています。"),
            ("waiting: pg-1 is 3 commits behind", "待っています：pg-1 は 3 コミット 遅れています"),
            ("done, and seen to be done (after 3m 20s)", "完了を確認（3m 20s 後）"),
            ("  done, and seen to be done ", "  完了を確認 "),
            ("  rule", "  規則"),
            ("  remedy: Somebody has resumed it.", "  対処：誰かが再開しました。"),
        ] {
            assert_eq!(small().tell(english).as_deref(), Some(japanese), "{english}");
        }
    }

    #[test]
    fn several_sentences_lists_and_named_ones_are_told_one_by_one() {
        for (english, japanese) in [
            (
                "Somebody has resumed it. Pause it again (`heroku connect:pause`).",
                "誰かが再開しました。もう一度一時停止してください（`heroku connect:pause`）。",
            ),
            ("Somebody has resumed it. The server said so.", "誰かが再開しました。The server said so."),
            ("The server said so. Somebody has resumed it.", "The server said so. 誰かが再開しました。"),
            ("pg-1 is 3 commits behind; waiting for at most 1", "pg-1 は 3 コミット 遅れています；最大 1 まで待ちます"),
            ("3 commits, 4 commits", "3 コミット、4 コミット"),
            ("caught-up: 3 commits", "caught-up: 3 コミット"),
            ("Done, and seen to be done", "完了を確認"),
            ("done, and seen to be done.", "完了を確認。"),
        ] {
            assert_eq!(small().tell(english).as_deref(), Some(japanese), "{english}");
        }
    }

    #[test]
    fn what_is_no_sentence_of_the_catalogue_stays_as_it_is() {
        for unknown in ["", " ", "IDLE", "acme-crm", "the cat that sat there is very much at home on it", "3 commit"] {
            assert_eq!(small().tell(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn sentences_within_sentences_come_to_an_end() {
        let deep = "waiting: waiting: waiting: waiting: waiting: Somebody has resumed it. The server said so. ";
        let text = deep.repeat(5);
        let told = small().tell(&text).unwrap_or(text);
        assert!(told.contains("The server said so."), "{told}");
    }

    #[test]
    fn english_needs_no_catalogue() {
        assert!(Catalogue::of(Language::English).is_none());
        assert!(Catalogue::of(Language::Japanese).is_some());
    }
}
