//! Our methods beside the places of the table where the official client does the same.

use std::collections::BTreeMap;

use hcops_heroku::connect::{SalesforceLogin, SettingsChange, Validating};
use hcops_heroku::data::NewTransfer;
use hcops_heroku::platform::{NewAddon, NewAttachment, Scale};
use hcops_model::DatabaseUrl;

use serde_json::{Value, json};

use crate::our_clients::{HOST, Purpose, id_of};
use crate::permits::permit;

macro_rules! list {
    ($($place:literal => |$clients:ident| $call:expr;)*) => {
        vec![$(Purpose {
            place: $place,
            call: Box::new(|$clients| Box::pin(async move { $call.await.map(drop) })),
        }),*]
    };
}

/// Every method of ours that has an official counterpart.
pub(crate) fn purposes() -> Vec<Purpose> {
    [platform(), changes(), data(), connect()].into_iter().flatten().collect()
}

const APP: &str = "hc-demo";
const LEADER: &str = "postgresql-curved-12345";

#[rustfmt::skip]
fn platform() -> Vec<Purpose> {
    list! {
        "GET /apps/hc-demo" => |our| our.platform.app(APP);
        "GET /account" => |our| our.platform.account();
        "GET /apps/hc-demo/formation" => |our| our.platform.formation(APP);
        "GET /apps/hc-demo/dynos" => |our| our.platform.dynos(APP);
        "GET /apps/hc-demo/config-vars" => |our| our.platform.config_vars(APP);
        "GET /apps/hc-demo/addons" => |our| our.platform.addons(APP);
        "GET /addons" => |our| our.platform.all_addons();
        "GET /addons/postgresql-curved-12345" => |our| our.platform.addon(LEADER);
        "GET /apps/hc-demo/addons/my-follower" => |our| our.platform.app_addon(APP, "my-follower");
        "POST /actions/addons/resolve" => |our| our.platform.resolve_addon(LEADER, Some(APP));
        "POST /actions/addon-attachments/resolve" => |our| our.platform.resolve_attachment("DATABASE_URL", Some(APP));
        "GET /apps/hc-demo/addon-attachments" => |our| our.platform.app_attachments(APP);
        "GET /addon-attachments" => |our| our.platform.all_attachments();
        "GET /addons/{addon:leader}/addon-attachments" => |our| our.platform.addon_attachments(&id_of("addon:leader"));
        "GET /apps/hc-demo/addon-attachments/HEROKU_POSTGRESQL_COBALT" => |our| our.platform.app_attachment(APP, "HEROKU_POSTGRESQL_COBALT");
        "GET /apps/hc-demo/releases" => |our| our.platform.releases(APP, 5);
        "GET /apps/hc-demo/releases/{release}" => |our| our.platform.release(APP, &id_of("release"));
        "GET /api/v4/current-status" => |our| our.status.current();
        "GET /addon-services/heroku-postgresql/plans" => |our| our.platform.plans("heroku-postgresql");
    }
}

#[rustfmt::skip]
fn changes() -> Vec<Purpose> {
    list! {
        "PATCH /apps/hc-demo" => |our| our.platform.set_maintenance(&permit(), APP, true);
        "PATCH /apps/hc-demo/formation" => |our| our.platform.scale(&permit(), APP, &[three_web()]);
        "POST /apps/hc-demo/addons" => |our| our.platform.create_addon(&permit(), APP, &follower());
        "PATCH /apps/hc-demo/addons/postgresql-curved-12345" => |our| our.platform.change_plan(&permit(), APP, LEADER, "heroku-postgresql:standard-2");
        "DELETE /apps/{app:hc-demo}/addons/{addon:essential}" => |our| our.platform.destroy_addon(&permit(), &id_of("app:hc-demo"), &id_of("addon:essential"));
        "POST /addon-attachments" => |our| our.platform.attach(&permit(), &promotion());
        "DELETE /addon-attachments/{attachment}" => |our| our.platform.detach(&permit(), &id_of("attachment"));
    }
}

#[rustfmt::skip]
fn data() -> Vec<Purpose> {
    list! {
        "GET /client/v11/databases/{addon:follower}" => |our| our.data.database(&id_of("addon:follower"));
        "GET /client/v11/databases/{addon:follower}/wait_status" => |our| our.data.wait_status(&id_of("addon:follower"));
        "GET /client/v11/databases/{addon:leader}/upgrade/wait_status" => |our| our.data.upgrade_wait_status(&id_of("addon:leader"));
        "POST /client/v11/databases/{addon:follower}/upgrade/run" => |our| our.data.run_upgrade(&permit(), &id_of("addon:follower"), Some(17));
        "POST /client/v11/databases/{addon:leader}/upgrade/prepare" => |our| our.data.prepare_upgrade(&permit(), &id_of("addon:leader"), Some(17));
        "POST /client/v11/databases/{addon:leader}/upgrade/dry_run" => |our| our.data.dry_run_upgrade(&permit(), &id_of("addon:leader"), None);
        "POST /client/v11/databases/{addon:leader}/upgrade/cancel" => |our| our.data.cancel_upgrade(&permit(), &id_of("addon:leader"));
        "PUT /client/v11/databases/{addon:follower}/unfollow" => |our| our.data.unfollow(&permit(), &id_of("addon:follower"));
        "POST /client/v11/databases/{addon:essential}/transfers" => |our| our.data.create_transfer(&permit(), &id_of("addon:essential"), &copy());
        "GET /client/v11/apps/hc-demo/transfers/{transfer}" => |our| our.data.transfer(APP, &id_of("transfer"), false);
        "GET /postgres/v0/databases/postgresql-curved-12345/credentials" => |our| our.data.credentials(LEADER);
    }
}

