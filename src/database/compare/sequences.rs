use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::database::Session;
use crate::model::Fault;

use super::canonical::quoted;
use super::comparison::NotCompared;
use super::options::Origin;

/// One sequence in both databases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequenceResult {
    /// Schema and name.
    pub sequence: String,
    /// The column that takes its values, where one owns it.
    pub column: Option<String>,
    /// The value that the old database gives out next.
    pub old_next: i64,
    /// The value that the new database gives out next.
    pub new_next: i64,
    /// The highest value in the new database's column, where an index tells it.
    pub highest: Option<i64>,
    /// What is wrong, if anything.
    pub trouble: Option<String>,
}

/// Values that a server logs in advance, so that a follower may be as far ahead (`reference/postgres.md` section 2).
const LOGGED_AHEAD: i64 = 32;

#[derive(Debug, Clone, Deserialize)]
struct Listed {
    schema: String,
    name: String,
    step: i64,
    readable: bool,
    column_schema: Option<String>,
    column_table: Option<String>,
    column_name: Option<String>,
    indexed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    last: i64,
    is_called: bool,
}

const LIST: &str = "
    select n.nspname as schema, c.relname as name, s.seqincrement as step,
           has_schema_privilege(n.oid, 'usage') and has_sequence_privilege(c.oid, 'select') as readable,
           tn.nspname as column_schema, t.relname as column_table, a.attname as column_name,
           coalesce(has_schema_privilege(tn.oid, 'usage') and has_table_privilege(t.oid, 'select')
               and exists (select from pg_index i where i.indrelid = t.oid and i.indkey[0] = a.attnum and i.indisvalid
                           and i.indpred is null), false) as indexed
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_sequence s on s.seqrelid = c.oid
         left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')
                               and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0
         left join pg_class t on t.oid = d.refobjid
         left join pg_namespace tn on tn.oid = t.relnamespace
         left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    where c.relkind = 'S' and c.relpersistence <> 't' and n.nspname not in ('pg_catalog', 'information_schema')
    order by n.nspname, c.relname";

/// Sequences that are read in one statement.
const AT_ONCE: usize = 100;

/// Compares every sequence that both databases have. One that only the old or new database has is a difference in
/// structure.
///
/// # Errors
/// As the servers refuse.
pub(super) async fn compare(
    old: &Session,
    new: &Session,
    origin: Origin,
    not_compared: &mut Vec<NotCompared>,
) -> Result<Vec<SequenceResult>, Fault> {
    let (listed_old, listed_new) = (list(old).await?, list(new).await?);
    let both: Vec<&Listed> = listed_new.values().filter(|it| listed_old.contains_key(&it.title())).collect();
    let readable = |it: &&&Listed| it.readable && listed_old.get(&it.title()).is_some_and(|old| old.readable);
    for hidden in both.iter().filter(|it| !readable(it)) {
        let why = "the credential may not read it".to_owned();
        not_compared.push(NotCompared { what: format!("sequence {}", hidden.title()), why });
    }
    let both: Vec<&Listed> = both.iter().filter(readable).copied().collect();
    let (old_states, new_states) = (states(old, &both).await?, states(new, &both).await?);
    let highest = highest(new, &both).await?;
    let results = both.iter().zip(old_states).zip(new_states).zip(highest);
    Ok(results.map(|(((listed, old), new), highest)| judge(listed, old, new, highest, origin)).collect())
}

async fn list(session: &Session) -> Result<BTreeMap<String, Listed>, Fault> {
    let listed: Vec<Listed> = session.rows(LIST).await?;
    Ok(listed.into_iter().map(|it| (it.title(), it)).collect())
}

async fn states(session: &Session, sequences: &[&Listed]) -> Result<Vec<State>, Fault> {
    let mut states = Vec::new();
    for some in sequences.chunks(AT_ONCE) {
        let selects: Vec<String> = some
            .iter()
            .enumerate()
            .map(|(place, it)| {
                format!("select {place}, last_value, is_called from {}.{}", quoted(&it.schema), quoted(&it.name))
            })
            .collect();
        let lines = session.lines(&format!("{} order by 1", selects.join(" union all "))).await?;
        states.extend(lines.iter().map(|line| State { last: number(line.get(1)), is_called: flag(line.get(2)) }));
    }
    Ok(states)
}

