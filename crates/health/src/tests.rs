//! Judgements of facts that are made up here: no account, no simulator, no clock.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Case, Finding, Grade, Horizon, KeptPause, Local, OpenRun, RULES, judge};
use hcops_database::census::Census;
use hcops_heroku::data::Role;
use hcops_heroku::status::Areas;
use hcops_survey::checkup::{
    AppCheckup, AttachedAs, Checkup, ConnectionCheckup, DatabaseCheckup, Depth, FollowerCheckup, Notices, Pointer,
    ReleaseCheckup, UpgradeCheckup,
};
use hcops_survey::{AppFacts, FormationEntry, Ongoing, Window};

/// Facts that a test changes before they are judged.
struct Facts {
    checkup: Checkup,
    notices: Notices,
    local: Local,
    horizon: Horizon,
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A healthy app with one connection on Postgres 16, on 22 November 2026.
fn facts() -> Facts {
    let checkup = Checkup {
        at: at("2026-11-22T01:00:00Z"),
        app: "acme-crm".to_owned(),
        region: Some("us".to_owned()),
        depth: Depth::Api,
        apps: vec![app("acme-crm", 2)],
        connections: vec![connection(&json!({}))],
        hidden_connections: Vec::new(),
        databases: vec![database()],
        unseen: Vec::new(),
    };
    let notices = Notices { windows: Some(Vec::new()), ..Notices::default() };
    Facts { checkup, notices, local: Local::default(), horizon: Horizon::default() }
}

fn app(name: &str, dynos: u32) -> AppCheckup {
    let formation = vec![FormationEntry { process_type: "web".into(), quantity: dynos, size: None }];
    let facts = AppFacts {
        name: name.to_owned(),
        id: None,
        maintenance: false,
        formation,
        has_release_phase: false,
        nonweb: Vec::new(),
    };
    let newest_release =
        Some(ReleaseCheckup { version: 7, status: "succeeded".into(), description: "Deploy 1a2b".into() });
    AppCheckup { facts, newest_release }
}

/// A connection with these fields in place of the usual ones.
fn connection(fields: &Value) -> ConnectionCheckup {
    let mapping = json!({"id": "m-1", "object_name": "Account", "state": "DATA_SYNCED", "access": "read_write",
        "counts": {"db": 5000, "sf": 5000, "pending": 3, "errors": 0},
        "times": {"db_poll": "2026-11-22T00:59:00Z", "db_write": "2026-11-21T22:00:00Z"}});
    let mut shown = json!({"id": "c-1", "state": "IDLE", "resource_name": "hc-1", "db_key": "DATABASE_URL",
        "schema_name": "salesforce", "plan": "enterprise", "mappings": [mapping],
        "database": {"host": "leader.example", "database": "d", "port": 5432}});
    for (name, value) in fields.as_object().unwrap() {
        shown[name] = value.clone();
    }
    ConnectionCheckup {
        name: "hc-1".to_owned(),
        region: Some("us".to_owned()),
        connection: serde_json::from_value(shown).unwrap(),
        pointer: Pointer::Attached { attachment: "DATABASE".into(), addon: "pg-1".into(), addon_id: "id-1".into() },
        write_errors: Some(Vec::new()),
        notifications: Some(Vec::new()),
        backlog: None,
    }
}

/// The only mapping with these fields in place of the usual ones.
fn mapping(fields: &Value) -> ConnectionCheckup {
    let mut shown = json!({"id": "m-1", "object_name": "Account", "state": "DATA_SYNCED", "access": "read_write"});
    for (name, value) in fields.as_object().unwrap() {
        shown[name] = value.clone();
    }
    connection(&json!({ "mappings": [shown] }))
}

fn database() -> DatabaseCheckup {
    DatabaseCheckup {
        name: "pg-1".into(),
        id: "id-1".into(),
        owner_app: "acme-crm".into(),
        plan: "heroku-postgresql:standard-0".into(),
        tier: "standard".into(),
        status: Some("Available".into()),
        version_text: Some("PostgreSQL 16.9".into()),
        version: Some(16),
        bytes: Some(1_600_000_000),
        size_text: None,
        plan_gigabytes: Some(64),
        connections: Some("9/120".into()),
        high_availability: None,
        rollback: None,
        maintenance_window: None,
        warning: None,
        role: Role::Leader,
        place: Some("leader.example:5432/d".into()),
        forked_from: None,
        created_at: Some(at("2026-01-01T00:00:00Z")),
        followers: Vec::new(),
        upgrade: None,
        maintenance: serde_json::from_value(json!({"status": "none"})).unwrap(),
        attachments: Vec::new(),
        by_hand: Vec::new(),
        by_sql: None,
    }
}

fn window(starts: Option<&str>, areas: Value) -> Window {
    Window {
        harmless: false,
        title: "Platform Maintenance".into(),
        starts: starts.map(at),
        ends: None,
        text: Some("read me".into()),
        source: "status".into(),
        areas: serde_json::from_value(areas).unwrap(),
        announced: Some(at("2026-11-15T00:00:00Z")),
    }
}

impl Facts {
    fn judged(&self) -> Vec<Finding> {
        let Self { checkup, notices, local, horizon } = self;
        judge(&Case { checkup, notices, local, horizon: *horizon })
    }

