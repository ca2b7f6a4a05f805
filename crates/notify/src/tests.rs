use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::recipient::Form;
use super::*;
use hcops_heroku::transport::{Body, Wire, WireFault, WireRequest, WireResponse};
use hcops_model::{Entry, Event, Happening, Line, Listener, Plan, Progress, RunId, StepId};

/// A server that answers as it was told to, then with 200, and keeps what it was sent. No network: what is tested here is
/// what is made of its answers.
#[derive(Default)]
struct Server {
    answers: Mutex<Vec<Result<u16, WireFault>>>,
    posted: Mutex<Vec<Value>>,
}

impl Server {
    fn answering(answers: impl IntoIterator<Item = Result<u16, WireFault>>) -> Arc<Self> {
        let mut answers: Vec<_> = answers.into_iter().collect();
        answers.reverse();
        Arc::new(Self { answers: Mutex::new(answers), posted: Mutex::default() })
    }

    fn kinds(&self) -> Vec<String> {
        self.posted.lock().unwrap().iter().map(|posted| posted["kind"].as_str().unwrap().to_owned()).collect()
    }
}

#[async_trait]
impl Wire for Server {
    async fn send(&self, request: WireRequest) -> Result<WireResponse, WireFault> {
        let Body::Json(text) = request.body else { panic!("JSON is posted") };
        self.posted.lock().unwrap().push(serde_json::from_slice(&text).unwrap());
        let status = self.answers.lock().unwrap().pop().unwrap_or(Ok(200))?;
        Ok(WireResponse { status, headers: Vec::new(), body: Vec::new() })
    }
}

const ADDRESS: &str = "https://hooks.example/services/T0/token-in-the-path";

fn plan() -> Plan {
    serde_json::from_value(json!({
        "format": 1, "tool": "0", "made_at": "2026-11-22T01:00:00Z", "procedure": "version-upgrade", "method": "follower",
        "title": "Upgrade <db> & more", "app": "acme-crm", "resource": null, "sources": [], "inputs": {}, "facts": {},
        "noted": {}, "notices": [], "steps": [], "holds": {},
    }))
    .unwrap()
}

fn subject() -> Subject {
    Subject::of(RunId(uuid::Uuid::nil()), &plan(), false)
}

fn notice(kind: NoticeKind) -> Notice {
    subject().notice(kind, Timestamp::UNIX_EPOCH, "It is <done> & dusted.".to_owned())
}

fn told(happening: Happening) -> Event {
    Event { v: 1, run: RunId(uuid::Uuid::nil()), happening }
}

fn waiting(step: &str, overdue: bool) -> Event {
    told(Happening::Progress {
        at: Timestamp::UNIX_EPOCH,
        progress: Progress::Waiting {
            step: StepId::from(step),
            note: "7 commits behind".to_owned(),
            part: None,
            waited: 3_000,
            usual: 1_800,
            limit: 43_200,
            overdue,
        },
    })
}

fn crossed() -> Event {
    let entry =
        Entry::Crossed { step: StepId::from("promote"), name: "db-2".to_owned(), lost: "No way back.".to_owned() };
    let (at, chain) = (Timestamp::UNIX_EPOCH, hcops_model::Digest::of_value(&json!({})));
    told(Happening::Fact(Box::new(Line { seq: 9, at, entry, chain })))
}

async fn herald(server: Arc<Server>, events: &[Event], last: NoticeKind) -> Vec<String> {
    let herald = Herald::new(vec![Recipient::server(ADDRESS).unwrap()], server);
    let mut ear = herald.ear(subject(), &[]);
    events.iter().for_each(|event| ear.hear(event));
    drop(ear);
    herald.finish(Some(notice(last))).await
}

#[tokio::test]
async fn a_wait_is_told_once_and_only_when_it_takes_longer_than_usual() {
    let server = Server::answering([]);
    let events =
        [waiting("catch-up", false), waiting("catch-up", true), waiting("catch-up", true), waiting("upgrade", true)];
    assert_eq!(herald(server.clone(), &events, NoticeKind::Done).await, Vec::<String>::new());
    assert_eq!(server.kinds(), ["overdue", "overdue", "done"]);
    let text = server.posted.lock().unwrap()[0]["text"].as_str().unwrap().to_owned();
    assert_eq!(
        text,
        "Takes longer than usual: catch-up. 7 commits behind. 50 min so far, usually 30 min; after 720 min a person is \
         asked."
    );
}

