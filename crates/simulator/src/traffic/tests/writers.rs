use super::bench::{Bench, CONNECTION, OLD, SCHEMA, connect, contents, cut_after, majors, moment, server, text};
use crate::postgres::Cluster;
use crate::traffic::{Traffic, TrafficFault};

#[tokio::test]
async fn an_app_writes_its_own_table_and_those_that_go_both_ways() {
    let Some(mut bench) = Bench::new().await else { return };
    let written = bench.traffic.app_writes(&bench.client, OLD, "acme-crm", 95, moment(1)).await.unwrap();
    assert_eq!((written.changes(), written.given_up), (95, 0));
    assert!(written.inserted > 50 && written.updated > 10, "{written:?}");
    let captured = "select string_agg(distinct table_name || ' ' || state || ' ' || action, ', ' order by
                    table_name || ' ' || state || ' ' || action) from salesforce._trigger_log";
    assert_eq!(
        text(&bench.client, captured).await,
        "contact NEW INSERT, contact NEW UPDATE, order__c NEW INSERT, order__c NEW UPDATE"
    );
    let audit = bench.audit().await;
    assert!(audit.is_whole(), "{audit}");
    assert_eq!((audit.app.changes, audit.app.rows, audit.app.open), (95, written.inserted, 0));
    assert_eq!((audit.from_the_beginning, audit.sent.once), (contents_rows(), 0));
    assert!(audit.sent.waiting > 40, "{audit}");
}

fn contents_rows() -> u64 {
    let contents = contents();
    contents.app_rows + contents.schemas[0].tables.iter().map(|table| table.rows).sum::<u64>()
}

#[tokio::test]
async fn what_is_cut_anywhere_is_open_and_never_counted_as_done() {
    let Some(mut bench) = Bench::new().await else { return };
    let (mut cut, mut polls) = (0, 0);
    loop {
        let work = bench.traffic.app_writes(&bench.client, OLD, "acme-crm", 45, moment(1));
        if cut_after(polls, work).await {
            break;
        }
        (cut, polls) = (cut + 1, polls + 1);
        if polls % 3 == 0 {
            bench.reopen().await;
        }
    }
    assert!(cut > 20, "only {cut} places were cut");
    let audit = bench.audit().await;
    assert!(audit.is_whole(), "{audit}");
    assert!(audit.app.open > 0, "{audit}");
    bench.drain().await;
    let audit = bench.audit().await;
    assert!(audit.is_whole() && audit.sent.waiting == 0, "{audit}");
}

#[tokio::test]
async fn salesforces_changes_are_brought_once_however_often_they_are_cut() {
    let Some(mut bench) = Bench::new().await else { return };
    let (mut cut, mut polls) = (0, 0);
    loop {
        let work = bench.traffic.connect_brings(&bench.client, OLD, CONNECTION, SCHEMA, 12, moment(3));
        if cut_after(polls, work).await {
            break;
        }
        (cut, polls) = (cut + 1, polls + 1);
        if polls % 3 == 0 {
            bench.reopen().await;
        }
    }
    assert!(cut > 10, "only {cut} places were cut");
    assert_eq!(bench.bring(0).await, 0, "nothing waits");
    let audit = bench.audit().await;
    assert!(audit.is_whole(), "{audit}");
    assert!(audit.salesforce.changes >= 24 && audit.salesforce.rows < audit.salesforce.changes, "{audit}");
    let captured = "select count(*) from salesforce._trigger_log";
    assert_eq!(text(&bench.client, captured).await, "0", "Connect's own writes are not captured");
    let stamp = "select max(systemmodstamp)::text from salesforce.account";
    assert_eq!(text(&bench.client, stamp).await, "2026-11-22 01:00:03");
}

#[tokio::test]
async fn a_database_that_takes_no_writes_is_a_refusal_and_leaves_no_doubt() {
    let Some(mut bench) = Bench::new().await else { return };
    bench.write(30).await;
    let follower = bench.server.follower().unwrap();
    while !follower.has_caught_up_with(&bench.server).unwrap() {}
    let client = connect(&follower).await;
    let refused = bench.traffic.app_writes(&client, "follower", "acme-crm", 5, moment(1)).await.unwrap_err();
    assert!(refused.is_refusal() && refused.to_string().contains("read-only"), "{refused}");
    let refused = bench.traffic.connect_drains(&client, "follower", CONNECTION, SCHEMA, moment(1)).await.unwrap_err();
    assert!(refused.is_refusal(), "{refused}");
    let refused =
        bench.traffic.connect_brings(&client, "follower", CONNECTION, SCHEMA, 3, moment(1)).await.unwrap_err();
    assert!(refused.is_refusal(), "{refused}");
    assert_eq!(bench.bring(0).await, 3, "what was made in Salesforce waits for a database that takes it");
    let audit = bench.audit().await;
    assert!(audit.is_whole() && audit.app.open == 0, "{audit}");
}

