use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::prose::{is_label, is_prose, is_sentence};
use super::written::{Part, Written};
use super::{runbooks, sources};

/// Words of a text that its id shows.
const WORDS_OF_ID: usize = 8;
/// Letters of an id before its digest.
const LONGEST: usize = 56;

/// The whole English catalogue as it has to be: a section for each file, a message for each text, each text once.
pub(super) fn catalogue(root: &Path) -> String {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut listing = HEAD.to_owned();
    // A runbook tells people queries too, to look for themselves; in the sources they are sent to the server.
    let of_runbooks = runbooks::texts(root).into_iter().map(|(file, texts)| (file, kept(texts, is_sentence)));
    let of_sources = sources::texts(root).into_iter().map(|(file, texts)| (file, kept(texts, is_prose)));
    let of_facts = ("words of facts".to_owned(), WORDS_OF_FACTS.map(Written::literal).to_vec());
    for (file, texts) in of_runbooks.chain(of_sources).chain([of_facts]) {
        let mut section = String::new();
        for text in &texts {
            let (id, value) = (id(text), value(text));
            match known.get(&shape(text)) {
                Some(_) => {}
                None => {
                    assert!(!known.values().any(|other| *other == id), "two texts have the id {id}");
                    let _ = writeln!(section, "{id} = {value}");
                    known.insert(shape(text), id);
                }
            }
        }
        if !section.is_empty() {
            let _ = write!(listing, "\n## {file}\n\n{section}");
        }
    }
    listing
}

/// Single words that sentences are filled with, where they are also a name in a document: what becomes of an attachment,
/// how a window of maintenance stands, what is where something could be.
const WORDS_OF_FACTS: [&str; 8] = ["begins", "exists", "kept", "left", "moved", "nothing", "promoted", "switched"];

/// Those that are told, and labels.
fn kept(mut texts: Vec<Written>, told: fn(&Written) -> bool) -> Vec<Written> {
    texts.retain(|text| told(text) || is_label(text));
    texts
}

const HEAD: &str = "\
### Every text for people, as it is written in the sources and the runbooks. Made by `cargo test -p hcops-i18n`, which fails
### when it is out of date; with HCOPS_UPDATE=1 it writes this file. Change the source, never this file.
";

/// What makes two texts one: the same letters and the same holes in the same places.
fn shape(text: &Written) -> String {
    text.skeleton()
}

/// The first words and four digits of a digest: a sentence that changes gets another id, and so loses its translation
/// visibly.
fn id(text: &Written) -> String {
    let spoken = |part: &Part| match part {
        Part::Literal(literal) => literal.to_ascii_lowercase().replace('\'', ""),
        Part::Hole(_) => " ".to_owned(),
    };
    let letters: String = text.parts.iter().map(spoken).collect();
    let words = letters.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = words.take(WORDS_OF_ID).collect::<Vec<_>>().join("-");
    slug.truncate(LONGEST);
    let digest = Sha256::digest(shape(text).as_bytes());
    let first = if slug.starts_with(|first: char| first.is_ascii_alphabetic()) { "" } else { "n-" };
    format!("{first}{}-{:02x}{:02x}", slug.trim_matches('-'), digest[0], digest[1])
}

/// The text as Fluent writes it, on one line.
fn value(text: &Written) -> String {
    let last = text.parts.len() - 1;
    let piece = |(at, part): (usize, &Part)| match part {
        Part::Hole(name) => format!("{{ ${name} }}"),
        Part::Literal(literal) => escaped(literal, at == 0, at == last),
    };
    text.parts.iter().enumerate().map(piece).collect()
}

/// Braces, and spaces at the ends, which Fluent would take away.
fn escaped(literal: &str, first: bool, last: bool) -> String {
    let mut written = String::new();
    for character in literal.chars() {
        match character {
            '{' => written.push_str("{ \"{\" }"),
            '}' => written.push_str("{ \"}\" }"),
            other => written.push(other),
        }
    }
    if first && written.starts_with(' ') {
        let bare = written.trim_start();
        written = format!("{{ \"{}\" }}{bare}", " ".repeat(written.len() - bare.len()));
    }
    if last && written.ends_with(' ') {
        let bare = written.trim_end();
        written = format!("{bare}{{ \"{}\" }}", " ".repeat(written.len() - bare.len()));
    }
    written
}

#[cfg(test)]
mod tests {
    use std::{env, fs};

    use super::catalogue;

    /// `HCOPS_UPDATE=1` writes the file instead.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test's own switch, never the program's")]
    fn the_english_catalogue_is_what_the_sources_say() {
        let root = hcops_testing::root();
        let (path, wanted) = (root.join("crates/i18n/src/en.ftl"), catalogue(root));
        if env::var_os("HCOPS_UPDATE").is_some() {
            fs::write(&path, &wanted).expect("the catalogue");
        }
        let written = fs::read_to_string(&path).expect("the catalogue");
        let missing: Vec<&str> = wanted.lines().filter(|line| !written.lines().any(|other| other == *line)).collect();
        let stale: Vec<&str> = written.lines().filter(|line| !wanted.lines().any(|other| other == *line)).collect();
        assert!(
            written == wanted,
            "crates/i18n/src/en.ftl is out of date: run `HCOPS_UPDATE=1 cargo test -p hcops-i18n extract`, then translate what \
             is new into crates/i18n/src/ja.ftl\nnew:\n{}\ngone:\n{}",
            missing.join("\n"),
            stale.join("\n")
        );
    }
}