#[tokio::test]
async fn the_point_of_no_return_is_told_with_what_is_lost() {
    let server = Server::answering([]);
    herald(server.clone(), &[crossed()], NoticeKind::Done).await;
    let posted = server.posted.lock().unwrap()[0].clone();
    assert_eq!((&posted["kind"], &posted["step"]), (&json!("crossed"), &json!("promote")));
    assert!(posted["text"].as_str().unwrap().contains("No way back."), "{posted}");
}

#[tokio::test]
async fn a_server_that_could_not_take_it_is_tried_once_more() {
    let unsent = || Err(WireFault::NotSent("connection refused".to_owned()));
    for first in [Ok(503), unsent()] {
        let server = Server::answering([first]);
        assert_eq!(herald(server.clone(), &[], NoticeKind::Done).await, Vec::<String>::new());
        assert_eq!(server.posted.lock().unwrap().len(), 2);
    }
    let gone = Server::answering([unsent(), unsent()]);
    let complaints = herald(gone, &[], NoticeKind::Done).await;
    assert!(complaints[0].starts_with("hooks.example was not told `done`: "), "{complaints:?}");
    assert!(!complaints[0].contains("token-in-the-path"), "{complaints:?}");
}

#[tokio::test]
async fn what_may_have_arrived_and_what_is_refused_is_not_sent_again() {
    for answer in [Ok(404), Err(WireFault::Cut("reset".to_owned()))] {
        let server = Server::answering([answer]);
        assert_eq!(herald(server.clone(), &[], NoticeKind::Failed).await.len(), 1);
        assert_eq!(server.posted.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_queue_that_nobody_empties_holds_up_nothing() {
    let (to, from) = tokio::sync::mpsc::channel(1);
    let mut ear = Ear::new(subject(), &[], to);
    for step in ["a", "b", "c"] {
        ear.hear(&waiting(step, true));
    }
    drop(from);
    ear.hear(&waiting("d", true));
}

#[tokio::test]
async fn a_command_reads_the_notice_and_its_failure_is_said_in_its_own_words() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("told");
    let shell = format!("cat > '{}'; echo \"$HCOPS_EVENT\" >> '{}'", file.display(), file.display());
    command::run(&shell, "done", "{\"kind\":\"done\"}").await.unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "{\"kind\":\"done\"}done\n");
    let why = command::run("echo first >&2; echo the last word >&2; exit 3", "done", "{}").await.unwrap_err();
    assert!(why.contains('3') && why.ends_with("the last word"), "{why}");
    command::run("exec 0<&-; true", "done", &"x".repeat(1 << 20)).await.unwrap();
}

#[test]
fn what_came_from_elsewhere_makes_no_links_in_slack() {
    let text = slack::message(&notice(NoticeKind::Done))["text"].as_str().unwrap().to_owned();
    assert!(text.contains("*done* Upgrade &lt;db&gt; &amp; more\nIt is &lt;done&gt; &amp; dusted.\n"), "{text}");
}

#[test]
fn addresses_say_their_form_and_never_go_in_the_clear() {
    let form = |address: &str| match Recipient::server(address) {
        Ok(Recipient::Server { form, .. }) => Ok(form),
        Ok(Recipient::Command(_)) => panic!("an address is no command"),
        Err(bad) => Err(bad),
    };
    for (address, expected) in [
        ("https://hooks.slack.com/services/T/B/x", Ok(Form::Slack)),
        ("https://hooks.example/x", Ok(Form::Notice)),
        ("slack+https://chat.example/x", Ok(Form::Slack)),
        ("json+https://hooks.slack.com/x", Ok(Form::Notice)),
        ("http://127.0.0.1:80/x", Ok(Form::Notice)),
        ("http://hooks.example/x", Err(BadRecipient::InTheClear)),
        ("ftp://hooks.example/x", Err(BadRecipient::NoAddress)),
        ("hooks.example/x", Err(BadRecipient::NoAddress)),
    ] {
        assert_eq!(form(address), expected, "{address}");
    }
}
