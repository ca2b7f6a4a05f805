//! What Heroku Connect keeps in its schema: whose org it is, what is still to be sent, how far the mapped tables are
//! (docs/heroku/procedures.md, "Exact copy", points 4 to 8).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::Session;
use crate::connect::literal;
use crate::inventory::{self, Difference, Inventory, Item, Weight};
use hcops_model::{Fault, FaultKind};

use super::canonical::quoted;
use super::comparison::NotCompared;
use super::options::ExpectedOrg;
use super::sequences::SequenceResult;
use super::side::{Side, Which};

/// One schema of Connect in both databases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectResult {
    /// The schema.
    pub schema: String,
    /// The Salesforce org in the old database's `_hcmeta`; absent when it cannot be read.
    pub old_org: Option<String>,
    /// The org in the new database.
    pub new_org: Option<String>,
    /// Connect's own objects in the old database: tables of its own, triggers and functions of the schema,
    /// `public.get_xmlbinary()` and the extension `hstore`.
    pub old_objects: u64,
    /// The same in the new database.
    pub new_objects: u64,
    /// Which of them differ; each is told under `structure` as well.
    pub differing_objects: Vec<String>,
    /// Changes that are captured and not yet sent, `NEW` or `PENDING`, in the old database.
    pub old_open: u64,
    /// The same in the new database.
    pub new_open: u64,
    /// Ids of open changes that only one of them has, up to twenty.
    pub open_on_one_side: Vec<i64>,
    /// The newest id of the new database's trigger log and archive.
    pub newest_id: Option<i64>,
    /// The id that the new database gives out next.
    pub next_id: Option<i64>,
    /// How far the mapped tables are.
    pub mapped: Vec<MappedTable>,
    /// What is wrong, in words; empty when nothing is.
    pub trouble: Vec<String>,
}

/// A table that Connect keeps in step with a Salesforce object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappedTable {
    /// Its name, without the schema.
    pub table: String,
    /// The old database's side.
    pub old: MappedState,
    /// The new database's side.
    pub new: MappedState,
}

/// How far a mapped table is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappedState {
    /// The newest `systemmodstamp`, in UTC; absent without any.
    pub newest: Option<String>,
    /// Rows that Salesforce has not given an id yet.
    pub without_sfid: u64,
}

/// What is known before anything is asked.
pub(super) struct Known<'a> {
    pub(super) inventories: [&'a Inventory; 2],
    pub(super) structure: &'a [Difference],
    pub(super) sequences: &'a [SequenceResult],
    pub(super) expected_orgs: &'a [ExpectedOrg],
}

/// The tables by which a schema is known to be Connect's.
const SIGNS: [&str; 2] = ["_trigger_log", "_hcmeta"];

/// Tables of Connect's own, and what it keeps outside of its schema (docs/heroku/procedures.md, "Exact copy", point 6).
const OWN_TABLES: [&str; 4] = ["_hcmeta", "_trigger_log", "_trigger_log_archive", "_sf_event_log"];
const OUTSIDE: [(&str, &str); 2] = [("function", "public.get_xmlbinary()"), ("extension", "hstore")];

/// How often a database is asked before it is given up.
const ATTEMPTS: u32 = 3;

/// Ids that are listed, and that are looked through for them.
const IDS_LISTED: usize = 20;
const IDS_LOOKED_THROUGH: usize = 10_000;

/// Mapped tables that are asked about in one statement.
const AT_ONCE: usize = 20;

