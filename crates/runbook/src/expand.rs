//! Puts in the place of each `use` the fragment that it names. What comes out has only ordinary steps, holds and inputs.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::diagnostic::{Diagnostic, TOLD};
use super::fragments::{Fragment, Kind, Missing, Shelf};
use super::reader::{self, Node, Problems};
use super::source::{Source, Spot};

/// The key that names a fragment.
pub(super) const USE: &str = "use";
/// The key whose value is merged key by key; every other one is replaced whole.
const WITH: &str = "with";

/// Keys with their values, in the order of the file.
pub(super) type Keys<'f> = Vec<(&'f str, &'f Node<'f>)>;

/// A place where a fragment was used, and what it brought there.
#[derive(Debug)]
pub(super) struct Site<'f> {
    /// The table that has the `use`.
    pub(super) table: Range<usize>,
    /// From the word `use` to the end of its value.
    pub(super) named: Range<usize>,
    /// The file that the fragment stands in.
    pub(super) source: &'f Source,
    /// The keys that came from it.
    pub(super) keys: Keys<'f>,
    /// Where the table has a `with` of its own: what it is, and what came into it.
    pub(super) with: Option<(Range<usize>, Keys<'f>)>,
}

/// Expands every `use` of a runbook. `source` then knows which offset is in which file. A `use` that leads nowhere is
/// reported and stays.
pub(super) fn expand<'f>(
    document: &mut DeTable<'f>,
    fragments: &'f Shelf<'f>,
    source: &mut Source,
    problems: &mut Problems,
) -> Vec<Site<'f>> {
    let mut expansion = Expansion { fragments, source, problems, sites: Vec::new() };
    if let Some(DeValue::Array(steps)) = document.get_mut(Kind::Step.key()).map(Spanned::get_mut) {
        for (index, step) in steps.iter_mut().enumerate() {
            let who = step_name(step, index);
            expansion.entry(Kind::Step, who, step);
        }
    }
    for kind in [Kind::Hold, Kind::Input] {
        if let Some(DeValue::Table(entries)) = document.get_mut(kind.key()).map(Spanned::get_mut) {
            for (name, node) in entries.iter_mut() {
                expansion.entry(kind, format!("the {} `{}`", kind.word(), name.get_ref()), node);
            }
        }
    }
    expansion.sites
}

/// A step by its id, or by its number when even that is wrong.
pub(super) fn step_name(node: &Node<'_>, index: usize) -> String {
    let id = node.get_ref().get("id").and_then(|id| id.get_ref().as_str());
    id.map_or_else(|| format!("step {}", index + 1), |id| format!("the step `{id}`"))
}

struct Expansion<'f, 'p> {
    fragments: &'f Shelf<'f>,
    source: &'p mut Source,
    problems: &'p mut Problems,
    sites: Vec<Site<'f>>,
}

impl<'f> Expansion<'f, '_> {
    fn entry(&mut self, kind: Kind, who: String, node: &mut Node<'f>) {
        let span = node.span();
        let DeValue::Table(table) = node.get_mut() else {
            return;
        };
        let Some((key, named)) = table.get_key_value(USE) else {
            return;
        };
        let whole = key.span().start..named.span().end;
        let Some(path) = reader::text(named, self.problems) else {
            return;
        };
        let Some((fragment, base)) = self.found(kind, &path, who) else {
            return;
        };
        let DeValue::Table(brought) = fragment.node.get_ref() else {
            let message = format!("the fragment `{}` is no table", path.value);
            self.problems.push(Diagnostic::error(message).at(&moved_span(&fragment.node.span(), base)));
            return;
        };
        self.problems.extend(unfit(kind, &path.value, brought, base));
        table.remove(USE);
        let (keys, with) = merge(table, brought, base);
        self.sites.push(Site { table: span, named: whole, source: fragment.source, keys, with });
    }

    /// The fragment, and where its file begins among the offsets.
    fn found(&mut self, kind: Kind, path: &Spot<String>, who: String) -> Option<(Fragment<'f>, usize)> {
        match self.fragments.find(kind, &path.value) {
            Ok(fragment) => {
                let base = self.source.using(fragment.source, path.span.clone(), who);
                Some((fragment, base))
            }
            Err(Missing::Unknown) => {
                let finding =
                    Diagnostic::error(format!("there is no {} in the fragment `{}`", kind.word(), path.value));
                // Help is looked for as long as it will be told.
                let help = (self.problems.len() < TOLD).then(|| self.fragments.instead_of(kind, &path.value));
                self.problems.push(finding.at(&path.span).because("unknown fragment").help_if(help));
                None
            }
            Err(Missing::Broken(file, broken)) => {
                let base = self.source.using(file, path.span.clone(), who);
                self.problems.extend(broken.iter().map(|finding| finding.clone().moved(base)));
                None
            }
        }
    }
}

