//! Surveys of a small account, over a scripted wire.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Survey, Target, survey};
use hcops_heroku::Clients;
use hcops_heroku::testing::{JumpingClock, ScriptedWire, answer, clients, json_answer};
use hcops_model::{Fault, FaultKind};

const LEADER: &str = "a1f5d6c0-77aa-4d2c-9c32-0d3b1b4ac001";

struct Account {
    wire: Arc<ScriptedWire>,
    clock: Arc<JumpingClock>,
    clients: Clients,
}

impl Account {
    /// Two apps, a pooler, workers, one connection, a leader on `DATABASE_URL`.
    fn standard() -> Self {
        let wire = ScriptedWire::new([]);
        let clock = JumpingClock::new();
        let clients = clients(&wire, &clock);
        let account = Self { wire, clock, clients };
        account.apps();
        account.database();
        account.connect();
        account
    }

    fn apps(&self) {
        self.get("/apps/acme-crm", &app("acme-crm", false));
        self.get("/apps/acme-jobs", &app("acme-jobs", true));
        let web = json!({"id": "f1", "type": "web", "quantity": 2, "size": "Standard-1X"});
        let worker = json!({"id": "f2", "type": "worker", "quantity": "3", "dyno_size": {"name": "Standard-2X"}});
        let release = json!({"id": "f3", "type": "release", "quantity": 0, "size": "Standard-1X"});
        self.get("/apps/acme-crm/formation", &json!([worker, release, web]));
        self.get(
            "/apps/acme-jobs/formation",
            &json!([{"type": "clock", "quantity": 1}, {"type": "mail", "quantity": 0}]),
        );
        self.attachments(&[
            attachment("acme-crm", "DATABASE", None),
            attachment("acme-crm", "HEROKU_POSTGRESQL_COBALT", None),
            attachment("acme-crm", "DATABASE_CONNECTION_POOL", Some("connection-pooling:default")),
            attachment("acme-crm", "REPORTS", Some("credential:analyst")),
            attachment("acme-jobs", "DATABASE", None),
        ]);
        self.get("/apps/acme-crm/config-vars", &json!({}));
        self.get("/apps/acme-jobs/config-vars", &json!({}));
        self.get("/account/rate-limits", &json!({"remaining": 4321}));
    }

    fn attachments(&self, all: &[Value]) {
        let here: Vec<_> = all.iter().filter(|one| one["app"]["name"] == "acme-crm").cloned().collect();
        self.get("/apps/acme-crm/addon-attachments", &json!(here));
        self.get(&format!("/addons/{LEADER}/addon-attachments"), &json!(all));
    }

    fn database(&self) {
        self.get(&format!("/addons/{LEADER}"), &addon());
        self.get("/apps/acme-crm/addons", &json!([addon()]));
        self.get(&format!("/client/v11/databases/{LEADER}"), &leader());
        self.get(
            &format!("/client/v11/databases/{LEADER}/upgrade/wait_status"),
            &json!({"message": "none", "waiting?": false}),
        );
        self.get(
            "/postgres/v0/databases/postgresql-flat-11007/credentials",
            &json!([{"name": "default"}, {"name": "analyst"}]),
        );
        let schedule = json!({"uuid": "s1", "name": "DATABASE_URL", "hour": "2", "timezone": "Europe/Berlin"});
        self.get(&format!("/client/v11/databases/{LEADER}/transfer-schedules"), &json!([schedule]));
        self.get(&format!("/client/v11/databases/{LEADER}/links"), &json!([{"id": "l1", "name": "green_summer"}]));
        self.get(
            &format!("/postgres/v0/databases/{LEADER}/config"),
            &json!({"log_statement": {"value": "all", "default": "ddl"}, "log_lock_waits": {"value": true, "default": true}}),
        );
        self.get(
            &format!("/data/maintenances/v1/{LEADER}"),
            &json!({"status": "pending", "scheduled_for": "2026-12-03 22:00:00 +0000", "window": "Thursdays"}),
        );
    }

