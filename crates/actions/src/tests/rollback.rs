//! A database of the past that somebody else has made.

use serde_json::{Value, json};

use super::world::{World, output, unclear, why};
use hcops_model::Prior;

fn world(forked_from: &Value) -> World {
    let source = json!({"name": "db", "resource_url": "postgres://u:p@db.example:5432/d", "following": null});
    World::new()
        .with("GET /client/v11/databases/db", source)
        .with("GET /client/v11/databases/past", json!({"name": "past", "forked_from": forked_from, "following": null}))
}

fn with(database: &str) -> Value {
    json!({"app": "crm", "database": database, "source": "db"})
}

#[tokio::test]
async fn only_what_was_made_from_the_database_is_taken() {
    let action = "postgres.made-from";
    let mine = world(&json!("postgres://other:secret@db.example:5432/d"));
    assert_eq!(output(mine.look(action, &with("past")).await)["seen"], "past was made from db");
    let (said, _) = why(world(&json!("postgres://u:p@strange.example:5432/d")).look(action, &with("past")).await);
    assert!(said.contains("strange.example") && !said.contains("u:p"), "{said}");
    let hidden = world(&Value::Null);
    assert!(unclear(hidden.look(action, &with("past")).await).1[0].contains("Was it made from db?"));
    let answered = |answer: &str| Prior { answer: Some(answer.to_owned()), ..Prior::default() };
    output(hidden.look_after(action, &with("past"), &answered("yes")).await);
    why(hidden.look_after(action, &with("past"), &answered("no")).await);
}

#[tokio::test]
async fn one_that_is_promoted_already_is_told_what_can_not_be_undone() {
    let (said, remedy) = why(world(&Value::Null).look("postgres.made-from", &with("db")).await);
    assert!(said.contains("in use by the connection already") && said.contains("can't be brought back"), "{said}");
    assert!(remedy.contains("load every mapping again"), "{remedy}");
}
