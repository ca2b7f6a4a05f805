//! The way of a call, over a scripted wire and a clock that jumps.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::{Body, WireFault, WireResponse};
use crate::Clients;
use crate::testing::{JumpingClock, ScriptedWire, TOKEN, answer, clients, header, json_answer, permit};
use hcops_model::{Clock, Fault, FaultKind, Happened};

type Outcome = Result<WireResponse, WireFault>;

fn account() -> WireResponse {
    json_answer(200, &json!({"id": "1", "email": "me@example.com"}))
}

fn app() -> WireResponse {
    json_answer(200, &json!({"id": "1", "name": "acme", "maintenance": true}))
}

fn cut() -> Outcome {
    Err(WireFault::Cut("reset by peer".to_owned()))
}

fn not_sent() -> Outcome {
    Err(WireFault::NotSent("connection refused".to_owned()))
}

fn timed_out() -> Outcome {
    Err(WireFault::TimedOut(Duration::from_secs(60)))
}

struct World {
    wire: Arc<ScriptedWire>,
    clock: Arc<JumpingClock>,
    clients: Clients,
}

fn world(script: impl IntoIterator<Item = Outcome>) -> World {
    let wire = ScriptedWire::new(script);
    let clock = JumpingClock::new();
    let clients = clients(&wire, &clock);
    World { wire, clock, clients }
}

impl World {
    async fn look(&self) -> Result<String, Fault> {
        self.clients.platform.account().await.map(|account| account.email.unwrap_or_default())
    }

    async fn change(&self) -> Result<bool, Fault> {
        let answer = self.clients.platform.set_maintenance(&permit(), "acme", true).await?;
        Ok(answer.value.maintenance)
    }

    fn requests(&self) -> usize {
        self.wire.sent().len()
    }
}

#[tokio::test]
async fn every_request_says_who_asks_and_has_an_id_of_its_own() {
    let world = world([Ok(account()), Ok(account())]);
    world.look().await.unwrap();
    world.look().await.unwrap();
    let sent = world.wire.sent();
    assert_eq!(header(&sent[0], "authorization"), Some("Bearer canary-token"));
    assert_eq!(header(&sent[0], "accept"), Some("application/vnd.heroku+json; version=3"));
    let agent = format!("hcops/{} ({})", env!("CARGO_PKG_VERSION"), std::env::consts::OS);
    assert_eq!(header(&sent[0], "user-agent"), Some(agent.as_str()));
    assert_ne!(header(&sent[0], "request-id"), header(&sent[1], "request-id"));
    assert_eq!(sent[0].body, Body::None);
}