async fn highest(session: &Session, sequences: &[&Listed]) -> Result<Vec<Option<i64>>, Fault> {
    let mut found = Vec::new();
    for it in sequences {
        let value = match (&it.column_schema, &it.column_table, &it.column_name) {
            (Some(schema), Some(table), Some(column)) if it.indexed => {
                let edge = if it.step > 0 { "max" } else { "min" };
                let select =
                    format!("select {edge}({})::int8 from {}.{}", quoted(column), quoted(schema), quoted(table));
                session.lines(&select).await?.pop().and_then(|mut line| line.pop()).flatten()
            }
            _ => None,
        };
        found.push(value.and_then(|text| text.parse().ok()));
    }
    Ok(found)
}

fn judge(listed: &Listed, old: State, new: State, highest: Option<i64>, origin: Origin) -> SequenceResult {
    let (old_next, new_next) = (old.next(listed.step), new.next(listed.step));
    let trouble = trouble(listed, old_next, new_next, origin).or_else(|| behind(listed, old_next, new_next, highest));
    SequenceResult { sequence: listed.title(), column: listed.column(), old_next, new_next, highest, trouble }
}

fn trouble(listed: &Listed, old_next: i64, new_next: i64, origin: Origin) -> Option<String> {
    let ahead =
        (i128::from(new_next) - i128::from(old_next)) / i128::from(if listed.step == 0 { 1 } else { listed.step });
    let allowed = match origin {
        Origin::Follower => i128::from(LOGGED_AHEAD),
        Origin::Copy => 0,
    };
    match ahead {
        _ if old_next == new_next => None,
        ahead if ahead > 0 && ahead <= allowed => None,
        ahead if ahead > 0 => {
            Some(format!("it is {ahead} values ahead of the old one, where at most {allowed} are expected"))
        }
        _ => Some(format!("it is set back: it gives out {new_next} next, the old one {old_next}")),
    }
}

/// A sequence behind its column gives out a value that is taken. Where the old database has the same fault the copy is
/// true, and it is no difference.
fn behind(listed: &Listed, old_next: i64, new_next: i64, highest: Option<i64>) -> Option<String> {
    let highest = highest?;
    let taken = |next: i64| if listed.step > 0 { next <= highest } else { next >= highest };
    let column = listed.column().unwrap_or_default();
    (taken(new_next) && !taken(old_next))
        .then(|| format!("it gives out {new_next} next, but {column} already holds {highest}"))
}

impl Listed {
    fn title(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }

    fn column(&self) -> Option<String> {
        Some(format!("{}.{}.{}", self.column_schema.as_ref()?, self.column_table.as_ref()?, self.column_name.as_ref()?))
    }
}

impl State {
    const fn next(self, step: i64) -> i64 {
        if self.is_called { self.last.saturating_add(step) } else { self.last }
    }
}

fn number(cell: Option<&Option<String>>) -> i64 {
    cell.cloned().flatten().and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn flag(cell: Option<&Option<String>>) -> bool {
    cell.cloned().flatten().is_some_and(|text| text == "t")
}

#[cfg(test)]
mod tests {
    use super::{Listed, Origin, State, judge};

    fn trouble(step: i64, old: i64, new: i64, highest: Option<i64>, origin: Origin) -> Option<String> {
        let listed = Listed {
            schema: "s".into(),
            name: "q".into(),
            step,
            readable: true,
            column_schema: None,
            column_table: None,
            column_name: None,
            indexed: true,
        };
        let state = |last| State { last, is_called: true };
        judge(&listed, state(old), state(new), highest, origin).trouble
    }

    #[test]
    fn a_follower_may_run_a_little_ahead_and_a_copy_may_not() {
        assert_eq!(trouble(1, 100, 132, None, Origin::Follower), None);
        assert!(trouble(1, 100, 133, None, Origin::Follower).is_some());
        assert!(trouble(1, 100, 101, None, Origin::Copy).is_some());
        assert_eq!(trouble(-2, -100, -110, None, Origin::Follower), None);
    }

    #[test]
    fn a_sequence_that_was_set_back_is_found_whatever_the_origin() {
        for origin in [Origin::Follower, Origin::Copy] {
            assert!(trouble(1, 100, 99, None, origin).unwrap().contains("set back"));
            assert!(trouble(-1, -100, -99, None, origin).unwrap().contains("set back"));
        }
    }

    #[test]
    fn a_fault_that_the_old_database_has_as_well_is_no_difference() {
        assert_eq!(trouble(1, 100, 100, Some(500), Origin::Copy), None);
    }

    #[test]
    fn a_value_that_was_set_but_not_given_out_comes_next() {
        assert_eq!(State { last: 5, is_called: false }.next(1), 5);
        assert_eq!(State { last: 5, is_called: true }.next(1), 6);
    }
}
