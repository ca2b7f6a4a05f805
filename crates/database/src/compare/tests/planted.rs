//! Every planted difference is found and named, and nothing else is.

use hcops_simulator::postgres::Cluster;

use super::super::{Comparison, Depth, Options, Origin, RowKind, Value, Verdict};
use super::{compared, told};
use crate::testing::{server, shared_old_and_copy};

/// A copy of the copy with `script` run in it.
pub(super) fn plant(new: &Cluster, database: &str, script: &str) {
    new.run("postgres", &format!("create database {database} template pristine")).unwrap();
    // Triggers of the copy must not write on their own.
    new.run(database, &format!("set session_replication_role = replica; {script}")).unwrap();
}

async fn planted(servers: &(Cluster, Cluster), database: &str, script: &str) -> Comparison {
    plant(&servers.1, database, script);
    let comparison = compared(&servers.0.url("app"), &servers.1.url(database), &Options::default()).await;
    assert_eq!(comparison.verdict, Verdict::DifferencesFound, "{script}: {}", told(&comparison));
    comparison
}

/// Tables that differ, as text: each row's kind, key and columns.
fn rows_told(comparison: &Comparison) -> Vec<String> {
    let mut told = Vec::new();
    for table in comparison.differing_tables() {
        for row in &table.differences {
            let key: Vec<String> = row.key.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let columns: Vec<&str> = row.columns.iter().map(|column| column.column.as_str()).collect();
            told.push(format!("{} {:?} {} [{}]", table.table, row.kind, key.join(","), columns.join(",")));
        }
    }
    told
}

/// Differences in structure that matter, as text.
fn structure(comparison: &Comparison) -> Vec<String> {
    comparison
        .differing_structure()
        .map(|it| {
            format!("{} {} {}", it.kind, it.name, it.fact.clone().unwrap_or_else(|| "missing or added".to_owned()))
        })
        .collect()
}

