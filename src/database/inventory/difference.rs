use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::definition::loosely_equal;
use super::{Inventory, Item};

/// One thing that is not the same in both databases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// What sort of thing.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Which fact about it differs; absent when one database lacks the thing itself.
    pub fact: Option<String>,
    /// What the old database has; absent when it has none.
    pub old: Option<String>,
    /// What the new database has.
    pub new: Option<String>,
    /// Whether it matters.
    pub weight: Weight,
}

/// Whether a difference matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// A true copy does not have it.
    Matters,
    /// What was done brings it along: the version, the size, what belongs to a server and not to its data.
    Expected,
}

/// Everything in which two inventories differ, what matters first.
///
/// Definitions that say the same in other words are told, but as expected: servers of different majors, and a server
/// before and after a dump and restore, print casts, parentheses and qualifiers in other places.
#[must_use]
pub fn differences(old: &Inventory, new: &Inventory) -> Vec<Difference> {
    let majors = Majors { old: old.major, new: new.major };
    let (olds, news) = (by_name(old), by_name(new));
    let names: BTreeSet<&(&str, &str)> = olds.keys().chain(news.keys()).collect();
    let mut found: Vec<Difference> = Vec::new();
    for name in names {
        match (olds.get(name), news.get(name)) {
            (Some(old), Some(new)) => found.extend(in_facts(old, new, majors)),
            (Some(item), None) => found.push(presence(item, true)),
            (None, Some(item)) => found.push(presence(item, false)),
            (None, None) => {}
        }
    }
    found.sort_by_key(|difference| difference.weight);
    found
}

/// Makes expected what a copy without roles brings along: grants to them are missing, and what they owned is the owner's
/// (`reference/procedures.md` section 3.2, credentials). What matters comes first again.
pub fn leave_roles(found: &mut [Difference], roles: &[String]) {
    for difference in found.iter_mut() {
        let to_one = roles.iter().any(|role| difference.name.ends_with(&format!(" to {role}")));
        let grant = difference.kind == "grant" && difference.new.is_none() && to_one;
        let owned = difference.fact.as_deref() == Some("owner")
            && difference.new.as_deref() == Some("(owner)")
            && difference.old.as_ref().is_some_and(|old| roles.contains(old));
        if grant || owned {
            difference.weight = Weight::Expected;
        }
    }
    found.sort_by_key(|difference| difference.weight);
}

/// Each database is a thing of its own name; it is the other one's counterpart all the same.
fn by_name(inventory: &Inventory) -> BTreeMap<(&str, &str), &Item> {
    let name = |item: &Item| item.kind == "server";
    inventory
        .items
        .iter()
        .map(|item| ((item.kind.as_str(), if name(item) { "" } else { item.name.as_str() }), item))
        .collect()
}

fn presence(item: &Item, in_old: bool) -> Difference {
    let there = Some("present".to_owned());
    let is_expected = match item.kind.as_str() {
        "replication slot" => true,
        // Databases since August 2022 have this schema for extensions (`reference/procedures.md` section 3.2); what lies in
        // it is told apart.
        "schema" => item.name == "heroku_ext" && !in_old,
        _ => false,
    };
    let weight = if is_expected { Weight::Expected } else { Weight::Matters };
    Difference {
        kind: item.kind.clone(),
        name: item.name.clone(),
        fact: None,
        old: there.clone().filter(|_| in_old),
        new: there.filter(|_| !in_old),
        weight,
    }
}

fn in_facts(old: &Item, new: &Item, majors: Majors) -> Vec<Difference> {
    let names: BTreeSet<&String> = old.facts.keys().chain(new.facts.keys()).collect();
    let differing = names.into_iter().filter(|name| old.facts.get(*name) != new.facts.get(*name));
    differing
        .map(|name| {
            let values = (old.facts.get(name), new.facts.get(name));
            Difference {
                kind: old.kind.clone(),
                name: old.name.clone(),
                fact: Some(name.clone()),
                old: values.0.cloned(),
                new: values.1.cloned(),
                weight: weight_of(old, name, values, majors),
            }
        })
        .collect()
}

fn weight_of(item: &Item, fact: &str, values: (Option<&String>, Option<&String>), majors: Majors) -> Weight {
    let expected = match (item.kind.as_str(), fact) {
        (_, fact) if is_printed_sql(fact) => values.0.zip(values.1).is_some_and(|(old, new)| loosely_equal(old, new)),
        ("server", "encoding" | "collation" | "character type" | "large objects") => false,
        ("server" | "replication slot", _) => true,
        ("extension", "version") => majors.old != majors.new,
        // Since 15 a new database no longer lets everybody create things in its public schema.
        ("grant", _) => item.name == "schema public to public" && majors.old < 15 && majors.new >= 15,
        _ => false,
    };
    if expected { Weight::Expected } else { Weight::Matters }
}

/// Whether a server prints the fact from its parsed form.
fn is_printed_sql(fact: &str) -> bool {
    matches!(fact, "definition" | "using" | "check" | "checks" | "default") || fact.starts_with("column ")
}

#[derive(Clone, Copy)]
struct Majors {
    old: u32,
    new: u32,
}
