//! Indexes that another collation library may have made wrong: text sorts by the system's library (glibc, ICU), an index is
//! stored in that order, and after an upgrade onto another version of the library lookups may miss rows that are there,
//! although every row is equal. PostgreSQL records the version that an index was built under (documentation: ALTER
//! COLLATION, ALTER DATABASE … REFRESH COLLATION VERSION).

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Session;
use super::connect::literal;
use hcops_model::{Clock, Fault, FaultKind};

/// What a database knows of its collations.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collations {
    /// Those that an index uses, by name; the database's own is `default`.
    pub versions: BTreeMap<String, Version>,
    /// Indexes with the collations that they are sorted by.
    pub indexes: Vec<Index>,
}

/// The version of one collation; absent where the server does not tell it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The one that was recorded when it, or the database, was made.
    pub recorded: Option<String>,
    /// The library's own.
    pub actual: Option<String>,
}

/// An index that is sorted by text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Its name with the schema, quoted as in SQL.
    pub name: String,
    /// The collations of its columns.
    pub collations: Vec<String>,
}

/// An index that has to be built again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rebuild {
    /// Its name with the schema, quoted as in SQL.
    pub index: String,
    /// The collation whose version is another one.
    pub collation: String,
    /// The version that it was built under.
    pub built_under: String,
    /// The version of the library now.
    pub now: String,
}

impl Rebuild {
    /// The statement that builds it again while the app goes on.
    #[must_use]
    pub fn statement(&self) -> String {
        format!("REINDEX INDEX CONCURRENTLY {}", self.index)
    }
}

/// What amcheck says of indexes (PostgreSQL documentation: amcheck).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Those whose order is right.
    pub sound: Vec<String>,
    /// Those whose order is wrong, with what amcheck said.
    pub broken: Vec<(String, String)>,
    /// Those that were not checked: no btree, or there was no more time.
    pub not_checked: Vec<String>,
}

/// How long all checks of one look may take, and one of them.
const CHECKS: Duration = Duration::from_secs(60);

#[derive(Deserialize)]
struct Function {
    name: String,
}

/// The function, where the extension is installed and this credential may use it.
const AMCHECK: &str = "
    select quote_ident(n.nspname) || '.' || quote_ident(p.proname) as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.proname = 'bt_index_check' and p.pronargs = 1 and has_function_privilege(p.oid, 'execute')
      and has_schema_privilege(n.oid, 'usage') limit 1";

/// Lets amcheck look whether these indexes are really wrong; nothing where it is not installed, or not for this credential.
/// It only reads. Not through a pooler.
///
/// # Errors
/// As the server refuses.
pub async fn checked(session: &Session, clock: &dyn Clock, rebuild: &[Rebuild]) -> Result<Option<Checked>, Fault> {
    let function: Option<Function> = session.rows(AMCHECK).await?.pop();
    let Some(Function { name }) = function.filter(|_| !rebuild.is_empty()) else { return Ok(None) };
    let (mut checked, begun) = (Checked::default(), clock.now());
    for index in rebuild.iter().map(|it| &it.index) {
        let left = CHECKS.saturating_sub(clock.now().duration_since(begun).unsigned_abs());
        let question = format!("select {name}({}::regclass)::text as said", literal(index));
        let said = if left.is_zero() { Ok(None) } else { session.row_within::<Value>(left, &question).await };
        match said {
            Ok(Some(_)) => checked.sound.push(index.clone()),
            Ok(None) => checked.not_checked.push(index.clone()),
            Err(fault) if fault.saw.contains(CORRUPTED) => checked.broken.push((index.clone(), fault.saw)),
            Err(fault) if fault.kind == FaultKind::Refused => checked.not_checked.push(index.clone()),
            Err(fault) => return Err(fault),
        }
    }
    Ok(Some(checked))
}

/// `index_corrupted`, which amcheck raises.
const CORRUPTED: &str = "[XX002]";

