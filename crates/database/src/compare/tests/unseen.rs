//! What can't be compared is a verdict of its own, and what a copy brings along is no difference.

use crate::testing::{server, server_of, shared_old_and_copy};
use hcops_simulator::postgres::{Cluster, Stop};

use super::super::{Comparison, Options, Origin, Sort, Verdict};
use super::planted::plant;
use super::{compared, told};

/// A server with the databases `one` and `two`, made by these scripts.
fn one_and_two(one: &str, two: &str) -> Option<Cluster> {
    let server = server()?;
    for (database, script) in [("one", one), ("two", two)] {
        server.run("postgres", &format!("create database {database}")).unwrap();
        server.run(database, script).unwrap();
    }
    Some(server)
}

async fn of(server: &Cluster, origin: Origin) -> Comparison {
    let options = Options { origin, ..Options::default() };
    compared(&server.url("one"), &server.url("two"), &options).await
}

#[tokio::test]
async fn an_unlogged_table_that_comes_out_empty_is_no_success() {
    let both = "create unlogged table scratch (id int primary key);";
    let filled = format!("{both} insert into scratch select generate_series(1, 5000)");
    let Some(server) = one_and_two(&filled, both) else { return };
    for origin in [Origin::Follower, Origin::Copy] {
        let comparison = of(&server, origin).await;
        assert_eq!(comparison.verdict, Verdict::NotAllCompared, "{}", told(&comparison));
        let [scratch] = &comparison.unseen().collect::<Vec<_>>()[..] else { panic!("{}", told(&comparison)) };
        assert_eq!(scratch.what, "public.scratch");
        assert!(scratch.why.contains("5000 rows in old, none in new"), "{scratch}");
    }
    server.run("two", "insert into scratch select generate_series(1, 5000)").unwrap();
    assert_eq!(of(&server, Origin::Copy).await.verdict, Verdict::NoDifferenceFound, "it is compared like any other");
    server.run("two", "delete from scratch where id = 7").unwrap();
    assert_eq!(of(&server, Origin::Copy).await.verdict, Verdict::DifferencesFound);
}

#[tokio::test]
async fn a_copy_fills_materialised_views_anew_and_a_follower_does_not() {
    let script = "create table sale (day int); insert into sale values (1);
        create materialized view report as select count(*) as sales from sale; insert into sale values (2);";
    let (Some(old), Some(new)) = (server(), server()) else { return };
    old.run("postgres", "create database app").unwrap();
    old.run("app", script).unwrap();
    old.copy_into("app", &new, "app").unwrap();
    let of = async |origin: Origin| {
        compared(&old.url("app"), &new.url("app"), &Options { origin, ..Options::default() }).await
    };
    let copy = of(Origin::Copy).await;
    assert_eq!(copy.verdict, Verdict::NoDifferenceFound, "{}", told(&copy));
    assert!(copy.remarks[0].contains("materialised view public.report"), "{:?}", copy.remarks);
    let follower = of(Origin::Follower).await;
    assert_eq!(follower.verdict, Verdict::DifferencesFound);
    assert_eq!(follower.differing_tables().next().unwrap().sort, Sort::MaterialisedView);
    assert!(follower.statement.contains("1 materialised view;"), "{}", follower.statement);
}

#[tokio::test]
async fn blanks_at_the_end_of_a_domain_count_wherever_it_is() {
    let types = "create domain code as bpchar; create type held as (v code);
        create table plain (id int primary key, v code); create table arrays (id int primary key, v code[]);
        create table rows_of_it (id int primary key, v held); create table same (id int primary key, v code);
        insert into same values (1, 'a '), (2, null), (3, '');";
    let insert = |value: &str| {
        format!(
            "{types} insert into plain values (1, '{value}'); insert into arrays values (1, array['{value}']::code[]);
             insert into rows_of_it values (1, row('{value}'))"
        )
    };
    let Some(server) = one_and_two(&insert("a"), &insert("a  ")) else { return };
    for by_text in [false, true] {
        let options = Options { by_text, ..Options::default() };
        let comparison = compared(&server.url("one"), &server.url("two"), &options).await;
        let differing: Vec<&str> = comparison.differing_tables().map(|it| it.table.as_str()).collect();
        assert_eq!(differing, ["public.arrays", "public.plain", "public.rows_of_it"], "{}", told(&comparison));
    }
    // NULL is not an empty text.
    server.run("two", "update same set v = null where id = 3").unwrap();
    let comparison = of(&server, Origin::Copy).await;
    assert!(comparison.differing_tables().any(|it| it.table == "public.same"), "{}", told(&comparison));
}

