use axum::Router;
use serde_json::json;

use crate::api::auth::Access;
use crate::api::router::{Routes, get, put};
use crate::api::{Call, Reply};
use crate::world::{Refusal, World, id_of};

pub(super) fn routes() -> Routes {
    Router::new()
        .route("/account", get(Access::Platform, account))
        .route("/account/rate-limits", get(Access::Platform, rate_limits))
        .route("/particleboard/account", get(Access::Platform, delinquency))
        .route("/oauth/authorizations", get(Access::Platform, authorizations))
        .route("/apps/{app}/pre-authorizations", put(Access::Platform, pre_authorize))
}

/// A second factor lets the app be changed for a while, as the official client uses it (heroku-cli-command, api-client).
fn pre_authorize(world: &mut World, call: &Call) -> Result<Reply, Refusal> {
    world.app(call.param("app"))?;
    if call.header("heroku-two-factor-code").is_none_or(str::is_empty) {
        return Err(Refusal::new(403, "two_factor", "A second authentication factor is required."));
    }
    world.account.asks_second_factor = false;
    Ok(Reply::ok(json!({})))
}

/// The account. The same path of another host tells whether it is delinquent, so both sets of fields are here
/// (docs/heroku/cli.md, "Variables").
fn account(world: &mut World, _: &Call) -> Result<Reply, Refusal> {
    let account = &world.account;
    let since = "2026-01-05T10:00:00Z";
    Ok(Reply::ok(json!({
        "allow_tracking": true, "beta": false, "country_of_residence": "US", "created_at": since,
        "default_organization": null, "default_team": null, "delinquent_at": account.delinquent_at,
        "email": (!account.without_email).then_some(&account.email),
        "federated": false, "id": account.id, "identity_provider": null, "last_login": since, "mfa_enabled": true,
        "name": account.name, "sms_number": null, "suspended_at": account.suspended_at, "two_factor_authentication": false,
        "updated_at": since, "verified": true,
        "scheduled_suspension_time": account.scheduled_suspension_time,
        "scheduled_deletion_time": account.scheduled_deletion_time,
    })))
}

/// The delinquency look-up alone, for who tells the two hosts apart by a path of their own.
fn delinquency(world: &mut World, _: &Call) -> Result<Reply, Refusal> {
    Ok(Reply::ok(json!({
        "scheduled_suspension_time": world.account.scheduled_suspension_time,
        "scheduled_deletion_time": world.account.scheduled_deletion_time,
    })))
}

fn rate_limits(world: &mut World, _: &Call) -> Result<Reply, Refusal> {
    Ok(Reply::ok(json!({ "remaining": world.account.rate.remaining() })))
}

fn authorizations(world: &mut World, _: &Call) -> Result<Reply, Refusal> {
    let (account, since) = (&world.account, "2026-01-05T10:00:00Z");
    Ok(Reply::ok(json!([{
        "access_token": { "expires_in": null, "id": id_of("access token"), "token": "fake-token-0000" },
        "client": null, "created_at": since, "grant": null, "id": id_of("authorization"), "refresh_token": null,
        "scope": ["global"], "updated_at": since,
        "user": { "id": account.id, "email": account.email, "full_name": account.name },
    }])))
}