#[tokio::test]
async fn rows_that_differ() {
    let Some(servers) = shared_old_and_copy() else { return };
    let cases: &[(&str, &[&str])] = &[
        ("update salesforce.account set name = 'Other' where id = 17", &["salesforce.account Changed id=17 [name]"]),
        ("delete from salesforce.account where id = 2999", &["salesforce.account Missing id=2999 []"]),
        ("insert into salesforce.account (id, sfid) values (9998, 'w')", &["salesforce.account Added id=9998 []"]),
        ("insert into salesforce.account (id, sfid) values (9999, 'x')", &["salesforce.account Added id=9999 []"]),
        (
            "update salesforce.account set description = null where id = 1",
            &["salesforce.account Changed id=1 [description]"],
        ),
        (
            "update salesforce.account set annualrevenue = annualrevenue * 1.0000000000000002 where id = 8",
            &["salesforce.account Changed id=8 [annualrevenue]"],
        ),
        (
            "update salesforce.account set systemmodstamp = systemmodstamp + interval '1 us' where id = 5",
            &["salesforce.account Changed id=5 [systemmodstamp]"],
        ),
        (
            "update salesforce.account a set name = b.name from salesforce.account b where a.id in (3, 4) and b.id = 7 - a.id",
            &["salesforce.account Changed id=3 [name]", "salesforce.account Changed id=4 [name]"],
        ),
        ("update two_keys set value = 'w' where a = 12", &["public.two_keys Changed a=12,b=b12 [value]"]),
        (
            "update two_keys set b = 'z' where a = 13",
            &["public.two_keys Missing a=13,b=b13 []", "public.two_keys Added a=13,b=z []"],
        ),
        (
            "update parted set id = 99 where id = 3",
            &["public.parted_2026 Missing id=3,day=2026-03-01 []", "public.parted_2026 Added id=99,day=2026-03-01 []"],
        ),
        (
            "update no_key set b = 'row 4' where ctid = (select min(ctid) from no_key where a = 3)",
            &["public.no_key Missing  []", "public.no_key Added  []"],
        ),
        ("delete from no_key where ctid = (select min(ctid) from no_key where a = 5)", &["public.no_key Missing  []"]),
        ("insert into no_columns default values", &["public.no_columns Added  []"]),
        ("update hcops_table set t = 'other'", &["public.hcops_table Changed hcops_table=1 [t]"]),
    ];
    let script: Vec<&str> = cases.iter().map(|(script, _)| *script).collect();
    let comparison = planted(servers, "rows", &script.join("; ")).await;
    let expected = cases.iter().flat_map(|(_, rows)| rows.iter().map(|row| (*row).to_owned())).collect();
    assert_eq!(sorted(rows_told(&comparison)), sorted(expected), "{}", told(&comparison));
    assert_eq!(structure(&comparison), [] as [String; 0]);
    assert_eq!(comparison.differing_sequences().count(), 0);
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

/// For each type of column, a value that differs from the copied one as little as possible; where two values compare equal
/// and are not the same, such a one.
const LEAST_CHANGES: &[(&str, &str)] = &[
    ("i2", "i2 + 1"),
    ("i4", "-i4"),
    ("f4", "f4 * 1.0000001"),
    ("f8", "f8 * 1.0000000000000002"),
    ("n", "n * 1.0"),
    ("n2", "n2 + 0.01"),
    ("b", "not b"),
    ("t", "t || ' '"),
    ("v", "upper(v)"),
    ("c", "'c'"),
    ("by", "by || '\\x00'"),
    ("d", "d + 1"),
    ("ti", "ti + interval '1 us'"),
    ("tz", "tz at time zone 'UTC'"),
    ("ts", "ts + interval '1 us'"),
    ("tsz", "tsz + interval '1 us'"),
    ("iv", "iv * 24 / 24 + interval '24 hours' - interval '1 day'"),
    ("u", "md5('x')::uuid"),
    ("j", "replace(j::text, ' ', '')::json"),
    ("jb", "jb || '{\"m\": 1.5}'"),
    ("x", "'<a></a>'"),
    ("bi", "b'10100'"),
    ("vb", "b'1100'"),
    ("ip", "'10.0.0.1/25'"),
    ("ci", "'10.0.0.0/9'"),
    ("ma", "'08:00:2b:01:02:04'"),
    ("pt", "point(pt[0], 2)"),
    ("bx", "box(point(0, 0), point(1, 2))"),
    ("mo", "mo + '0.01'"),
    ("tv", "to_tsvector('simple', 'b a')"),
    ("tq", "'a | b'"),
    ("nr", "numrange(lower(nr), lower(nr) + 1.5)"),
    ("tr", "tstzrange(lower(tr), null, '(]')"),
    ("ia", "array[ia[1], 0, 3]"),
    ("fa", "array[fa[1], '0'::float8]"),
    ("ta", "array['a', 'null']"),
    ("na", "array[1.0, 1.5]"),
    ("ea", "array['sad']::mood[]"),
    ("m", "'sad'"),
    ("dp", "dp + 1"),
    ("pr", "row((pr).a, 'X')::pair"),
    ("h", "h || 'k2=>NULL'"),
    ("cx", "lower(cx::text)::citext"),
    ("oi", "4000000000"),
    ("rc", "'pg_type'"),
    ("ls", "'0/1B'"),
    ("\"strange \"\"name\"\"\"", "'Odd'"),
];

#[tokio::test]
async fn the_least_change_of_every_type_of_column() {
    let Some(servers) = shared_old_and_copy() else { return };
    let changes: Vec<String> = LEAST_CHANGES
        .iter()
        .enumerate()
        .map(|(number, (column, value))| format!("update every_type set {column} = {value} where id = {};", number + 1))
        .collect();
    plant(&servers.1, "types", &changes.join("\n"));
    for by_text in [false, true] {
        let options = Options { rows_shown: 100, by_text, ..Options::default() };
        let comparison = compared(&servers.0.url("app"), &servers.1.url("types"), &options).await;
        let expected: Vec<String> = LEAST_CHANGES
            .iter()
            .enumerate()
            .map(|(number, (column, _))| {
                let unquoted = column.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
                let name = unquoted.unwrap_or(column).replace("\"\"", "\"");
                format!("public.every_type Changed id={} [{name}]", number + 1)
            })
            .collect();
        let found = rows_told(&comparison);
        let missed: Vec<&String> = expected.iter().filter(|it| !found.contains(it)).collect();
        assert_eq!((missed, found.len()), (Vec::new(), expected.len()), "by text: {by_text}");
    }
}

#[tokio::test]
async fn structure_that_differs() {
    let Some(servers) = shared_old_and_copy() else { return };
    let cases: &[(&str, &str)] = &[
        (
            "alter table salesforce.account disable trigger hc_account_logtrigger",
            "trigger salesforce.account: hc_account_logtrigger enabled",
        ),
        (
            "update pg_index set indisvalid = false where indexrelid = 'salesforce.hcu_idx_account_sfid'::regclass",
            "index salesforce.hcu_idx_account_sfid valid",
        ),
        ("create schema heroku_ext; alter extension hstore set schema heroku_ext", "extension hstore schema"),
        (
            "drop index salesforce.hc_idx_account_systemmodstamp",
            "index salesforce.hc_idx_account_systemmodstamp missing or added",
        ),
        ("drop table no_columns", "table public.no_columns missing or added"),
        ("create table surplus (id int)", "table public.surplus missing or added"),
        ("alter table dropped_column alter kept set default 'y'", "table public.dropped_column column kept"),
        ("alter table two_keys alter value type varchar(10)", "table public.two_keys column value"),
        ("alter table salesforce.account alter name set not null", "table salesforce.account column name"),
        (
            "create or replace view account_names as select id, name from salesforce.account where isdeleted",
            "view public.account_names definition",
        ),
        (
            "create or replace function public.get_xmlbinary() returns varchar language sql as $$ select 'hex'::varchar $$",
            "function public.get_xmlbinary() source",
        ),
        ("alter type mood add value 'happy'", "type public.mood labels"),
        ("alter domain positive drop constraint positive_check", "type public.positive checks"),
        (
            "alter table two_keys drop constraint two_keys_pkey",
            "constraint public.two_keys: two_keys_pkey missing or added",
        ),
        (
            "create role auditor; grant select on two_keys to auditor",
            "grant table public.two_keys to auditor missing or added",
        ),
        ("alter sequence loose_sequence increment by 6", "sequence public.loose_sequence step"),
        ("alter database structure set timezone = 'Asia/Tokyo'", "setting TimeZone missing or added"),
        (
            "alter table two_keys enable row level security; create policy few on two_keys using (a > 1)",
            "policy public.two_keys: few missing or added",
        ),
        ("create extension pg_trgm", "extension pg_trgm missing or added"),
    ];
    let script: Vec<&str> = cases.iter().map(|(script, _)| *script).collect();
    let comparison = planted(servers, "structure", &script.join("; ")).await;
    let found = structure(&comparison);
    for (script, expected) in cases {
        assert!(found.iter().any(|it| it == expected), "{script}: {found:#?}");
    }
    let followed = [
        "schema heroku_ext missing or added",
        "index public.two_keys_pkey missing or added",
        "table public.two_keys row security",
        "not null constraint salesforce.account: account_name_not_null missing or added",
    ];
    let known = |it: &String| cases.iter().any(|(_, expected)| it == expected) || followed.contains(&it.as_str());
    assert!(found.iter().all(known), "{found:#?}");
}

#[tokio::test]
async fn what_roles_had_that_a_copy_leaves_is_no_difference_and_an_empty_heroku_ext_neither() {
    let Some(servers) = shared_old_and_copy() else { return };
    plant(
        &servers.1,
        "with_roles",
        "create role analyst; grant select on two_keys to analyst; alter table empty_one owner to analyst",
    );
    plant(&servers.1, "without_roles", "create schema heroku_ext");
    let of = |left: &[&str]| Options {
        left_roles: left.iter().map(|role| (*role).to_owned()).collect(),
        ..Options::default()
    };
    let (with, without) = (servers.1.url("with_roles"), servers.1.url("without_roles"));
    let strict = compared(&with, &without, &of(&[])).await;
    let found = structure(&strict);
    assert!(found.iter().any(|it| it == "grant table public.two_keys to analyst missing or added"), "{found:#?}");
    assert!(found.iter().any(|it| it == "table public.empty_one owner"), "{found:#?}");
    assert!(!found.iter().any(|it| it.contains("heroku_ext")), "{found:#?}");
    let left = compared(&with, &without, &of(&["analyst"])).await;
    assert_eq!(left.verdict, Verdict::NoDifferenceFound, "{}", told(&left));
    let gained = compared(&without, &with, &of(&["analyst"])).await;
    assert_eq!(gained.verdict, Verdict::DifferencesFound, "more than the old one had is a difference");
}

#[tokio::test]
async fn columns_in_another_order_differ_and_their_contents_are_still_compared() {
    let Some(servers) = shared_old_and_copy() else { return };
    let script = "drop table empty_one; alter table two_keys rename to aside;
        alter table aside drop constraint two_keys_pkey; create table two_keys (b text, a int, value text, primary key (a, b));
        insert into two_keys select b, a, value from aside; update two_keys set value = 'w' where a = 7; drop table aside;
        create table empty_one (id int primary key);";
    let comparison = planted(servers, "reordered", script).await;
    // From 18 on a NOT NULL is a constraint with a name of its own, which a table that was made anew gets otherwise.
    let mut found = structure(&comparison);
    found.retain(|told| !told.starts_with("not null constraint"));
    assert_eq!(found, ["table public.two_keys column a", "table public.two_keys column b"]);
    assert_eq!(rows_told(&comparison), ["public.two_keys Changed a=7,b=b7 [value]"]);
}

#[tokio::test]
async fn a_column_of_another_type_is_named_as_not_compared() {
    let Some(servers) = shared_old_and_copy() else { return };
    let comparison =
        planted(servers, "retyped", "alter table salesforce.account alter annualrevenue type numeric").await;
    assert!(
        comparison.not_compared.iter().any(|it| it.what == "salesforce.account (annualrevenue)"),
        "{}",
        told(&comparison)
    );
    assert!(comparison.statement.contains("salesforce.account (annualrevenue)"), "{}", comparison.statement);
    assert_eq!(comparison.differing_tables().count(), 0);
}

#[tokio::test]
async fn sequences_and_large_objects() {
    let Some(servers) = shared_old_and_copy() else { return };
    let back = planted(servers, "set_back", "select setval('salesforce.account_id_seq', 100)").await;
    let found: Vec<_> =
        back.differing_sequences().map(|it| (it.sequence.as_str(), it.trouble.clone().unwrap())).collect();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, "salesforce.account_id_seq");
    assert!(found[0].1.contains("set back") && found[0].1.contains("101"), "{}", found[0].1);

    let changed = planted(servers, "object", "select lo_put(4711, 10, 'X')").await;
    assert_eq!(changed.large_objects.unwrap().differing, [4711]);
    let gone = planted(servers, "no_object", "select lo_unlink(4711)").await;
    assert_eq!(gone.large_objects.unwrap().differing, [4711]);

    plant(&servers.1, "ahead", "select setval('loose_sequence', 10 + 5 * 32)");
    for (origin, verdict) in [(Origin::Follower, Verdict::NoDifferenceFound), (Origin::Copy, Verdict::DifferencesFound)]
    {
        let options = Options { origin, ..Options::default() };
        let comparison = compared(&servers.0.url("app"), &servers.1.url("ahead"), &options).await;
        assert_eq!(comparison.verdict, verdict, "{origin:?}: {}", told(&comparison));
    }
}