#[tokio::test]
async fn the_servers_request_id_is_kept_else_ours() {
    let theirs = answer(200, &[("request-id", "abc-123")], r#"{"id":"1","email":"x"}"#);
    let world = world([Ok(theirs), Ok(account())]);
    world.look().await.unwrap();
    world.look().await.unwrap();
    let marks = world.clients.take_requests();
    assert_eq!(marks[0].request_id.as_deref(), Some("abc-123"));
    assert_eq!(marks[1].request_id.as_deref(), header(&world.wire.sent()[1], "request-id"));
    assert_eq!(
        (marks[0].method.as_str(), marks[0].target.as_str(), marks[0].status),
        ("GET", "api.heroku.com/account", Some(200))
    );
    assert!(world.clients.take_requests().is_empty());
}

#[tokio::test]
async fn a_look_is_repeated_after_every_sort_of_trouble() {
    let trouble =
        [cut(), timed_out(), not_sent(), Ok(answer(500, &[], "{}")), Ok(answer(502, &[], "<html>bad</html>"))];
    let world = world(trouble.into_iter().chain([Ok(account())]));
    assert_eq!(world.look().await.unwrap(), "me@example.com");
    assert_eq!((world.requests(), world.clients.take_requests().len()), (6, 6));
    assert!(world.clock.passed() >= 15, "{}", world.clock.passed());
}

#[tokio::test]
async fn a_look_is_not_repeated_for_ever() {
    let world = world((0..20).map(|_| cut()));
    let fault = world.look().await.unwrap_err();
    assert_eq!((fault.kind, fault.happened, world.requests()), (FaultKind::Transient, Happened::No, 6));
}

#[tokio::test]
async fn a_change_that_may_have_happened_is_never_repeated() {
    for trouble in [cut(), timed_out(), Ok(answer(500, &[], "{}")), Ok(answer(503, &[], "<html>down</html>"))] {
        let world = world([trouble.clone()]);
        let fault = world.change().await.unwrap_err();
        assert_eq!(
            (fault.kind, fault.happened, world.requests()),
            (FaultKind::Transient, Happened::Unknown, 1),
            "{trouble:?}"
        );
    }
}

#[tokio::test]
async fn a_change_is_sent_once_and_never_waits() {
    let limited = |hint: &str| Ok(answer(429, &[("retry-after", hint)], r#"{"id":"rate_limit"}"#));
    for (trouble, pause) in [(not_sent(), None), (limited("600"), Some(600)), (limited("-1"), Some(30))] {
        let world = world([trouble]);
        let fault = world.change().await.unwrap_err();
        assert_eq!((fault.kind, fault.happened, fault.pause), (FaultKind::Transient, Happened::No, pause));
        assert_eq!((world.requests(), world.clock.passed()), (1, 0));
    }
}

#[tokio::test]
async fn a_look_waits_for_the_rate_limit_by_the_servers_hint() {
    let limited = || Ok(answer(429, &[("retry-after", "7")], r#"{"id":"rate_limit","message":"slow down"}"#));
    let world = world([limited(), limited(), Ok(account())]);
    world.look().await.unwrap();
    assert_eq!((world.requests(), world.clock.passed()), (3, 14));
}

#[tokio::test]
async fn a_look_does_not_wait_for_the_rate_limit_for_ever() {
    let world = world((0..100).map(|_| Ok(answer(429, &[], r#"{"id":"rate_limit"}"#))));
    let fault = world.look().await.unwrap_err();
    assert_eq!(
        (fault.kind, fault.happened, fault.code.as_deref()),
        (FaultKind::Transient, Happened::No, Some("rate_limit"))
    );
    assert!((30..=60).contains(&world.clock.passed()), "{}", world.clock.passed());
    assert_eq!(fault.pause, Some(30), "whoever asked waits on, and tells it");
}

#[tokio::test]
async fn all_looks_of_a_command_wait_together_no_longer_than_it_may() {
    let world = world((0..100).map(|_| Ok(answer(429, &[("retry-after", "9")], "{}"))));
    let clients = world.clients.within(Duration::from_secs(20));
    let mut waited = Vec::new();
    for _ in 0..5 {
        let fault = clients.with_own_log().platform.account().await.unwrap_err();
        waited.push((world.clock.passed(), fault.kind));
    }
    assert!(waited.iter().all(|(passed, _)| *passed <= 20), "{waited:?}");
    assert!(world.requests() < 10, "{}", world.requests());
    world.clients.within(Duration::from_secs(20)).platform.account().await.unwrap_err();
}

#[tokio::test]
async fn an_exchange_of_a_look_is_bounded_by_what_is_left() {
    let world = world([Ok(account()), Ok(account())]);
    world.clients.within(Duration::from_secs(7)).platform.account().await.unwrap();
    world.clients.within(Duration::ZERO).platform.account().await.unwrap_err();
    let timeouts: Vec<u64> = world.wire.sent().iter().map(|request| request.timeout.as_secs()).collect();
    assert_eq!(timeouts, [7]);
}

#[tokio::test]
async fn a_change_does_not_wait_while_few_calls_are_left() {
    let few = answer(200, &[("ratelimit-remaining", "0")], r#"{"id":"1","email":"x"}"#);
    let world = world([Ok(few), Ok(app())]);
    world.look().await.unwrap();
    assert!(world.change().await.unwrap());
    assert_eq!(world.clock.passed(), 0);
}

#[tokio::test]
async fn a_change_that_rests_on_an_old_look_is_not_sent() {
    for (age, sent) in [(0, 1), (60, 1), (61, 0), (14_400, 0)] {
        let world = world([Ok(app())]);
        let permit = permit().resting_on(world.clock.moment());
        world.clock.sleep(Duration::from_secs(age)).await;
        let answered = world.clients.platform.set_maintenance(&permit, "acme", true).await;
        assert_eq!(world.requests(), sent, "{age}");
        if let Err(fault) = answered {
            assert_eq!((fault.kind, fault.happened), (FaultKind::Transient, Happened::No), "{age}");
        }
    }
}

#[tokio::test]
async fn calls_are_spread_when_few_are_left() {
    let few = || Ok(answer(200, &[("ratelimit-remaining", "3")], r#"{"id":"1","email":"x"}"#));
    let world = world([few(), few(), few()]);
    for _ in 0..3 {
        world.look().await.unwrap();
    }
    assert_eq!(world.clock.passed(), 2);
}

#[tokio::test]
async fn a_list_is_read_page_by_page() {
    let page = |next: Option<&str>, name: &str| {
        let body = json!([{"id": name, "name": name, "maintenance": false}]).to_string();
        let headers: Vec<_> = next.map(|next| ("next-range", next)).into_iter().collect();
        Ok(answer(if next.is_some() { 206 } else { 200 }, &headers, &body))
    };
    let world = world([page(Some("name a..; max=1"), "a"), page(Some("name ]b..; max=1"), "b"), page(None, "c")]);
    let names: Vec<String> = world.clients.platform.apps().await.unwrap().into_iter().map(|app| app.name).collect();
    assert_eq!(names, ["a", "b", "c"]);
    let ranges: Vec<_> = world.wire.sent().iter().map(|request| header(request, "range").map(str::to_owned)).collect();
    assert_eq!(ranges, [None, Some("name a..; max=1".to_owned()), Some("name ]b..; max=1".to_owned())]);
}

#[tokio::test]
async fn a_list_without_an_end_is_refused_rather_than_cut() {
    let page = || Ok(answer(206, &[("next-range", "id x..")], "[]"));
    let world = world((0..200).map(|_| page()));
    assert_eq!(world.clients.platform.apps().await.unwrap_err().kind, FaultKind::Unreadable);
    assert_eq!(world.requests(), 100);
}

#[tokio::test]
async fn a_list_of_the_newest_stops_at_the_first_page() {
    let world = world([Ok(answer(206, &[("next-range", "version 1..")], "[]"))]);
    assert!(world.clients.platform.releases("acme", 5).await.unwrap().is_empty());
    assert_eq!(header(&world.wire.sent()[0], "range"), Some("version ..; max=5, order=desc"));
}

fn moved(status: u16, to: &str) -> Outcome {
    Ok(answer(status, &[("location", to)], ""))
}

#[tokio::test]
async fn a_redirect_keeps_the_token_at_the_same_origin_only() {
    let world = world([moved(301, "/v2/account"), moved(307, "https://elsewhere.example/x"), Ok(account())]);
    world.look().await.unwrap();
    let sent = world.wire.sent();
    assert_eq!(sent[1].url.as_str(), "https://api.heroku.com/v2/account");
    assert!(header(&sent[1], "authorization").is_some());
    assert!(header(&sent[2], "authorization").is_none());
}

#[tokio::test]
async fn a_token_that_was_dropped_does_not_come_back() {
    let world =
        world([moved(302, "https://elsewhere.example/x"), moved(302, "https://api.heroku.com/account"), Ok(account())]);
    world.look().await.unwrap();
    assert!(world.wire.sent()[1..].iter().all(|request| header(request, "authorization").is_none()));
}

#[tokio::test]
async fn redirects_lead_neither_out_of_https_nor_round_in_circles() {
    let world = world([moved(302, "http://api.heroku.com/account")]);
    assert_eq!(world.look().await.unwrap_err().kind, FaultKind::Usage);
    assert_eq!(world.requests(), 1);
    let world = self::world((0..50).map(|_| moved(302, "/again")));
    assert_eq!(world.look().await.unwrap_err().kind, FaultKind::Unreadable);
    assert_eq!(world.requests(), 11);
    let world = self::world([Ok(answer(302, &[], ""))]);
    assert_eq!(world.look().await.unwrap_err().kind, FaultKind::Unreadable);
}

/// Cut, doubled or with something in front: what was the beginning of an answer full of secrets stays one.
#[tokio::test]
async fn data_that_was_spoiled_on_its_way_is_not_repeated() {
    let whole = r#"{"RAILS_ENV":"production","SECRET_KEY_BASE":"hunter2"}"#;
    let cut = whole.trim_end_matches('}');
    for body in
        [cut.to_owned(), whole.repeat(2), format!("\u{feff}{cut}"), whole[5..].to_owned(), format!("{whole}<html>")]
    {
        let answering = world([Ok(answer(200, &[], &body))]);
        let fault = answering.look().await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Unreadable, "{body}");
        assert!(!format!("{fault:?}").contains("hunter2") && fault.saw.contains("bytes)"), "{fault:?}");
    }
    let refusing = world([Ok(answer(422, &[], cut))]);
    let fault = refusing.change().await.unwrap_err();
    assert!(!format!("{fault:?}").contains("hunter2"), "{fault:?}");
}

#[tokio::test]
async fn a_redirected_change_is_a_refusal() {
    for (status, happened) in
        [(307, Happened::No), (308, Happened::No), (303, Happened::Unknown), (302, Happened::Unknown)]
    {
        let world = world([moved(status, "/elsewhere")]);
        let fault = world.change().await.unwrap_err();
        assert_eq!((fault.kind, fault.happened, world.requests()), (FaultKind::Refused, happened, 1), "{status}");
    }
}

#[tokio::test]
async fn refusals_carry_the_servers_words_id_and_request() {
    let body = r#"{"id":"invalid_params","message":"Couldn't find\u001b[2J that plan of postgres://u:hunter2@h/d","url":"https://devcenter.heroku.com/x"}"#;
    let world = world([Ok(answer(422, &[("request-id", "r-1")], body))]);
    let fault = world.change().await.unwrap_err();
    assert_eq!((fault.kind, fault.happened), (FaultKind::Refused, Happened::No));
    assert_eq!(fault.code.as_deref(), Some("invalid_params"));
    assert_eq!(
        fault.saw,
        "PATCH api.heroku.com/apps/acme was answered 422 invalid_params: “Couldn't find [2J that plan of \
         postgres://***@h/d”, see https://devcenter.heroku.com/x (request r-1)"
    );
}

#[tokio::test]
async fn each_refusal_has_its_kind_and_its_command() {
    for (status, body, kind, command) in [
        (
            401,
            r#"{"id":"unauthorized","message":"Invalid credentials provided."}"#,
            FaultKind::Unauthorized,
            Some("heroku login"),
        ),
        (403, r#"{"id":"forbidden"}"#, FaultKind::Unauthorized, Some("heroku access")),
        (403, r#"{"id":"two_factor"}"#, FaultKind::Unauthorized, Some("heroku authorizations:create")),
        (404, r#"{"id":"not_found","resource":"app"}"#, FaultKind::NotFound, Some("heroku whoami")),
        (404, "", FaultKind::NotFound, Some("heroku whoami")),
        (410, r#"{"id":"gone"}"#, FaultKind::NotFound, Some("heroku whoami")),
        (423, r#"{"id":"confirmation_required"}"#, FaultKind::Refused, None),
        (400, r#"{"id":"confirmation_required"}"#, FaultKind::Refused, None),
        (409, r#"{"error":"conflict"}"#, FaultKind::Refused, None),
        (402, r#"{"id":"delinquent"}"#, FaultKind::Unauthorized, Some("heroku auth:whoami")),
        (402, "{}", FaultKind::Unauthorized, Some("heroku auth:whoami")),
        (403, r#"{"id":"suspended"}"#, FaultKind::Unauthorized, Some("heroku auth:whoami")),
        (422, r#"{"id":"verification_required"}"#, FaultKind::Unauthorized, Some("heroku auth:whoami")),
    ] {
        let world = world([Ok(answer(status, &[], body))]);
        let fault = world.change().await.unwrap_err();
        assert_eq!(
            (fault.kind, fault.command.as_deref(), fault.happened),
            (kind, command, Happened::No),
            "{status} {body}"
        );
        assert_eq!(world.requests(), 1, "{status}");
    }
}

#[tokio::test]
async fn each_refusal_of_an_account_has_the_remedy_that_fits() {
    for (status, body, words) in [
        (402, r#"{"id":"delinquent","message":"pay"}"#, "dashboard.heroku.com/account/billing"),
        (402, r#"{"message":"Payment required"}"#, "dashboard.heroku.com/account/billing"),
        (403, r#"{"id":"suspended","message":"Your account has been suspended"}"#, "help.heroku.com"),
        (402, r#"{"id":"verification_required","message":"verify"}"#, "heroku.com/verify"),
        (403, r#"{"id":"forbidden","message":"no"}"#, "deploy and operate"),
    ] {
        let fault = world([Ok(answer(status, &[], body))]).change().await.unwrap_err();
        assert!(fault.remedy.contains(words), "{body}: {}", fault.remedy);
    }
    let app = r#"{"id":"two_factor","app":{"name":"acme-crm"}}"#;
    let fault = world([Ok(answer(403, &[], app))]).change().await.unwrap_err();
    let command = fault.command.unwrap();
    for part in ["-X PUT https://api.heroku.com/apps/acme-crm/pre-authorizations", "Heroku-Two-Factor-Code: CODE"] {
        assert!(command.contains(part), "{command}");
    }
    let trap = r#"{"id":"two_factor","app":{"name":"x; rm -rf ~"}}"#;
    let fault = world([Ok(answer(403, &[], trap))]).change().await.unwrap_err();
    assert_eq!(fault.command.as_deref(), Some("heroku authorizations:create"), "no word of a server enters a shell");
}

#[tokio::test]
async fn what_has_to_be_confirmed_is_named() {
    let body = r#"{"id":"confirmation_required","message":"DATABASE is attached"}"#;
    let world = world([Ok(answer(423, &[("x-confirmation-required", "acme-crm")], body))]);
    let fault = world.change().await.unwrap_err();
    assert!(fault.remedy.contains("acme-crm"), "{}", fault.remedy);
}

#[tokio::test]
async fn connects_two_forms_of_error_are_read() {
    let both = [r#"{"message":"not now"}"#, r#"{"error":"not now","syncing_mappings":["Account","Lead"]}"#];
    for (body, expected) in both.into_iter().zip(["“not now”", "“not now (Account, Lead)”"]) {
        let world = world([Ok(answer(409, &[], body))]);
        let fault = world.change().await.unwrap_err();
        assert!(fault.saw.contains(expected), "{}", fault.saw);
    }
}

#[tokio::test]
async fn a_page_in_place_of_an_answer_is_told_apart() {
    let page = "<!DOCTYPE html><html><head><title>Please log in</title></head></html>";
    let world = world([Ok(answer(200, &[("content-type", "text/html")], page))]);
    let fault = world.look().await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Unreadable);
    assert!(fault.saw.contains("“Please log in”"), "{}", fault.saw);
    for status in [401, 403, 404, 422] {
        let world = self::world([Ok(answer(status, &[], page))]);
        assert_eq!(world.look().await.unwrap_err().kind, FaultKind::Unreadable, "{status}");
    }
}

#[tokio::test]
async fn a_change_whose_answer_can_not_be_read_may_have_happened() {
    for body in ["<html>ok</html>", "", "{", r#"{"id":1}"#] {
        let world = world([Ok(answer(200, &[], body))]);
        let fault = world.change().await.unwrap_err();
        assert_eq!((fault.kind, fault.happened), (FaultKind::Unreadable, Happened::Unknown), "{body}");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_told_without_its_values() {
    let body = r#"[{"id":"1","name":"x","maintenance":"postgres://u:hunter2@h/d says \"hi\""}]"#;
    let world = world([Ok(answer(200, &[], body))]);
    let fault = world.clients.platform.apps().await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Unreadable);
    assert!(!fault.saw.contains("hunter2") && fault.saw.contains("expected a boolean"), "{}", fault.saw);
}

#[tokio::test]
async fn an_answer_beyond_all_bounds_is_not_repeated() {
    let world = world([Err(WireFault::TooLarge(5))]);
    assert_eq!(world.look().await.unwrap_err().kind, FaultKind::Unreadable);
    assert_eq!(world.requests(), 1);
}

#[tokio::test]
async fn warnings_are_given_once_each() {
    let warned = |name: &str| Ok(answer(200, &[(name, "old\u{1b}[1m stack")], r#"{"id":"1","email":"x"}"#));
    let world = world([warned("x-heroku-warning"), warned("warning-message")]);
    world.look().await.unwrap();
    assert_eq!(world.clients.take_warnings(), ["old [1m stack"]);
    world.look().await.unwrap();
    assert!(world.clients.take_warnings().is_empty());
}

#[tokio::test]
async fn the_servers_time_is_kept_with_the_answer() {
    let dated =
        answer(200, &[("date", "Sun, 22 Nov 2026 09:28:00 GMT")], r#"{"id":"1","name":"acme","maintenance":true}"#);
    let world = world([Ok(dated)]);
    let answer = world.clients.platform.set_maintenance(&permit(), "acme", true).await.unwrap();
    assert_eq!(answer.server_time, Some("2026-11-22T09:28:00Z".parse().unwrap()));
}

#[tokio::test]
async fn the_token_shows_in_no_fault_and_no_mark() {
    let body = format!(r#"{{"id":"x","message":"bad {TOKEN}"}}"#);
    let outcomes = [Ok(answer(422, &[], &body)), Ok(answer(200, &[], TOKEN)), cut(), Ok(answer(401, &[], "{}"))];
    for outcome in outcomes {
        let world = world([outcome]);
        let fault = world.change().await.unwrap_err();
        let marks = world.clients.take_requests();
        let everything = format!("{fault:?} {marks:?} {:?}", world.clients);
        assert!(!everything.contains(TOKEN), "{everything}");
    }
}

#[tokio::test]
async fn logs_of_their_own_are_kept_apart() {
    let world = world([Ok(account()), Ok(account())]);
    let other = world.clients.with_own_log();
    other.platform.account().await.unwrap();
    world.look().await.unwrap();
    assert_eq!((world.clients.take_requests().len(), other.take_requests().len()), (1, 1));
    let clone = world.clients.clone();
    assert!(clone.take_requests().is_empty());
}
