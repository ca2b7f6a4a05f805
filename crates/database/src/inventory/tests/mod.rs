mod planted;

use super::{Part, Weight, dependants, differences, read};
use crate::testing::{majors, old_and_copy, server, server_of, shared_old_and_copy};
use crate::{Manner, Session};
use hcops_simulator::postgres::Cluster;

#[tokio::test]
async fn what_is_built_on_mapped_tables_is_named() {
    let Some((old, _)) = shared_old_and_copy() else { return };
    let session = Session::open(&old.url("app"), Manner::QUESTION).await.unwrap();
    let of = |schema| Part { schema, table: None, column: None };
    let found = dependants(&session, of("salesforce")).await.unwrap();
    let names: Vec<(&str, &str)> = found.iter().map(|it| (it.kind.as_str(), it.name.as_str())).collect();
    for expected in [
        ("view", "public.account_names"),
        ("materialised view", "public.account_count"),
        ("trigger", "hc_account_logtrigger"),
    ] {
        assert!(names.contains(&expected), "{names:?}");
    }
    let columns: Vec<&str> =
        found.iter().filter(|it| it.kind == "view").filter_map(|it| it.column.as_deref()).collect();
    assert_eq!(columns, ["id", "isdeleted", "name"]);
    assert!(found.iter().all(|it| !it.table.contains("_trigger_log")), "Connect's own tables are no mapped ones");
}

#[tokio::test]
async fn what_is_built_on_one_column_is_told_with_what_it_would_do() {
    let Some((old, _)) = old_and_copy() else { return };
    let build = "
        create index by_revenue on salesforce.account (annualrevenue) where annualrevenue > 0;
        create index hc_idx_account_annualrevenue on salesforce.account (annualrevenue);
        alter table salesforce.account add constraint some_revenue check (annualrevenue is null or annualrevenue > -1);
        create view rich as select id from salesforce.account where annualrevenue > 1000;
        create function noop() returns trigger language plpgsql as $$ begin return new; end $$;
        create trigger on_revenue after update of annualrevenue on salesforce.account for each row execute function noop();
        create function total() returns float8 language sql as 'select sum(annualrevenue) from salesforce.account';
        alter table salesforce.account add constraint key_name unique (name);
        create table tags (account varchar(255) references salesforce.account (name))";
    old.run("app", build).unwrap();
    let session = Session::open(&old.url("app"), Manner::QUESTION).await.unwrap();
    let of = |column| Part { schema: "salesforce", table: Some("account"), column: Some(column) };
    let found = dependants(&session, of("annualrevenue")).await.unwrap();
    let told: Vec<(&str, &str, bool, bool)> =
        found.iter().map(|it| (it.kind.as_str(), it.name.as_str(), it.blocks, it.of_connect)).collect();
    assert_eq!(
        told,
        [
            ("constraint", "salesforce.account: some_revenue", false, false),
            ("function", "public.total()", false, false),
            ("index", "salesforce.by_revenue", false, false),
            ("index", "salesforce.hc_idx_account_annualrevenue", false, true),
            ("trigger", "on_revenue", true, false),
            ("view", "public.rich", true, false),
        ]
    );
    assert!(found.iter().all(|it| it.definition.is_some()), "{found:?}");
    let of_name = dependants(&session, of("name")).await.unwrap();
    assert!(of_name.iter().any(|it| it.kind == "foreign key" && it.blocks && it.name.contains("tags")), "{of_name:?}");
    assert_eq!(dependants(&session, of("description")).await.unwrap(), []);
}

#[tokio::test]
async fn an_inventory_does_not_differ_from_itself() {
    let Some((old, _)) = shared_old_and_copy() else { return };
    let session = Session::open(&old.url("app"), Manner::QUESTION).await.unwrap();
    let inventory = read(&session).await.unwrap();
    assert_eq!(differences(&inventory, &inventory), []);
    for kind in [
        "server",
        "extension",
        "table",
        "view",
        "materialised view",
        "index",
        "constraint",
        "trigger",
        "function",
        "type",
        "sequence",
    ] {
        assert!(inventory.of_kind(kind).next().is_some(), "no {kind}");
    }
}

/// One of everything that a dump can write.
const STRUCTURE: &str = include_str!("structure.sql");

/// A server of the newest major with that in a database.
fn structured(database: &str) -> Option<Cluster> {
    let server = server()?;
    fill(&server, database);
    Some(server)
}

fn fill(server: &Cluster, database: &str) {
    server.run("postgres", &format!("create database {database}")).unwrap();
    server.run(database, STRUCTURE).unwrap();
}

#[tokio::test]
async fn a_true_copy_of_everything_has_no_difference_on_any_pair_of_majors() {
    let servers: Vec<Cluster> = majors().into_iter().filter_map(server_of).collect();
    servers.iter().for_each(|server| fill(server, "everything"));
    let mut trouble = Vec::new();
    for (place, old) in servers.iter().enumerate() {
        let before = inventory(old, "everything").await;
        for new in &servers[place..] {
            let name = format!("from_{}", old.major());
            old.copy_whole_into("everything", new, &name).unwrap();
            let found = differences(&before, &inventory(new, &name).await);
            let told = found.iter().filter(|it| it.weight == Weight::Matters).map(|it| format!("{it:?}"));
            trouble.extend(told.map(|it| format!("{} to {}: {it}", old.major(), new.major())));
        }
    }
    assert!(trouble.is_empty(), "{}", trouble.join("\n"));
}

async fn inventory(server: &Cluster, database: &str) -> super::Inventory {
    read(&Session::open(&server.url(database), Manner::QUESTION).await.unwrap()).await.unwrap()
}