    fn of(&self, id: &str) -> Option<Finding> {
        let found = self.judged().into_iter().find(|finding| finding.id == id);
        assert!(RULES.iter().any(|rule| rule.id == id), "{id} is no rule");
        found
    }

    fn grade(&self, id: &str) -> Option<Grade> {
        self.of(id).map(|finding| finding.grade)
    }

    fn command(&self, id: &str) -> String {
        self.of(id).and_then(|finding| finding.command).unwrap_or_default()
    }
}

fn with_connection(connection: ConnectionCheckup) -> Facts {
    let mut facts = facts();
    facts.checkup.connections = vec![connection];
    facts
}

fn with_database(change: impl FnOnce(&mut DatabaseCheckup)) -> Facts {
    let mut facts = facts();
    change(&mut facts.checkup.databases[0]);
    facts
}

const OK: Option<Grade> = Some(Grade::Ok);
const NOTE: Option<Grade> = Some(Grade::Note);
const ATTENTION: Option<Grade> = Some(Grade::Attention);
const BROKEN: Option<Grade> = Some(Grade::Broken);

#[test]
fn a_healthy_app_has_nothing_but_what_is_well() {
    let judged = facts().judged();
    assert!(judged.iter().all(|finding| finding.grade == Grade::Ok), "{judged:#?}");
    assert!(judged.len() > 12, "{judged:#?}");
}

#[test]
fn ids_are_unique_and_every_rule_says_why_and_where_from() {
    let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len());
    assert!(RULES.iter().all(|rule| !rule.why.is_empty() && !rule.source.is_empty() && !rule.looks_at.is_empty()));
}

