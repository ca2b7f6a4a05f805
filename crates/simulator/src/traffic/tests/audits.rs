use tokio_postgres::Client;

use super::bench::{Bench, CONNECTION, OLD, SCHEMA, connect, moment};
use crate::postgres::Cluster;
use crate::traffic::{Audit, Traffic, TroubleKind};

const NEW: &str = "postgresql-round-22018";

/// A whole run: traffic, a follower, promotion in silence, traffic again.
struct Moved {
    bench: Bench,
    new: Client,
    _new_server: Cluster,
}

impl Moved {
    async fn after_a_promotion() -> Option<Self> {
        let mut bench = Bench::new().await?;
        bench.write(60).await;
        bench.drain().await;
        bench.bring(20).await;
        bench.write(60).await;
        let mut follower = bench.server.follower().unwrap();
        while !follower.has_caught_up_with(&bench.server).unwrap() {}
        follower.promote().unwrap();
        let new = connect(&follower).await;
        bench.traffic.app_writes(&new, NEW, "acme-crm", 60, moment(600)).await.unwrap();
        bench.traffic.connect_drains(&new, NEW, CONNECTION, SCHEMA, moment(610)).await.unwrap();
        bench.traffic.connect_brings(&new, NEW, CONNECTION, SCHEMA, 20, moment(620)).await.unwrap();
        Some(Self { bench, new, _new_server: follower })
    }

    async fn audit(&self) -> Audit {
        let databases = [(OLD.to_owned(), &self.bench.client), (NEW.to_owned(), &self.new)];
        self.bench.traffic.audit(&databases, NEW).await.unwrap()
    }
}

#[tokio::test]
async fn a_true_run_is_whole_and_says_so_with_numbers() {
    let Some(moved) = Moved::after_a_promotion().await else { return };
    let audit = moved.audit().await;
    assert!(audit.is_whole(), "{audit}");
    assert_eq!((audit.app.changes, audit.salesforce.changes, audit.sent.waiting), (180, 40, 0));
    assert_eq!(audit.origin, OLD);
    let said = audit.to_string();
    assert!(said.contains(&format!("Nothing was written into {OLD} after the first write into {NEW}")), "{said}");
    assert!(said.contains("(180 acknowledged changes)"), "{said}");
    let again: Audit = serde_json::from_str(&serde_json::to_string(&audit).unwrap()).unwrap();
    assert_eq!(again, audit);

    let gone = moved.bench.traffic.audit(&[(NEW.to_owned(), &moved.new)], NEW).await.unwrap();
    assert!(gone.is_whole() && !gone.elsewhere[0].looked_into, "{gone}");
    let old = moved.bench.audit().await;
    assert!(old.trouble(TroubleKind::RowMissing).is_some(), "the old database lacks what came later: {old}");
}