    fn connect(&self) {
        self.get("/connections", &json!({"count": 1, "results": [discovered("herokuconnect-tidal-40217")]}));
        self.get("/api/v3/connections/c-1", &connection("DATABASE_URL"));
        self.get("/api/v3/connections/c-1/errors", &json!({"count": 1, "results": [{"id": 901, "message": "x"}]}));
        self.get("/api/v4/current-status", &json!({"status": [], "incidents": [], "scheduled": [prose()]}));
        self.get("/v1/maintenances", &json!([planned()]));
    }

    fn get(&self, path: &str, body: &Value) {
        self.wire.route(&format!("GET {path}"), json_answer(200, body));
    }

    fn refuses(&self, path: &str, status: u16) {
        self.wire.route(&format!("GET {path}"), answer(status, &[], r#"{"id":"no","message":"no"}"#));
    }

    async fn survey(&self) -> Result<Survey, Fault> {
        self.survey_of(None).await
    }

    async fn survey_of(&self, resource: Option<&str>) -> Result<Survey, Fault> {
        let target = Target { app: "acme-crm".to_owned(), resource: resource.map(str::to_owned) };
        survey(&self.clients, self.clock.as_ref(), &target).await
    }
}

fn app(name: &str, maintenance: bool) -> Value {
    json!({"id": format!("id-{name}"), "name": name, "maintenance": maintenance, "region": {"name": "us"}, "team": null,
           "space": null, "generation": {"id": "g", "name": "cedar"}})
}

fn attachment(app: &str, name: &str, namespace: Option<&str>) -> Value {
    json!({"id": format!("{app}-{name}"), "name": name, "namespace": namespace, "app": {"id": format!("id-{app}"), "name": app},
           "addon": {"id": LEADER, "name": "postgresql-flat-11007", "app": {"name": "acme-crm"},
                     "plan": {"name": "heroku-postgresql:standard-0"}},
           "config_vars": [format!("{name}_URL")]})
}

fn addon() -> Value {
    json!({"id": LEADER, "name": "postgresql-flat-11007", "state": "provisioned", "app": {"id": "x", "name": "acme-crm"},
           "plan": {"id": "p", "name": "heroku-postgresql:standard-0"}, "addon_service": {"name": "heroku-postgresql"},
           "billed_price": {"cents": 5000, "unit": "month", "contract": false}})
}

fn leader() -> Value {
    json!({"addon_id": LEADER, "name": "postgresql-flat-11007", "postgres_version": "PostgreSQL 16.9", "following": null,
           "resource_url": "postgres://u:hunter2@leader.example:5432/d", "num_bytes": 1643118592, "leader": null,
           "info": [{"name": "Fork/Follow", "values": ["Available"]}, {"name": "Data Size", "values": ["1.53 GB"]}]})
}

fn discovered(resource: &str) -> Value {
    json!({"id": "c-1", "resource_name": resource, "app_name": "acme-crm", "region_url": "https://connect-us.heroku.com"})
}

fn connection(db_key: &str) -> Value {
    json!({"id": "c-1", "state": "IDLE", "name": "", "internal_name": "acme", "resource_name": "herokuconnect-tidal-40217",
           "db_key": db_key, "schema_name": "salesforce", "organization_id": "00D1", "plan": "enterprise",
           "mappings": [
               {"id": "m-1", "object_name": "Account", "state": "DATA_SYNCED", "access": "read_only", "counts": {"db": 5}},
               {"id": "m-2", "object_name": "Order__c", "state": "PONDERING", "config": {"access": "read_write"}}]})
}

fn prose() -> Value {
    json!({"id": 3017, "title": "Heroku Platform Maintenance", "state": "upcoming", "systems": [{"name": "Data"}],
           "updates": [{"update_type": "scheduled", "contents": "On December 4 from 13:00 UTC, Connect will be offline."}]})
}

fn planned() -> Value {
    json!({"id": 1, "name": "Data maintenance", "plannedStartTime": "2026-11-23T01:00:00Z",
           "plannedEndTime": "2026-11-23T02:00:00Z", "serviceKeys": ["HerokuData"]})
}

fn of<'a>(survey: &'a Survey, app: &str, name: &str) -> &'a Value {
    let all = survey.facts["attachments"].as_array().unwrap();
    all.iter().find(|one| one["app"] == app && one["name"] == name).unwrap()
}

