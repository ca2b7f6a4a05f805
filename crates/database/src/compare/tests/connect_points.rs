//! What Connect keeps, old with new: the points 4 to 9 of docs/heroku/procedures.md, "Exact copy".

use crate::testing::{old_and_copy, shared_old_and_copy};

use super::super::{Comparison, Depth, ExpectedOrg, Options, Verdict};
use super::planted::plant;
use super::{compared, told};

fn org(schema: Option<&str>, id: &str) -> ExpectedOrg {
    ExpectedOrg { schema: schema.map(str::to_owned), id: id.to_owned() }
}

#[tokio::test]
async fn an_org_belongs_to_its_schema() {
    let Some((_, new)) = shared_old_and_copy() else { return };
    let second = "create schema second; create table second._hcmeta as table salesforce._hcmeta;
        update second._hcmeta set org_id = '00D000000000002EAA';
        create table second._trigger_log (like salesforce._trigger_log)";
    for database in ["orgs_old", "orgs_new"] {
        plant(new, database, second);
    }
    let of = async |orgs: &[ExpectedOrg]| {
        let options = Options { expected_orgs: orgs.to_vec(), ..Options::default() };
        compared(&new.url("orgs_old"), &new.url("orgs_new"), &options).await
    };
    let (first, other) = ("00D000000000001EAA", "00D000000000002");
    for orgs in [vec![org(Some("salesforce"), first)], vec![org(None, other), org(None, first)]] {
        let comparison = of(&orgs).await;
        assert_eq!(comparison.verdict, Verdict::NoDifferenceFound, "{orgs:?}: {}", told(&comparison));
    }
    for wrong in [org(Some("second"), first), org(None, "00D000000000009EAA")] {
        let comparison = of(std::slice::from_ref(&wrong)).await;
        assert_eq!(trouble(&comparison).len(), 1, "{wrong:?}: {}", told(&comparison));
    }
    let nowhere = of(&[org(Some("third"), first)]).await;
    assert_eq!(nowhere.verdict, Verdict::NotAllCompared, "{}", told(&nowhere));
}

fn trouble(comparison: &Comparison) -> Vec<String> {
    comparison.connect.iter().flat_map(|schema| schema.trouble.clone()).collect()
}

#[tokio::test]
async fn a_true_copy_tells_the_points_and_has_no_trouble() {
    let Some((old, new)) = shared_old_and_copy() else { return };
    for depth in [Depth::Full, Depth::Counts] {
        let options =
            Options { depth, expected_orgs: vec![org(Some("salesforce"), "00D000000000001")], ..Options::default() };
        let comparison = compared(&old.url("app"), &new.url("app"), &options).await;
        assert_eq!(comparison.verdict, Verdict::NoDifferenceFound, "{}", told(&comparison));
        let [schema] = &comparison.connect[..] else { panic!("{}", told(&comparison)) };
        assert_eq!((schema.schema.as_str(), schema.new_org.as_deref()), ("salesforce", Some("00D000000000001EAA")));
        assert_eq!((schema.old_objects, schema.new_objects, schema.mapped.len()), (7, 7, 1), "{schema:?}");
        assert_eq!(schema.mapped[0].new.newest.as_deref(), Some("2026-01-01 00:50:00"));
        assert!(comparison.without_statistics.iter().any(|table| table == "salesforce.account"), "a copy has none");
        assert!(comparison.new.bytes > 1 << 20 && comparison.new.encoding == "UTF8");
        assert_eq!(comparison.statement.contains("contents of rows were not looked at"), depth == Depth::Counts);
    }
}

