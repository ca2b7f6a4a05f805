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
    use super::super::catalog::Belonging;
    use super::{Column, Depth, Method, Options, Origin, Pairs, Table, Tally, pair, row_condition};

    /// A table `s.t` that holds nothing.
    fn table() -> Table {
        Table {
            id: 1,
            schema: "s".to_owned(),
            name: "t".to_owned(),
            sort: "r".to_owned(),
            persistence: "p".to_owned(),
            populated: true,
            readable: true,
            blocks: 0,
            bytes: 0,
            columns: Vec::new(),
            key: Vec::new(),
            extension: None,
        }
    }

    fn paired(old: Table, new: Table) -> Pairs {
        pair(vec![old], vec![new], 17, &Options::default())
    }

    /// Why the contents are not compared, and whether they may differ unseen; nothing where they are compared.
    fn obstacle(old: &Table, new: &Table) -> Option<(String, bool)> {
        let mut found = paired(old.clone(), new.clone());
        assert_eq!(found.pairs.len() + found.not_compared.len(), 1);
        found.not_compared.pop().map(|it| (it.why, it.may_differ))
    }

    #[test]
    fn an_obstacle_on_either_side_is_one() {
        let foreign = Table { sort: "f".to_owned(), ..table() };
        let unpopulated = Table { populated: false, ..table() };
        let hidden = Table { readable: false, ..table() };
        let filled = Table { blocks: 1, ..table() };
        let hidden_and_filled = Table { readable: false, ..filled.clone() };
        for (one, other, word, may_differ) in [
            (&foreign, &table(), "foreign", false),
            (&unpopulated, &table(), "not populated", false),
            (&hidden, &table(), "empty on both sides", false),
            (&hidden, &filled, "may not read it", true),
            (&hidden_and_filled, &table(), "may not read it", true),
        ] {
            for (old, new) in [(one, other), (other, one)] {
                let (why, differs) = obstacle(old, new).unwrap();
                assert!(why.contains(word) && differs == may_differ, "{word}: {why}");
            }
        }
        assert_eq!(obstacle(&filled, &filled), None);
    }

    fn of_extension(name: &str, version: &str, condition: Option<&str>) -> Table {
        let belonging = Belonging {
            table: 1,
            name: name.to_owned(),
            version: version.to_owned(),
            configured: condition.is_some(),
            condition: condition.unwrap_or_default().to_owned(),
        };
        Table { extension: Some(belonging), ..table() }
    }

    #[test]
    fn rows_that_another_version_of_an_extension_brings_are_left_out_and_no_others() {
        let compared = |old, new| {
            let found = paired(old, new);
            (found.pairs.first().map(|pair| pair.restriction()), found.not_compared.len())
        };
        let all = (Some(String::new()), 0);
        let own = |version| of_extension("postgis", version, None);
        assert_eq!(compared(own("3"), own("3")), all);
        assert_eq!(compared(own("3"), of_extension("hstore", "2", None)), all, "that is another table");
        assert_eq!(compared(own("3"), table()), all);
        assert_eq!(compared(own("3"), own("4")), (None, 1));
        let configured = |version, condition| of_extension("postgis", version, Some(condition));
        assert_eq!(compared(configured("3", ""), configured("4", "")), all);
        let some = "where srid > 9";
        assert_eq!(compared(configured("3", some), configured("4", some)), (Some(" and (srid > 9)".to_owned()), 1));
    }

    #[test]
    fn the_method_follows_the_depth_the_oldest_major_and_the_wish() {
        let column = |name: &str, kind: &str| Column {
            name: name.to_owned(),
            kind: kind.to_owned(),
            built_in: true,
            ..Column::default()
        };
        let with_column = || Table { columns: vec![column("c", "xml"), column("n", "int4")], ..table() };
        let method = |major, options: Options| {
            let pair = pair(vec![with_column()], vec![with_column()], major, &options).pairs.remove(0);
            (pair.method, pair.as_text())
        };
        let full = || Options { depth: Depth::Full, ..Options::default() };
        let named = || vec!["c".to_owned()];
        assert_eq!(method(14, full()), (Method::CanonicalRowHash, named()));
        assert_eq!(method(13, full()), (Method::RowTextHash, vec![]));
        assert_eq!(method(17, Options { by_text: true, ..full() }), (Method::RowTextHash, vec![]));
        assert_eq!(method(17, Options { depth: Depth::Counts, ..full() }), (Method::Count, vec![]));
    }

    #[test]
    fn only_a_plain_condition_of_an_extension_is_used() {
        assert_eq!(row_condition("where id>=1000"), Some("id>=1000"));
        assert_eq!(row_condition("  WHERE NOT (srid BETWEEN 1 AND 9)"), Some("NOT (srid BETWEEN 1 AND 9)"));
        for other in ["", "where", "order by id", "where true; commit"] {
            assert_eq!(row_condition(other), None, "{other}");
        }
    }

    #[test]
    fn a_column_of_another_type_is_left_out_and_named() {
        let column = |kind: &str, built_in| Column {
            name: "c".to_owned(),
            kind: kind.to_owned(),
            built_in,
            ..Column::default()
        };
        let with = |column| Table { columns: vec![column], ..table() };
        let named = |old, new| paired(with(old), with(new)).not_compared.len();
        assert_eq!(named(column("citext", false), column("citext", false)), 0);
        assert_eq!(named(column("int4", true), column("int8", true)), 1);
        assert_eq!(named(column("citext", false), column("citext", true)), 1);
    }

    #[test]
    fn what_a_copy_does_to_unlogged_tables_and_views_is_known() {
        let one = |old: &Table, new: &Table| paired(old.clone(), new.clone()).pairs.remove(0);
        let unlogged = Table { persistence: "u".to_owned(), ..table() };
        let rows = |rows| Tally { rows, ..Tally::default() };
        for (old, new) in [(&unlogged, &unlogged), (&unlogged, &table()), (&table(), &unlogged)] {
            let pair = one(old, new);
            assert!(pair.is_emptied(&rows(1), &rows(0)));
            assert!(!pair.is_emptied(&rows(1), &rows(1)) && !pair.is_emptied(&rows(0), &rows(0)));
        }
        assert!(!one(&table(), &table()).is_emptied(&rows(1), &rows(0)));
        let view = Table { sort: "m".to_owned(), ..table() };
        assert!(one(&view, &view).excuse(Origin::Copy).is_some());
        assert_eq!(one(&view, &view).excuse(Origin::Follower), None);
        for (old, new) in [(&view, &table()), (&table(), &view), (&table(), &table())] {
            assert_eq!(one(old, new).excuse(Origin::Copy), None);
        }
    }
}