#[test]
fn the_end_of_a_version_is_graded_by_the_days_that_are_left() {
    let on = |day: &str, version| {
        let mut facts = with_database(|database| database.version = Some(version));
        facts.checkup.at = at(day);
        (facts.grade("postgres-version"), facts.of("postgres-version").unwrap().saw)
    };
    for (day, grade, words) in [
        ("2026-08-01T00:00:00Z", NOTE, "your own mail decides: 2026-12-20, in 141 days, or 2027-01-28, in 180 days"),
        ("2026-10-20T23:59:59Z", NOTE, "2026-12-20, in 61 days"),
        ("2026-10-21T00:00:00Z", ATTENTION, "2026-12-20, in 60 days"),
        (
            "2026-11-22T01:00:00Z",
            ATTENTION,
            "2026-12-20, in 28 days, or 2027-01-28, in 67 days; afterwards Heroku does it by itself; it ends on 2027-01-20 or 2027-02-28",
        ),
        ("2026-12-20T23:59:59Z", ATTENTION, "2026-12-20, today, or 2027-01-28, in 39 days; afterwards"),
        (
            "2026-12-21T00:00:00Z",
            ATTENTION,
            "2026-12-20, 1 day ago, or 2027-01-28, in 38 days; by the earlier one Heroku may upgrade it to 18 any day now;",
        ),
        (
            "2027-01-21T00:00:00Z",
            ATTENTION,
            "or 2027-01-28, in 7 days; by the earlier one Heroku may upgrade it to 18 any day now; it ends on 2027-01-20 or 2027-02-28",
        ),
        ("2027-01-28T23:59:59Z", ATTENTION, "or 2027-01-28, today; by the earlier one"),
        (
            "2027-01-29T00:00:00Z",
            BROKEN,
            "was 2027-01-28, 1 day ago: Heroku may upgrade it to 18 any day now; it ends on 2027-02-28, in 30 days",
        ),
        ("2027-02-28T23:59:59Z", BROKEN, "it ends on 2027-02-28, today"),
        ("2027-03-01T00:00:00Z", BROKEN, "its life ended on 2027-02-28, 1 day ago"),
    ] {
        let (found, saw) = on(day, 15);
        assert_eq!(found, grade, "{day}: {saw}");
        assert!(saw.contains(words), "{day}: {saw}");
    }
    let today = "2026-11-22T01:00:00Z";
    assert_eq!([18, 14, 11, 19].map(|major| on(today, major).0), [OK, BROKEN, ATTENTION, NOTE]);
    assert!(on(today, 14).1.contains("removed on 2025-11-28"), "{}", on(today, 14).1);
    assert!(on(today, 19).1.contains("knows no dates"), "an unknown version is said to be unknown");
    let unread = with_database(|database| database.version = None);
    assert_eq!(unread.grade("postgres-version"), ATTENTION);
    let command = with_database(|database| database.version = Some(15)).command("postgres-version");
    assert_eq!(command, "hcops plan version-upgrade -a acme-crm --to 18");
}

#[test]
fn a_version_of_the_salesforce_api_is_graded_by_what_salesforce_has_announced() {
    let on = |day: &str, version: Value| {
        let mut facts = with_connection(connection(&json!({ "sf_info": { "api_version": version } })));
        facts.checkup.at = at(day);
        facts.of("salesforce-api-version").map(|finding| (Some(finding.grade), finding.saw))
    };
    let today = "2026-11-22T01:00:00Z";
    for (day, version, grade, words) in [
        (today, "7.0", BROKEN, "retired with its Summer '22 release"),
        (today, "20.0", BROKEN, "retired with its Summer '22 release"),
        (today, "21.0", BROKEN, "retired with its Summer '25 release"),
        (today, "30.0", BROKEN, "retired with its Summer '25 release"),
        (today, "31.0", NOTE, "Summer '27 release, from May 2027 on, and removes with Summer '28, from May 2028 on"),
        (today, "40", NOTE, "uses version 40 of the Salesforce API"),
        ("2027-03-01T23:59:59Z", "40.0", NOTE, "Summer '27"),
        ("2027-03-02T00:00:00Z", "40.0", ATTENTION, "Summer '27"),
        ("2028-04-30T23:59:59Z", "31.0", ATTENTION, "from May 2028 on"),
        ("2028-05-01T00:00:00Z", "31.0", ATTENTION, "it may be gone any day now"),
        (today, "41.0", OK, "no end of it was announced"),
        (today, "66.0", OK, "no end of it was announced"),
        (today, "70.0", OK, "no end of it was announced"),
    ] {
        let (found, saw) = on(day, json!(version)).unwrap();
        assert_eq!(found, grade, "{day} {version}: {saw}");
        assert!(saw.contains(words) && saw.contains(&format!("version {version} ")), "{day} {version}: {saw}");
        assert_eq!(saw.contains("any day now"), day >= "2028-05-01", "{day} {version}: {saw}");
    }
    assert_eq!(on(today, json!(38.0)).unwrap().0, NOTE, "a number is read as well");
    for unreadable in [json!(null), json!(""), json!("latest"), json!("38.x"), json!("-38.0"), json!("3.0"), json!({})]
    {
        assert_eq!(on(today, unreadable.clone()), None, "nothing is claimed of {unreadable}");
    }
    assert_eq!(facts().of("salesforce-api-version"), None, "nothing is claimed of what is not shown");
}