#[tokio::test]
async fn a_dump_carries_no_encoding_of_xml_and_that_is_no_difference() {
    let (Some(old), Some(new)) = (server(), server()) else { return };
    old.run("postgres", "create database app").unwrap();
    let script = "create table papers (id int primary key, x xml, xs xml[]);
        insert into papers values (1, '<?xml version=\"1.0\" encoding=\"UTF-8\"?><a/>', array['<?xml version=\"1.0\" encoding=\"UTF-8\"?><b/>'::xml]),
                                  (2, '<?xml version=\"1.0\" standalone=\"yes\"?><a/>', null)";
    old.run("app", script).unwrap();
    old.copy_into("app", &new, "app").unwrap();
    for by_text in [false, true] {
        let options = Options { by_text, ..Options::default() };
        let comparison = compared(&old.url("app"), &new.url("app"), &options).await;
        assert_eq!(comparison.verdict, Verdict::NoDifferenceFound, "{}", told(&comparison));
    }
    new.run("app", "update papers set x = '<a/>' where id = 2").unwrap();
    assert_eq!(compared(&old.url("app"), &new.url("app"), &Options::default()).await.differing_tables().count(), 1);
}

/// An extension with a table of its own, as its script would have made it.
fn zoo(version: &str, rows: &str, configured: bool) -> String {
    let config = if configured {
        "array['zoo_catalogue'::regclass::oid], array['where id>=1000']"
    } else {
        "null::oid[], null::text[]"
    };
    format!(
        "create table zoo_catalogue (id int primary key, name text); insert into zoo_catalogue values {rows};
         insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion, extconfig, extcondition)
           select 99001, 'zoo', 10, 'public'::regnamespace, false, '{version}', {config};
         insert into pg_depend values
           ('pg_class'::regclass, 'zoo_catalogue'::regclass, 0, 'pg_extension'::regclass, 99001, 0, 'e')"
    )
}

#[tokio::test]
async fn rows_of_another_version_of_an_extension_are_its_own_and_those_of_the_app_count() {
    let (old, new) = ("(1, 'ape'), (1000, 'ours')", "(1, 'ape'), (3, 'crane'), (1000, 'ours')");
    let Some(server) = one_and_two(&zoo("1.0", old, true), &zoo("1.1", new, true)) else { return };
    let comparison = of(&server, Origin::Copy).await;
    assert_eq!(comparison.differing_tables().count(), 0, "{}", told(&comparison));
    assert_eq!(comparison.unseen().count(), 0, "{}", told(&comparison));
    assert!(comparison.statement.contains("belong to the extension zoo"), "{}", comparison.statement);
    server.run("two", "update zoo_catalogue set name = 'theirs' where id = 1000").unwrap();
    let changed = of(&server, Origin::Copy).await;
    let table = changed.differing_tables().next().unwrap();
    assert_eq!((table.table.as_str(), table.differing), ("public.zoo_catalogue", 1), "{}", told(&changed));

    let Some(same) = one_and_two(&zoo("1.0", old, true), &zoo("1.0", new, true)) else { return };
    assert_eq!(of(&same, Origin::Copy).await.differing_tables().count(), 1, "one version has one set of rows");
    let Some(whole) = one_and_two(&zoo("1.0", old, false), &zoo("1.1", new, false)) else { return };
    let comparison = of(&whole, Origin::Copy).await;
    assert_eq!((comparison.differing_tables().count(), comparison.unseen().count()), (0, 0), "{}", told(&comparison));
}

#[tokio::test]
async fn a_crash_of_the_old_server_after_the_copy_is_told_and_a_value_in_use_is_found() {
    let newest = crate::testing::majors().last().copied();
    let (Some(mut old), Some(new)) = (newest.and_then(server_of), server()) else { return };
    old.run("postgres", "create database app").unwrap();
    let script = "create table item (id serial primary key, kept bool); create sequence loose increment by 5;
        insert into item (kept) select true from generate_series(1, 100); select nextval('loose')";
    old.run("app", script).unwrap();
    old.copy_into("app", &new, "app").unwrap();
    old.stop(Stop::Abrupt).unwrap();
    old.start().unwrap();
    let jumped = compared(&old.url("app"), &new.url("app"), &Options::default()).await;
    assert_eq!(jumped.verdict, Verdict::NoDifferenceFound, "{}", told(&jumped));
    assert!(jumped.sequences.iter().any(|it| it.old_next > it.new_next), "the crash made no jump: {}", told(&jumped));
    assert_eq!(jumped.remarks.len(), 2, "{:?}", jumped.remarks);
    for server in [&old, &new] {
        server.run("app", "insert into item (id) values (120)").unwrap();
    }
    let back = compared(&old.url("app"), &new.url("app"), &Options::default()).await;
    let found: Vec<&str> = back.differing_sequences().map(|it| it.sequence.as_str()).collect();
    assert_eq!(found, ["public.item_id_seq"], "{}", told(&back));
}

#[tokio::test]
async fn a_set_back_without_a_crash_is_found_although_it_is_short() {
    let Some((old, new)) = shared_old_and_copy() else { return };
    plant(new, "advanced", "select nextval('loose_sequence')");
    let comparison = compared(&new.url("advanced"), &old.url("app"), &Options::default()).await;
    assert_eq!(comparison.differing_sequences().count(), 1, "{}", told(&comparison));
}