fn notices_about(survey: &Survey, what: &str) -> usize {
    survey.notices.iter().filter(|notice| notice.contains(what)).count()
}

#[tokio::test]
async fn the_facts_have_the_names_of_the_contract() {
    let survey = Account::standard().survey().await.unwrap();
    let facts = &survey.facts;
    assert_eq!(
        facts["app"],
        json!({"name": "acme-crm", "id": "id-acme-crm", "region": "us", "space": null, "team": null, "maintenance": false,
               "formation": facts["apps"][0]["formation"]})
    );
    assert_eq!(
        facts["connection"],
        json!({"id": "c-1", "name": "herokuconnect-tidal-40217", "display_name": "acme",
               "region_url": "https://connect-us.heroku.com", "db_key": "DATABASE_URL", "schema_name": "salesforce",
               "organization_id": "00D1", "plan": "enterprise",
               "addon_id": null, "addon_plan": null, "attachment": null, "environment": null, "domain": null, "writes": true,
               "mappings": [{"id": "m-1", "object_name": "Account", "access": "read_only"},
                            {"id": "m-2", "object_name": "Order__c", "access": "read_write"}]})
    );
    assert_eq!(
        facts["database"],
        json!({"name": "postgresql-flat-11007", "id": LEADER, "plan": "heroku-postgresql:standard-0", "tier": "standard",
               "version": 16, "owner_app": "acme-crm", "attachment": "DATABASE", "is_default": true, "gigabytes": 2, "monthly_cents": 5000,
               "credentials": ["analyst", "default"], "followers": []})
    );
    assert_eq!(facts["needs_alias"], json!(false));
}