#[test]
fn an_old_version_of_the_salesforce_api_is_looked_at_and_changed_by_the_plugins_own_command() {
    let old = connection(&json!({ "sf_info": { "api_version": "38.0" } }));
    let mut facts = with_connection(old.clone());
    let command = "heroku connect:manage-sf-api-version -a acme-crm --target-version 66.0";
    assert_eq!(facts.command("salesforce-api-version"), command);
    let remedy = facts.of("salesforce-api-version").unwrap().remedy;
    for words in [
        "changes nothing",
        "`hcops run sync-pause -a acme-crm`",
        "`--confirm acme-crm`",
        "stays PAUSED",
        "`hcops run sync-resume -a acme-crm`",
    ] {
        assert!(remedy.contains(words), "{words}: {remedy}");
    }
    facts.checkup.connections.push(ConnectionCheckup { name: "hc-2".into(), ..old });
    let command = "heroku connect:manage-sf-api-version -a acme-crm --resource hc-1 --target-version 66.0";
    assert_eq!(facts.command("salesforce-api-version"), command, "which of the two is meant");
}

#[test]
fn the_horizon_decides_what_is_soon() {
    let mut facts = with_database(|database| database.version = Some(15));
    facts.horizon.days = 27;
    assert_eq!(facts.grade("postgres-version"), NOTE);
    facts.notices.windows = Some(vec![window(Some("2026-11-24T01:00:00Z"), json!([]))]);
    assert_eq!(facts.grade("maintenance-announced"), ATTENTION);
    facts.horizon.hours = 47;
    assert_eq!(facts.grade("maintenance-announced"), NOTE);
}

#[test]
fn every_state_of_a_connection_has_its_grade() {
    for (state, grade, command) in [
        ("IDLE", OK, ""),
        ("BUSY", OK, ""),
        ("RECOVERY", NOTE, ""),
        ("SYSTEM_ON_ICE", BROKEN, "hcops plan connection-recreate -a acme-crm"),
        ("NEED_AUTHENTICATION", BROKEN, "heroku connect:sf:auth -a acme-crm"),
        ("INACTIVE_ORG", BROKEN, "hcops plan connection-recreate -a acme-crm"),
        ("DB_UNAVAILABLE", BROKEN, "heroku connect:recover -a acme-crm"),
        ("TOO_MANY_ROWS", BROKEN, "heroku connect:info -a acme-crm"),
        ("HIBERNATING", ATTENTION, "heroku connect:info -a acme-crm"),
    ] {
        let facts = with_connection(connection(&json!({ "state": state })));
        assert_eq!((facts.grade("connection-state"), facts.command("connection-state")), (grade, command.to_owned()));
    }
    for (state, grade) in
        [("RELOAD_TABLE", OK), ("SCHEMA_CHANGED", NOTE), ("BAD_CONFIG", BROKEN), ("PONDERING", ATTENTION)]
    {
        assert_eq!(with_connection(mapping(&json!({ "state": state }))).grade("mapping-state"), grade, "{state}");
    }
}

