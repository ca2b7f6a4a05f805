//! The adapter between typed actions and the engine.

use serde_json::json;

use super::world::World;
use crate::catalogue;
use hcops_model::{Actions, FaultKind, Happened, Prior};

#[test]
fn parameters_are_checked_without_looking_at_the_world() {
    let actions = catalogue().expect("a catalogue");
    let check = |name: &str, with| actions.find(name).expect("an action").check(&with);
    assert_eq!(check("app.maintenance", json!({"app": "crm", "on": true})), Ok(()));
    assert!(check("app.maintenance", json!({"app": "crm"})).unwrap_err().contains("`on`"));
    assert!(check("app.maintenance", json!({"app": "crm", "on": "yes"})).unwrap_err().contains("boolean"));
    assert!(check("app.maintenance", json!({"app": "crm", "on": true, "of": 1})).unwrap_err().contains("`of`"));
}

#[test]
fn a_reference_counts_as_whatever_fits_its_place() {
    let actions = catalogue().expect("a catalogue");
    let check = |name: &str, with| actions.find(name).expect("an action").check(&with);
    assert_eq!(check("app.maintenance", json!({"app": "${steps.x.app}", "on": "${steps.x.on}"})), Ok(()));
    assert_eq!(check("app.restore-formation", json!({"app": "crm", "formation": "${steps.x.formation}"})), Ok(()));
    let quantity = json!([{"type": "worker", "quantity": "${steps.x.quantity}"}]);
    assert_eq!(check("app.restore-formation", json!({"app": "crm", "formation": quantity})), Ok(()));
    let with = json!({"app": "a", "database": "d", "leader": "l", "version": "${steps.x.to}"});
    assert_eq!(check("postgres.upgrade", with), Ok(()));
    let wrong = json!([{"type": "worker", "quantity": "two"}]);
    assert!(check("app.restore-formation", json!({"app": "crm", "formation": wrong})).is_err());
}

#[tokio::test]
async fn parameters_that_do_not_fit_send_nothing() {
    let world = World::new();
    let look = world.try_look("app.maintenance", &json!({"app": 7}), &Prior::default()).await.unwrap_err();
    let act = world.act("app.maintenance", &json!({"app": 7})).await.unwrap_err();
    for fault in [look, act] {
        assert_eq!((fault.kind, fault.happened, fault.requests.len()), (FaultKind::Bug, Happened::No, 0));
    }
    assert!(world.changes().is_empty());
}

#[tokio::test]
async fn a_look_carries_its_own_requests_only() {
    let world = World::new().with("GET /apps/crm", json!({"id": "a", "name": "crm", "maintenance": true}));
    let with = json!({"app": "crm", "on": true});
    for _ in 0..2 {
        let look = world.try_look("app.maintenance", &with, &Prior::default()).await.expect("a look");
        let targets: Vec<&str> = look.requests.iter().map(|mark| mark.target.as_str()).collect();
        assert_eq!((targets.len(), look.requests[0].status), (1, Some(200)));
        assert!(targets[0].ends_with("/apps/crm"), "{targets:?}");
    }
}