/// Compares every schema of Connect that both databases have. One that only one of them has is a difference in structure.
///
/// # Errors
/// When a database cannot be reached any more. What cannot be read is told in `not_compared`.
pub(super) async fn compare(
    sides: [&Side; 2],
    known: &Known<'_>,
    not_compared: &mut Vec<NotCompared>,
) -> Result<Vec<ConnectResult>, Fault> {
    let [old, new] = known.inventories.map(schemas);
    let both: Vec<String> = old.intersection(&new).cloned().collect();
    not_compared.extend(known.expected_orgs.iter().filter_map(|expected| not_to_be_seen(expected, &both)));
    let mut found = Vec::new();
    for schema in both {
        let mut states = Vec::new();
        for which in Which::BOTH {
            match read(sides[which.index()], &schema).await? {
                Ok(state) => states.push(state),
                Err(fault) => {
                    not_compared.push(NotCompared::unseen(format!("Connect's state in {schema}"), fault.saw));
                    break;
                }
            }
        }
        if let Ok([old, new]) = <[State; 2]>::try_from(states) {
            found.push(contrast(schema, &old, &new, known, not_compared));
        }
    }
    for expected in known.expected_orgs.iter().filter(|expected| expected.schema.is_none()) {
        if let Some(trouble) = nobody_names(&expected.id, &found) {
            found.iter_mut().take(1).for_each(|schema| schema.trouble.push(trouble.clone()));
        }
    }
    Ok(found)
}

/// An org whose schema is not in both databases.
fn not_to_be_seen(expected: &ExpectedOrg, both: &[String]) -> Option<NotCompared> {
    let missing = expected.schema.as_ref().map_or(both.is_empty(), |schema| !both.contains(schema));
    let which = expected.schema.as_ref().map_or_else(String::new, |schema| format!(" in {schema}"));
    missing.then(|| {
        NotCompared::unseen(format!("the org of Connect{which}"), "no such schema of Connect is in both databases")
    })
}

/// What is wrong when no schema names the org, although each could be read.
fn nobody_names(expected: &str, schemas: &[ConnectResult]) -> Option<String> {
    let named: Option<Vec<String>> =
        schemas.iter().map(|it| Some(format!("{} in {}", it.new_org.as_ref()?, it.schema))).collect();
    let named = named.filter(|named| !named.is_empty())?;
    let names = |it: &ConnectResult| it.new_org.as_deref().is_some_and(|org| same_org(org, expected));
    let nobody = !schemas.iter().any(names);
    nobody.then(|| format!("_hcmeta names the org {}, and the connection's is {expected}", named.join(", ")))
}

fn schemas(read: &Inventory) -> BTreeSet<String> {
    let schema = |item: &Item| {
        let (schema, name) = item.name.rsplit_once('.')?;
        SIGNS.contains(&name).then(|| inventory::unquoted(schema))
    };
    read.of_kind("table").filter_map(schema).collect()
}