#[test]
fn a_pause_is_told_with_who_since_when_and_why() {
    let mut facts = with_connection(connection(&json!({ "state": "PAUSED" })));
    assert_eq!((facts.grade("connection-paused"), facts.grade("connection-state")), (ATTENTION, None));
    assert!(facts.of("connection-paused").unwrap().saw.contains("no run of this machine"));
    let mut pause = KeptPause {
        run: "run-1".into(),
        by: "ada".into(),
        at: at("2026-11-19T01:00:00Z"),
        reason: "Salesforce is down".into(),
        unfinished: false,
    };
    facts.local.pauses.insert("c-1".into(), pause.clone());
    let saw = facts.of("connection-paused").unwrap().saw;
    assert!(saw.contains("for 3 days") && saw.contains("ada") && saw.contains("Salesforce is down"), "{saw}");
    assert_eq!(facts.command("connection-paused"), "hcops run sync-resume -a acme-crm");
    pause.unfinished = true;
    facts.local.pauses.insert("c-1".into(), pause);
    assert_eq!(facts.command("connection-paused"), "hcops show run-1");
}

#[test]
fn where_the_connection_leads_is_judged() {
    let pointed = |pointer| {
        let mut connection = connection(&json!({}));
        connection.pointer = pointer;
        with_connection(connection).grade("database-pointer")
    };
    let by_hand = Pointer::ByHand { attachment: "DATABASE".into(), addon: "pg-1".into(), addon_id: "id-1".into() };
    assert_eq!((pointed(by_hand), pointed(Pointer::Elsewhere)), (ATTENTION, ATTENTION));
    assert_eq!((pointed(Pointer::NotSet), pointed(Pointer::Unknown)), (BROKEN, None));
    let elsewhere = json!({"database": {"host": "old.example", "database": "d", "port": 5432}});
    assert_eq!(with_connection(connection(&elsewhere)).grade("database-place"), ATTENTION);
    let unknown = json!({ "database": null });
    assert_eq!(with_connection(connection(&unknown)).grade("database-place"), None, "not told is not judged");
}

#[test]
fn what_does_not_reach_salesforce_is_told_with_the_most_frequent_reason() {
    let mut one = connection(&json!({}));
    let error = |id: u32, message: &str| serde_json::from_value(json!({"id": id, "message": message})).unwrap();
    one.write_errors = Some(vec![error(1, "twice"), error(2, "once"), error(3, "twice")]);
    let facts = with_connection(one);
    let saw = facts.of("write-errors").unwrap().saw;
    assert!(saw.contains("3 refused writes") && saw.contains("(2): twice"), "{saw}");
    let counts = |pending, errors| mapping(&json!({"counts": {"db": 1, "pending": pending, "errors": errors}}));
    assert_eq!(with_connection(counts(9_999, 0)).grade("backlog"), OK);
    assert_eq!(with_connection(counts(10_000, 0)).grade("backlog"), ATTENTION);
    assert_eq!(with_connection(counts(0, 1)).grade("failed-rows"), ATTENTION);
    let mut unread = connection(&json!({ "mappings": [] }));
    (unread.write_errors, unread.notifications) = (None, None);
    let unread = with_connection(unread);
    for id in ["write-errors", "failed-rows", "backlog", "notifications"] {
        assert_eq!(unread.grade(id), None, "what was not read is not said to be well: {id}");
    }
}

#[test]
fn the_trigger_log_tells_the_age_of_what_waits() {
    let aged = |seconds: f64, state: &str| {
        let mut one = connection(&json!({ "state": state }));
        one.backlog = serde_json::from_value(json!({"at": 1.0, "open": 4, "failed": 2, "oldest_seconds": seconds,
            "groups": [], "newest_id": 9, "archived_seconds": null}))
        .unwrap();
        with_connection(one)
    };
    assert_eq!(aged(60.0, "IDLE").grade("backlog"), OK);
    assert_eq!(aged(3_600.0, "IDLE").grade("backlog"), ATTENTION);
    assert_eq!(aged(3_600.0, "PAUSED").grade("backlog"), OK, "a paused connection has to let it wait");
    assert_eq!(aged(3_600.0, "POLLING_DB_CHANGES").grade("polling-long"), ATTENTION);
    assert_eq!(aged(60.0, "POLLING_DB_CHANGES").grade("polling-long"), OK);
    assert_eq!(aged(60.0, "IDLE").grade("failed-rows"), ATTENTION);
}

