use std::collections::BTreeMap;

use super::canonical::{ALIAS, CAN_HASH_CANONICALLY, Method, hash_of, is_by_text};
use super::catalog::{Column, Table};
use super::comparison::NotCompared;
use super::crew::Question;
use super::options::{Depth, Options, Origin};
use super::tally::Tally;

/// A table that both databases have, and how it is compared.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) old: Table,
    pub(super) new: Table,
    /// Columns that both have with the same type, in the old table's order.
    pub(super) columns: Vec<Column>,
    /// Columns of the key, by their place in `columns`; empty without one.
    pub(super) key: Vec<usize>,
    pub(super) method: Method,
    /// Whether pieces of it can be read apart on both sides.
    pub(super) divisible: bool,
    /// Only rows that meet this are compared; all of them without it.
    pub(super) condition: Option<String>,
}

/// What can be compared and what cannot.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    pub(super) pairs: Vec<Pair>,
    pub(super) not_compared: Vec<NotCompared>,
}

/// Pairs the tables of both catalogs by schema and name. A table that only one of them has is a difference in structure
/// and told by the inventory.
pub(super) fn pair(old: Vec<Table>, new: Vec<Table>, oldest_major: u32, options: &Options) -> Pairs {
    let mut candidates: BTreeMap<(String, String), Table> =
        new.into_iter().map(|table| ((table.schema.clone(), table.name.clone()), table)).collect();
    let mut found = Pairs::default();
    for old in old {
        let Some(new) = candidates.remove(&(old.schema.clone(), old.name.clone())) else { continue };
        if let Some(obstacle) = obstacle(&old, &new) {
            found.not_compared.push(obstacle);
            continue;
        }
        let condition = match share(&old, &new) {
            Share::All => None,
            Share::Some { condition, rest } => {
                found.not_compared.push(rest);
                Some(condition)
            }
            Share::None(rest) => {
                found.not_compared.push(rest);
                continue;
            }
        };
        found.pairs.push(Pair { condition, ..Pair::of(old, new, oldest_major, options) });
    }
    for pair in &found.pairs {
        let left_out = pair.left_out();
        if !left_out.is_empty() {
            let what = format!("{} ({})", pair.old.title(), left_out.join(", "));
            found.not_compared.push(NotCompared::unseen(what, "both databases do not have them with the same type"));
        }
    }
    found
}

/// Why the contents of these two cannot be compared.
fn obstacle(old: &Table, new: &Table) -> Option<NotCompared> {
    let either = |test: fn(&Table) -> bool| test(old) || test(new);
    let title = old.title();
    if either(|table| table.sort == "f") {
        Some(NotCompared::nothing_there(title, "a foreign table holds no rows of its own"))
    } else if either(|table| !table.readable) && either(|table| table.blocks > 0) {
        Some(NotCompared::unseen(title, "the credential may not read it"))
    } else if either(|table| !table.readable) {
        Some(NotCompared::nothing_there(title, "the credential may not read it, and it is empty on both sides"))
    } else if either(|table| !table.populated) {
        // Where only one of them is populated the inventory tells it.
        Some(NotCompared::nothing_there(title, "the materialised view is not populated"))
    } else {
        None
    }
}

/// Which rows of a table are compared.
enum Share {
    All,
    Some { condition: String, rest: NotCompared },
    None(NotCompared),
}

/// A dump creates an extension by its name, so that the new database gets the rows that the extension's version there
/// brings along, and carries only those that the extension declared to be the user's (PostgreSQL: "Extension
/// Configuration Tables").
fn share(old: &Table, new: &Table) -> Share {
    let (Some(was), Some(is)) = (&old.extension, &new.extension) else { return Share::All };
    if (&was.name, &was.version) == (&is.name, &is.version) || was.name != is.name {
        return Share::All;
    }
    let why = format!("{} in old and {} in new bring rows of their own", was.version, is.version);
    if !was.configured {
        return Share::None(NotCompared::nothing_there(
            old.title(),
            format!("it belongs to the extension {}: {why}", was.name),
        ));
    }
    match row_condition(&was.condition) {
        None => Share::All,
        Some(condition) => Share::Some {
            condition: condition.to_owned(),
            rest: NotCompared::nothing_there(
                format!("rows of {} that belong to the extension {}", old.title(), was.name),
                why,
            ),
        },
    }
}

/// The condition of `pg_extension_config_dump`, without its `where`. One that is no plain condition counts as none.
fn row_condition(written: &str) -> Option<&str> {
    let written = written.trim();
    let (word, condition) = written.split_at_checked("where".len())?;
    let plain = word.eq_ignore_ascii_case("where") && !condition.contains(';') && !condition.trim().is_empty();
    plain.then_some(condition.trim())
}

