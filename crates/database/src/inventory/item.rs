use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Everything that a database consists of, apart from its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inventory {
    /// The server's major version.
    pub major: u32,
    /// All things, in the order in which they were read.
    pub items: Vec<Item>,
}

/// One thing: an extension, a table with its columns, a constraint, an index, a trigger …
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What sort of thing: `table`, `index`, `grant` …
    pub kind: String,
    /// Its name, with its schema where it has one; quoted as in SQL where it has other than small letters, digits and `_`.
    pub name: String,
    /// What is known about it, by name. A role that owns the database is `(owner)`, because that role is called otherwise
    /// in a copy.
    pub facts: BTreeMap<String, String>,
}

impl Inventory {
    /// The server's version: `17.11`.
    #[must_use]
    pub fn version(&self) -> &str {
        let server = self.items.iter().find(|item| item.kind == "server");
        server.and_then(|item| item.facts.get("version")).map_or("unknown", String::as_str)
    }

    /// Things of this kind.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(move |item| item.kind == kind)
    }
}

/// A schema's or another single name as items have it.
#[must_use]
pub fn quoted(name: &str) -> String {
    let plain = |letter: char| letter.is_ascii_lowercase() || letter == '_';
    let begins = name.starts_with(plain);
    if begins && name.chars().all(|letter| plain(letter) || letter.is_ascii_digit() || letter == '$') {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The name itself of one that items may have quoted.
#[must_use]
pub fn unquoted(name: &str) -> String {
    let inside = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inside.map_or_else(|| name.to_owned(), |inside| inside.replace("\"\"", "\""))
}