#[test]
fn a_demo_connection_is_judged_by_its_limits() {
    let demo = |rows: u64, newest: &str| {
        let mut one = mapping(&json!({"counts": {"db": rows}, "times": {"db_write": newest}}));
        one.connection.plan = Some("demo".into());
        with_connection(one)
    };
    let fresh = "2026-11-21T22:00:00Z";
    assert_eq!(demo(10, fresh).grade("demo-plan"), NOTE);
    assert_eq!([7_999, 8_000, 10_000].map(|rows| demo(rows, fresh).grade("demo-rows")), [OK, ATTENTION, BROKEN]);
    for (newest, grade, words) in [
        ("2026-11-16T01:00:00Z", OK, "6 days"),
        ("2026-11-15T01:00:00Z", ATTENTION, "hourly"),
        ("2026-11-08T01:00:00Z", ATTENTION, "daily"),
        ("2026-10-22T01:00:00Z", ATTENTION, "pauses"),
    ] {
        let facts = demo(10, newest);
        assert_eq!(facts.grade("demo-idle"), grade, "{newest}");
        assert!(facts.of("demo-idle").unwrap().saw.contains(words), "{newest}");
    }
    assert_eq!(facts().grade("demo-rows"), None, "a paid plan has no such limit");
}

#[test]
fn a_scheduled_upgrade_is_told_to_the_minute_and_with_the_run_that_prepared_it() {
    let upgrade = |scheduled: Option<&str>, under_way, failed| UpgradeCheckup {
        said: "words".into(),
        scheduled_for: scheduled.map(at),
        under_way,
        failed,
        step: None,
    };
    let with = |upgrade| with_database(|database| database.upgrade = Some(upgrade));
    let mut scheduled = with(upgrade(Some("2026-11-24T20:30:00Z"), false, false));
    assert_eq!(scheduled.grade("upgrade-scheduled"), ATTENTION);
    let found = scheduled.of("upgrade-scheduled").unwrap();
    assert!(found.saw.contains("2026-11-24 20:30 UTC, in 2 days 19 hours"), "{found:?}");
    assert_eq!(found.command.as_deref(), Some("heroku pg:upgrade:cancel pg-1 -a acme-crm"));
    scheduled.local.open_runs.push(open_run("version-upgrade"));
    assert_eq!(scheduled.command("upgrade-scheduled"), "hcops resume run-1");
    assert_eq!(with(upgrade(None, true, false)).grade("upgrade-scheduled"), NOTE);
    assert_eq!(with(upgrade(None, false, true)).grade("upgrade-scheduled"), ATTENTION);
    assert_eq!(with(upgrade(None, false, false)).grade("upgrade-scheduled"), OK);
    let unclear = UpgradeCheckup { said: "an upgrade is scheduled for Tuesday".into(), ..upgrade(None, false, false) };
    assert_eq!(with(unclear).grade("upgrade-scheduled"), ATTENTION, "it is not taken for none");
}

fn open_run(procedure: &str) -> OpenRun {
    OpenRun {
        run: "run-1".into(),
        procedure: procedure.into(),
        method: "in-place".into(),
        by: "ada".into(),
        opened_at: at("2026-11-21T01:00:00Z"),
    }
}