impl Checked {
    /// In a sentence.
    #[must_use]
    pub fn spoken(&self) -> String {
        let broken: Vec<&str> = self.broken.iter().map(|(index, _)| index.as_str()).collect();
        let part = |some: &[&str], what: &str| (!some.is_empty()).then(|| format!("{what}: {}", some.join(", ")));
        let names = |some: &'_ [String]| some.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let parts = [
            part(&broken, "in wrong order"),
            (!self.sound.is_empty()).then(|| format!("in order: {}", names(&self.sound))),
            (!self.not_checked.is_empty()).then(|| format!("not checked: {}", names(&self.not_checked))),
        ];
        format!("amcheck says: {}.", parts.into_iter().flatten().collect::<Vec<_>>().join("; "))
    }
}

/// Where amcheck may not be used: how to have it.
pub const WITHOUT_AMCHECK: &str = "Which of them are really wrong amcheck would show (`CREATE EXTENSION amcheck`, then `SELECT bt_index_check('INDEX')` \
     for each, where the credential may); building them all again needs no proof.";

/// What will have to be looked at after an upgrade onto another server: indexes whose order the collation library decides.
/// Nothing where there are none.
#[must_use]
pub fn beforehand(now: &Collations) -> Option<String> {
    let wrong_already = to_rebuild(now, None);
    if !wrong_already.is_empty() {
        return spoken(&wrong_already);
    }
    let versioned = |name: &&String| now.versions.get(*name).is_some_and(|version| version.actual.is_some());
    let decided: Vec<&Index> =
        now.indexes.iter().filter(|index| index.collations.iter().any(|it| versioned(&it))).collect();
    let first = decided.first()?;
    let collation = first.collations.iter().find(versioned)?;
    let version = now.versions.get(collation)?.actual.as_ref()?;
    Some(format!(
        "{} are sorted by the system's collation library (version {version} for {collation}), {} among them. Should the upgraded server have \
         another version, they have to be built again (REINDEX) before they are relied on: hcops looks, and names each with the \
         command.",
        if decided.len() == 1 { "1 index on text".to_owned() } else { format!("{} indexes on text", decided.len()) },
        first.name
    ))
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
    recorded: Option<String>,
    actual: Option<String>,
}

/// The version of the database's own collation is recorded since 15. Before, that of a collation of the same locale tells
/// which library is there. `C` and `POSIX` sort by bytes and have none.
fn versions(major: u32) -> String {
    let own = if major >= 15 {
        "select d.datcollversion as recorded, pg_database_collation_actual_version(d.oid) as actual
         from pg_database d where d.datname = current_database()"
    } else {
        "select null::text as recorded, (select pg_collation_actual_version(c.oid) from pg_collation c
            where c.collprovider = 'c' and lower(replace(c.collcollate, '-', '')) = lower(replace(d.datcollate, '-', '')) limit 1) as actual
         from pg_database d where d.datname = current_database()"
    };
    format!(
        "select 'default' as name, o.recorded, o.actual from ({own}) o
         union all
         select (pg_identify_object('pg_collation'::regclass, c.oid, 0)).identity, c.collversion, pg_collation_actual_version(c.oid)
         from pg_collation c where c.collprovider <> 'd'
           and c.oid in (select unnest(x.indcollation::oid[]) from pg_index x)"
    )
}

/// Types that sort by a collation have one for each of their columns in an index. Names are stored in the order of bytes.
const INDEXES: &str = "
    select quote_ident(n.nspname) || '.' || quote_ident(i.relname) as name,
           (select array_agg(distinct case c.collprovider when 'd' then 'default' else (pg_identify_object('pg_collation'::regclass, c.oid, 0)).identity end)
            from unnest(x.indcollation::oid[]) u (id) join pg_collation c on c.oid = u.id) as collations
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_namespace n on n.oid = i.relnamespace
         join pg_am m on m.oid = i.relam
    where i.relkind = 'i' and m.amname not in ('hash', 'gin', 'bloom') and n.nspname not in ('pg_catalog', 'information_schema')
      and n.nspname !~ '^pg_(toast|temp)'
      and exists (select from unnest(x.indcollation::oid[]) u (id) where u.id <> 0)
    order by 1";