/// One side of one schema.
#[derive(Debug, Clone, Default)]
struct State {
    /// Absent when `_hcmeta` may not be read.
    org: Option<String>,
    open: Open,
    newest_id: Option<i64>,
    mapped: BTreeMap<String, MappedState>,
    /// Tables that there are but that may not be read.
    hidden: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Open {
    rows: u64,
    /// The sum of the ids' hashes.
    sum: String,
    /// The lowest ids.
    ids: BTreeSet<i64>,
}

/// The state, or why there is none. A lost connection is made again.
async fn read(side: &Side, schema: &str) -> Result<Result<State, Fault>, Fault> {
    let mut attempt = 1;
    loop {
        match observe(&side.reader().await?.session, schema).await {
            Err(fault) if fault.kind == FaultKind::Transient && attempt < ATTEMPTS => attempt += 1,
            answer => return Ok(answer),
        }
    }
}

#[derive(Debug, Deserialize)]
struct Listed {
    name: String,
    readable: bool,
    mapped: bool,
}

async fn observe(session: &Session, schema: &str) -> Result<State, Fault> {
    let listed: Vec<Listed> = session.rows(&TABLES.replace("SCHEMA", &literal(schema))).await?;
    let readable = |name: &str| listed.iter().any(|table| table.name == name && table.readable);
    let place = |name: &str| format!("{}.{}", quoted(schema), quoted(name));
    let mut state = State {
        hidden: listed.iter().filter(|table| !table.readable).map(|table| table.name.clone()).collect(),
        ..State::default()
    };
    if readable("_hcmeta") {
        state.org = org(session, &place("_hcmeta")).await?;
    }
    if readable("_trigger_log") {
        state.open = open(session, &place("_trigger_log")).await?;
    }
    for log in ["_trigger_log", "_trigger_log_archive"].into_iter().filter(|log| readable(log)) {
        let newest = cell(session, &format!("select max(id) from {}", place(log))).await?;
        state.newest_id = state.newest_id.max(newest.and_then(|text| text.parse().ok()));
    }
    let mapped: Vec<&str> =
        listed.iter().filter(|table| table.mapped && table.readable).map(|table| table.name.as_str()).collect();
    for some in mapped.chunks(AT_ONCE) {
        state.mapped.extend(mapped_states(session, schema, some).await?);
    }
    Ok(state)
}

const TABLES: &str = "
    select c.relname as name, has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select') as readable,
           (select count(*) = 2 from pg_attribute a where a.attrelid = c.oid and not a.attisdropped
            and a.attname in ('systemmodstamp', 'sfid')) as mapped
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = SCHEMA and c.relkind in ('r', 'p') order by 1";

/// The org, or all of them where there are several. The columns vary with Connect's version.
async fn org(session: &Session, place: &str) -> Result<Option<String>, Fault> {
    let select = format!(
        "select string_agg(distinct to_jsonb(hcops_meta) ->> 'org_id', ', ' order by to_jsonb(hcops_meta) ->> 'org_id')
         from {place} hcops_meta"
    );
    cell(session, &select).await
}

async fn open(session: &Session, place: &str) -> Result<Open, Fault> {
    let from = format!("from {place} where state in ('NEW', 'PENDING')");
    let select = format!("select count(*), coalesce(sum(hashtextextended(id::text, 0)), 0) {from}");
    let line = session.lines(&select).await?.pop().unwrap_or_default();
    let mut cells = line.into_iter().map(Option::unwrap_or_default);
    let rows = cells.next().and_then(|text| text.parse().ok()).unwrap_or_default();
    let ids = session.lines(&format!("select id {from} order by id limit {IDS_LOOKED_THROUGH}")).await?;
    let ids = ids.into_iter().filter_map(|mut line| line.pop().flatten()?.parse().ok()).collect();
    Ok(Open { rows, sum: cells.next().unwrap_or_default(), ids })
}

async fn mapped_states(session: &Session, schema: &str, tables: &[&str]) -> Result<Vec<(String, MappedState)>, Fault> {
    let selects: Vec<String> = tables
        .iter()
        .map(|table| {
            let place = format!("{}.{}", quoted(schema), quoted(table));
            format!(
                "select {}, (select max(systemmodstamp)::text from {place}), (select count(*) from {place} where sfid is null)",
                literal(table)
            )
        })
        .collect();
    let lines = session.lines(&selects.join(" union all ")).await?;
    let state = |line: Vec<Option<String>>| {
        let [table, newest, without_sfid] = <[Option<String>; 3]>::try_from(line).ok()?;
        Some((table?, MappedState { newest, without_sfid: without_sfid?.parse().ok()? }))
    };
    Ok(lines.into_iter().filter_map(state).collect())
}

async fn cell(session: &Session, select: &str) -> Result<Option<String>, Fault> {
    Ok(session.lines(select).await?.pop().and_then(|mut line| line.pop()).flatten())
}

fn contrast(
    schema: String,
    old: &State,
    new: &State,
    known: &Known<'_>,
    not_compared: &mut Vec<NotCompared>,
) -> ConnectResult {
    let hidden: BTreeSet<&String> = old.hidden.iter().chain(&new.hidden).collect();
    for table in hidden.iter().filter(|table| OWN_TABLES.contains(&table.as_str())) {
        let what = format!("Connect's state in {schema}.{table}");
        not_compared.push(NotCompared::unseen(what, "the credential may not read it"));
    }
    let [old_objects, new_objects] = known.inventories.map(|inventory| own_objects(inventory, &schema));
    let mapped: Vec<MappedTable> = old.mapped.iter().filter_map(|(table, old)| together(table, old, new)).collect();
    let one_sided: Vec<i64> = old.open.ids.symmetric_difference(&new.open.ids).copied().collect();
    let log = known.sequences.iter().find(|it| it.column.as_deref() == Some(&format!("{schema}._trigger_log.id")));
    let of_this = |it: &&ExpectedOrg| it.schema.as_ref() == Some(&schema);
    let expected = known.expected_orgs.iter().find(of_this).map(|it| it.id.as_str());
    let nameless = [old, new].iter().any(|state| state.org.is_none() && !state.hidden.iter().any(|it| it == "_hcmeta"));
    if expected.is_some() && nameless {
        not_compared.push(NotCompared::unseen(format!("the org of Connect in {schema}"), "_hcmeta does not name one"));
    }
    let trouble = [
        org_trouble(old, new, expected),
        open_trouble(old, new, &one_sided),
        log.and_then(|log| log_trouble(log, old, new)),
    ];
    ConnectResult {
        old_org: old.org.clone(),
        new_org: new.org.clone(),
        old_objects: old_objects.len() as u64,
        new_objects: new_objects.len() as u64,
        differing_objects: differing_objects(known.structure, &old_objects, &new_objects),
        old_open: old.open.rows,
        new_open: new.open.rows,
        open_on_one_side: one_sided.into_iter().take(IDS_LISTED).collect(),
        newest_id: new.newest_id,
        next_id: log.map(|log| log.new_next),
        trouble: trouble.into_iter().flatten().chain(mapped.iter().flat_map(mapped_trouble)).collect(),
        mapped,
        schema,
    }
}

fn together(table: &str, old: &MappedState, new: &State) -> Option<MappedTable> {
    let new = new.mapped.get(table)?.clone();
    Some(MappedTable { table: table.to_owned(), old: old.clone(), new })
}

/// Connect's own objects, by kind and name.
fn own_objects(read: &Inventory, schema: &str) -> BTreeSet<(String, String)> {
    let inside = format!("{}.", inventory::quoted(schema));
    let own = |item: &&Item| match (item.kind.as_str(), item.name.strip_prefix(&inside)) {
        ("table", Some(name)) => OWN_TABLES.contains(&name),
        ("trigger" | "function", Some(_)) => true,
        (kind, None) => OUTSIDE.contains(&(kind, item.name.as_str())),
        _ => false,
    };
    read.items.iter().filter(own).map(|item| (item.kind.clone(), item.name.clone())).collect()
}

fn differing_objects(
    structure: &[Difference],
    old: &BTreeSet<(String, String)>,
    new: &BTreeSet<(String, String)>,
) -> Vec<String> {
    let own = |it: &&Difference| {
        let name = (it.kind.clone(), it.name.clone());
        it.weight == Weight::Matters && (old.contains(&name) || new.contains(&name))
    };
    let names: BTreeSet<String> = structure.iter().filter(own).map(|it| format!("{} {}", it.kind, it.name)).collect();
    names.into_iter().collect()
}

/// An org's id has 15 characters; three more are a checksum that some places leave away.
const ORG_ID: usize = 15;

fn same_org(one: &str, other: &str) -> bool {
    one.chars().take(ORG_ID).eq(other.chars().take(ORG_ID))
}

fn org_trouble(old: &State, new: &State, expected: Option<&str>) -> Option<String> {
    let (old, new) = (old.org.as_deref()?, new.org.as_deref()?);
    if old != new {
        Some(format!("_hcmeta names the org {old} in old and {new} in new"))
    } else {
        let expected = expected.filter(|expected| !same_org(expected, new))?;
        Some(format!("_hcmeta names the org {new}, and the connection's is {expected}"))
    }
}

fn open_trouble(old: &State, new: &State, one_sided: &[i64]) -> Option<String> {
    if (old.open.rows, &old.open.sum) == (new.open.rows, &new.open.sum) {
        return None;
    }
    let ids: Vec<String> = one_sided.iter().take(IDS_LISTED).map(i64::to_string).collect();
    let which = if ids.is_empty() { String::new() } else { format!("; on one side only: {}", ids.join(", ")) };
    Some(format!("open changes in the trigger log: {} in old, {} in new{which}", old.open.rows, new.open.rows))
}

/// Ids of the trigger log go on in the archive, which its sequence does not know of.
fn log_trouble(log: &SequenceResult, old: &State, new: &State) -> Option<String> {
    let taken = |next: i64, state: &State| state.newest_id.is_some_and(|newest| next <= newest);
    (taken(log.new_next, new) && !taken(log.old_next, old)).then(|| {
        format!(
            "{} gives out {} next, but log and archive already hold {}",
            log.sequence,
            log.new_next,
            new.newest_id.unwrap_or_default()
        )
    })
}

fn mapped_trouble(mapped: &MappedTable) -> Vec<String> {
    let MappedTable { table, old, new } = mapped;
    let newest = |state: &MappedState| state.newest.clone().unwrap_or_else(|| "none".to_owned());
    let mut trouble = Vec::new();
    if old.newest != new.newest {
        trouble.push(format!("{table}: the newest systemmodstamp is {} in old, {} in new", newest(old), newest(new)));
    }
    if old.without_sfid != new.without_sfid {
        trouble.push(format!("{table}: {} rows without sfid in old, {} in new", old.without_sfid, new.without_sfid));
    }
    trouble
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{SequenceResult, State, differing_objects, log_trouble, org_trouble};
    use crate::inventory::{Difference, Weight};

    fn of(org: &str) -> State {
        State { org: Some(org.to_owned()), ..State::default() }
    }

    #[test]
    fn the_org_is_the_same_by_its_first_fifteen_characters() {
        let (long, other) = (of("00D000000000001EAA"), of("00D000000000002EAA"));
        assert_eq!(org_trouble(&long, &long, Some("00D000000000001")), None);
        assert_eq!(org_trouble(&long, &long, None), None);
        assert!(org_trouble(&long, &long, Some("00D000000000002EAA")).unwrap().contains("00D000000000002EAA"));
        assert!(org_trouble(&long, &other, None).is_some());
        assert_eq!(org_trouble(&State::default(), &long, None), None, "what may not be read is told elsewhere");
    }

    #[test]
    fn an_object_of_connects_own_differs_whichever_side_has_it() {
        let named = |name: &str| BTreeSet::from([("trigger".to_owned(), name.to_owned())]);
        let difference = |name: &str, weight| Difference {
            kind: "trigger".to_owned(),
            name: name.to_owned(),
            fact: None,
            old: None,
            new: None,
            weight,
        };
        let [gone, came, other, expected] =
            [("a", Weight::Matters), ("b", Weight::Matters), ("c", Weight::Matters), ("a", Weight::Expected)]
                .map(|(name, weight)| difference(name, weight));
        let differing = |structure: &[Difference]| differing_objects(structure, &named("a"), &named("b"));
        assert_eq!(differing(&[gone, came, other]), ["trigger a", "trigger b"]);
        assert_eq!(differing(&[expected]), [] as [&str; 0]);
    }

    #[test]
    fn an_id_of_the_trigger_log_is_taken_where_only_the_new_one_gives_it_out_again() {
        let holding = |newest| State { newest_id: newest, ..State::default() };
        let told = |old_next, new_next, old, new| {
            let log = SequenceResult {
                sequence: "s.log".to_owned(),
                column: None,
                old_next,
                new_next,
                highest: None,
                trouble: None,
                remark: None,
            };
            log_trouble(&log, &holding(old), &holding(new)).is_some()
        };
        assert!(told(41, 40, Some(40), Some(40)));
        assert!(!told(41, 41, Some(40), Some(40)));
        assert!(!told(40, 40, Some(40), Some(40)), "the old one has the same fault");
        assert!(!told(41, 40, Some(40), None));
    }
}