#[test]
fn leaders_followers_forks_and_limits_are_judged() {
    let role = |role| with_database(|database| database.role = role).grade("database-role");
    assert_eq!([Role::Leader, Role::Follower].map(role), [OK, BROKEN]);
    let lag = |behind_by: Option<u64>, text: Option<&str>| {
        let follower = FollowerCheckup { name: "pg-2".into(), behind_by, behind_by_text: text.map(str::to_owned) };
        with_database(|database| database.followers.push(follower)).grade("follower-lag")
    };
    assert_eq!(
        [lag(Some(9), None), lag(Some(10_000), None), lag(None, Some("ages")), lag(None, None)],
        [OK, ATTENTION, ATTENTION, None]
    );
    let size = |gigabytes: u64| {
        with_database(|database| database.bytes = Some(gigabytes * 1_000_000_000)).grade("database-size")
    };
    assert_eq!([51, 52, 58, 64].map(size), [OK, NOTE, ATTENTION, BROKEN]);
    let full = with_database(|database| database.bytes = Some(60_000_000_000)).command("database-size");
    assert_eq!(full, "hcops plan plan-change -a acme-crm --plan heroku-postgresql:standard-2");
    let used =
        |text: &str| with_database(|database| database.connections = Some(text.into())).grade("database-connections");
    assert_eq!([used("9/120"), used("110/120"), used("many"), used("0/0")], [OK, ATTENTION, None, OK]);
    let fork = |made: &str| {
        let made = at(made);
        with_database(|database| {
            (database.forked_from, database.created_at) = (Some("old.example:5432/d".into()), Some(made));
        })
        .grade("rolled-back")
    };
    assert_eq!((fork("2026-11-20T00:00:00Z"), fork("2026-01-01T00:00:00Z")), (ATTENTION, NOTE));
    let warned = with_database(|database| database.warning = Some("move soon".into()));
    assert_eq!(warned.grade("database-warning"), ATTENTION);
    let status = |text: &str| with_database(|database| database.status = Some(text.into())).grade("database-status");
    assert_eq!([status("Preparing"), status("Meditating")], [NOTE, ATTENTION]);
}

#[test]
fn maintenance_of_the_database_is_graded_by_how_near_it_is() {
    let planned = |maintenance: Value| {
        with_database(|database| database.maintenance = serde_json::from_value(maintenance).unwrap())
            .grade("database-maintenance")
    };
    assert_eq!(planned(json!({"status": "running"})), ATTENTION);
    assert_eq!(planned(json!({"status": "pending", "scheduled_for": "2026-11-24 20:30:00 +0000"})), ATTENTION);
    assert_eq!(planned(json!({"status": "pending", "scheduled_for": "2026-12-24 20:30:00 +0000"})), NOTE);
    assert_eq!(planned(json!({"status": "ready"})), ATTENTION, "without a time it may be now");
    assert_eq!(planned(json!({"status": "brewing"})), ATTENTION);
    assert_eq!(planned(json!({"status": "completed"})), OK);
}

#[test]
fn other_apps_and_poolers_are_noted() {
    let attached = |app: &str, name: &str, is_pooler| AttachedAs {
        app: app.into(),
        name: name.into(),
        namespace: None,
        is_pooler,
    };
    let facts = with_database(|database| {
        database.attachments = vec![
            attached("acme-crm", "DATABASE", false),
            attached("acme-jobs", "DATABASE", false),
            attached("acme-crm", "POOL", true),
        ];
    });
    assert!(facts.of("other-apps").unwrap().saw.contains("acme-jobs::DATABASE"));
    assert!(facts.of("poolers").unwrap().saw.ends_with("acme-crm::POOL"));
}

#[test]
fn apps_that_were_left_half_way_are_told() {
    let mut facts = facts();
    facts.checkup.apps[0].facts.maintenance = true;
    assert_eq!(facts.grade("maintenance-mode"), ATTENTION);
    assert_eq!(facts.command("maintenance-mode"), "hcops app maintenance-off -a acme-crm");
    facts.local.open_runs.push(open_run("plan-change"));
    assert_eq!((facts.grade("maintenance-mode"), facts.grade("run-unfinished")), (NOTE, ATTENTION));
    assert_eq!(facts.command("run-unfinished"), "hcops resume run-1");
    facts.checkup.apps = vec![app("acme-crm", 0)];
    assert_eq!(facts.grade("formation-zero"), ATTENTION);
    for (status, grade) in [("failed", ATTENTION), ("pending", NOTE), ("expired", OK)] {
        facts.checkup.apps[0].newest_release.as_mut().unwrap().status = status.to_owned();
        assert_eq!(facts.grade("release-failed"), grade, "{status}");
    }
}

