//! Announced maintenance: shown, judged for a run, ridden out.

use serde_json::{Value, json};

use super::house::House;
use super::pausing::reviewed;
use super::simulated::Simulator;

#[test]
fn windows_say_whether_a_run_is_safe_to_start() {
    let simulator = Simulator::start("announced-maintenance");
    let house = simulator.house();
    let now = house.hcops(&["windows"]);
    assert_eq!(now.exit, 11, "it begins in ten minutes: {now}");
    for words in ["OVERLAPS", "2026-11-22 01:10:00 UTC to", "2026-11-22 01:25:00 UTC", "(trust)", "(status)"] {
        assert!(now.stdout.split_whitespace().collect::<Vec<_>>().join(" ").contains(words), "{words}: {now}");
    }
    let later = house.hcops(&["windows", "--at", "2026-11-22T01:25:00Z", "--hours", "8"]);
    assert_eq!(later.exit, 0, "{later}");
    let told = house.hcops(&["windows", "--json"]);
    let lines: Vec<Value> = told.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), &lines[2]["kind"], &lines[2]["safe"]), (3, &"windows".into(), &false.into()), "{told}");
    assert!(lines[..2].iter().all(|line| line["overlaps"] == true), "{told}");
    let calm = Simulator::start("standard").house().hcops(&["windows"]);
    assert_eq!(calm.exit, 0, "{calm}");
}

#[test]
fn what_is_announced_for_another_part_of_the_world_is_not_in_the_way() {
    let simulator = Simulator::start("announced-maintenance");
    let house = simulator.house();
    for (choice, exit) in [
        (["--region", "eu"], 0),
        (["--region", "frankfurt"], 0),
        (["--region", "us"], 11),
        (["--region", "atlantis"], 11),
        (["-a", "acme-crm"], 11),
    ] {
        let told = house.hcops(&[&["windows"], &choice[..]].concat());
        assert_eq!(told.exit, exit, "{choice:?}: {told}");
        assert_eq!(told.stdout.contains("elsewhere"), exit == 0, "what is passed over is told: {told}");
    }
    let both = house.hcops(&["windows", "-a", "acme-crm", "--region", "us"]);
    assert_eq!(both.exit, 2, "{both}");
}

#[test]
fn windows_are_told_in_local_time_and_utc() {
    let simulator = Simulator::start("announced-maintenance");
    let told = simulator.house().with("TZ", "Asia/Tokyo").hcops(&["windows"]);
    let words = told.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("2026-11-22 10:10:00 JST (2026-11-22 01:10:00 UTC)"), "{told}");
}

#[test]
fn a_time_or_a_span_that_makes_no_sense_is_refused() {
    for arguments in [["windows", "--at", "tomorrow"], ["windows", "--hours", "0"]] {
        assert_eq!(House::new().hcops(&arguments).exit, 2, "{arguments:?}");
    }
}

#[test]
fn a_window_is_waited_through_and_sync_is_seen_whole_afterwards() {
    let simulator = Simulator::start("announced-maintenance");
    let told = reviewed(&simulator.house(), &["connect-maintenance"], &["--output", "json"]);
    assert_eq!(told.exit, 0, "{told}");
    let lines = told.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let settled: Vec<Value> = lines.into_iter().filter(|line| line["kind"] == "settled").collect();
    let at = |step: &str| settled.iter().find(|line| line["step"] == step).unwrap()["at"].as_str().unwrap().to_owned();
    assert!(at("wait").as_str() >= "2026-11-22T01:25:00Z" && at("drained") > at("wait"), "{told}");
    let calm = House::new().hcops(&["rehearse", "connect-maintenance", "--non-interactive"]);
    assert_eq!(calm.exit, 0, "with nothing announced it only checks: {calm}");
}

#[test]
fn a_plan_is_changed_with_both_prices_and_no_connect_step() {
    let simulator = Simulator::start("standard");
    let house = simulator.house();
    let change = ["plan-change", "--plan", "heroku-postgresql:standard-2"];
    let planned = house.hcops(&[&["plan", "-a", "acme-crm"], &change[..]].concat());
    let shown = planned.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains("$50.00 a month before, $200.00 after"), "{planned}");
    let told = reviewed(&house, &change, &["--confirm", "postgresql-flat-11007"]);
    assert_eq!(told.exit, 0, "{told}");
    assert!(told.stderr.contains("hcops resume"), "nobody has to stay attached: {told}");
    let again = house.hcops(&[&["plan", "-a", "acme-crm"], &change[..]].concat());
    assert_eq!(again.exit, 11, "{again}");
}

#[test]
fn a_plan_that_cannot_be_reached_is_refused_with_the_way_that_leads_there() {
    let refused = |scenario: &str, plan: &str| {
        House::new().hcops(&["rehearse", "plan-change", "--scenario", scenario, "--plan", plan, "--non-interactive"])
    };
    for (scenario, plan, words) in [
        ("essential", "heroku-postgresql:standard-0", "essential-copy"),
        ("essential", "heroku-postgresql:essential-0", "holds 2 GB"),
        ("standard", "heroku-postgresql:essential-2", "cannot be changed to an Essential plan"),
        ("standard", "heroku-postgresql:standard-0", "already"),
        ("standard", "heroku-postgresql:gigantic-1", "gigantic-1"),
    ] {
        let told = refused(scenario, plan);
        assert_eq!(told.exit, 11, "{scenario} {plan}: {told}");
        assert!(told.stderr.split_whitespace().collect::<Vec<_>>().join(" ").contains(words), "{words}: {told}");
    }
}