/// Reads versions and indexes. Only looks. Works through a pooler.
///
/// # Errors
/// As the server refuses.
pub async fn read(session: &Session) -> Result<Collations, Fault> {
    let named: Vec<Named> = session.rows(&versions(session.major())).await?;
    let version = |it: Named| (it.name, Version { recorded: it.recorded, actual: it.actual });
    Ok(Collations { versions: named.into_iter().map(version).collect(), indexes: session.rows(INDEXES).await? })
}

/// Indexes of `now` that were built under another version than the library has: by what the database recorded, and, where
/// the files came from another server, by the version that was there.
#[must_use]
pub fn to_rebuild(now: &Collations, before: Option<&Collations>) -> Vec<Rebuild> {
    let moved = |collation: &String| -> Option<(String, String)> {
        let version = now.versions.get(collation)?;
        let actual = version.actual.as_ref()?;
        let there = before.and_then(|before| before.versions.get(collation)?.actual.as_ref());
        let built_under = [there, version.recorded.as_ref()].into_iter().flatten().find(|it| *it != actual)?;
        Some((built_under.clone(), actual.clone()))
    };
    let of_index = |index: &Index| {
        index.collations.iter().find_map(|collation| {
            let (built_under, now) = moved(collation)?;
            Some(Rebuild { index: index.name.clone(), collation: collation.clone(), built_under, now })
        })
    };
    now.indexes.iter().filter_map(of_index).collect()
}