#[tokio::test]
async fn each_attachment_has_its_role_and_fate() {
    let survey = Account::standard().survey().await.unwrap();
    for (app, name, role, fate) in [
        ("acme-crm", "DATABASE", "default", "promoted"),
        ("acme-crm", "HEROKU_POSTGRESQL_COBALT", "alias", "kept"),
        ("acme-crm", "DATABASE_CONNECTION_POOL", "pooler", "moved"),
        ("acme-crm", "REPORTS", "credential", "moved"),
        ("acme-jobs", "DATABASE", "other-app", "moved"),
    ] {
        let one = of(&survey, app, name);
        assert_eq!((one["role"].as_str(), one["fate"].as_str()), (Some(role), Some(fate)), "{app} {name}");
        assert_eq!(one["config_var"], json!(format!("{name}_URL")));
        assert_eq!(one["database"], json!("postgresql-flat-11007"));
        assert!(one["because"].as_str().is_some_and(|because| !because.is_empty()));
    }
    let further: Vec<_> = survey.facts["further"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(further, ["DATABASE_CONNECTION_POOL", "DATABASE"]);
    let by_credential = survey.facts["by_credential"].as_array().unwrap();
    assert_eq!(by_credential.len(), 1);
    assert_eq!((&by_credential[0]["name"], &by_credential[0]["credential"]), (&json!("REPORTS"), &json!("analyst")));
}

#[tokio::test]
async fn a_pooler_of_another_credential_is_moved_with_that_credential() {
    let account = Account::standard();
    account.attachments(&[
        attachment("acme-crm", "DATABASE", None),
        attachment("acme-jobs", "POOL", Some("connection-pooling:analyst")),
    ]);
    let survey = account.survey().await.unwrap();
    let pool = &survey.facts["by_credential"][0];
    assert_eq!((&pool["app"], &pool["role"]), (&json!("acme-jobs"), &json!("pooler")));
    assert_eq!((&pool["credential"], &pool["namespace"]), (&json!("analyst"), &json!("connection-pooling:analyst")));
}

#[tokio::test]
async fn every_app_that_has_the_database_is_there_to_be_silenced_and_restored() {
    let survey = Account::standard().survey().await.unwrap();
    assert_eq!(
        survey.facts["apps"],
        json!([
            {"name": "acme-crm", "id": "id-acme-crm", "maintenance": false,
             "formation": [{"type": "web", "quantity": 2, "size": "Standard-1X"},
                           {"type": "worker", "quantity": 3, "size": "Standard-2X"}],
             "has_release_phase": true, "nonweb": [{"type": "worker", "quantity": 3}]},
            {"name": "acme-jobs", "id": "id-acme-jobs", "maintenance": true,
             "formation": [{"type": "clock", "quantity": 1, "size": null}, {"type": "mail", "quantity": 0, "size": null}],
             "has_release_phase": false, "nonweb": [{"type": "clock", "quantity": 1}]},
        ])
    );
}

#[tokio::test]
async fn what_changes_by_itself_is_noted_and_not_a_fact() {
    let survey = Account::standard().survey().await.unwrap();
    let noted = &survey.noted;
    assert_eq!(noted["connection_state"], json!("IDLE"));
    assert_eq!(noted["mappings"][1], json!({"object_name": "Order__c", "state": "PONDERING", "counts": null}));
    assert_eq!((&noted["write_errors"], &noted["rate_limit_remaining"]), (&json!(1), &json!(4321)));
    assert_eq!(noted["windows"][0]["starts"], json!("2026-11-23T01:00:00Z"));
    let of_prose = (&noted["windows"][1]["starts"], &noted["windows"][1]["source"]);
    assert_eq!(of_prose, (&json!("2026-12-04T13:00:00Z"), &json!("status")));
    assert_eq!(noted["postgres_maintenance"]["scheduled_for"], json!("2026-12-03 22:00:00 +0000"));
    let facts = survey.facts.to_string();
    assert!(!facts.contains("IDLE") && !facts.contains("1643118592") && !facts.contains("DATA_SYNCED"));
}

#[tokio::test]
async fn the_operator_reads_what_matters() {
    let survey = Account::standard().survey().await.unwrap();
    for what in [
        "PONDERING, a state that this version does not know",
        "1 refused write(s)",
        "REPORTS on acme-crm gives the credential analyst and is moved",
        "HEROKU_POSTGRESQL_COBALT on acme-crm stays",
        "credentials beyond the default one (analyst)",
        "acme-crm has a release phase",
        "acme-jobs is in maintenance mode already",
        "costs $50 a month",
        "scheduled a maintenance of the database for 2026-12-03T22:00:00Z",
        "judge for yourself",
        "from 2026-11-23T01:00:00Z",
    ] {
        assert_eq!(notices_about(&survey, what), 1, "{what}: {:#?}", survey.notices);
    }
}

#[tokio::test]
async fn what_stays_with_the_old_add_on_is_named_with_the_command_that_carries_it_over() {
    let account = Account::standard();
    let survey = account.survey().await.unwrap();
    for what in [
        "heroku pg:backups:schedule NEW_DATABASE --at '02:00 Europe/Berlin' -a acme-crm",
        "heroku pg:settings:log-statement all NEW_DATABASE -a acme-crm",
        "heroku pg:maintenance:window NEW_DATABASE",
        "heroku pg:links:create REMOTE NEW_DATABASE --as green_summer",
        "dataclips",
    ] {
        assert_eq!(notices_about(&survey, what), 1, "{what}: {:#?}", survey.notices);
        let of_replacement = survey.of_replacement.iter().filter(|notice| notice.contains(what)).count();
        assert_eq!(of_replacement, 1, "{what} matters only where the database is replaced");
    }
    assert_eq!(notices_about(&survey, "log_lock_waits"), 0, "a setting as on a new database");
}

#[tokio::test]
async fn what_can_not_be_read_is_not_taken_for_nothing() {
    let account = Account::standard();
    account.refuses(&format!("/client/v11/databases/{LEADER}/transfer-schedules"), 403);
    account.refuses(&format!("/client/v11/databases/{LEADER}/links"), 404);
    account.refuses(&format!("/postgres/v0/databases/{LEADER}/config"), 422);
    let survey = account.survey().await.unwrap();
    for what in ["The backup schedules of", "The links of", "The settings of"] {
        assert_eq!(notices_about(&survey, &format!("{what} postgresql-flat-11007 could not be read")), 1, "{what}");
    }
    account.get(&format!("/client/v11/databases/{LEADER}/transfer-schedules"), &json!([]));
    assert_eq!(notices_about(&account.survey().await.unwrap(), "backup"), 0, "none is none");
}

#[tokio::test]
async fn two_surveys_of_the_same_world_are_equal_and_only_look() {
    let account = Account::standard();
    let first = account.survey().await.unwrap();
    assert_eq!(first, account.survey().await.unwrap());
    assert!(account.wire.lines().iter().all(|line| line.starts_with("GET ")), "{:?}", account.wire.lines());
    assert!(!format!("{first:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_custom_url_switches_the_connection() {
    let account = Account::standard();
    account.get("/api/v3/connections/c-1", &connection("HEROKU_POSTGRESQL_ROSE_URL"));
    account.attachments(&[attachment("acme-crm", "HEROKU_POSTGRESQL_ROSE", None)]);
    let survey = account.survey().await.unwrap();
    let rose = of(&survey, "acme-crm", "HEROKU_POSTGRESQL_ROSE");
    assert_eq!((&rose["role"], &rose["fate"]), (&json!("connection"), &json!("switched")));
    assert_eq!(survey.facts["database"]["is_default"], json!(false));
    assert_eq!(survey.facts["database"]["attachment"], json!("HEROKU_POSTGRESQL_ROSE"));
    assert_eq!(survey.facts["needs_alias"], json!(true));
}

#[tokio::test]
async fn a_copied_address_is_resolved_by_its_value_and_told() {
    let account = Account::standard();
    account.get("/api/v3/connections/c-1", &connection("CONNECT_URL"));
    let vars =
        json!({"CONNECT_URL": "postgres://u:hunter2@h/d", "DATABASE_URL": "postgres://u:hunter2@h/d", "OTHER": "x"});
    account.get("/apps/acme-crm/config-vars", &vars);
    let survey = account.survey().await.unwrap();
    assert_eq!(survey.facts["database"]["attachment"], json!("DATABASE"));
    assert_eq!(notices_about(&survey, "CONNECT_URL is a config var of its own"), 1);
    assert!(!format!("{survey:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_connection_without_a_name_is_named_by_its_addon() {
    let account = Account::standard();
    let nameless = |addon_id: Value| {
        let mut shown = connection("DATABASE_URL");
        (shown["resource_name"], shown["addon_id"]) = (Value::Null, addon_id);
        account.get("/api/v3/connections/c-1", &shown);
    };
    let mut connect = addon();
    (connect["id"], connect["name"]) = (json!("hc-id"), json!("herokuconnect-tidal-40217"));
    connect["plan"]["name"] = json!("herokuconnect:enterprise");
    let mut found = discovered("");
    found["resource_name"] = Value::Null;
    account.get("/connections", &json!({"count": 1, "results": [found]}));
    account.get("/addons/hc-id", &connect);
    account.get("/apps/acme-crm/addons", &json!([addon(), connect]));
    for addon_id in [json!("hc-id"), Value::Null] {
        nameless(addon_id);
        for resource in [None, Some("herokuconnect-tidal-40217")] {
            let survey = account.survey_of(resource).await.unwrap();
            assert_eq!(survey.facts["connection"]["name"], "herokuconnect-tidal-40217", "{resource:?}");
        }
    }
}

#[tokio::test]
async fn a_connection_of_another_sort_is_left_aside() {
    let account = Account::standard();
    let of = |id: &str, sort: Value| {
        let mut one = discovered("herokuconnect-tidal-40217");
        (one["id"], one["addon_type"]) = (json!(id), sort);
        one
    };
    for (sync, other) in [(json!("Sync"), json!("Events")), (json!(1), json!(2)), (Value::Null, json!("EVENTS"))] {
        account.get("/connections", &json!({"results": [of("e-1", other), of("c-1", sync)]}));
        assert_eq!(account.survey().await.unwrap().facts["connection"]["id"], "c-1");
    }
    account.get("/connections", &json!({"results": [of("e-1", json!("Events"))]}));
    assert_eq!(account.survey().await.unwrap_err().kind, FaultKind::NotFound);
}

#[tokio::test]
async fn a_db_key_that_leads_nowhere_is_told() {
    let account = Account::standard();
    account.get("/api/v3/connections/c-1", &connection("GONE_URL"));
    account.get("/apps/acme-crm/config-vars", &json!({"DATABASE_URL": "postgres://h/d"}));
    let fault = account.survey().await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::NotFound);
    assert!(fault.saw.contains("GONE_URL, which is not set"), "{fault}");
    account.get("/api/v3/connections/c-1", &json!({"id": "c-1", "state": "NEW", "db_key": null, "mappings": []}));
    assert!(account.survey().await.unwrap_err().command.unwrap().contains("connect:db:set"));
}

#[tokio::test]
async fn no_visible_connection_explains_the_access_list() {
    let account = Account::standard();
    account.get("/connections", &json!({"count": 0, "results": []}));
    let fault = account.survey().await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::NotFound);
    assert_eq!(fault.command.as_deref(), Some("heroku connect:info -a acme-crm"));
    assert!(fault.why.contains("access list"));
}

#[tokio::test]
async fn one_of_several_connections_must_be_named() {
    let account = Account::standard();
    let both = json!({"results": [discovered("herokuconnect-tidal-40217"), discovered("herokuconnect-calm-1")]});
    account.get("/connections", &both);
    let fault = account.survey().await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Usage);
    assert!(fault.saw.contains("herokuconnect-tidal-40217, herokuconnect-calm-1"), "{fault}");
    let fault = account.survey_of(Some("herokuconnect-wild-2")).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Usage);
    assert!(account.survey_of(Some("herokuconnect-tidal-40217")).await.is_ok());
}

#[tokio::test]
async fn a_region_address_outside_heroku_is_not_called() {
    let account = Account::standard();
    let mut bad = discovered("herokuconnect-tidal-40217");
    bad["region_url"] = json!("https://connect.evil.example");
    account.get("/connections", &json!({"results": [bad]}));
    assert_eq!(account.survey().await.unwrap_err().kind, FaultKind::Usage);
    assert!(account.wire.lines().iter().all(|line| !line.contains("evil")));
}

#[tokio::test]
async fn an_app_that_can_not_be_seen_stops_the_survey() {
    let account = Account::standard();
    account.refuses("/apps/acme-jobs", 403);
    let fault = account.survey().await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Unauthorized);
    assert!(fault.why.contains("can't be kept from writing"), "{}", fault.why);
}