impl Pair {
    fn of(old: Table, new: Table, oldest_major: u32, options: &Options) -> Self {
        let columns: Vec<Column> = old.columns.iter().filter(|column| counterpart(column, &new)).cloned().collect();
        let key: Option<Vec<usize>> =
            old.key.iter().map(|name| columns.iter().position(|column| &column.name == name)).collect();
        let divisible = oldest_major >= CAN_HASH_CANONICALLY;
        let method = match options.depth {
            Depth::Counts => Method::Count,
            Depth::Full if options.by_text || !divisible => Method::RowTextHash,
            Depth::Full => Method::CanonicalRowHash,
        };
        Self { key: key.unwrap_or_default(), columns, method, divisible, condition: None, old, new }
    }

    /// Columns that are compared through their text form.
    pub(super) fn as_text(&self) -> Vec<String> {
        let by_text = |column: &&Column| self.method == Method::CanonicalRowHash && is_by_text(column);
        self.columns.iter().filter(by_text).map(|column| column.name.clone()).collect()
    }

    /// Columns that are not compared.
    fn left_out(&self) -> Vec<String> {
        let compared = |name: &String| self.columns.iter().any(|column| &column.name == name);
        let all = self.old.columns.iter().chain(&self.new.columns).map(|column| column.name.clone());
        let mut left_out: Vec<String> = all.filter(|name| !compared(name)).collect();
        left_out.sort();
        left_out.dedup();
        left_out
    }

    /// `only "schema"."table" alias`: the rows of the table itself, without those of its children.
    pub(super) fn source(&self) -> String {
        format!("only {} {ALIAS}", self.old.quoted())
    }

    /// ` and …` for a table of which only some rows are compared; else empty.
    pub(super) fn restriction(&self) -> String {
        self.condition.as_ref().map_or_else(String::new, |condition| format!(" and ({condition})"))
    }

    /// Whether this finding is what becomes of an unlogged table: followers never get its rows, and a server empties it
    /// when it recovers from a crash.
    pub(super) fn is_emptied(&self, old: &Tally, new: &Tally) -> bool {
        (self.old.is_unlogged() || self.new.is_unlogged()) && old.rows > 0 && new.rows == 0
    }

    /// Why a difference in it is expected, where it is: a dump holds the definition of a materialised view, and a restore
    /// fills it anew (PostgreSQL: pg_dump, REFRESH MATERIALIZED VIEW).
    pub(super) fn excuse(&self, origin: Origin) -> Option<String> {
        let refreshed = self.old.is_view() && self.new.is_view() && origin == Origin::Copy;
        refreshed.then(|| "refreshed by the copy".to_owned())
    }

    /// The hash of a whole row, as an SQL expression.
    pub(super) fn row_hash(&self) -> String {
        hash_of(&self.columns.iter().collect::<Vec<_>>(), self.method)
    }

    /// What rows are grouped by: the hash of the key, or of the whole row where there is no key.
    pub(super) fn group_hash(&self) -> String {
        if self.key.is_empty() {
            return self.row_hash();
        }
        hash_of(&self.key.iter().map(|place| &self.columns[*place]).collect::<Vec<_>>(), self.method)
    }

    /// A question about the rows of both sides.
    pub(super) fn question(&self, statement: String) -> Question {
        let sizes = [&self.old, &self.new];
        Question {
            blocks: sizes.map(|table| table.blocks),
            bytes: sizes.map(|table| table.bytes),
            divisible: self.divisible,
            statement,
        }
    }

    /// The question that compares the two: rows and the sum of their hashes. Not by bucket: grouping costs half as much
    /// again, and most tables do not differ.
    pub(super) fn tally(&self) -> Question {
        let (source, place) = (self.source(), Question::PLACE);
        let sum = match self.method {
            Method::Count => "0".to_owned(),
            _ => format!("coalesce(sum({}), 0)", self.row_hash()),
        };
        self.question(format!("select 0, count(*), {sum} from {source} where {place}{}", self.restriction()))
    }
}

fn counterpart(column: &Column, table: &Table) -> bool {
    table.columns.iter().any(|other| {
        (&other.name, &other.kind, &other.element) == (&column.name, &column.kind, &column.element)
            && other.built_in == column.built_in
    })
}

#[cfg(test)]
mod tests {
    use super::row_condition;

    #[test]
    fn only_a_plain_condition_of_an_extension_is_used() {
        assert_eq!(row_condition("where id>=1000"), Some("id>=1000"));
        assert_eq!(row_condition("  WHERE NOT (srid BETWEEN 1 AND 9)"), Some("NOT (srid BETWEEN 1 AND 9)"));
        for other in ["", "where", "order by id", "where true; commit"] {
            assert_eq!(row_condition(other), None, "{other}");
        }
    }
}
