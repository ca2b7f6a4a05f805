use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::definition::{plain_name, says_the_same};
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
/// What a true copy may show all the same is told, as expected: see `weight_of` and `presence`, and for definitions
/// the list of `inventory/definition.rs`.
#[must_use]
pub fn differences(old: &Inventory, new: &Inventory) -> Vec<Difference> {
    let majors = Majors { old: old.major, new: new.major };
    let (olds, news) = (by_name(old, majors), by_name(new, majors));
    let names: BTreeSet<&(&str, String)> = olds.keys().chain(news.keys()).collect();
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

/// Makes expected what a copy without roles brings along: grants to them, what was set for them and what they were to be
/// granted later are missing, and what they owned is the owner's (Dev Center: Heroku Postgres Credentials). `public` stands
/// for what everybody may do: a copy takes no grants, so that everybody may then do what they may do with any new object,
/// neither less nor more. What matters comes first again.
pub fn leave_roles(found: &mut [Difference], roles: &[String]) {
    for difference in found.iter_mut() {
        if roles.iter().any(|role| goes_with(role, difference)) {
            difference.weight = Weight::Expected;
        }
    }
    found.sort_by_key(|difference| difference.weight);
}

fn goes_with(role: &str, difference: &Difference) -> bool {
    let name = difference.name.as_str();
    let is_gone = difference.new.is_none();
    match difference.kind.as_str() {
        // The owner needs no grant on what was another's.
        "grant" if name.ends_with(" to (owner)") => is_gone,
        "grant" | "default privileges" if name.ends_with(&format!(" to {role}")) => is_gone || role == "public",
        "default privileges" => is_gone && name.starts_with(&format!("of {role} on ")),
        "setting" | "user mapping" => is_gone && name.contains(&format!(" for {role}")),
        _ => {
            difference.fact.as_deref() == Some("owner")
                && difference.new.as_deref() == Some("(owner)")
                && difference.old.as_deref() == Some(role)
        }
    }
}

/// What both databases hold and no credential but a superuser's could compare, with the reason.
#[must_use]
pub fn left_out(old: &Inventory, new: &Inventory) -> Vec<(String, String)> {
    let items = || old.items.iter().chain(&new.items);
    let named = |kind: &str| -> BTreeSet<&str> {
        items().filter(|item| item.kind == kind).map(|item| item.name.as_str()).collect()
    };
    let mut found = Vec::new();
    for subscription in named("subscription") {
        let what = format!("how the subscription {subscription} reaches its publisher");
        found.push((what, "only a superuser may read it".to_owned()));
    }
    let hidden: BTreeSet<String> = items()
        .filter(|item| {
            let is_unread = item.kind == "user mapping" && !item.facts.contains_key("options");
            is_unread || item.facts.values().any(|fact| fact.contains(SECRET))
        })
        .map(|item| format!("secrets of the {} {}", item.kind, item.name))
        .collect();
    found.extend(hidden.into_iter().map(|what| (what, "secrets are not read".to_owned())));
    found
}

/// How an option is printed whose value may be secret.
const SECRET: &str = "=(hidden)";

/// Each database is a thing of its own name; it is the other one's counterpart all the same. The names of NOT NULL
/// constraints are only compared where both servers have them, since 18.
fn by_name(inventory: &Inventory, majors: Majors) -> BTreeMap<(&str, String), &Item> {
    let name = |item: &Item| if item.kind == "server" { String::new() } else { plain_name(&item.name) };
    inventory
        .items
        .iter()
        .filter(|item| item.kind != "not null constraint" || majors.old.min(majors.new) >= 18)
        .map(|item| ((item.kind.as_str(), name(item)), item))
        .collect()
}

/// Whether it is one of the helpers that Heroku puts into databases and changes on its own: the schema `_heroku`, which no
/// app may use, and event triggers that call it (as dumps of Heroku databases since 2022 have them).
pub(super) fn is_herokus(item: &Item) -> bool {
    let inside = |text: &str| text.starts_with("_heroku.") || text.contains(" _heroku.");
    let schema = ["_heroku", "schema _heroku"]
        .iter()
        .any(|name| item.name == *name || item.name.strip_prefix(name).is_some_and(|rest| rest.starts_with(" to ")));
    let calls = item.kind == "event trigger" && item.facts.get("function").is_some_and(|function| inside(function));
    schema || inside(&item.name) || calls
}

/// Roles that belong to whoever runs the server.
fn is_servers_role(name: &str) -> bool {
    ["heroku_", "rds", "aws"].iter().any(|prefix| name.starts_with(prefix))
}

/// A grant that the server's own preparation makes or changes: to a role of the server's, on an object that the server or
/// an extension brought along, or on the database as a whole.
fn is_servers_grant(item: &Item) -> bool {
    if item.kind != "grant" {
        return false;
    }
    let Some((object, role)) = item.name.rsplit_once(" to ") else { return false };
    let is_prepared = object.starts_with("built-in ") || matches!(object, "database" | "language plpgsql");
    is_servers_role(role) || (is_prepared && matches!(role, "(owner)" | "public"))
}

/// Databases since August 2022 have `heroku_ext` for extensions (Dev Center: Heroku Postgres extensions); what lies in it is
/// told apart. New ones have `pg_stat_statements` from the beginning. A dump takes neither what is said about the database
/// as a whole nor replication slots.
fn presence(item: &Item, in_old: bool) -> Difference {
    let there = Some("present".to_owned());
    let is_expected = match (item.kind.as_str(), item.name.as_str()) {
        ("replication slot", _) | ("comment", "database" | "schema public") => true,
        ("schema", "heroku_ext") | ("extension", "pg_stat_statements") => !in_old,
        _ => is_herokus(item) || is_servers_grant(item),
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
        .map(|name| Difference {
            kind: old.kind.clone(),
            name: old.name.clone(),
            fact: Some(name.clone()),
            old: old.facts.get(name).cloned(),
            new: new.facts.get(name).cloned(),
            weight: weight_of((old, new), name, majors),
        })
        .collect()
}

/// The list of what may differ in a true copy, apart from how a definition is printed.
fn weight_of((old, new): (&Item, &Item), fact: &str, majors: Majors) -> Weight {
    let values = (old.facts.get(fact), new.facts.get(fact));
    let is = |was: &str, becomes: &str| values == (Some(&was.to_owned()), Some(&becomes.to_owned()));
    let expected = match (old.kind.as_str(), fact) {
        _ if is_herokus(old) || is_servers_grant(old) => true,
        (_, "depends on") => values.0.zip(values.1).is_some_and(|(old, new)| names(old) == names(new)),
        (_, fact) if is_printed_sql(fact) => values.0.zip(values.1).is_some_and(|(old, new)| says_the_same(old, new)),
        ("server", fact) => !SERVER_FACTS.contains(&fact),
        ("replication slot", _) | ("extension", "version that the server gives") => true,
        // A copy gets the version that its server gives, and an upgrade may bring a newer one.
        ("extension", "version") => {
            majors.old != majors.new || new.facts.get("version that the server gives") == new.facts.get("version")
        }
        // A newer server knows more about a subscription.
        ("subscription", _) => majors.old != majors.new && values.0.is_none(),
        ("extension", "configuration") => old.facts.get("version") != new.facts.get("version"),
        // Since 15 a new database no longer lets everybody create things in its public schema.
        ("grant", _) if old.name == "schema public to public" => majors.cross(15),
        // Since 17 there is one more privilege, and whoever had all of them has it.
        ("grant", "privileges") => majors.cross(17) && is_only_maintain_more(values),
        ("comment", _) => matches!(old.name.as_str(), "database" | "schema public"),
        // Since 15 the sequence of a column of an unlogged table is unlogged too.
        ("sequence", "persistence") => majors.cross(15) && is("p", "u"),
        // Since 16 the names of ICU's locales are brought into one form when they are taken in.
        ("collation", "locale") => majors.cross(16) && old.facts.get("provider").is_some_and(|it| it == "i"),
        _ => false,
    };
    if expected { Weight::Expected } else { Weight::Matters }
}

/// What matters of the database itself: it decides how text is stored, sorted and told apart.
pub(super) const SERVER_FACTS: [&str; 7] =
    ["encoding", "collation", "character type", "collation provider", "locale", "collation rules", "large objects"];

/// A list of names, in an order that does not depend on how they are quoted.
fn names(list: &str) -> BTreeSet<String> {
    plain_name(list).split(", ").map(str::to_owned).collect()
}

fn is_only_maintain_more((old, new): (Option<&String>, Option<&String>)) -> bool {
    let privileges = |text: &String| -> BTreeSet<String> { text.split(", ").map(str::to_owned).collect() };
    let (Some(mut old), Some(new)) = (old.map(privileges), new.map(privileges)) else { return false };
    let had_all = ["DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE"]
        .iter()
        .all(|it| old.contains(*it));
    old.insert("MAINTAIN".to_owned());
    had_all && old == new
}

/// Whether a server prints the fact from its parsed form.
fn is_printed_sql(fact: &str) -> bool {
    let facts = [
        "definition",
        "using",
        "check",
        "checks",
        "default",
        "arguments",
        "partition",
        "partitioned",
        "tables",
        "depends on",
    ];
    facts.contains(&fact) || fact.starts_with("column ")
}

#[derive(Clone, Copy)]
struct Majors {
    old: u32,
    new: u32,
}

impl Majors {
    /// Whether the new server has what came with this major, and the old one not.
    const fn cross(self, major: u32) -> bool {
        self.old < major && self.new >= major
    }
}