#[tokio::test]
async fn counts_see_what_they_can_and_no_more() {
    let Some(servers) = shared_old_and_copy() else { return };
    let counts = Options { depth: Depth::Counts, ..Options::default() };
    plant(&servers.1, "fewer", "delete from salesforce.account where id = 5");
    let fewer = compared(&servers.0.url("app"), &servers.1.url("fewer"), &counts).await;
    let table = fewer.differing_tables().next().unwrap();
    assert_eq!((table.old_rows, table.new_rows, table.differing_is_all), (3_000, 2_999, false));
    plant(&servers.1, "changed", "update salesforce.account set name = 'Other' where id = 5");
    let changed = compared(&servers.0.url("app"), &servers.1.url("changed"), &counts).await;
    assert_eq!(changed.verdict, Verdict::NoDifferenceFound);
    assert!(changed.statement.contains("by row count"), "{}", changed.statement);
}

#[tokio::test]
async fn values_are_masked_unless_they_are_asked_for() {
    let Some(servers) = shared_old_and_copy() else { return };
    plant(&servers.1, "masked", "update salesforce.account set description = 'hunter2', name = null where id = 1");
    let (old, new) = (servers.0.url("app"), servers.1.url("masked"));
    let masked = compared(&old, &new, &Options::default()).await;
    let row = &masked.differing_tables().next().unwrap().differences[0];
    assert_eq!(row.kind, RowKind::Changed);
    assert_eq!((&row.columns[0].old, &row.columns[0].new), (&Value::Masked { bytes: 9 }, &Value::Null));
    assert_eq!((&row.columns[1].old, &row.columns[1].new), (&Value::Masked { bytes: 0 }, &Value::Masked { bytes: 7 }));
    assert!(!told(&masked).contains("hunter2") && !told(&masked).contains("Account 1"));

    let shown = compared(&old, &new, &Options { show_values: true, ..Options::default() }).await;
    let row = &shown.differing_tables().next().unwrap().differences[0];
    assert_eq!(row.columns[1].new, Value::Text { text: "hunter2".to_owned() });
}