#[tokio::test]
async fn the_survey_goes_on_without_what_is_only_noted() {
    let account = Account::standard();
    account.refuses("/api/v4/current-status", 503);
    account.refuses("/v1/maintenances", 404);
    account.refuses("/account/rate-limits", 422);
    account.refuses(&format!("/client/v11/databases/{LEADER}/upgrade/wait_status"), 404);
    account.refuses("/postgres/v0/databases/postgresql-flat-11007/credentials", 422);
    let survey = account.survey().await.unwrap();
    assert_eq!((&survey.noted["windows"], &survey.noted["upgrade"]), (&json!(null), &json!(null)));
    assert_eq!(survey.facts["database"]["credentials"], json!(null));
    for what in [
        "status site could not be read",
        "planned maintenances could not",
        "rate limit could not",
        "credentials could not",
    ] {
        assert_eq!(notices_about(&survey, what), 1, "{what}: {:#?}", survey.notices);
    }
}

#[tokio::test]
async fn followers_are_named_where_they_are_known() {
    let account = Account::standard();
    let mut database = leader();
    let info = database["info"].as_array_mut().unwrap();
    info.push(
        json!({"name": "Followers", "values": ["postgres://near.example:5432/d", "postgres://far.example:5432/d"]}),
    );
    account.get(&format!("/client/v11/databases/{LEADER}"), &database);
    let mut near = attachment("acme-crm", "NEAR", None);
    near["addon"] = json!({"id": "near", "name": "near-db", "plan": {"name": "heroku-postgresql:standard-0"}});
    account.get("/apps/acme-crm/addon-attachments", &json!([attachment("acme-crm", "DATABASE", None), near]));
    account.get("/client/v11/databases/near-db", &json!({"resource_url": "postgres://u:hunter2@near.example:5432/d"}));
    let survey = account.survey().await.unwrap();
    assert_eq!(survey.facts["database"]["followers"], json!(["near-db", "postgres://far.example:5432/d"]));
    assert_eq!(notices_about(&survey, "have to be made anew"), 1);
}

