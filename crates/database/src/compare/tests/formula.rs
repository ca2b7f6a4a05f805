//! Values that the servers' own hash functions, or a careless sum of hashes, do not tell apart.

use super::super::{Comparison, Options, RowKind, Verdict};
use super::{compared, told};
use crate::testing::{majors, server, server_of};
use hcops_simulator::postgres::Cluster;

/// One column's type, and two values of it that are not the same.
const ALIKE: &[(&str, &str, &str)] = &[
    ("int8", "1", "4294967296"),
    ("int8", "0", "4294967297"),
    ("int8", "-1", "0"),
    ("int8", "-1", "-9223372036854775808"),
    ("int8", "null", "0"),
    ("int4", "null", "0"),
    ("int2", "-1", "1"),
    ("bool", "null", "false"),
    ("float8", "0", "'-0'"),
    ("float8", "'NaN'", "'Infinity'"),
    ("float8", "0.1", "0.10000000000000002"),
    ("float8", "null", "0"),
    ("float4", "0", "'-0'"),
    ("float4", "1", "1.0000001"),
    ("numeric", "1.5", "1.50"),
    ("numeric", "1", "-1"),
    ("numeric", "0", "0.0"),
    ("numeric", "'NaN'", "null"),
    ("numeric(12, 2)", "10", "100"),
    ("text", "null", "''"),
    ("text", "'a'", "'a '"),
    ("text", "'\u{e9}'", "'e\u{301}'"),
    ("varchar(9)", "'null'", "null"),
    ("char(4)", "null", "''"),
    ("char(4)", "'a'", "' a'"),
    ("bpchar", "'a'", "'a '"),
    ("bytea", "null", "''"),
    ("bytea", "'\\x00'", "'\\x0000'"),
    ("timestamp", "timestamp '2026-01-01'", "timestamp '2026-01-01' + interval '1 us'"),
    // As far apart as 2^32 + 1 microseconds.
    ("timestamp", "timestamp '2000-01-01'", "timestamp '2000-01-01 01:11:34.967297'"),
    ("timestamp", "timestamp '1969-12-31'", "timestamp '1969-12-31' + interval '4294.967297 s'"),
    ("timestamp", "'infinity'", "'-infinity'"),
    ("timestamp", "null", "timestamp '2000-01-01'"),
    ("timestamp", "timestamp '0044-03-15 BC'", "timestamp '0044-03-16 BC'"),
    ("timestamptz", "timestamptz '2000-01-01 00:00+00'", "timestamptz '2000-01-01 01:11:34.967297+00'"),
    ("timestamptz", "'infinity'", "null"),
    ("date", "'infinity'", "'5874897-12-31'"),
    ("time", "'00:00'", "'24:00'"),
    ("timetz", "'10:00+02'", "'09:00+01'"),
    ("interval", "'1 day'", "'24 hours'"),
    ("interval", "'1 month'", "'30 days'"),
    ("uuid", "null", "'00000000-0000-0000-0000-000000000000'"),
    ("json", "'{\"a\":1}'", "'{\"a\": 1}'"),
    ("jsonb", "'{\"a\":1.5}'", "'{\"a\":1.50}'"),
    ("jsonb", "'{\"a\":1}'", "'{\"a\":-1}'"),
    ("jsonb", "'{\"a\":1}'", "'{\"b\":1}'"),
    ("jsonb", "'null'", "null"),
    ("text[]", "'{a,b}'", "'{b,a}'"),
    ("text[]", "'{}'", "null"),
    ("text[]", "'{null}'", "'{\"null\"}'"),
    ("int[]", "'{1,2,3,4}'", "'{{1,2},{3,4}}'"),
    ("int[]", "'{1,2}'", "'[0:1]={1,2}'"),
    ("float8[]", "'{0}'", "'{-0}'"),
    ("numeric[]", "'{1.0}'", "'{1.00}'"),
    ("int4range", "'empty'", "'[1,2)'"),
    ("inet", "'10.0.0.1'", "'10.0.0.1/24'"),
];

/// Tables of two columns and two rows each. The second value of `ALIKE` stands where the first stands in the other database:
/// in one row, swapped between the rows, swapped between the columns, and in a pair of equal rows.
fn tables(new: bool) -> String {
    let mut script = String::new();
    for (number, (kind, one, other)) in ALIKE.iter().enumerate() {
        let (first, second) = if new { (other, one) } else { (one, other) };
        script += &format!(
            "create table changed_{number} (id int primary key, v {kind}, w {kind});
             insert into changed_{number} values (1, {one}, {one}), (2, {first}, {one});
             create table rows_{number} (id int primary key, v {kind}, w {kind});
             insert into rows_{number} values (1, {first}, {one}), (2, {second}, {one});
             create table columns_{number} (id int primary key, v {kind}, w {kind});
             insert into columns_{number} values (1, {first}, {second});
             create table pairs_{number} (v {kind}, w {kind});
             insert into pairs_{number} values ({one}, {one}), ({one}, {one}), ({first}, {one}), ({first}, {one});"
        );
    }
    script
}

