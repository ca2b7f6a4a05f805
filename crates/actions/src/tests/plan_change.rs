//! A plan change: what stands against it, and when it counts as done.

use serde_json::{Value, json};

use super::world::{World, accepted, note, output, unclear, why, will};

const SMALL: &str = "heroku-postgresql:standard-0";
const LARGE: &str = "heroku-postgresql:standard-2";

fn addon(plan: &str) -> Value {
    json!({"id": "d", "name": "db", "state": "provisioned", "plan": {"id": "p", "name": plan}, "app": {"id": "a", "name": "crm"}})
}

fn plan(name: &str, cents: i64) -> Value {
    json!({"id": name, "name": name, "price": {"cents": cents, "unit": "month"}, "installable_inside_private_network": false})
}

fn world(current: &str, bytes: i64, waiting: bool) -> World {
    World::new()
        .with("GET /addons/db", addon(current))
        .with("GET /apps/crm/addons/db", addon(current))
        .with("GET /addon-services/heroku-postgresql/plans", json!([plan(SMALL, 5_000), plan(LARGE, 20_000)]))
        .with("GET /client/v11/databases/db", json!({"name": "db", "num_bytes": bytes}))
        .with("GET /client/v11/databases/db/wait_status", json!({"waiting?": waiting, "message": "preparing"}))
}

fn fits(plan: &str) -> Value {
    json!({"app": "crm", "database": "db", "plan": plan})
}

fn change() -> Value {
    json!({"app": "crm", "database": "db", "from": SMALL, "plan": LARGE, "prices": "$50 before"})
}

#[tokio::test]
async fn what_the_data_or_the_tier_does_not_allow_is_refused() {
    let look = "postgres.plan-fits";
    let small = || world(SMALL, 60_000_000_000, false);
    assert_eq!(output(small().look(look, &fits(LARGE)).await)["prices"], "$50.00 a month before, $200.00 after");
    let (saw, remedy) = why(world(LARGE, 64_000_000_001, false).look(look, &fits(SMALL)).await);
    assert!(saw.contains("holds 65 GB") && remedy.contains(&format!("is {LARGE}:")), "{saw} {remedy}");
    let huge = why(world(LARGE, 300_000_000_000, false).look(look, &fits(SMALL)).await);
    assert!(huge.1.contains("No plan of this tier holds it"), "{}", huge.1);
    assert!(why(small().look(look, &fits(SMALL)).await).0.contains("already"));
    assert!(why(small().look(look, &fits("heroku-postgresql:standard-77")).await).1.contains(LARGE));
    assert!(why(small().look(look, &fits("heroku-postgresql:essential-1")).await).1.contains("pg:copy"));
    let essential = world("heroku-postgresql:essential-1", 1, false);
    assert!(why(essential.look(look, &fits(LARGE)).await).1.contains("essential-copy"));
    unclear(small().look(look, &fits("heroku-postgresql:galactic-1")).await);
    assert!(why(world(SMALL, 1, true).look(look, &fits(LARGE)).await).0.contains("preparing"));
    let in_space = json!({"app": "crm", "database": "db", "plan": LARGE, "space": "acme"});
    assert!(why(small().look(look, &in_space).await).0.contains("the space acme"));
}

#[tokio::test]
async fn only_the_new_plan_with_nothing_waited_for_is_done() {
    let look = "postgres.change-plan";
    assert!(will(world(SMALL, 1, false).look(look, &change()).await)[0].contains("$50 before"));
    assert!(note(world(SMALL, 1, false).look_after(look, &change(), &accepted(9)).await).contains("accepted"));
    for shown in [SMALL, LARGE] {
        let waiting = note(world(shown, 1, true).look(look, &change()).await);
        assert!(waiting.contains("hcops resume"), "{waiting}");
    }
    assert_eq!(output(world(LARGE, 1, false).look(look, &change()).await)["plan"], LARGE);
    assert!(why(world("heroku-postgresql:premium-0", 1, false).look(look, &change()).await).0.contains("premium-0"));
}