/// A server with the status sites' answers alone.
fn sites(maintenances: &Value, scheduled: &Value) -> House {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let planned = maintenances.to_string();
    let current = json!({ "status": [], "incidents": [], "scheduled": scheduled }).to_string();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().take(20).flatten() {
            let mut request = [0_u8; 8192];
            let count = stream.read(&mut request).unwrap_or(0);
            let text = String::from_utf8_lossy(&request[..count]).into_owned();
            let (status, body) = match () {
                () if text.contains("/maintenances") => ("200 OK", planned.as_str()),
                () if text.contains("/current-status") => ("200 OK", current.as_str()),
                () => ("404 Not Found", "{}"),
            };
            let length = body.len();
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    House::new().with("HEROKU_HOST", &origin).with("HEROKU_API_KEY", "simulated")
}

const FROM: &str = "2030-12-03T22:00:00Z";

fn asked(house: &House) -> super::house::Told {
    house.hcops(&["windows", "--at", FROM, "--hours", "3"])
}

#[test]
fn maintenance_of_whatever_a_procedure_needs_counts_and_that_of_the_dashboard_does_not() {
    for (services, exit) in [
        (json!(["HerokuApps"]), 11),
        (json!(["Apps"]), 11),
        (json!(["PlatformAPI"]), 11),
        (json!(["HerokuData"]), 11),
        (json!(["Tools"]), 11),
        (json!(["SomethingNew", "Dashboard"]), 11),
        (json!([]), 11),
        (json!(["Dashboard"]), 0),
        (json!(["CLI", "Dashboard"]), 0),
    ] {
        let maintenance = json!([{
            "id": 1, "name": "Scaling is unavailable", "instanceKeys": ["Heroku North America"], "serviceKeys": services,
            "plannedStartTime": "2030-12-03T23:00:00Z", "plannedEndTime": "2030-12-04T03:00:00Z",
        }]);
        let told = asked(&sites(&maintenance, &json!([])));
        assert_eq!(told.exit, exit, "{services}: {told}");
        let words = told.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("Scaling is unavailable"), "what is announced is told: {told}");
        assert!(!told.stdout.contains("Nothing is announced."), "{told}");
    }
}

#[test]
fn a_maintenance_that_runs_over_is_in_the_way_and_one_that_is_over_or_cancelled_is_not() {
    let planned = |starts: &str, ends: &str, more: Value| {
        let mut one = json!({ "id": 1, "name": "Apps", "serviceKeys": ["Apps"], "plannedStartTime": starts, "plannedEndTime": ends });
        one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([one])
    };
    let now: jiff::Timestamp = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .map(|since| jiff::Timestamp::new(i64::try_from(since.as_secs()).unwrap(), 0).unwrap())
        .unwrap();
    let at = |minutes: i64| (now + jiff::SignedDuration::from_mins(minutes)).to_string();
    let status = |word: &str| json!({ "message": { "eventStatus": word } });
    for (starts, ends, more, exit) in [
        (-240, -60, status("In Progress"), 11),
        (-240, -60, json!({ "MaintenanceEvents": [{ "type": "started", "createdAt": at(-240) }] }), 11),
        (-240, -60, status("Completed"), 0),
        (-240, -60, json!({}), 0),
        (-60, 120, status("In Progress"), 11),
        (-60, 120, status("Completed"), 0),
        (30, 120, status("Canceled"), 0),
        (30, 120, status("Scheduled"), 11),
        (
            30,
            120,
            json!({ "MaintenanceEvents": [
            { "type": "canceled", "createdAt": at(-5) }, { "type": "scheduled", "createdAt": at(-500) }] }),
            0,
        ),
    ] {
        let house = sites(&planned(&at(starts), &at(ends), more.clone()), &json!([]));
        let told = house.hcops(&["windows", "--hours", "2"]);
        assert_eq!(told.exit, exit, "{starts} {ends} {more}: {told}");
    }
}

#[test]
fn times_in_prose_are_read_in_their_zone_or_left_to_a_person() {
    let notice = |texts: &[&str]| {
        let updates: Vec<Value> =
            texts.iter().map(|text| json!({ "update_type": "scheduled", "contents": text })).collect();
        json!([{
            "id": 1, "title": "Heroku Platform Maintenance", "state": "upcoming", "created_at": "2030-11-25T00:00:00Z",
            "systems": [{ "name": "Apps", "status": "green" }], "updates": updates,
        }])
    };
    for (texts, exit) in [
        (&["It begins December 3, 2030, 3:30 PM PST (23:30 UTC)"][..], 11),
        (&["It begins December 3, 2030, 11:30 PM PST (07:30 UTC)"], 0),
        (&["It begins December 3, 2030, 3:30 PM PST (03:30 UTC)"], 11),
        (&["It begins December 3, 2030, 3:30 PM PT"], 11),
        (&["It begins December 3, 2030 at 17:00 UTC for 6 hours"], 11),
        (&["It begins December 3, 2030 at 17:00 UTC for 2 hours"], 0),
        (&["Its new date follows: it was postponed", "December 9, 2030 at 17:00 UTC"], 11),
        (&["Tomorrow at 10:00 UTC", "December 9, 2030 at 17:00 UTC"], 11),
        (&["The maintenance has been cancelled.", "December 3, 2030 at 23:00 UTC"], 0),
        (&["December 3, 2030 at 23:00 UTC"], 11),
    ] {
        let told = asked(&sites(&json!([]), &notice(texts)));
        assert_eq!(told.exit, exit, "{texts:?}: {told}");
    }
}