#[tokio::test]
async fn an_unknown_app_is_told_by_its_name() {
    let account = Account::standard();
    account.refuses("/apps/acme-crm", 404);
    let fault = account.survey().await.unwrap_err();
    assert_eq!((fault.kind, fault.command.as_deref()), (FaultKind::NotFound, Some("heroku apps --all")));
    assert!(fault.saw.starts_with("there is no app acme-crm"), "{fault}");
}

#[tokio::test]
async fn a_database_of_another_app_is_promoted_here_and_moved_there() {
    let account = Account::standard();
    let mut owned = addon();
    owned["app"] = json!({"name": "acme-jobs"});
    account.get(&format!("/addons/{LEADER}"), &owned);
    account.attachments(&[
        attachment("acme-crm", "DATABASE", None),
        attachment("acme-crm", "REPORTING", None),
        attachment("acme-crm", "ANALYST_POOL", Some("connection-pooling:analyst")),
        attachment("acme-jobs", "DATABASE", None),
        attachment("acme-jobs", "HEROKU_POSTGRESQL_AQUA", None),
    ]);
    let survey = account.survey().await.unwrap();
    for (app, name, role, fate) in [
        ("acme-crm", "DATABASE", "default", "promoted"),
        ("acme-crm", "REPORTING", "alias", "moved"),
        ("acme-crm", "ANALYST_POOL", "pooler", "moved"),
        ("acme-jobs", "DATABASE", "other-app", "moved"),
        ("acme-jobs", "HEROKU_POSTGRESQL_AQUA", "alias", "kept"),
    ] {
        let one = of(&survey, app, name);
        assert_eq!((one["role"].as_str(), one["fate"].as_str()), (Some(role), Some(fate)), "{app} {name}");
    }
    assert_eq!(survey.facts["database"]["owner_app"], json!("acme-jobs"));
    assert_eq!(notices_about(&survey, "belongs to acme-jobs"), 1);
}

#[tokio::test]
async fn an_essential_database_has_the_owners_credential_and_no_followers() {
    let account = Account::standard();
    let mut essential = addon();
    essential["plan"] = json!({"id": "p", "name": "heroku-postgresql:essential-1"});
    account.get(&format!("/addons/{LEADER}"), &essential);
    account.refuses("/postgres/v0/databases/postgresql-flat-11007/credentials", 422);
    let survey = account.survey().await.unwrap();
    assert_eq!(survey.facts["database"]["tier"], json!("essential"));
    assert_eq!(survey.facts["database"]["credentials"], json!(["default"]));
    assert_eq!((notices_about(&survey, "can have no follower"), notices_about(&survey, "could not be listed")), (1, 0));
}
