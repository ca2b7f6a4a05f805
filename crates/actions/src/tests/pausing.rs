//! What is waited for before a pause, and after a resumption of a connection in use.

use serde_json::{Value, json};

use super::world::{REGION, World, accepted, note, output, unclear, why, will};
use hcops_model::Prior;

fn world(state: &str, mapping_state: &str, pending: i64) -> World {
    let mapping = json!({"id": "m", "object_name": "Account", "state": mapping_state, "counts": {"pending": pending}});
    let connection = json!({
        "id": "c1", "state": state, "app_name": "crm", "resource_name": "herokuconnect-tidal-1", "mappings": [mapping],
    });
    let errors = json!({"count": 1, "results": [{"id": "7", "message": "INVALID_FIELD"}]});
    World::new().with("GET /api/v3/connections/c1", connection).with("GET /api/v3/connections/c1/errors", errors)
}

fn with() -> Value {
    json!({"connection": "c1", "region_url": REGION})
}

fn after(pending_before: i64, errors: &[&str]) -> Value {
    json!({"connection": "c1", "region_url": REGION, "errors_before": errors, "pending_before": pending_before})
}

fn memo(collected: i64, pending: i64, sent: i64) -> Prior {
    let memo = json!({"collected": collected, "pending": pending, "sent": sent, "emptied": false});
    Prior { memo: Some(memo), ..Prior::default() }
}

#[tokio::test]
async fn quiet_is_idle_without_a_reload() {
    let quiet = "connect.quiet";
    assert_eq!(output(world("IDLE", "DATA_SYNCED", 3).look(quiet, &with()).await)["pending"], 3);
    assert_eq!(output(world("PAUSED", "DATA_SYNCED", 0).look(quiet, &with()).await)["state"], "PAUSED");
    let loading = note(world("IDLE", "RELOAD_TABLE", 0).look(quiet, &with()).await);
    assert!(loading.contains("Account (RELOAD_TABLE)"), "{loading}");
    let since = json!({"state": "POLLING_DB_CHANGES", "since": "2026-11-22T00:35:00Z"});
    let long = Prior { memo: Some(since), ..Prior::default() };
    let polling = note(world("POLLING_DB_CHANGES", "DATA_SYNCED", 9).look_after(quiet, &with(), &long).await);
    for words in ["for 25m", "9 writes pending", "heroku logs -d herokuconnect -a crm"] {
        assert!(polling.contains(words), "{words}: {polling}");
    }
    why(world("SYSTEM_ERROR", "DATA_SYNCED", 0).look(quiet, &with()).await);
    assert!(unclear(world("QUIESCING", "DATA_SYNCED", 0).look(quiet, &with()).await).0.contains("QUIESCING"));
}

#[tokio::test]
async fn a_connection_in_an_unknown_state_is_resumed_on_a_persons_word() {
    let resume = "connect.resume";
    let strange = world("QUIESCING", "DATA_SYNCED", 3);
    let (said, ask) = unclear(strange.look(resume, &with()).await);
    assert!(said.contains("QUIESCING") && said.contains("heroku addons:open herokuconnect-tidal-1 -a crm"), "{said}");
    let answered =
        |answer: &str| Prior { answer: Some(answer.to_owned()), asked: Some(ask.clone()), ..Prior::default() };
    assert!(will(strange.look_after(resume, &with(), &answered("yes")).await)[0].contains("ask Connect to resume"));
    why(strange.look_after(resume, &with(), &answered("no")).await);
    let other = world("PONDERING", "DATA_SYNCED", 3).look_after(resume, &with(), &answered("yes")).await;
    assert!(unclear(other).0.contains("PONDERING"), "the answer was about another state");
    let on_its_way = note(strange.look_after(resume, &with(), &accepted(600)).await);
    assert!(on_its_way.contains("QUIESCING") && on_its_way.contains("accepted"), "{on_its_way}");
    assert!(world("IDLE", "DATA_SYNCED", 0).look_after(resume, &with(), &accepted(600)).await.is_satisfied());
}

#[tokio::test]
async fn what_had_collected_is_sent_when_as_many_have_gone_or_none_is_left() {
    let drained = "connect.drained";
    let idle = |pending| world("IDLE", "DATA_SYNCED", pending);
    assert_eq!(output(idle(0).look(drained, &after(1000, &["7"])).await)["sent_at_least"], 1000);
    let told = note(idle(1).look(drained, &after(1000, &["7"])).await);
    assert!(told.contains("of 1000 writes that had collected at least 999 are sent, 1 write pending"), "{told}");
    let almost = note(idle(40).look_after(drained, &after(1000, &["7"]), &memo(1000, 41, 998)).await);
    assert!(almost.contains("at least 999 are sent"), "{almost}");
    let busy = idle(39).look_after(drained, &after(1000, &["7"]), &memo(1000, 40, 999)).await;
    assert_eq!(output(busy)["sent_at_least"], 1000, "a busy app's new writes need not be waited for");
    let risen = note(idle(500).look_after(drained, &after(1000, &["7"]), &memo(1000, 40, 960)).await);
    assert!(risen.contains("at least 960 are sent, 500 writes pending"), "more pending is nothing sent: {risen}");
    let rising_again = idle(500).look_after(drained, &after(1000, &["7"]), &memo(1000, 40, 1001)).await;
    assert_eq!(output(rising_again)["had_collected"], 1000);
}

#[tokio::test]
async fn where_no_backlog_was_noted_the_first_look_says_what_had_collected() {
    let unnoted = json!({"connection": "c1", "region_url": REGION, "errors_before": ["7"]});
    let told = note(world("IDLE", "DATA_SYNCED", 12).look("connect.drained", &unnoted).await);
    assert!(told.contains("of 12 writes that had collected at least 0 are sent"), "{told}");
}

#[tokio::test]
async fn no_state_but_idle_and_synced_is_whole_and_new_errors_stop() {
    let drained = "connect.drained";
    note(world("POLLING_DB_CHANGES", "DATA_SYNCED", 0).look(drained, &after(0, &["7"])).await);
    assert!(
        note(world("PAUSED", "DATA_SYNCED", 0).look(drained, &after(0, &["7"])).await).contains("still shows PAUSED")
    );
    assert!(note(world("IDLE", "RELOAD_TABLE", 0).look(drained, &after(0, &["7"])).await).contains("RELOAD_TABLE"));
    assert!(
        why(world("IDLE", "BULK_LOAD_ERROR", 0).look(drained, &after(0, &["7"])).await).0.contains("BULK_LOAD_ERROR")
    );
    why(world("DB_UNAVAILABLE", "DATA_SYNCED", 0).look(drained, &after(0, &["7"])).await);
    assert!(why(world("IDLE", "DATA_SYNCED", 0).look(drained, &after(0, &[])).await).0.contains("INVALID_FIELD"));
    let noted = output(world("PAUSED", "DATA_SYNCED", 12).look("connect.noted", &with()).await);
    assert_eq!((&noted["pending"], &noted["errors"]), (&json!(12), &json!(["7"])));
}
