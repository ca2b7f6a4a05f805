//! Which sentences a finished text is made of. A text may be one sentence of the catalogue, a sentence with another in one
//! of its holes, several one after the other, or a list of them; of all ways to read it the one that knows most letters
//! wins.

use super::catalogue::{Catalogue, Reading};

/// A text in the person's language.
struct Said {
    text: String,
    /// Letters of the English text that were recognised, in bytes.
    known: usize,
    /// English words that were left as they are.
    left: usize,
}

/// How deep sentences are looked for within sentences.
const DEPTH: usize = 4;
/// Ways to read a text that are tried; the surest come first.
const WAYS: usize = 12;
/// A sentence with fewer letters than this of its own says nothing about what was put into it.
const SURE: usize = 12;
/// Parts of a list that may be one sentence together.
const LONGEST_ITEM: usize = 4;
/// Untranslated words within an unsure sentence from which on it was probably meant otherwise.
const DOUBTFUL: usize = 3;

/// `text` in the language of the catalogue; nothing where no part of it is known.
pub(super) fn tell(catalogue: &Catalogue, text: &str) -> Option<String> {
    let bare = text.trim();
    if bare.is_empty() {
        return None;
    }
    let mut said = say(catalogue, &bare.replace('\n', " "), DEPTH);
    if text.starts_with(' ') {
        // Some messages are indented in the catalogue as well.
        said = [said, say(catalogue, &text.replace('\n', " "), DEPTH)].into_iter().flatten().reduce(better);
    }
    let said = said?;
    let (before, after) = (text.len() - text.trim_start().len(), text.trim_end().len());
    Some(format!("{}{}{}", &text[..before], said.text.trim(), &text[after..]))
}

fn say(catalogue: &Catalogue, text: &str, depth: usize) -> Option<Said> {
    if let Some(said) = whole(catalogue, text) {
        return Some(said);
    }
    if depth == 0 {
        return None;
    }
    let fitted = fitted(catalogue, text, depth);
    if fitted.as_ref().is_some_and(|said| said.left == 0) && !text.contains(". ") {
        return fitted;
    }
    let several = [fitted, sentences(catalogue, text, depth)].into_iter().flatten().reduce(better);
    match several {
        Some(said) if said.left == 0 => Some(said),
        several => {
            let told = [several, otherwise(catalogue, text, depth)].into_iter().flatten().reduce(better);
            told.or_else(|| with_the_other_capital(catalogue, text))
        }
    }
}

/// The one that knows more letters; then the one that leaves fewer words.
fn better(one: Said, other: Said) -> Said {
    let worth = |said: &Said| (said.known, std::cmp::Reverse(said.left));
    if worth(&other) > worth(&one) { other } else { one }
}

fn whole(catalogue: &Catalogue, text: &str) -> Option<Said> {
    let reading = catalogue.exactly(text)?;
    let said = catalogue.say(&reading, [])?;
    Some(Said { text: said, known: text.len(), left: 0 })
}

/// One sentence with its holes filled, and what fills them said as well.
fn fitted(catalogue: &Catalogue, text: &str, depth: usize) -> Option<Said> {
    let said = catalogue.readings(text).take(WAYS).filter_map(|reading| filled(catalogue, &reading, depth));
    said.reduce(better)
}

fn filled(catalogue: &Catalogue, reading: &Reading<'_>, depth: usize) -> Option<Said> {
    let (mut known, mut left) = (reading.letters, 0);
    let mut values = Vec::new();
    for (name, value) in &reading.holes {
        match say(catalogue, value, depth.saturating_sub(1)) {
            Some(said) => {
                known += said.known;
                left += said.left;
                values.push((*name, said.text));
            }
            None => {
                left += words_in(value);
                values.push((*name, (*value).to_owned()));
            }
        }
    }
    if reading.letters < SURE && left >= DOUBTFUL && !reading.labels {
        return None;
    }
    Some(Said { text: catalogue.say(reading, values)?, known, left })
}

/// Several sentences, one after the other: the longest known beginning, then the rest. A sentence that is not known stays as
/// it is between those that are.
fn sentences(catalogue: &Catalogue, text: &str, depth: usize) -> Option<Said> {
    let ends: Vec<usize> = text.match_indices(". ").map(|(at, _)| at + 1).collect();
    let one = |part: &str| whole(catalogue, part).or_else(|| fitted(catalogue, part, depth.saturating_sub(1)));
    let known_beginning = ends.iter().rev().find_map(|end| Some((*end, one(&text[..*end])?)));
    let (end, first) = match known_beginning {
        Some((end, said)) => (end, said),
        None => {
            let end = *ends.first()?;
            (end, left_as_it_is(&text[..end]))
        }
    };
    let rest = text[end..].trim_start();
    let rest = say(catalogue, rest, depth.saturating_sub(1)).unwrap_or_else(|| left_as_it_is(rest));
    joined([first, rest], "")
}

/// What is no sentence of the catalogue by itself: a list, one with how far it is, a name before a sentence, a sentence that
/// was given its full stop later.
fn otherwise(catalogue: &Catalogue, text: &str, depth: usize) -> Option<Said> {
    with_its_part(catalogue, text, depth)
        .or_else(|| list(catalogue, text, ("; ", "；"), depth))
        .or_else(|| lettered(catalogue, text, depth))
        .or_else(|| named(catalogue, text, depth))
        .or_else(|| list(catalogue, text, (", ", "、"), depth))
        .or_else(|| without_its_end(catalogue, text, depth))
}