#[tokio::test]
async fn an_empty_database_and_an_unknown_connection_are_refusals() {
    let Some(mut bench) = Bench::new().await else { return };
    bench.server.run("postgres", "create database empty owner owner").unwrap();
    let url = bench.server.url_as("owner", "open", "empty");
    let (empty, connection) = tokio_postgres::connect(url.open(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let fault = bench.traffic.app_writes(&empty, "empty", "acme-crm", 1, moment(1)).await.unwrap_err();
    assert!(matches!(fault, TrafficFault::Unprepared { .. }) && fault.is_refusal(), "{fault}");
    let fault = bench.traffic.connect_drains(&bench.client, OLD, "other", SCHEMA, moment(1)).await.unwrap_err();
    assert!(matches!(fault, TrafficFault::NotConnected { .. }) && fault.is_refusal(), "{fault}");
    let fault = bench.traffic.audit(&[], OLD).await.unwrap_err();
    assert!(matches!(fault, TrafficFault::Unprepared { .. }), "{fault}");
}

#[tokio::test]
async fn a_server_that_goes_away_is_a_loss_and_no_refusal() {
    let Some(mut bench) = Bench::new().await else { return };
    bench.write(10).await;
    bench.server.stop(crate::postgres::Stop::Abrupt).unwrap();
    let fault = bench.traffic.app_writes(&bench.client, OLD, "acme-crm", 5, moment(1)).await.unwrap_err();
    assert!(matches!(fault, TrafficFault::Lost { .. }) && !fault.is_refusal(), "{fault}");
    bench.server.start().unwrap();
    bench.reopen().await;
    assert_eq!(bench.write(5).await, 5);
    let audit = bench.audit().await;
    assert!(audit.is_whole() && audit.app.changes == 15, "acknowledged means durable: {audit}");
}

#[tokio::test]
async fn many_rows_are_a_matter_of_the_server_alone() {
    let Some(bench) = Bench::new().await else { return };
    bench.server.run("postgres", "create database large owner owner").unwrap();
    let url = bench.server.url_as("owner", "open", "large");
    let (large, connection) = tokio_postgres::connect(url.open(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let world = crate::Scenario::load("standard").unwrap().world(1);
    let many = crate::traffic::Contents::of(&world, OLD, 40_000);
    let folder = tempfile::tempdir().unwrap();
    Traffic::open(folder.path()).unwrap().prepare(&large, OLD, &many).await.unwrap();
    assert!(
        std::fs::metadata(folder.path().join("ledger.jsonl")).unwrap().len() < 4_000,
        "the ledger counts, it does not list"
    );
    let audit = Traffic::open(folder.path()).unwrap().audit(&[(OLD.to_owned(), &large)], OLD).await.unwrap();
    assert!(audit.is_whole() && audit.from_the_beginning >= 39_990, "{audit}");
}

#[tokio::test]
async fn what_was_prepared_works_on_after_a_copy_into_another_major() {
    let [oldest, .., newest] = majors()[..] else { return };
    let (old, new) = (server(oldest), server(newest));
    let (mut traffic, _folder) = begun(&old).await;
    old.copy_into("app", &new, "copy").unwrap();
    let url = new.url("copy");
    let (client, connection) = tokio_postgres::connect(url.open(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    flow(&mut traffic, &client, "copy").await;
}

#[tokio::test]
async fn what_was_prepared_works_on_after_an_upgrade_of_the_major() {
    let [oldest, .., newest] = majors()[..] else { return };
    let old = server(oldest);
    let (mut traffic, _folder) = begun(&old).await;
    let upgraded = old.upgrade(newest).unwrap();
    let client = connect(&upgraded).await;
    flow(&mut traffic, &client, OLD).await;
}

async fn begun(server: &Cluster) -> (Traffic, tempfile::TempDir) {
    let client = connect(server).await;
    let folder = tempfile::tempdir().unwrap();
    let mut traffic = Traffic::open(folder.path()).unwrap();
    traffic.prepare(&client, OLD, &contents()).await.unwrap();
    traffic.app_writes(&client, OLD, "acme-crm", 45, moment(1)).await.unwrap();
    (traffic, folder)
}

async fn flow(traffic: &mut Traffic, client: &tokio_postgres::Client, name: &str) {
    traffic.app_writes(client, name, "acme-crm", 45, moment(5)).await.unwrap();
    traffic.connect_drains(client, name, CONNECTION, SCHEMA, moment(6)).await.unwrap();
    traffic.connect_brings(client, name, CONNECTION, SCHEMA, 9, moment(7)).await.unwrap();
    let audit = traffic.audit(&[(name.to_owned(), client)], name).await.unwrap();
    assert!(audit.is_whole() && audit.app.changes == 90 && audit.sent.waiting == 0, "{audit}");
}
