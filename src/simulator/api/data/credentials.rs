use axum::Router;
use serde_json::{Value, json};

use crate::simulator::api::auth::Access;
use crate::simulator::api::router::{Routes, get};
use crate::simulator::api::{Call, Reply};
use crate::simulator::world::{Database, Refusal, World, id_of};

pub(super) fn routes() -> Routes {
    let on = Access::Data;
    Router::new()
        .route("/postgres/v0/databases/{db}/credentials", get(on, list))
        .route("/postgres/v0/databases/{db}/credentials/{credential}", get(on, show))
}

fn list(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let database = world.provisioned_database(call.param("db"))?;
    Ok(Reply::ok(names(database).map(|name| shown(database, name)).collect()))
}

fn show(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let database = world.provisioned_database(call.param("db"))?;
    let found = names(database).find(|name| *name == call.param("credential"));
    let name = found.ok_or_else(|| Refusal::not_found("credential"))?;
    Ok(Reply::ok(shown(database, name)))
}

fn names(database: &Database) -> impl Iterator<Item = &str> {
    std::iter::once("default").chain(database.credentials.iter().map(String::as_str))
}

fn shown(database: &Database, name: &str) -> Value {
    let user = if name == "default" { &database.user } else { name };
    json!({
        "uuid": id_of(&format!("credential {} {name}", database.addon)), "name": name, "state": "active",
        "database": database.database, "host": database.host, "port": database.port,
        "credentials": [{ "user": user, "password": database.password, "state": "active", "connections": 3 }],
    })
}
