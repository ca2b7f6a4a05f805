use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Session;
use hcops_model::Fault;

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
    /// What is different and explained, if anything.
    #[serde(default)]
    pub remark: Option<String>,
}

/// Values that a server logs in advance, so that a follower, or a server that recovered from a crash, may be as far ahead
/// (PostgreSQL: `SEQ_LOG_VALS` in src/backend/commands/sequence.c).
const LOGGED_AHEAD: i64 = 32;

#[derive(Debug, Clone, Deserialize)]
struct Listed {
    schema: String,
    name: String,
    step: i64,
    readable: bool,
    /// The extension that brought it along, with its version.
    extension: Option<String>,
    column_schema: Option<String>,
    column_table: Option<String>,
    column_name: Option<String>,
    indexed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    last: i64,
    is_called: bool,
    /// Values that may still be given out before the server logs the next ones. None are left right after the server
    /// recovered from a crash: then it goes on at the end of what was logged.
    logged: i64,
}

const LIST: &str = "
    select n.nspname as schema, c.relname as name, s.seqincrement as step,
           has_schema_privilege(n.oid, 'usage') and has_sequence_privilege(c.oid, 'select') as readable,
           (select x.extname || ' ' || x.extversion from pg_depend e join pg_extension x on x.oid = e.refobjid
            where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.refclassid = 'pg_extension'::regclass
              and e.deptype = 'e') as extension,
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
        let what = format!("sequence {}", hidden.title());
        not_compared.push(NotCompared::unseen(what, "the credential may not read it"));
    }
    let own = |it: &&&Listed| it.extension == listed_old.get(&it.title()).and_then(|old| old.extension.clone());
    for brought in both.iter().filter(readable).filter(|it| !own(it)) {
        let why = "it belongs to an extension of another version";
        not_compared.push(NotCompared::nothing_there(format!("sequence {}", brought.title()), why));
    }
    let both: Vec<&Listed> = both.iter().filter(readable).filter(own).copied().collect();
    let (old_states, new_states) = (states(old, &both).await?, states(new, &both).await?);
    let highest = highest(new, &both).await?;
    let results = both.iter().zip(old_states).zip(new_states).zip(highest);
    Ok(results.map(|(((listed, old), new), highest)| judge(listed, old, new, highest, origin)).collect())
}

/// Sequences that the credential may not read, by schema and name.
///
/// # Errors
/// As the server refuses.
pub(super) async fn hidden(session: &Session) -> Result<Vec<String>, Fault> {
    Ok(list(session).await?.into_iter().filter(|(_, it)| !it.readable).map(|(title, _)| title).collect())
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
                format!(
                    "select {place}, last_value, is_called, log_cnt from {}.{}",
                    quoted(&it.schema),
                    quoted(&it.name)
                )
            })
            .collect();
        let lines = session.lines(&format!("{} order by 1", selects.join(" union all "))).await?;
        states.extend(lines.iter().map(|line| State {
            last: number(line.get(1)),
            is_called: flag(line.get(2)),
            logged: number(line.get(3)),
        }));
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
    let step = if listed.step == 0 { 1 } else { listed.step };
    let nexts = Nexts { old: old.next(listed.step), new: new.next(listed.step), step };
    let jumped = old.logged == 0 && old.is_called && nexts.is_jump_of_old() && nexts.is_free(highest);
    let trouble = if jumped { None } else { trouble(nexts, origin) };
    SequenceResult {
        sequence: listed.title(),
        column: listed.column(),
        old_next: nexts.old,
        new_next: nexts.new,
        highest,
        trouble,
        remark: jumped.then(|| remark(listed, nexts, highest)),
    }
}

/// The values that come next, and how far apart two are.
#[derive(Debug, Clone, Copy)]
struct Nexts {
    old: i64,
    new: i64,
    /// Never 0.
    step: i64,
}

impl Nexts {
    /// By how many values the new one is ahead; negative when it is behind.
    fn ahead(self) -> i128 {
        (i128::from(self.new) - i128::from(self.old)) / i128::from(self.step)
    }

    /// Whether the old one is ahead by as much as a server jumps that recovers from a crash, or is failed over: whole
    /// steps, and no more than were logged in advance.
    fn is_jump_of_old(self) -> bool {
        let whole = (i128::from(self.new) - i128::from(self.old)) % i128::from(self.step) == 0;
        whole && self.ahead() < 0 && self.ahead() >= -i128::from(LOGGED_AHEAD)
    }

    /// Whether what the new one gives out is beyond every value in use, as far as that is known.
    fn is_free(self, highest: Option<i64>) -> bool {
        highest.is_none_or(|highest| if self.step > 0 { self.new > highest } else { self.new < highest })
    }
}

