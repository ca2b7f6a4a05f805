use axum::Router;
use serde_json::{Value, json};

use crate::api::auth::Access;
use crate::api::router::{Routes, delete, get, post};
use crate::api::{Call, Reply};
use crate::world::{Database, Refusal, World, id_of};

pub(super) fn routes() -> Routes {
    let on = Access::Data;
    Router::new()
        .route("/postgres/v0/databases/{db}/credentials", get(on, list).merge(post(on, create)))
        .route("/postgres/v0/databases/{db}/credentials/{credential}", get(on, show).merge(delete(on, destroy)))
        .route("/postgres/v0/databases/{db}/credentials/{credential}/credentials_rotation", post(on, rotate))
        .route("/postgres/v0/databases/{db}/credentials_rotation", post(on, rotate_all))
        .route("/postgres/v0/databases/{db}/repair-default", post(on, repair_default))
}

fn list(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let database = world.provisioned_database(call.param("db"))?;
    Ok(Reply::ok(names(database).map(|name| shown(database, name)).collect()))
}

/// As `heroku pg:credentials:create` asks for it (heroku/cli src/commands/pg/credentials/create.ts).
fn create(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let id = world.provisioned_database(call.param("db"))?.addon.clone();
    let name = call.text("name").unwrap_or_default().to_owned();
    world.create_credential(&id, &name)?;
    Ok(Reply::ok(shown(world.database(&id)?, &name)))
}

fn show(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let database = world.provisioned_database(call.param("db"))?;
    let found = names(database).find(|name| *name == call.param("credential"));
    let name = found.ok_or_else(|| Refusal::not_found("credential"))?;
    Ok(Reply::ok(shown(database, name)))
}

fn destroy(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let id = world.provisioned_database(call.param("db"))?.addon.clone();
    world.destroy_credential(&id, call.param("credential"))?;
    Ok(Reply::message("The credential has been destroyed."))
}

fn rotate(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let database = world.provisioned_database(call.param("db"))?;
    let (id, name) = (database.addon.clone(), call.param("credential").to_owned());
    names(database).find(|known| *known == name).ok_or_else(|| Refusal::not_found("credential"))?;
    world.rotate_credentials(&id, Some(&name))?;
    Ok(Reply::message("The credential is being rotated."))
}

fn rotate_all(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let id = world.provisioned_database(call.param("db"))?.addon.clone();
    world.rotate_credentials(&id, None)?;
    Ok(Reply::message("All credentials are being rotated."))
}

fn repair_default(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let database = world.provisioned_database(call.param("db"))?;
    world.check_credentials_may_change(&database.addon)?;
    Ok(Reply::message("The default credential has been reset."))
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