/// A list whose every item is known or a name. A sentence may hold the joint itself, so each item is as long as it can be.
fn list(catalogue: &Catalogue, text: &str, (joint, shown): (&str, &str), depth: usize) -> Option<Said> {
    let ends: Vec<usize> = text.match_indices(joint).map(|(at, _)| at).chain([text.len()]).collect();
    if ends.len() < 2 {
        return None;
    }
    let (mut said, mut begin) = (Vec::new(), 0);
    while begin < text.len() {
        let (end, item) = item(catalogue, text, begin, &ends, depth)?;
        said.push(item);
        begin = end + joint.len();
    }
    joined(said, shown)
}

/// The item of a list that begins at `begin`, and where it ends: several parts where together they are one sentence, else
/// one part. The whole list is no item of itself.
fn item(catalogue: &Catalogue, text: &str, begin: usize, ends: &[usize], depth: usize) -> Option<(usize, Said)> {
    let mut after = ends.iter().copied().filter(|end| *end > begin);
    let first = after.next()?;
    let further: Vec<usize> = after.filter(|end| begin > 0 || *end < text.len()).take(LONGEST_ITEM).collect();
    let one = |end: &usize| {
        let part = &text[begin..*end];
        let said = whole(catalogue, part).or_else(|| fitted(catalogue, part, depth.saturating_sub(1)))?;
        (said.left < DOUBTFUL).then_some((*end, said))
    };
    further.iter().rev().find_map(one).or_else(|| {
        let part = &text[begin..first];
        let said = say(catalogue, part, depth.saturating_sub(1));
        said.or_else(|| (words_in(part) == 0).then(|| left_as_it_is(part))).map(|said| (first, said))
    })
}

/// `(b) 4 mappings in sync`: the letter of a sign stays, what it shows is told.
fn lettered(catalogue: &Catalogue, text: &str, depth: usize) -> Option<Said> {
    let (letter, rest) = text.strip_prefix('(')?.split_once(") ")?;
    let is_letter = letter.len() == 1 && letter.bytes().all(|byte| byte.is_ascii_lowercase());
    let said = is_letter.then(|| say(catalogue, rest, depth.saturating_sub(1)))??;
    Some(Said { text: format!("({letter}) {}", said.text), ..said })
}

/// `waiting for the rest (4/7 signs)`: how far a wait is, in its own unit.
fn with_its_part(catalogue: &Catalogue, text: &str, depth: usize) -> Option<Said> {
    let (stem, part) = text.strip_suffix(')')?.rsplit_once(" (")?;
    let (count, unit) = part.split_once(' ')?;
    let is_count = |count: &str| !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
    let (done, of) = count.split_once('/').filter(|(done, of)| is_count(done) && is_count(of))?;
    let said = say(catalogue, stem, depth)?;
    let unit = whole(catalogue, unit).unwrap_or_else(|| left_as_it_is(unit));
    let (known, left) = (said.known + unit.known, said.left + unit.left);
    Some(Said { text: format!("{} ({done}/{of} {})", said.text, unit.text), known, left })
}

/// `connection-paused: it is PAUSED`: a name stays, what is said of it is told.
fn named(catalogue: &Catalogue, text: &str, depth: usize) -> Option<Said> {
    let (name, rest) = text.split_once(": ")?;
    let said = say(catalogue, rest, depth.saturating_sub(1))?;
    let (name, known) = match say(catalogue, name, depth.saturating_sub(1)) {
        Some(name) => (name.text, name.known),
        None if name.contains(' ') && words_in(name) > 0 => return None,
        None => (name.to_owned(), 0),
    };
    Some(Said { text: format!("{name}: {}", said.text), known: known + said.known, left: said.left })
}

fn without_its_end(catalogue: &Catalogue, text: &str, depth: usize) -> Option<Said> {
    let ends = [('.', "。"), (':', "："), (',', "、")];
    let (stem, end) = ends.iter().find_map(|(mark, shown)| Some((text.strip_suffix(*mark)?, shown)))?;
    let said = say(catalogue, stem, depth.saturating_sub(1))?;
    Some(Said { text: format!("{}{end}", said.text), ..said })
}

fn with_the_other_capital(catalogue: &Catalogue, text: &str) -> Option<Said> {
    let first = text.chars().next().filter(char::is_ascii_alphabetic)?;
    let other = if first.is_ascii_lowercase() { first.to_ascii_uppercase() } else { first.to_ascii_lowercase() };
    let text = format!("{other}{}", &text[1..]);
    whole(catalogue, &text).or_else(|| fitted(catalogue, &text, 1))
}

/// All of them after each other; nothing when none is known. After a Japanese full stop there is no space.
fn joined(said: impl IntoIterator<Item = Said>, joint: &str) -> Option<Said> {
    let together = |mut all: Said, next: Said| {
        let close = !joint.is_empty() || all.text.ends_with('。');
        let between = if close { joint } else { " " };
        all.text = format!("{}{between}{}", all.text, next.text);
        Said { known: all.known + next.known, left: all.left + next.left, ..all }
    };
    said.into_iter().reduce(together).filter(|said| said.known > 0)
}

fn left_as_it_is(text: &str) -> Said {
    Said { text: text.to_owned(), known: 0, left: words_in(text) }
}

/// English words in a text that was left as it is: neither names nor states nor commands in backticks.
pub(super) fn words_in(text: &str) -> usize {
    let outside = text.split('`').step_by(2);
    outside.flat_map(str::split_whitespace).filter(|word| is_word(word)).count()
}

fn is_word(word: &str) -> bool {
    let word = word.trim_matches(|character: char| character.is_ascii_punctuation());
    word.len() >= 2 && word.chars().all(|character| character.is_ascii_lowercase())
}
