use std::collections::BTreeMap;

/// A text as it was written: literals, and holes that something is put into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) parts: Vec<Part>,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Letters as they are.
    Literal(String),
    /// A hole by its name.
    Hole(String),
}

impl Written {
    /// A text without holes.
    pub(super) fn literal(text: &str) -> Self {
        Self::of(vec![Part::Literal(text.to_owned())])
    }

    /// Every hole under a name that a catalogue may use, and different things under different names.
    pub(super) fn of(parts: Vec<Part>) -> Self {
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        let mut joined: Vec<Part> = Vec::new();
        for part in parts {
            match (joined.last_mut(), part) {
                (Some(Part::Literal(before)), Part::Literal(text)) => before.push_str(&on_one_line(&text)),
                (_, Part::Hole(source)) => {
                    let name = known.get(&source).cloned().unwrap_or_else(|| unused(&source, &known));
                    known.insert(source, name.clone());
                    joined.push(Part::Hole(name));
                }
                (_, Part::Literal(text)) => joined.push(Part::Literal(on_one_line(&text))),
            }
        }
        Self { parts: joined }
    }

    /// The literal letters alone, with a zero character for each hole.
    pub(super) fn skeleton(&self) -> String {
        let piece = |part: &Part| match part {
            Part::Literal(text) => text.clone(),
            Part::Hole(_) => "\0".to_owned(),
        };
        self.parts.iter().map(piece).collect()
    }
}

/// A line break is a space wherever a sentence is shown.
fn on_one_line(text: &str) -> String {
    text.trim_end_matches('\n').replace('\n', " ")
}

/// `source` as a name of a catalogue's variable that no other hole of this text has.
fn unused(source: &str, known: &BTreeMap<String, String>) -> String {
    let letters = |character: char| if character.is_ascii_alphanumeric() { character } else { '_' };
    let plain: String = source.split('\0').next().unwrap_or_default().chars().map(letters).collect();
    let plain = plain.trim_matches('_');
    let starts_well = plain.starts_with(|first: char| first.is_ascii_alphabetic());
    let base = if starts_well { plain.to_lowercase() } else { "value".to_owned() };
    let taken = |name: &String| known.values().any(|other| other == name);
    let numbered = (2..).map(|number| format!("{base}_{number}"));
    std::iter::once(base.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(base)
}
