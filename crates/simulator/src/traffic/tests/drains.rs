use super::bench::{Bench, CONNECTION, OLD, SCHEMA, cut_after, moment, text};
use crate::traffic::{Rejections, TroubleKind};

#[tokio::test]
async fn every_captured_change_is_sent_once_and_the_log_goes_to_the_archive() {
    let Some(mut bench) = Bench::new().await else { return };
    bench.write(450).await;
    bench.client.batch_execute("update salesforce.account set name = 'mine' where id = 1").await.unwrap();
    bench.client.batch_execute("update salesforce.contact set lastname = lastname where id = 1").await.unwrap();
    let captured: u64 = text(&bench.client, "select count(*) from salesforce._trigger_log").await.parse().unwrap();
    let drained = bench.drain().await;
    assert_eq!((drained.sent, drained.set_aside, drained.found, drained.rejected), (captured - 2, 2, 0, 0));
    assert_eq!(bench.drain().await, crate::traffic::Drained::default());
    let states = "select string_agg(state || ' ' || n, ', ' order by state) from (
        select state, count(*) n from salesforce._trigger_log_archive
        where processed_at is not null and processed_tx is not null group by 1) s";
    assert_eq!(text(&bench.client, states).await, format!("IGNORED 1, READONLY 1, SUCCESS {}", captured - 2));
    let unsettled = "select count(*) from salesforce.contact where sfid is null or _hc_lastop <> 'SYNCED'";
    assert_eq!(text(&bench.client, unsettled).await, "1", "only the row of the update that changed nothing is left");
    let audit = bench.audit().await;
    assert!(audit.is_whole() && audit.sent.once == captured - 2 && audit.sent.waiting == 0, "{audit}");
}

#[tokio::test]
async fn an_update_of_a_row_that_is_not_in_salesforce_yet_finds_its_record() {
    let Some(mut bench) = Bench::new().await else { return };
    let change = "insert into salesforce.contact (lastname) values ('Doe');
                  update salesforce.contact set lastname = 'Roe' where lastname = 'Doe'";
    bench.client.batch_execute(change).await.unwrap();
    assert_eq!(bench.drain().await.sent, 2);
    let ids: std::collections::BTreeSet<_> =
        bench.traffic.salesforce.arrivals.iter().map(|it| it.sfid.clone()).collect();
    assert_eq!((ids.len(), bench.audit().await.sent.unnumbered), (1, 2), "one record: {ids:?}");
}

#[tokio::test]
async fn a_drain_that_is_cut_anywhere_and_again_sends_nothing_twice() {
    let Some(mut bench) = Bench::new().await else { return };
    let (mut cut, mut polls) = (0, 0);
    loop {
        bench.write(20).await;
        let work = bench.traffic.connect_drains(&bench.client, OLD, CONNECTION, SCHEMA, moment(2));
        if cut_after(polls, work).await {
            break;
        }
        (cut, polls) = (cut + 1, polls + 1);
        if polls % 2 == 0 {
            bench.reopen().await;
        }
    }
    assert!(cut > 15, "only {cut} places were cut");
    let audit = bench.audit().await;
    assert!(audit.is_whole() && audit.sent.waiting == 0, "{audit}");
}

#[tokio::test]
async fn what_was_sent_before_a_kill_is_found_and_what_was_only_taken_is_sent() {
    let Some(mut bench) = Bench::new().await else { return };
    bench.write(40).await;
    bench.client.batch_execute("update salesforce._trigger_log set state = 'PENDING'").await.unwrap();
    let taken = bench.drain().await;
    assert!(taken.sent > 10 && taken.found == 0, "{taken:?}");
    // As if the kill had come before the entries were settled.
    let back = "with a as (delete from salesforce._trigger_log_archive returning *)
                insert into salesforce._trigger_log select a.* from a;
                update salesforce._trigger_log set state = 'PENDING'";
    bench.client.batch_execute(back).await.unwrap();
    assert!(bench.audit().await.is_whole(), "Connect will ask");
    let found = bench.drain().await;
    assert_eq!((found.sent, found.found), (0, taken.sent));
    let audit = bench.audit().await;
    assert!(audit.is_whole() && audit.sent.once == taken.sent, "{audit}");
}

#[tokio::test]
async fn a_copied_log_that_is_drained_again_is_found_out() {
    let Some(mut bench) = Bench::new().await else { return };
    bench.write(40).await;
    let drained = bench.drain().await;
    let back = "with a as (delete from salesforce._trigger_log_archive returning *)
                insert into salesforce._trigger_log select a.* from a;
                update salesforce._trigger_log set state = 'NEW'";
    bench.client.batch_execute(back).await.unwrap();
    let audit = bench.audit().await;
    assert_eq!(audit.trouble(TroubleKind::ChangeTwice).unwrap().count, drained.sent, "about to be sent again: {audit}");
    bench.drain().await;
    let audit = bench.audit().await;
    assert_eq!(audit.trouble(TroubleKind::ChangeTwice).unwrap().count, drained.sent, "sent again: {audit}");
}

#[tokio::test]
async fn what_salesforce_turns_down_stays_in_the_log_with_the_reason() {
    let Some(mut bench) = Bench::new().await else { return };
    bench.traffic.reject(Some(Rejections { every: 7, message: "REQUIRED_FIELD_MISSING: [LastName]".to_owned() }));
    bench.write(60).await;
    let drained = bench.drain().await;
    assert!(drained.rejected > 2 && drained.sent > drained.rejected, "{drained:?}");
    let failed = "select count(*) || ' ' || min(sf_message) from salesforce._trigger_log where state = 'FAILED'";
    let expected = format!("{} REQUIRED_FIELD_MISSING: [LastName]", drained.rejected);
    assert_eq!(text(&bench.client, failed).await, expected);
    let rows = "select bool_and(_hc_err::jsonb ->> 'msg' = 'REQUIRED_FIELD_MISSING: [LastName]')::text
                from salesforce.contact where _hc_lastop = 'FAILED'";
    assert_eq!(text(&bench.client, rows).await, "true");
    let marked = "select count(*) filter (where _hc_lastop = 'SYNCED' and _hc_err is not null) from salesforce.contact";
    assert_eq!(text(&bench.client, marked).await, "0");
    let audit = bench.audit().await;
    assert!(audit.is_whole() && audit.sent.rejected == drained.rejected, "{audit}");
    assert!(audit.to_string().contains("turned down by Salesforce"), "{audit}");
}