/// Keys that a fragment can't have.
fn unfit(kind: Kind, path: &str, brought: &DeTable<'_>, base: usize) -> Vec<Diagnostic> {
    let refused = [
        (
            USE,
            format!("the fragment `{path}` uses another one"),
            "write its keys here, or use the other one in the runbook",
        ),
        (
            "id",
            format!("the fragment `{path}` has an `id`"),
            "give the `id` beside each `use`: other steps refer to it",
        ),
    ];
    let found = refused.into_iter().filter(|(key, ..)| *key == USE || kind == Kind::Step);
    let found = found.filter_map(|(key, message, help)| Some((brought.get_key_value(key)?.0.span(), message, help)));
    found.map(|(span, message, help)| Diagnostic::error(message).at(&moved_span(&span, base)).help(help)).collect()
}

/// Gives a table the keys of a fragment that it has not got itself.
fn merge<'f>(
    table: &mut DeTable<'f>,
    brought: &'f DeTable<'f>,
    base: usize,
) -> (Keys<'f>, Option<(Range<usize>, Keys<'f>)>) {
    let mut with = None;
    if let (Some(own), Some(DeValue::Table(brought))) = (table.get_mut(WITH), brought.get(WITH).map(Spanned::get_ref)) {
        let span = own.span();
        if let DeValue::Table(own) = own.get_mut() {
            with = Some((span, missing(own, brought, base, &[])));
        }
    }
    (missing(table, brought, base, &[USE, "id"]), with)
}

fn missing<'f>(table: &mut DeTable<'f>, brought: &'f DeTable<'f>, base: usize, never: &[&str]) -> Keys<'f> {
    let lacks = |key: &str| !table.contains_key(key) && !never.contains(&key);
    let mut keys: Vec<_> = brought.iter().filter(|(key, _)| lacks(key.get_ref())).collect();
    keys.sort_by_key(|(key, _)| key.span().start);
    table.extend(keys.iter().map(|(key, node)| moved_entry(key, node, base)));
    keys.into_iter().map(|(key, node)| (key.get_ref().as_ref(), node)).collect()
}

fn moved_span(span: &Range<usize>, base: usize) -> Range<usize> {
    span.start + base..span.end + base
}

/// The same entry at offsets that begin at `base`.
fn moved_entry<'f>(key: &Spanned<Cow<'f, str>>, node: &Node<'f>, base: usize) -> (Spanned<Cow<'f, str>>, Node<'f>) {
    (Spanned::new(moved_span(&key.span(), base), key.get_ref().clone()), moved(node, base))
}

fn moved<'f>(node: &Node<'f>, base: usize) -> Node<'f> {
    let value = match node.get_ref() {
        DeValue::Array(items) => {
            let mut moved_items = DeArray::new();
            items.iter().for_each(|item| moved_items.push(moved(item, base)));
            DeValue::Array(moved_items)
        }
        DeValue::Table(entries) => {
            DeValue::Table(entries.iter().map(|(key, node)| moved_entry(key, node, base)).collect())
        }
        other => other.clone(),
    };
    Spanned::new(moved_span(&node.span(), base), value)
}

#[cfg(test)]
mod tests;
