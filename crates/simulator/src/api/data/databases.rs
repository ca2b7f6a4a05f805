use axum::Router;
use serde_json::{Value, json};

use super::shapes::database;
use crate::api::auth::Access;
use crate::api::platform::shown_attachment;
use crate::api::router::{Routes, get, post, put};
use crate::api::{Call, Reply};
use crate::world::{AttachmentOrder, Refusal, Upgrade, World};

pub(super) fn routes() -> Routes {
    let on = Access::Data;
    let path = |rest: &str| format!("/client/v11/databases/{{db}}{rest}");
    Router::new()
        .route(&path(""), get(on, show))
        .route(&path("/wait_status"), get(on, wait_status))
        .route(&path("/unfollow"), put(on, unfollow))
        .route(&path("/connection_reset"), post(on, reset_connections))
        .route(&path("/reset"), put(on, reset))
        .route(&path("/metrics"), get(on, metrics))
        .route(&path("/burst_status"), get(on, burst_status))
        .route(&path("/upgrade/prepare"), post(on, prepare))
        .route(&path("/upgrade/run"), post(on, run))
        .route(&path("/upgrade/dry_run"), post(on, dry_run))
        .route(&path("/upgrade/cancel"), post(on, cancel))
        .route(&path("/upgrade/wait_status"), get(on, upgrade_wait_status))
        .route(&path("/connection-pooling"), get(on, pooling).merge(post(on, attach_pool)))
}

fn show(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let found = world.provisioned_database(call.param("db"))?;
    Ok(Reply::ok(database(world, found)))
}

fn wait_status(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let database = world.provisioned_database(call.param("db"))?;
    let status = match &database.waiting {
        Some(waiting) => with_step(json!({ "waiting?": true, "message": waiting.message }), waiting.step.as_deref()),
        None => json!({ "waiting?": false, "message": "available" }),
    };
    Ok(Reply::ok(status))
}

fn with_step(mut status: Value, step: Option<&str>) -> Value {
    if let Some(step) = step {
        status["step"] = json!(step);
    }
    status
}

fn unfollow(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let name = world.addon(call.param("db"))?.name.clone();
    world.unfollow(&name)?;
    Ok(Reply::message(&format!("{name} unfollowing")))
}

fn reset_connections(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.provisioned_database(call.param("db"))?;
    Ok(Reply::message("Connections terminated"))
}

/// As `heroku pg:reset` asks for it (heroku/cli, pg/reset).
fn reset(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let id = world.provisioned_database(call.param("db"))?.addon.clone();
    world.reset_database(&id)?;
    Ok(Reply::message("The database has been reset."))
}

/// What `heroku pg:diagnose` sends along; nothing is measured here.
fn metrics(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.provisioned_database(call.param("db"))?;
    Ok(Reply::ok(json!([])))
}

fn burst_status(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.provisioned_database(call.param("db"))?;
    Ok(Reply::ok(json!({})))
}

fn version(call: &Call) -> Option<String> {
    match &call.body["version"] {
        Value::String(version) => Some(version.clone()),
        Value::Number(version) => Some(version.to_string()),
        _ => None,
    }
}

fn prepare(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.prepare_upgrade(call.param("db"), version(call).as_deref())?;
    Ok(Reply::message(
        "Your database is scheduled for upgrade during your next available maintenance window. Run `heroku \
         pg:upgrade:wait` to track its status.",
    ))
}

fn run(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.run_upgrade(call.param("db"), version(call).as_deref())?;
    Ok(Reply::message("Started the upgrade. You can monitor the progress with `heroku pg:upgrade:wait`."))
}

fn dry_run(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.provisioned_database(call.param("db"))?;
    Ok(Reply::message(
        "Started test upgrade. We'll notify you via email when it's complete. Run `heroku pg:upgrade:wait` to track \
         it.",
    ))
}

fn cancel(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.cancel_upgrade(call.param("db"))?;
    Ok(Reply::message("You canceled the upgrade."))
}

fn upgrade_wait_status(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let database = world.provisioned_database(call.param("db"))?;
    let step = database.waiting.as_ref().and_then(|waiting| waiting.step.as_deref());
    Ok(Reply::ok(match &database.upgrade {
        Some(Upgrade::Preparing { .. }) => json!({ "waiting?": true, "message": "preparing upgrade service" }),
        Some(Upgrade::Scheduled { at, .. }) => {
            let at = at.strftime("%Y-%m-%d %H:%M:%S");
            json!({ "waiting?": false, "message": format!(
                "upgrade is scheduled on {at} UTC. You could also run the upgrade immediately using `heroku \
                 pg:upgrade:run`."
            ) })
        }
        Some(Upgrade::Running { .. }) => with_step(json!({ "waiting?": true, "message": "upgrading" }), step),
        Some(Upgrade::Failed { why, .. }) => {
            let why = why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
            json!({ "waiting?": false, "error?": true, "message": format!("upgrade failed{why}") })
        }
        Some(Upgrade::Done { .. }) => json!({ "waiting?": false, "message": "upgrade complete", "step": "7/7" }),
        None => json!({ "waiting?": false, "message": "no upgrade in progress", "step": null }),
    }))
}

fn pooling(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.provisioned_database(call.param("db"))?;
    Ok(Reply::ok(json!({ "status": "available", "message": "Connection pooling is available." })))
}

fn attach_pool(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    let credential = call.text("credential").unwrap_or("default");
    let id = world.attach(&AttachmentOrder {
        addon: call.param("db").to_owned(),
        app: call.named("app").unwrap_or_default().to_owned(),
        name: Some(call.text("name").unwrap_or("DATABASE_CONNECTION_POOL").to_owned()),
        namespace: Some(format!("connection-pooling:{credential}")),
        confirm: None,
    })?;
    Ok(Reply::json(201, shown_attachment(world, call, world.attachment(&id)?)))
}