#[tokio::test]
async fn each_planted_trouble_is_found_and_named() {
    let last = "(select max(number) from public.orders_ledger)";
    let planted = [
        (format!("delete from public.orders_ledger where number = {last}"), TroubleKind::RowMissing, 1),
        (format!("insert into public.orders_ledger (number, change, invoice, customer, status, amount, details, tags, placed_at, changed_at)
                  select number, change, invoice, customer, status, amount, details, tags, placed_at, changed_at
                  from public.orders_ledger where number = {last}"), TroubleKind::RowTwice, 1),
        (format!("update public.orders_ledger set note = 'other' where number = {last}"), TroubleKind::ValueLost, 1),
        (format!("update public.orders_ledger set change = 3 where number = {last}"), TroubleKind::ValueLost, 1),
        ("update public.orders_ledger set number = number + 1000000, change = change + 1000000 where number = (select max(number) from public.orders_ledger)".to_owned(), TroubleKind::Unexplained, 1),
        ("delete from public.orders_ledger where number = 7".to_owned(), TroubleKind::BeginningChanged, 1),
        ("delete from salesforce.account where id = 2".to_owned(), TroubleKind::BeginningChanged, 1),
        ("update salesforce.contact set sfid = null where lastname like 'hcops-%' and external_id__c like 'hcops-%' and id = (select max(id) from salesforce.contact where external_id__c like 'hcops-%')".to_owned(), TroubleKind::SalesforceIdLost, 1),
        ("delete from salesforce.account where name like 'hcops-%'".to_owned(), TroubleKind::SalesforceChangeLost, 2),
    ];
    let Some(moved) = Moved::after_a_promotion().await else { return };
    for (change, kind, count) in planted {
        moved.new.batch_execute(&format!("begin; set local xmlbinary = hex; {change}")).await.unwrap();
        let audit = moved.audit().await;
        moved.new.batch_execute("rollback").await.unwrap();
        let trouble = audit.trouble(kind).unwrap_or_else(|| panic!("{change}\n{audit}"));
        assert!(trouble.count >= count && !trouble.examples.is_empty(), "{change}\n{audit}");
        assert!(audit.to_string().contains("NOT WHOLE"), "{audit}");
    }
    assert!(moved.audit().await.is_whole(), "each was planted alone");
}

#[tokio::test]
async fn a_captured_change_that_vanishes_from_the_log_is_lost() {
    let Some(mut bench) = Bench::new().await else { return };
    bench.write(40).await;
    let vanish = "delete from salesforce._trigger_log where id = (select min(id) from salesforce._trigger_log)";
    bench.client.batch_execute(vanish).await.unwrap();
    let audit = bench.audit().await;
    assert_eq!(audit.trouble(TroubleKind::ChangeLost).unwrap().count, 1, "{audit}");
}

#[tokio::test]
async fn a_write_into_the_old_database_is_named_by_ledger_and_by_contents() {
    let Some(mut moved) = Moved::after_a_promotion().await else { return };
    moved.bench.traffic.app_writes(&moved.bench.client, OLD, "etl-nightly", 6, moment(700)).await.unwrap();
    let audit = moved.audit().await;
    let trouble = audit.trouble(TroubleKind::WrittenElsewhere).unwrap();
    assert_eq!(trouble.count, 6, "{audit}");
    assert!(trouble.examples[0].contains(OLD) && trouble.examples[0].contains("etl-nightly"), "{audit}");
    assert!(
        audit.trouble(TroubleKind::RowMissing).is_some() || audit.trouble(TroubleKind::ValueLost).is_some(),
        "{audit}"
    );
    assert_eq!(audit.elsewhere[0].written_since, 6);

    let Some(moved) = Moved::after_a_promotion().await else { return };
    let quietly = "update public.orders_ledger set change = 999999, note = 'x' where number = 60";
    moved.bench.client.batch_execute(quietly).await.unwrap();
    let by_hand = "insert into salesforce.account (name) values ('hcops-999998-999998')";
    moved.bench.client.batch_execute(by_hand).await.unwrap();
    let audit = moved.audit().await;
    let trouble = audit.trouble(TroubleKind::WrittenElsewhere).unwrap();
    assert!(trouble.examples.iter().any(|example| example.contains("change 999998")), "{audit}");
}

#[tokio::test]
async fn a_follower_that_lost_its_tail_has_lost_rows() {
    let Some(mut bench) = Bench::new().await else { return };
    bench.write(30).await;
    let mut follower = bench.server.follower().unwrap();
    while !follower.has_caught_up_with(&bench.server).unwrap() {}
    follower.run("app", "select pg_wal_replay_pause()").unwrap();
    follower.promote().unwrap();
    bench.write(30).await;
    let new = connect(&follower).await;
    let databases = [(OLD.to_owned(), &bench.client), (NEW.to_owned(), &new)];
    let audit = bench.traffic.audit(&databases, NEW).await.unwrap();
    assert!(audit.trouble(TroubleKind::RowMissing).unwrap().count > 5, "{audit}");
    assert!(audit.trouble(TroubleKind::ChangeLost).unwrap().count > 5, "{audit}");
    assert_eq!(bench.traffic.app_writes(&new, NEW, "acme-crm", 40, moment(9)).await.unwrap().changes(), 40);
    let audit = bench.traffic.audit(&databases, NEW).await.unwrap();
    assert!(!audit.is_whole(), "and it stays so: {audit}");
}

#[tokio::test]
async fn what_a_rollback_gives_up_is_counted_apart_and_salesforces_part_comes_again() {
    let Some(mut bench) = Bench::new().await else { return };
    bench.write(60).await;
    let mut back = bench.server.follower().unwrap();
    while !back.has_caught_up_with(&bench.server).unwrap() {}
    back.promote().unwrap();
    // All this comes after the moment that is gone back to.
    bench.drain().await;
    bench.traffic.app_writes(&bench.client, OLD, "acme-crm", 30, moment(50)).await.unwrap();
    bench.bring(10).await;
    bench.drain().await;
    let new = connect(&back).await;
    let databases = [(OLD.to_owned(), &bench.client), (NEW.to_owned(), &new)];
    assert!(!bench.traffic.audit(&databases, NEW).await.unwrap().is_whole(), "without a word it is a loss");

    for _ in 0..2 {
        bench.traffic.rolled_back(OLD, moment(1)).unwrap();
        bench.traffic = Traffic::open(bench.folder.path()).unwrap();
    }
    let audit = bench.traffic.audit(&databases, NEW).await.unwrap();
    let about_to_be_twice = audit.trouble(TroubleKind::ChangeTwice).map(|trouble| trouble.count);
    assert_eq!((about_to_be_twice, audit.troubles.len()), (Some(40), 1), "what was sent is in the log again: {audit}");
    new.batch_execute("update salesforce._trigger_log set state = 'IGNORE' where state = 'NEW'").await.unwrap();
    let audit = bench.traffic.audit(&databases, NEW).await.unwrap();
    assert!(audit.is_whole(), "{audit}");
    assert_eq!((audit.app.changes, audit.app.given_up, audit.salesforce.open), (60, 30, 10));
    bench.traffic.connect_brings(&new, NEW, CONNECTION, SCHEMA, 0, moment(60)).await.unwrap();
    bench.traffic.connect_drains(&new, NEW, CONNECTION, SCHEMA, moment(61)).await.unwrap();
    bench.traffic.app_writes(&new, NEW, "acme-crm", 30, moment(62)).await.unwrap();
    let audit = bench.traffic.audit(&databases, NEW).await.unwrap();
    assert!(audit.is_whole() && audit.salesforce.open == 0, "{audit}");
    assert!(audit.to_string().contains("30 acknowledged changes were given up with the rollback"), "{audit}");
    let old = bench.traffic.audit(&databases, OLD).await.unwrap();
    assert_eq!((old.app.changes, old.app.given_up), (120, 0), "the old one is judged as ever, and misses what is new");
}
