//! Reads a TOML tree key by key, keeping the place of everything and collecting every problem instead of stopping at
//! the first.

use std::ops::Range;

use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Diagnostic, TOLD};
use super::duration;
use super::nearest::{listed, nearest};
use super::source::Spot;

/// A value in the TOML tree.
pub type Node<'a> = Spanned<DeValue<'a>>;

/// Problems found so far.
pub type Problems = Vec<Diagnostic>;

/// A table that is being read. Keys that nobody asked for are reported by [`Table::finish`].
pub struct Table<'a> {
    entries: &'a DeTable<'a>,
    span: Range<usize>,
    what: String,
    asked: Vec<&'static str>,
    missing: Vec<&'static str>,
    /// Whether keys may be missing because what brings them was not found.
    incomplete: bool,
}

impl<'a> Table<'a> {
    /// Reads these entries, called `what` in messages.
    pub fn new(entries: &'a DeTable<'a>, span: Range<usize>, what: impl Into<String>) -> Self {
        Self { entries, span, what: what.into(), asked: Vec::new(), missing: Vec::new(), incomplete: false }
    }

    /// Reads a node that must be a table.
    pub(super) fn of(node: &'a Node<'a>, what: &str, problems: &mut Problems) -> Option<Self> {
        match node.get_ref() {
            DeValue::Table(entries) => Some(Self::new(entries, node.span(), what)),
            _ => wrong_kind(node, "a table", problems),
        }
    }

    /// The table may have a `use`. One that is still there leads nowhere, which has been told: what it would have brought
    /// is not told to be missing.
    pub(super) fn may_use(mut self, key: &'static str) -> Self {
        self.asked.push(key);
        self.incomplete = self.entries.contains_key(key);
        self
    }

    /// Where the table is written.
    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The value of a key, read by `read`; nothing when the key is absent or the value is wrong.
    pub fn may<T>(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
        read: impl FnOnce(&'a Node<'a>, &mut Problems) -> Option<T>,
    ) -> Option<T> {
        self.asked.push(key);
        self.entries.get(key).and_then(|node| read(node, problems))
    }

    /// The value of a key that must be there.
    pub(super) fn must<T>(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
        read: impl FnOnce(&'a Node<'a>, &mut Problems) -> Option<T>,
    ) -> Option<T> {
        if !self.entries.contains_key(key) {
            self.missing.push(key);
        }
        self.may(key, problems, read)
    }

    /// Reports the keys that must be there and are not, and every key that was not asked for.
    pub fn finish(self, problems: &mut Problems) {
        if !self.missing.is_empty() && !self.incomplete {
            let message = format!("{} has no {}", self.what, listed(self.missing.iter().copied()));
            problems.push(Diagnostic::error(message).at(&self.span).because("needed here"));
        }
        let unknown = self.entries.keys().filter(|key| !self.asked.contains(&key.get_ref().as_ref()));
        // Help is looked for as long as it will be told.
        problems.extend(unknown.enumerate().map(|(index, key)| {
            let finding = Diagnostic::error(format!("{} has no key `{}`", self.what, key.get_ref()));
            let finding = finding.at(&key.span()).because("unknown key");
            if index < TOLD { finding.help(self.instead_of(key.get_ref())) } else { finding }
        }));
    }

    /// What a key may have been meant to be.
    fn instead_of(&self, name: &str) -> String {
        let free = self.asked.iter().copied().filter(|asked| !self.entries.contains_key(*asked));
        match nearest(name, self.asked.iter().copied()) {
            Some(asked) => format!("did you mean `{asked}`?"),
            None => format!("there is also: {}", listed(free)),
        }
    }
}

fn wrong_kind<T>(node: &Node<'_>, wanted: &str, problems: &mut Problems) -> Option<T> {
    let found = node.get_ref().type_str();
    let finding = Diagnostic::error(format!("{wanted} is needed here, not {} {found}", article(found)));
    problems.push(finding.at(&node.span()));
    None
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// A string.
pub fn text(node: &Node<'_>, problems: &mut Problems) -> Option<Spot<String>> {
    match node.get_ref() {
        DeValue::String(text) => Some(Spot::new(text.to_string(), node.span())),
        _ => wrong_kind(node, "a string", problems),
    }
}

/// `true` or `false`.
pub(super) fn flag(node: &Node<'_>, problems: &mut Problems) -> Option<bool> {
    match node.get_ref() {
        DeValue::Boolean(flag) => Some(*flag),
        _ => wrong_kind(node, "`true` or `false`", problems),
    }
}

/// A duration such as `15m`, in seconds.
pub(super) fn seconds(node: &Node<'_>, problems: &mut Problems) -> Option<u64> {
    let text = text(node, problems)?;
    duration::seconds(&text.value)
        .map_err(|why| problems.push(Diagnostic::error(why).at(&text.span).because("not a duration")))
        .ok()
}

/// The nodes of a list.
pub(super) fn items<'a>(node: &'a Node<'a>, problems: &mut Problems) -> Option<Vec<&'a Node<'a>>> {
    match node.get_ref() {
        DeValue::Array(items) => Some(items.iter().collect()),
        _ => wrong_kind(node, "a list", problems),
    }
}

/// A list of strings; items that are not strings are reported and left out.
pub fn texts(node: &Node<'_>, problems: &mut Problems) -> Option<Vec<Spot<String>>> {
    let items = items(node, problems)?;
    Some(items.into_iter().filter_map(|item| text(item, problems)).collect())
}

/// The entries of a table, in the order of the file.
pub(super) fn entries<'a>(node: &'a Node<'a>, problems: &mut Problems) -> Option<Vec<(Spot<String>, &'a Node<'a>)>> {
    let DeValue::Table(table) = node.get_ref() else {
        return wrong_kind(node, "a table", problems);
    };
    let mut entries: Vec<_> =
        table.iter().map(|(key, node)| (Spot::new(key.get_ref().to_string(), key.span()), node)).collect();
    entries.sort_by_key(|(key, _)| key.span.start);
    Some(entries)
}

/// Any value, as JSON. Dates have no JSON form and are reported.
pub(super) fn json(node: &Node<'_>, problems: &mut Problems) -> Option<Value> {
    Some(match node.get_ref() {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Integer(number) => {
            let Ok(number) = i64::from_str_radix(number.as_str(), number.radix()) else {
                return wrong_kind(node, "a number of at most 64 bits", problems);
            };
            Value::from(number)
        }
        DeValue::Float(number) => match number.as_str().parse::<f64>() {
            Ok(number) if number.is_finite() => Value::from(number),
            _ => return wrong_kind(node, "a finite number", problems),
        },
        DeValue::Datetime(_) => return wrong_kind(node, "a string", problems),
        DeValue::Array(items) => items.iter().filter_map(|item| json(item, problems)).collect(),
        DeValue::Table(_) => object(node, problems)?,
    })
}

fn object(node: &Node<'_>, problems: &mut Problems) -> Option<Value> {
    let mut fields = Map::new();
    for (key, value) in entries(node, problems)? {
        if let Some(value) = json(value, problems) {
            fields.insert(key.value, value);
        }
    }
    Some(Value::Object(fields))
}

/// Every string below a node, with its place.
pub(super) fn strings(node: &Node<'_>) -> Vec<Spot<String>> {
    match node.get_ref() {
        DeValue::String(text) => vec![Spot::new(text.to_string(), node.span())],
        DeValue::Array(items) => items.iter().flat_map(strings).collect(),
        DeValue::Table(table) => table.values().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}
