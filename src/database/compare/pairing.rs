use std::collections::BTreeMap;

use super::canonical::{ALIAS, CAN_HASH_CANONICALLY, Method, hash_of, is_by_text, quoted};
use super::catalog::{Column, Table};
use super::comparison::NotCompared;
use super::crew::Question;
use super::options::{Depth, Options};

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
        match obstacle(&old, &new) {
            Some(why) => found.not_compared.push(NotCompared { what: old.title(), why: why.to_owned() }),
            None => found.pairs.push(Pair::of(old, new, oldest_major, options)),
        }
    }
    for pair in &found.pairs {
        let left_out = pair.left_out();
        if !left_out.is_empty() {
            let why = "both databases do not have them with the same type".to_owned();
            found
                .not_compared
                .push(NotCompared { what: format!("{} ({})", pair.old.title(), left_out.join(", ")), why });
        }
    }
    found
}

/// Why the contents of these two cannot be compared.
fn obstacle(old: &Table, new: &Table) -> Option<&'static str> {
    let either = |test: fn(&Table) -> bool| test(old) || test(new);
    if either(|table| table.sort == "f") {
        Some("a foreign table holds no rows of its own")
    } else if either(|table| table.persistence == "u") {
        Some("it is unlogged: followers and copies do not carry its rows")
    } else if either(|table| !table.readable) {
        Some("the credential may not read it")
    } else if either(|table| !table.populated) {
        Some("the materialised view is not populated")
    } else {
        None
    }
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
        Self { key: key.unwrap_or_default(), columns, method, divisible, old, new }
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
        format!("only {}.{} {ALIAS}", quoted(&self.old.schema), quoted(&self.old.name))
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
        self.question(format!("select 0, count(*), {sum} from {source} where {place}"))
    }
}

fn counterpart(column: &Column, table: &Table) -> bool {
    table.columns.iter().any(|other| {
        (&other.name, &other.kind, &other.element) == (&column.name, &column.kind, &column.element)
            && other.built_in == column.built_in
    })
}
