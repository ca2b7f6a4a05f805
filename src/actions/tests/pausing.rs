//! What is waited for before a pause, and after a resumption of a connection in use.

use serde_json::{Value, json};

use super::world::{REGION, World, note, output, unclear, why};
use crate::model::Prior;

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

fn memo(most: i64, fell_to: Option<i64>) -> Prior {
    Prior { memo: Some(json!({"most": most, "fell_to": fell_to})), ..Prior::default() }
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
async fn what_had_collected_counts_as_sent_when_it_has_fallen_to_a_tenth() {
    let drained = "connect.drained";
    let idle = |pending| world("IDLE", "DATA_SYNCED", pending);
    assert_eq!(output(idle(0).look(drained, &after(0, &["7"])).await)["fell_to"], 0);
    assert!(note(idle(101).look(drained, &after(1000, &["7"])).await).contains("101 writes pending of at most 1000"));
    assert_eq!(output(idle(100).look(drained, &after(1000, &["7"])).await)["fell_to"], 100);
    assert_eq!(output(idle(90).look_after(drained, &after(1, &["7"]), &memo(900, None)).await)["most_pending"], 900);
    note(idle(91).look_after(drained, &after(1, &["7"]), &memo(900, None)).await);
    let risen = idle(500).look_after(drained, &after(1, &["7"]), &memo(900, Some(80))).await;
    assert_eq!(output(risen)["fell_to"], 80, "new writes of a busy app change nothing");
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