/// All of them in a sentence, with the statements that build them again; nothing when there is none.
#[must_use]
pub fn spoken(rebuild: &[Rebuild]) -> Option<String> {
    const NAMED: usize = 20;
    let first = rebuild.first()?;
    let statements: Vec<String> = rebuild.iter().take(NAMED).map(|it| format!("`{}`", it.statement())).collect();
    let more = if rebuild.len() > NAMED { format!(" and {} more", rebuild.len() - NAMED) } else { String::new() };
    Some(format!(
        "Indexes on text may be wrong, though every row is there: they were built under version {} of the collation {}, and the \
         system has {} now. Build them again before anything relies on them, then record the version (`ALTER DATABASE … REFRESH \
         COLLATION VERSION`): {}{more}.",
        first.built_under,
        first.collation,
        first.now,
        statements.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Collations, Index, Version, read, spoken, to_rebuild};
    use crate::testing::{VirtualClock, majors, server_of};
    use crate::{Manner, Session};

    fn collations(recorded: Option<&str>, actual: Option<&str>) -> Collations {
        let version = Version { recorded: recorded.map(str::to_owned), actual: actual.map(str::to_owned) };
        let index =
            |name: &str, collation: &str| Index { name: name.to_owned(), collations: vec![collation.to_owned()] };
        Collations {
            versions: BTreeMap::from([
                ("default".to_owned(), version),
                ("pg_catalog.\"C\"".to_owned(), Version::default()),
            ]),
            indexes: vec![index("public.by_name", "default"), index("public.by_bytes", "pg_catalog.\"C\"")],
        }
    }

    #[test]
    fn indexes_are_named_when_the_recorded_or_the_old_library_is_another_one() {
        let now = collations(Some("2.31"), Some("2.36"));
        let found = to_rebuild(&now, None);
        assert_eq!(found.iter().map(|it| it.index.as_str()).collect::<Vec<_>>(), ["public.by_name"]);
        let said = spoken(&found).unwrap();
        assert!(said.contains("2.31") && said.contains("REINDEX INDEX CONCURRENTLY public.by_name"), "{said}");

        let refreshed = collations(Some("2.36"), Some("2.36"));
        assert!(to_rebuild(&refreshed, None).is_empty());
        let before = collations(None, Some("2.31"));
        assert_eq!(to_rebuild(&refreshed, Some(&before))[0].built_under, "2.31", "files of an older system");
        assert!(to_rebuild(&refreshed, Some(&refreshed)).is_empty());
        assert!(to_rebuild(&collations(None, None), Some(&before)).is_empty(), "what is not told is not guessed");
        assert_eq!(spoken(&[]), None);
    }

    #[tokio::test]
    async fn versions_and_indexes_are_read_from_every_major() {
        for major in majors() {
            let Some(server) = server_of(major) else { continue };
            let script = "create table t (id int primary key, name text unique, raw text collate \"C\"); create index on t (raw);
                create index on t using hash (name); create index \"Odd\" on t (lower(name));";
            server.run("postgres", script).unwrap();
            let session = Session::open(&server.url("postgres"), Manner::QUESTION).await.unwrap();
            let found = read(&session).await.unwrap();
            let names: Vec<&str> = found.indexes.iter().map(|it| it.name.as_str()).collect();
            assert_eq!(names, ["public.\"Odd\"", "public.t_name_key", "public.t_raw_idx"], "{major}");
            assert_eq!(found.indexes[0].collations, ["default"], "{major}");
            assert!(found.versions.contains_key("default"), "{major}: {found:?}");
            assert!(to_rebuild(&found, Some(&found)).is_empty(), "{major}: {found:?}");
            if major >= 15 {
                let record = "update pg_database set datcollversion = '1.0' where datname = 'postgres'";
                server.run("postgres", record).unwrap();
                let mut moved = read(&session).await.unwrap();
                assert_eq!(moved.versions["default"].recorded.as_deref(), Some("1.0"));
                moved.versions.get_mut("default").unwrap().actual = Some("2.0".to_owned());
                assert_eq!(to_rebuild(&moved, None).len(), 2);
            }
        }
    }

    /// An index whose order is that of another collation than its own: what another version of the library makes of it.
    const WRONG: &str = "create extension amcheck; create table t (name text collate \"C\");
        insert into t values ('a'), ('B'), ('c'); create index wrong on t (name); create index right_one on t (name collate \"en-x-icu\");
        update pg_index set indcollation = (select oid::text::oidvector from pg_collation where collname = 'en-x-icu')
        where indexrelid = 'wrong'::regclass;
        update pg_collation set collversion = '1.0' where collname = 'en-x-icu'";

    #[tokio::test]
    async fn amcheck_tells_the_indexes_that_are_really_wrong() {
        let Some(server) = crate::testing::server() else { return };
        let said = server.run("postgres", "select count(*) from pg_collation where collname = 'en-x-icu'").unwrap();
        if said.trim() != "1" {
            hcops_testing::missing("icu", "this PostgreSQL was built without ICU");
            return;
        }
        server.run("postgres", WRONG).unwrap();
        let session = Session::open(&server.url("postgres"), Manner::LONG_READ).await.unwrap();
        let rebuild = to_rebuild(&read(&session).await.unwrap(), None);
        let names: Vec<&str> = rebuild.iter().map(|it| it.index.as_str()).collect();
        assert_eq!(names, ["public.right_one", "public.wrong"]);
        let found = super::checked(&session, &VirtualClock::default(), &rebuild).await.unwrap().unwrap();
        assert_eq!(found.sound, ["public.right_one"]);
        assert_eq!(found.broken.iter().map(|(index, _)| index.as_str()).collect::<Vec<_>>(), ["public.wrong"]);
        let spoken = found.spoken();
        assert!(spoken.contains("in wrong order: public.wrong; in order: public.right_one"), "{spoken}");
        server.run("postgres", "create role reader login password 'hunter2hunter2'").unwrap();
        let url = server.url_as("reader", "hunter2hunter2", "postgres");
        let reader = Session::open(&url, Manner::LONG_READ).await.unwrap();
        assert_eq!(
            super::checked(&reader, &VirtualClock::default(), &rebuild).await.unwrap(),
            None,
            "not for this credential"
        );
    }

    #[test]
    fn a_plan_says_which_indexes_an_upgrade_can_make_wrong() {
        let said = super::beforehand(&collations(Some("2.36"), Some("2.36"))).unwrap();
        assert!(said.contains("1 index on text") && said.contains("public.by_name") && said.contains("2.36"), "{said}");
        let already = super::beforehand(&collations(Some("2.31"), Some("2.36"))).unwrap();
        assert!(already.contains("REINDEX INDEX CONCURRENTLY public.by_name"), "{already}");
        assert_eq!(super::beforehand(&collations(None, None)), None, "sorted by bytes");
    }
}