#[test]
fn what_is_announced_for_another_part_of_the_world_is_passed_over_and_what_is_unclear_is_not() {
    let told = |window: Window| {
        let mut facts = facts();
        facts.notices.windows = Some(vec![window]);
        facts.grade("maintenance-announced")
    };
    let soon = Some("2026-11-23T01:00:00Z");
    assert_eq!(told(window(soon, json!(["north-america"]))), ATTENTION);
    assert_eq!(told(window(soon, json!([]))), ATTENTION);
    assert_eq!(told(window(soon, json!(["europe"]))), OK);
    assert_eq!(told(window(Some("2026-11-21T01:00:00Z"), json!([]))), OK, "it is over");
    assert_eq!(told(window(Some("2026-12-21T01:00:00Z"), json!([]))), NOTE);
    assert_eq!(told(window(None, json!([]))), ATTENTION, "a person has to read it");
    let stale = Window { announced: Some(at("2026-09-01T00:00:00Z")), ..window(None, json!([])) };
    assert_eq!(told(stale), NOTE);
    let mut unread = facts();
    unread.notices.windows = None;
    assert_eq!(unread.grade("maintenance-announced"), None, "not read is not nothing");
    let mut incident = facts();
    let ongoing = |concerns_data| Ongoing { title: "slow".into(), concerns_data, areas: Areas::everywhere() };
    incident.notices.incidents = vec![ongoing(true)];
    assert_eq!(incident.grade("incident"), ATTENTION);
    incident.notices.incidents = vec![ongoing(false)];
    assert_eq!(incident.grade("incident"), NOTE);
}

#[test]
fn what_only_sql_shows_is_judged_where_it_was_looked_at() {
    let inside = |schemas, objects, hstore: Option<&str>| {
        let hstore_schema = hstore.map(str::to_owned);
        with_database(|database| database.by_sql = Some(Census { schemas, objects, hstore_schema }))
    };
    assert_eq!((facts().grade("hstore-schema"), facts().grade("many-objects")), (None, None));
    let hstore = |schema| inside(2, 70, schema).grade("hstore-schema");
    assert_eq!([Some("public"), Some("heroku_ext"), None].map(hstore), [OK, ATTENTION, ATTENTION]);
    let many = |schemas, objects| inside(schemas, objects, Some("public")).grade("many-objects");
    assert_eq!([many(1_000, 10_000), many(1_001, 9), many(2, 10_001)], [OK, ATTENTION, ATTENTION]);
}

#[test]
fn several_connections_are_named_in_commands_and_the_gravest_comes_first() {
    let mut facts = facts();
    let mut other = connection(&json!({"state": "SYSTEM_ERROR", "id": "c-2"}));
    other.name = "hc-2".into();
    facts.checkup.connections.push(other);
    let judged = facts.judged();
    assert_eq!((judged[0].id, judged[0].grade), ("connection-state", Grade::Broken));
    assert_eq!(judged[0].command.as_deref(), Some("heroku connect:recover -a acme-crm --resource hc-2"));
    assert!(judged.is_sorted_by_key(|finding| std::cmp::Reverse(finding.grade)));
}

#[test]
fn an_app_without_a_connection_is_told_and_what_was_not_seen_is_not_taken_for_none() {
    let mut facts = facts();
    facts.checkup.connections.clear();
    assert_eq!(facts.grade("connection-state"), NOTE);
    facts.checkup.hidden_connections.push("hc-1".into());
    assert_eq!(facts.grade("connection-state"), None);
}