#[tokio::test]
async fn every_point_that_differs_is_named_without_reading_contents() {
    let Some((old, new)) = shared_old_and_copy() else { return };
    let counts = Options { depth: Depth::Counts, ..Options::default() };
    let cases = [
        ("org", "update salesforce._hcmeta set org_id = '00D000000000002EAA'", "_hcmeta names the org"),
        (
            "stamp",
            "update salesforce.account set systemmodstamp = '2026-01-01 00:50:00.000001' where id = 3000",
            "account: the newest systemmodstamp is 2026-01-01 00:50:00 in old, 2026-01-01 00:50:00.000001 in new",
        ),
        (
            "sfid",
            "update salesforce.account set sfid = null where id = 7",
            "account: 0 rows without sfid in old, 1 in new",
        ),
    ];
    for (database, script, expected) in cases {
        plant(new, database, script);
        let comparison = compared(&old.url("app"), &new.url(database), &counts).await;
        assert_eq!(comparison.verdict, Verdict::DifferencesFound, "{script}");
        assert!(comparison.statement.contains("1 in Connect's own state"), "{}", comparison.statement);
        let found = trouble(&comparison);
        assert!(found.len() == 1 && found[0].contains(expected), "{found:?}");
    }
}

#[tokio::test]
async fn an_org_that_is_not_the_connections_is_named_even_on_both_sides() {
    let Some((old, new)) = shared_old_and_copy() else { return };
    let options = Options { expected_orgs: vec![org(None, "00D000000000009EAA")], ..Options::default() };
    let comparison = compared(&old.url("app"), &new.url("app"), &options).await;
    assert_eq!(comparison.verdict, Verdict::DifferencesFound);
    assert!(trouble(&comparison)[0].contains("the connection's is 00D000000000009EAA"), "{}", told(&comparison));

    let nowhere = compared(&old.url("postgres"), &new.url("postgres"), &options).await;
    assert_eq!(nowhere.connect, []);
    assert!(nowhere.not_compared.iter().any(|it| it.what == "the org of Connect"), "{}", nowhere.statement);
}

#[tokio::test]
async fn open_changes_and_the_next_id_of_the_trigger_log() {
    let Some((old, new)) = old_and_copy() else { return };
    let script = "insert into salesforce._trigger_log (state, table_name)
          select case when n = 40 then 'FAILED' else 'NEW' end, 'account' from generate_series(1, 40) n;
        insert into salesforce._trigger_log_archive (id, state) values (38, 'SUCCESS');
        delete from salesforce._trigger_log where id in (38, 39, 40)";
    for server in [&old, &new] {
        server.run("app", script).unwrap();
    }
    let counts = Options { depth: Depth::Counts, ..Options::default() };
    let same = compared(&old.url("app"), &new.url("app"), &counts).await;
    assert_eq!(trouble(&same), [] as [String; 0]);
    let schema = &same.connect[0];
    assert_eq!((schema.old_open, schema.new_open), (37, 37));
    assert_eq!((schema.newest_id, schema.next_id), (Some(38), Some(41)));

    // As many, but others; and an id that the archive holds is given out again.
    let script = "update salesforce._trigger_log set id = 900 where id = 5;
        update salesforce._trigger_log_archive set id = 950";
    new.run("app", script).unwrap();
    let other = compared(&old.url("app"), &new.url("app"), &counts).await;
    assert_eq!(other.connect[0].open_on_one_side, [5, 900]);
    let found = trouble(&other);
    assert!(found[0].contains("37 in old, 37 in new; on one side only: 5, 900"), "{found:?}");
    assert!(found[1].contains("gives out 41 next, but log and archive already hold 950"), "{found:?}");
}

#[tokio::test]
async fn objects_of_connects_own_that_differ_are_listed_together() {
    let Some((old, new)) = shared_old_and_copy() else { return };
    let script = "alter table salesforce.account disable trigger hc_account_logtrigger;
        drop table salesforce._trigger_log_archive; create schema elsewhere; alter extension hstore set schema elsewhere";
    plant(new, "objects", script);
    let comparison = compared(&old.url("app"), &new.url("objects"), &Options::default()).await;
    let schema = &comparison.connect[0];
    assert_eq!((schema.old_objects, schema.new_objects), (7, 6));
    let expected = [
        "extension hstore",
        "table salesforce._trigger_log_archive",
        "trigger salesforce.account: hc_account_logtrigger",
    ];
    assert_eq!(schema.differing_objects, expected);
}