fn trouble(nexts: Nexts, origin: Origin) -> Option<String> {
    let allowed = match origin {
        Origin::Follower => i128::from(LOGGED_AHEAD),
        Origin::Copy => 0,
    };
    match nexts.ahead() {
        _ if nexts.old == nexts.new => None,
        ahead if ahead > 0 && ahead <= allowed => None,
        ahead if ahead > 0 => {
            Some(format!("it is {ahead} values ahead of the old one, where at most {allowed} are expected"))
        }
        _ => Some(format!("it is set back: it gives out {} next, the old one {}", nexts.new, nexts.old)),
    }
}

fn remark(listed: &Listed, nexts: Nexts, highest: Option<i64>) -> String {
    let in_use = match (listed.column(), highest) {
        (Some(column), Some(highest)) => {
            format!("the highest value in {column} is {highest}, so none is given out twice")
        }
        (Some(column), None) => format!("{column} holds none of these values, or no index tells it"),
        (None, _) => "no column owns it, so make sure that the values in between are not in use".to_owned(),
    };
    format!(
        "The sequence {} gives out {} next, and {} in the old database, which jumped ahead as a server does that restarts \
         after a crash or is failed over (values are logged {LOGGED_AHEAD} at a time): {in_use}.",
        listed.title(),
        nexts.new,
        nexts.old
    )
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

    fn listed(step: i64) -> Listed {
        Listed {
            schema: "s".into(),
            name: "q".into(),
            step,
            readable: true,
            extension: None,
            column_schema: None,
            column_table: None,
            column_name: None,
            indexed: true,
        }
    }

    fn state(last: i64, logged: i64) -> State {
        State { last, is_called: true, logged }
    }

    fn trouble(step: i64, old: i64, new: i64, highest: Option<i64>, origin: Origin) -> Option<String> {
        judge(&listed(step), state(old, 5), state(new, 0), highest, origin).trouble
    }

    /// Trouble and remark of a sequence whose old server has no logged value left.
    fn after_a_crash(step: i64, old: i64, new: i64, highest: Option<i64>) -> (bool, bool) {
        let result = judge(&listed(step), state(old, 0), state(new, 0), highest, Origin::Copy);
        (result.trouble.is_some(), result.remark.is_some())
    }

    #[test]
    fn a_jump_of_the_old_server_after_a_crash_is_told_and_no_difference() {
        assert_eq!(after_a_crash(1, 221, 189, Some(189)), (false, true));
        assert_eq!(after_a_crash(1, 221, 189, None), (false, true));
        assert_eq!(after_a_crash(-5, -160, -5, Some(-5)), (false, true));
        assert_eq!(after_a_crash(1, 189, 189, Some(189)), (false, false));
    }

    #[test]
    fn a_jump_is_told_with_what_is_in_use() {
        let owned = Listed {
            column_schema: Some("s".into()),
            column_table: Some("t".into()),
            column_name: Some("c".into()),
            ..listed(1)
        };
        let remark =
            |listed, highest| judge(listed, state(221, 0), state(189, 0), highest, Origin::Copy).remark.unwrap();
        assert!(remark(&owned, Some(189)).contains("the highest value in s.t.c is 189"));
        assert!(remark(&owned, None).contains("s.t.c holds none of these values"));
        assert!(remark(&listed(1), None).contains("no column owns it"));
    }

    #[test]
    fn what_no_crash_explains_is_a_set_back() {
        assert_eq!(after_a_crash(1, 222, 189, Some(189)), (true, false), "more than is logged in advance");
        assert_eq!(after_a_crash(1, 221, 189, Some(190)), (true, false), "a value in use would be given out again");
        assert_eq!(after_a_crash(5, 23, 10, Some(10)), (true, false), "no whole steps");
        assert!(trouble(1, 221, 189, Some(189), Origin::Copy).is_some(), "the old one has logged values left");
        assert_eq!(after_a_crash(-1, -41, -9, Some(-9)), (false, true));
        assert_eq!(after_a_crash(-1, -41, -9, Some(-10)), (true, false), "the next value is in use");
        let set = State { last: 222, is_called: false, logged: 0 };
        let set_by_hand = judge(&listed(1), set, state(189, 0), Some(189), Origin::Copy);
        assert!(set_by_hand.trouble.is_some() && set_by_hand.remark.is_none(), "no crash sets it so");
    }

    #[test]
    fn a_follower_may_run_a_little_ahead_and_a_copy_may_not() {
        assert_eq!(trouble(1, 100, 132, None, Origin::Follower), None);
        assert!(trouble(1, 100, 133, None, Origin::Follower).unwrap().contains("33 values ahead"));
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
        assert_eq!(State { last: 5, is_called: false, logged: 0 }.next(1), 5);
        assert_eq!(state(5, 0).next(1), 6);
    }
}