#[tokio::test]
async fn many_differences_are_counted_and_some_are_shown() {
    let Some(servers) = shared_old_and_copy() else { return };
    plant(&servers.1, "many", "update salesforce.account set name = name || '!'; update no_key set b = b || '!'");
    let options = Options { rows_shown: 3, ..Options::default() };
    let comparison = compared(&servers.0.url("app"), &servers.1.url("many"), &options).await;
    let found: Vec<_> =
        comparison.differing_tables().map(|it| (it.differences.len(), it.differing, it.differing_is_all)).collect();
    assert_eq!(found, [(3, 400, true), (3, 3_000, true)], "{}", told(&comparison));
}

#[tokio::test]
async fn a_large_table_is_divided_until_the_rows_are_found() {
    let (Some(old), Some(new)) = (server(), server()) else { return };
    for server in [&old, &new] {
        let script = "create table keyed as select n id, n * 2 twice from generate_series(1, 60000) n;
            alter table keyed add primary key (id);
            create table keyless as select n id, n * 2 twice from generate_series(1, 60000) n;
            create table all_of_it as table keyless; alter table all_of_it add primary key (id);";
        server.run("postgres", script).unwrap();
    }
    let script = "update keyed set twice = 0 where id in (31, 59999); delete from keyed where id = 7;
        update keyless set twice = 0 where id = 4711; update all_of_it set twice = 0;";
    new.run("postgres", script).unwrap();
    let new_url = new.url("postgres");
    let options = Options { chunk_bytes: 1 << 20, rows_shown: 5, ..Options::default() };
    let comparison = compared(&old.url("postgres"), &new_url, &options).await;
    let rows = sorted(rows_told(&comparison).into_iter().filter(|row| !row.contains("all_of_it")).collect());
    let expected = [
        "public.keyed Changed id=31 [twice]",
        "public.keyed Changed id=59999 [twice]",
        "public.keyed Missing id=7 []",
        "public.keyless Added  []",
        "public.keyless Missing  []",
    ];
    assert_eq!(rows, expected, "{}", told(&comparison));
    let whole = comparison.differing_tables().find(|table| table.table == "public.all_of_it").unwrap();
    assert_eq!(whole.differences.len(), 5);
    assert!(whole.differing > 5 && whole.differing <= 20_000 && !whole.differing_is_all, "{}", whole.differing);
}