fn three_web() -> Scale {
    Scale { process_type: "web".to_owned(), quantity: 3, size: None }
}

fn follower() -> NewAddon {
    NewAddon {
        plan: "heroku-postgresql:standard-0".to_owned(),
        name: Some("my-follower".to_owned()),
        attachment: Some("FOLLOWER".to_owned()),
        config: BTreeMap::from([("follow".to_owned(), "DATABASE_URL".to_owned())]),
        confirm: None,
    }
}

fn promotion() -> NewAttachment {
    NewAttachment {
        addon: "postgresql-spherical-67890".to_owned(),
        app: APP.to_owned(),
        name: Some("DATABASE".to_owned()),
        confirm: Some(APP.to_owned()),
        namespace: None,
    }
}

fn copy() -> NewTransfer {
    let url = |name: &str, squeezed: &str| {
        DatabaseUrl::new(format!("postgres://u{squeezed}:p4ss@c-{name}.rds.localhost:5432/d{squeezed}"))
    };
    NewTransfer {
        from_name: "DATABASE".to_owned(),
        from_url: url(LEADER, "postgresqlcurved12345"),
        to_name: "GREEN".to_owned(),
        to_url: url("postgresql-flat-11111", "postgresqlflat11111"),
    }
}

macro_rules! connect {
    ($($place:literal => |$ours:ident, $at:ident| $call:expr;)*) => {
        vec![$(Purpose {
            place: $place,
            call: Box::new(|clients| Box::pin(async move {
                let $ours = clients.connect;
                let $at = $ours.address_of(&format!("http://{HOST}"), &id_of("connection"))?;
                $call.await.map(drop)
            })),
        }),*]
    };
}

#[rustfmt::skip]
fn connect() -> Vec<Purpose> {
    connect! {
        "GET /connections?app=hc-demo" => |our, _at| our.search(APP, None);
        "GET /connections?app=hc-demo&resource_name=herokuconnect-swiftly-54348" => |our, _at| our.search(APP, Some("herokuconnect-swiftly-54348"));
        "POST /auth/hc-demo" => |our, _at| our.gain_access(&permit(), APP);
        "GET /api/v3/connections/{connection}?deep=true" => |our, at| our.connection(&at);
        "POST /api/v3/connections/{connection}/actions/pause" => |our, at| our.pause(&permit(), &at);
        "POST /api/v3/connections/{connection}/actions/resume" => |our, at| our.resume(&permit(), &at);
        "POST /api/v3/connections/{connection}/actions/restart" => |our, at| our.restart(&permit(), &at);
        "GET /api/v3/connections/{connection}/actions/export" => |our, at| our.export(&at);
        "POST /api/v3/connections/{connection}/actions/import" => |our, at| our.import(&permit(), &at, &lead());
        "GET /api/v3/apps/hc-demo" => |our, at| our.app_databases(&at, APP);
        "PATCH /api/v3/connections/{connection}" => |our, at| our.change_settings(&permit(), &at, &standard_settings());
        "POST /api/v3/connections/{connection}/authorize_url" => |our, at| our.authorize_url(&permit(), &at, &login());
        "POST /api/v3/mappings/{mapping:Account}/actions/reload" => |our, at| our.reload_mapping(&permit(), &at, &id_of("mapping:Account"));
        "DELETE /api/v3/mappings/{mapping:Account}" => |our, at| our.delete_mapping(&permit(), &at, &id_of("mapping:Account"));
        "POST /api/v3/connections/{connection}/validations" => |our, at| our.start_validation(&at);
        "GET /api/v3/connections/{connection}/validations/456" => |our, _at| our.validation(&validating());
        "GET /api/v3/connections/{connection}/errors" => |our, at| our.write_errors(&at);
        "GET /api/v3/connections/{connection}/notifications?page_size=1000" => |our, at| our.notifications(&at);
        "POST /api/v3/connections/{connection}/notifications/acknowledge?page_size=1000" => |our, at| our.acknowledge_notifications(&permit(), &at);
        "GET /api/v3/connections/{connection}/schema-diff?target_version=61.0" => |our, at| our.schema_diff(&at, "61.0");
        "POST /api/v3/connections/{connection}/actions/change-sf-api-version" => |our, at| our.change_api_version(&permit(), &at, "61.0");
    }
}

fn lead() -> Value {
    let config = json!({ "access": "read_only", "fields": { "Id": {} } });
    json!({ "version": 1, "connection": {}, "mappings": [{ "object_name": "Lead", "config": config }] })
}

fn standard_settings() -> SettingsChange {
    SettingsChange {
        db_key: Some("DATABASE_URL".to_owned()),
        schema_name: Some("salesforce".to_owned()),
        ..SettingsChange::default()
    }
}

fn login() -> SalesforceLogin {
    SalesforceLogin { environment: "production".to_owned(), domain: None, next: "http://localhost:18000".to_owned() }
}

fn validating() -> Validating {
    let path = format!("/api/v3/connections/{}/validations/456", id_of("connection"));
    serde_json::from_value(json!({ "result_url": format!("http://{HOST}{path}") })).unwrap()
}

/// Calls that are not what the official client does at these places: another value, another header, another request.
#[rustfmt::skip]
pub(crate) fn with_something_else() -> Vec<Purpose> {
    list! {
        "PATCH /apps/hc-demo/formation" => |our| our.platform.scale(&permit(), APP, &[Scale { quantity: 4, ..three_web() }]);
        "GET /apps/hc-demo/releases" => |our| our.platform.releases(APP, 7);
        "GET /apps/hc-demo" => |our| our.platform.app("hc-other");
    }
}