fn pair_of_databases(old: &Cluster, new: &Cluster) {
    old.run("postgres", &tables(false)).unwrap();
    new.run("postgres", &tables(true)).unwrap();
}

fn unseen(comparison: &Comparison) -> Vec<String> {
    let alike = |name: &str| {
        let (shape, number) = name.strip_prefix("public.")?.split_once('_')?;
        let (kind, one, other) = ALIKE.get(number.parse::<usize>().ok()?)?;
        Some(format!("{shape}: {kind} {one} and {other}"))
    };
    comparison.tables.iter().filter(|table| table.same).filter_map(|table| alike(&table.table)).collect()
}

#[tokio::test]
async fn values_that_are_alike_are_told_apart_wherever_they_stand() {
    let (Some(old), Some(new)) = (server(), server()) else { return };
    pair_of_databases(&old, &new);
    for by_text in [false, true] {
        let options = Options { by_text, ..Options::default() };
        let comparison = compared(&old.url("postgres"), &new.url("postgres"), &options).await;
        assert_eq!(comparison.tables.len(), ALIKE.len() * 4);
        assert_eq!(unseen(&comparison), [] as [String; 0], "by text: {by_text}");
        let changed = comparison.tables.iter().filter(|table| table.table.starts_with("public.changed_"));
        for table in changed {
            let [row] = &table.differences[..] else { panic!("{}: {:?}", table.table, table.differences) };
            assert_eq!((row.kind, row.columns.len()), (RowKind::Changed, 1), "{}: {row:?}", table.table);
        }
    }
}

#[tokio::test]
async fn the_same_values_are_the_same_on_the_lowest_and_the_highest_major() {
    let majors = majors();
    let (Some(lowest), Some(highest)) = (majors.first(), majors.last()) else { return };
    let (Some(old), Some(new)) = (server_of(*lowest), server_of(*highest)) else { return };
    for server in [&old, &new] {
        server.run("postgres", &tables(false)).unwrap();
    }
    let comparison = compared(&old.url("postgres"), &new.url("postgres"), &Options::default()).await;
    assert_eq!(comparison.verdict, Verdict::NoDifferenceFound, "{}", told(&comparison));
    assert_eq!(comparison.tables.len(), ALIKE.len() * 4);
}

#[tokio::test]
async fn a_table_of_very_many_columns_is_compared_like_any_other() {
    let (Some(old), Some(new)) = (server(), server()) else { return };
    let columns: Vec<String> = (0..1_500).map(|number| format!("c{number} int8")).collect();
    for server in [&old, &new] {
        let script =
            format!("create table wide (id int primary key, {}); insert into wide values (1)", columns.join(", "));
        server.run("postgres", &script).unwrap();
    }
    let same = compared(&old.url("postgres"), &new.url("postgres"), &Options::default()).await;
    assert_eq!((same.verdict, same.tables.len()), (Verdict::NoDifferenceFound, 1), "{}", same.statement);
    old.run("postgres", "update wide set c700 = 1").unwrap();
    new.run("postgres", "update wide set c701 = 1").unwrap();
    let moved = compared(&old.url("postgres"), &new.url("postgres"), &Options::default()).await;
    let row = &moved.tables[0].differences[0];
    let columns: Vec<&str> = row.columns.iter().map(|column| column.column.as_str()).collect();
    assert_eq!(columns, ["c700", "c701"]);
}

#[tokio::test]
async fn a_table_that_the_fast_way_cannot_read_is_compared_by_text() {
    let (Some(old), Some(new)) = (server(), server()) else { return };
    for server in [&old, &new] {
        let script = "create table far (id int primary key, at timestamp); insert into far values (1, '294276-12-31')";
        server.run("postgres", script).unwrap();
    }
    new.run("postgres", "update far set at = '294276-12-30'").unwrap();
    let comparison = compared(&old.url("postgres"), &new.url("postgres"), &Options::default()).await;
    let [table] = &comparison.tables[..] else { panic!("{}", told(&comparison)) };
    assert_eq!((table.method.words(), table.same), ("hash of the row's text", false));
    assert_eq!(comparison.differing_tables().count(), 1);
}
