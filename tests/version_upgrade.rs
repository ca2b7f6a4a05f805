//! The built-in runbook, from the survey to its end and back again, against a simulated Heroku.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use hcops_actions::{Registry, registry};
use hcops_engine::drive::turn_back;
use hcops_engine::{Drive, Ended, Stop, drive};
use hcops_heroku::{Clients, Origins};
use hcops_journal::{MemoryJournal, RunState};
use hcops_model::{
    Actions, Choice, Clock, Entry, Event, Exit, FORMAT, Journal, Listener, Person, Prior, Question, QuestionKind,
    Reply, RunId, Secret, Seen,
};
use hcops_runbook::{find, plan};
use hcops_simulator::world::{AddonOrder, App, AttachmentOrder, Behaviour, Process};
use hcops_simulator::{ClockMode, DatabasesWanted, Drift, Fault, FaultRule, Simulator};
use hcops_survey::{Target, survey};

/// The control plane alone has no databases to be looked into.
const WITHOUT_SERVERS: [(&str, &str); 1] = [("compare", "none")];

/// A simulated Heroku, and a run of the version upgrade against it.
struct Rehearsal {
    simulator: Simulator,
    clock: Arc<dyn Clock>,
    actions: Registry,
    journal: MemoryJournal,
    run: RunId,
}

impl Rehearsal {
    async fn open(scenario: &str, app: &str, inputs: &[(&str, &str)]) -> Self {
        let simulator = Simulator::from_scenario(scenario, ClockMode::Paused, 7).expect("a scenario");
        let inputs: Vec<_> = WITHOUT_SERVERS.iter().chain(inputs).copied().collect();
        Self::over(simulator, "follower", scenario, app, &inputs).await
    }

    /// The same by a copy.
    async fn by_copy(scenario: &str, inputs: &[(&str, &str)]) -> Self {
        let simulator = Simulator::from_scenario(scenario, ClockMode::Paused, 7).expect("a scenario");
        let inputs: Vec<_> = WITHOUT_SERVERS.iter().chain(inputs).copied().collect();
        Self::over(simulator, "copy", scenario, "acme-crm", &inputs).await
    }

    /// The standard scenario with real servers under its databases and every check by SQL; nothing, with the reason printed,
    /// where none are installed.
    async fn on_servers() -> Option<Self> {
        Self::on_servers_with(&[("to", "17")]).await
    }

    async fn on_servers_with(inputs: &[(&str, &str)]) -> Option<Self> {
        let wanted = DatabasesWanted::of(hcops_testing::installations(&[16, 17])?);
        let simulator = Simulator::from_scenario("standard", ClockMode::Paused, 7).expect("a scenario");
        simulator.with_databases(wanted).expect("servers");
        Some(Self::over(simulator, "follower", "standard", "acme-crm", inputs).await)
    }

    async fn over(simulator: Simulator, method: &str, scenario: &str, app: &str, inputs: &[(&str, &str)]) -> Self {
        Self::of(simulator, ("version-upgrade", method), scenario, app, inputs).await
    }

    /// Any procedure by any of its methods.
    async fn of(
        simulator: Simulator,
        (procedure, method): (&str, &str),
        scenario: &str,
        app: &str,
        inputs: &[(&str, &str)],
    ) -> Self {
        let clock: Arc<dyn Clock> = simulator.clock();
        let origins = Origins::all_at("http://127.0.0.1:5999").expect("an origin");
        let clients = Clients::new(simulator.wire(), origins, Secret::new("token"), Arc::clone(&clock));
        let target = Target { app: app.to_owned(), resource: None };
        let found = survey(&clients, clock.as_ref(), &target).await.expect("a survey");
        let actions = registry(clients, Arc::clone(&clock));
        let book = find(procedure, Some(method)).unwrap_or_else(|problems| panic!("{problems}"));
        let given: BTreeMap<String, String> =
            inputs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let plan = plan(&book, &given, &found.facts, &found.noted, found.notices, &actions, "test", clock.now())
            .unwrap_or_else(|problems| panic!("{problems}"));
        let run = RunId(uuid::Uuid::nil());
        let mut journal = MemoryJournal::new();
        let opened = Entry::Opened {
            format: FORMAT,
            run,
            tool: "test".to_owned(),
            by: "ops".to_owned(),
            digest: plan.digest(),
            plan: Box::new(plan),
            origin: scenario.to_owned(),
        };
        journal.append(clock.now(), opened).expect("an open journal");
        Self { simulator, clock, actions, journal, run }
    }

    /// Goes on until the run ends, or the person is not there for a question.
    async fn go_on(&mut self, mut person: Willing) -> Ended {
        let (stop, mut listener) = (Stop::new(), Deaf);
        drive(self.parts(&mut person, &mut listener, &stop)).await.expect("a journal that works")
    }

    async fn turn_back(&mut self) -> Ended {
        let (stop, mut listener, mut person) = (Stop::new(), Deaf, Willing::ALWAYS);
        let ended = turn_back(self.parts(&mut person, &mut listener, &stop)).await.expect("a journal that works");
        ended.unwrap_or_else(|refusal| panic!("{refusal:?}"))
    }

    fn parts<'a>(&'a mut self, person: &'a mut Willing, listener: &'a mut Deaf, stop: &'a Stop) -> Drive<'a> {
        let clock = self.clock.as_ref();
        Drive { journal: &mut self.journal, actions: &self.actions, clock, person, listener, stop, run: self.run }
    }

    /// What a step put out when it settled.
    fn output(&self, id: &str) -> Option<&Value> {
        self.journal.lines().iter().rev().find_map(|line| match &line.entry {
            Entry::Settled { step, output, .. } if step.as_str() == id => Some(output),
            _ => None,
        })
    }

    fn settled_at(&self, id: &str) -> Option<jiff::Timestamp> {
        let mut lines = self.journal.lines().iter();
        lines.find(|line| matches!(&line.entry, Entry::Settled { step, .. } if step.as_str() == id)).map(|line| line.at)
    }

    fn is_crossed(&self) -> bool {
        self.journal.lines().iter().any(|line| matches!(line.entry, Entry::Crossed { .. }))
    }

    /// Lets somebody outside Heroku write to the old database, or ends it.
    fn let_outsider_write(&self, writes: bool) {
        self.simulator.change(|world| {
            let writers = &mut world.databases[0].outside_writers;
            if writes { writers.insert("etl-nightly".to_owned(), 7) } else { writers.remove("etl-nightly") }
        });
        self.simulator.advance(30);
    }

    /// The app gets a release phase after it was planned.
    fn with_a_release_phase(&self) {
        self.simulator.change(|world| {
            let app = world.apps.iter_mut().find(|app| app.name == "acme-crm").expect("an app");
            let mut release = app.formation[0].clone();
            release.id = "release-process".to_owned();
            release.kind = "release".to_owned();
            release.quantity = 0;
            app.formation.push(release);
        });
    }

    /// Somebody attaches the database anew under a name that it has.
    fn attach_anew(&self, name: &str) {
        self.simulator.change(|world| {
            let attachment = world.attachment_on("acme-crm", name).expect("an attachment").clone();
            let order = AttachmentOrder {
                addon: attachment.addon,
                app: attachment.app.clone(),
                name: Some(attachment.name),
                namespace: attachment.namespace,
                confirm: Some(attachment.app),
            };
            world.attach(&order).expect("an attachment");
        });
        self.simulator.advance(600);
    }

    fn assert_every_variable_leads_to_the_new_database(&self) {
        let world = self.simulator.world();
        let new = world.databases.iter().find(|database| database.unfollowed.is_some()).expect("a new database");
        for (app, variable) in
            [("acme-crm", "DATABASE_URL"), ("acme-crm", "DATABASE_CONNECTION_POOL_URL"), ("acme-jobs", "DATABASE_URL")]
        {
            let behind = world.database_behind(app, variable).map(|database| &database.addon);
            assert_eq!(behind, Some(&new.addon), "{variable} of {app}");
        }
    }

    fn essence(&self) -> Value {
        self.simulator.world().essence()
    }
}

/// Agrees to everything, except when they are not there.
#[derive(Clone, Copy)]
struct Willing {
    attests: bool,
    crosses: bool,
    /// Steps whose ids begin so are skipped.
    skips: Option<&'static str>,
}

impl Willing {
    fn skips(&self, question: &Question) -> bool {
        let step = question.step.as_ref().map_or("", |step| step.as_str());
        self.skips.is_some_and(|begins| step.starts_with(begins))
    }

    const ALWAYS: Self = Self { attests: true, crosses: true, skips: None };
}

#[async_trait]
impl Person for Willing {
    fn name(&self) -> String {
        "ops".to_owned()
    }

    async fn ask(&mut self, question: &Question) -> Reply {
        let answer = match &question.sort {
            QuestionKind::Approve { digest } => digest.clone(),
            QuestionKind::Cross { name, .. } if self.crosses => name.clone(),
            QuestionKind::Attest { .. } if question.in_words => "ann, who gets all of them".to_owned(),
            QuestionKind::Attest { .. } if self.attests => "yes".to_owned(),
            QuestionKind::Decide { choices } => choices[0].answer.clone(),
            QuestionKind::Gate { .. } => "now".to_owned(),
            QuestionKind::Cross { ahead: true, .. } => "there".to_owned(),
            QuestionKind::Trouble { choices } if choices.contains(&Choice::Skip) && self.skips(question) => {
                return Reply::Chose { choice: Choice::Skip, reason: Some("its users can wait".to_owned()) };
            }
            _ => return Reply::NobodyThere,
        };
        Reply::Said { answer, how: "rehearsal".to_owned() }
    }
}

struct Deaf;

impl Listener for Deaf {
    fn hear(&mut self, _event: &Event) {}
}

/// The database that an app's attachment leads to.
fn leads_to(essence: &Value, app: &str, attachment: &str) -> Option<String> {
    let apps = essence["apps"].as_array()?;
    let attachments = apps.iter().find(|each| each["name"] == app)?["attachments"].as_array()?;
    Some(attachments.iter().find(|each| each[0] == attachment)?[1].as_str()?.to_owned())
}

#[tokio::test]
async fn the_standard_upgrade_ends_on_the_new_database_with_everything_as_before() {
    let mut rehearsal = Rehearsal::open("standard", "acme-crm", &[("to", "17")]).await;
    let before = rehearsal.essence();
    let ended = rehearsal.go_on(Willing::ALWAYS).await;
    assert_eq!(ended.exit, Exit::Done, "{ended:?}");
    let after = rehearsal.essence();
    let old = leads_to(&before, "acme-crm", "DATABASE");
    let new = leads_to(&after, "acme-crm", "DATABASE");
    assert!(new.is_some() && new != old, "{new:?}");
    for (app, attachment) in [("acme-jobs", "DATABASE"), ("acme-crm", "DATABASE_CONNECTION_POOL")] {
        assert_eq!(leads_to(&after, app, attachment), new, "{attachment} of {app}");
    }
    for (was, is) in before["apps"].as_array().unwrap().iter().zip(after["apps"].as_array().unwrap()) {
        assert_eq!((&was["formation"], &was["maintenance"]), (&is["formation"], &is["maintenance"]));
    }
}

/// Who has written to a database since, and by how much.
fn written_to(rehearsal: &Rehearsal, database: &str) -> BTreeMap<String, u64> {
    let world = rehearsal.simulator.world();
    let found = world.database(database).expect("a database");
    found.writes.iter().map(|(writer, writes)| (writer.clone(), writes.commits)).collect()
}

const OLD: &str = "postgresql-flat-11007";

#[tokio::test]
async fn an_app_with_a_credential_of_its_own_goes_with_the_others() {
    let mut rehearsal = Rehearsal::open("credentials", "acme-crm", &[("to", "17")]).await;
    let ended = rehearsal.go_on(Willing::ALWAYS).await;
    assert_eq!(ended.exit, Exit::Done, "{ended:?}");
    let after = rehearsal.essence();
    let new = leads_to(&after, "acme-crm", "DATABASE");
    for attachment in ["REPORTS_DB", "REPORTS_DB_POOL"] {
        assert_eq!(leads_to(&after, "acme-reports", attachment), new, "{attachment}");
    }
    let world = rehearsal.simulator.world();
    let namespaces: Vec<_> =
        world.attachments.iter().filter(|one| one.app == "acme-reports").map(|one| one.namespace.as_deref()).collect();
    assert_eq!(namespaces, [Some("credential:reports"), Some("connection-pooling:reports")]);
    let before = written_to(&rehearsal, OLD);
    rehearsal.simulator.advance(600);
    assert_eq!(written_to(&rehearsal, OLD), before, "nobody writes to the old database any more");
}

#[tokio::test]
async fn a_copy_asks_for_the_credential_before_anything_is_silenced_and_then_moves_its_app() {
    let inputs = [("to", "17"), ("new_name", "fresh-pg"), ("leave_credentials", "reports")];
    let mut rehearsal = Rehearsal::by_copy("credentials", &inputs).await;
    let blocked = rehearsal.go_on(Willing::ALWAYS).await;
    assert_eq!(blocked.exit, Exit::Blocked, "{blocked:?}");
    let said = format!("{blocked:?}");
    assert!(said.contains("heroku pg:credentials:create fresh-pg --name reports -a acme-crm"), "{said}");
    assert!(rehearsal.simulator.world().apps.iter().all(|app| !app.maintenance), "nothing is off yet");
    rehearsal.simulator.change(|world| world.create_credential("fresh-pg", "reports")).expect("a credential");
    let ended = rehearsal.go_on(Willing::ALWAYS).await;
    assert_eq!(ended.exit, Exit::Done, "{ended:?}");
    assert_eq!(leads_to(&rehearsal.essence(), "acme-reports", "REPORTS_DB").as_deref(), Some("fresh-pg"));
}

#[tokio::test]
async fn an_app_whose_credential_is_missing_in_the_copy_stays_silent_and_the_run_is_not_done() {
    let inputs = [("to", "17"), ("new_name", "fresh-pg"), ("leave_credentials", "reports")];
    let mut rehearsal = Rehearsal::by_copy("credentials", &inputs).await;
    let skips = Willing { skips: Some("credential"), ..Willing::ALWAYS };
    let waiting = rehearsal.go_on(skips).await;
    assert_eq!(waiting.exit, Exit::Blocked, "{waiting:?}");
    let said = format!("{waiting:?}");
    assert!(said.contains("addons:attach fresh-pg --credential reports --as REPORTS_DB -a acme-reports"), "{said}");
    let world = rehearsal.simulator.world();
    let silent = |name: &str| world.app(name).map(|app| app.writes_per_second() == 0).expect("an app");
    assert!(silent("acme-reports") && !silent("acme-crm") && !silent("acme-jobs"), "the others are back");
    let before = written_to(&rehearsal, OLD);
    rehearsal.simulator.advance(600);
    assert_eq!(written_to(&rehearsal, OLD), before, "nobody writes to the old database");
    rehearsal.simulator.change(|world| {
        world.create_credential("fresh-pg", "reports").expect("a credential");
        for (name, kind) in [("REPORTS_DB", "credential"), ("REPORTS_DB_POOL", "connection-pooling")] {
            let order = AttachmentOrder {
                addon: "fresh-pg".to_owned(),
                app: "acme-reports".to_owned(),
                name: Some(name.to_owned()),
                namespace: Some(format!("{kind}:reports")),
                confirm: Some("acme-reports".to_owned()),
            };
            world.attach(&order).expect("attached");
        }
    });
    let ended = rehearsal.go_on(Willing::ALWAYS).await;
    assert_eq!(ended.exit, Exit::Done, "{ended:?}");
    assert!(!rehearsal.simulator.world().app("acme-reports").expect("an app").maintenance);
}

/// What somebody does to the world while a follower is made.
fn scaled(rehearsal: &Rehearsal, app: &str, kind: &str) -> u64 {
    let world = rehearsal.simulator.world();
    let app = world.app(app).expect("an app");
    app.formation.iter().find(|process| process.kind == kind).expect("a process type").quantity
}

/// The formation changes between the plan and the silence: one type grows, and a deploy adds another one.
fn change_formations(rehearsal: &Rehearsal) {
    rehearsal.simulator.change(|world| {
        world.scale("acme-crm", "worker", Some("6"), None).expect("scaled");
        world.set_maintenance("acme-jobs", true).expect("an app");
        let jobs = world.apps.iter_mut().find(|app| app.name == "acme-jobs").expect("an app");
        let indexer = Process { kind: "indexer".to_owned(), quantity: 2, ..jobs.formation[0].clone() };
        jobs.formation.push(indexer);
    });
}

fn formations(essence: &Value) -> Vec<(Value, Value)> {
    let apps = essence["apps"].as_array().expect("apps");
    apps.iter().map(|app| (app["formation"].clone(), app["maintenance"].clone())).collect()
}

/// Another app gets the old database.
fn attach_a_newcomer(rehearsal: &Rehearsal) {
    rehearsal.simulator.change(|world| {
        let newcomer = App { id: "newcomer".to_owned(), name: "acme-bi".to_owned(), ..world.apps[1].clone() };
        world.apps.push(newcomer);
        let order = AttachmentOrder {
            addon: OLD.to_owned(),
            app: "acme-bi".to_owned(),
            name: Some("DATABASE".to_owned()),
            ..AttachmentOrder::default()
        };
        world.attach(&order).expect("attached");
    });
}

#[tokio::test]
async fn an_app_that_came_after_the_plan_stops_the_run_before_anything_is_silenced() {
    let mut rehearsal = Rehearsal::open("standard", "acme-crm", &[("to", "17")]).await;
    attach_a_newcomer(&rehearsal);
    let blocked = rehearsal.go_on(Willing::ALWAYS).await;
    assert_eq!(blocked.exit, Exit::Blocked, "{blocked:?}");
    let said = format!("{blocked:?}");
    assert!(said.contains("DATABASE on acme-bi is attached now") && said.contains("`hcops abort`"), "{said}");
    assert!(said.contains("hcops plan version-upgrade -a acme-crm --method follower --to 17"), "{said}");
    assert!(rehearsal.simulator.world().apps.iter().all(|app| !app.maintenance), "nothing is off yet");
    rehearsal.simulator.change(|world| {
        let id = world.attachment_on("acme-bi", "DATABASE").expect("an attachment").id.clone();
        world.detach(&id).expect("detached");
    });
    assert_eq!(rehearsal.go_on(Willing::ALWAYS).await.exit, Exit::Done);
}

/// What passes while the run waits at its gate is seen there, by every procedure that has one.
#[tokio::test]
async fn an_app_that_comes_while_the_run_stands_at_its_gate_keeps_it_shut() {
    for (procedure, method, inputs) in [
        ("version-upgrade", "follower", &[("to", "17"), ("compare", "none")][..]),
        ("version-upgrade", "copy", &[("to", "17"), ("compare", "none")]),
        ("version-upgrade", "in-place", &[("to", "17"), ("compare", "none")]),
        ("connection-recreate", "import", &[("compare", "none")]),
    ] {
        let simulator = Simulator::from_scenario("standard", ClockMode::Paused, 7).expect("a scenario");
        let mut rehearsal = Rehearsal::of(simulator, (procedure, method), "standard", "acme-crm", inputs).await;
        let parked = rehearsal.go_on(Willing { attests: false, ..Willing::ALWAYS }).await;
        assert_eq!(parked.exit, Exit::NeedsPerson, "{procedure} {method}: {parked:?}");
        attach_a_newcomer(&rehearsal);
        let stopped = rehearsal.go_on(Willing::ALWAYS).await;
        assert_eq!(stopped.exit, Exit::HoldBroken, "{procedure} {method}: {stopped:?}");
        assert!(format!("{stopped:?}").contains("acme-bi"), "{procedure} {method}: {stopped:?}");
        let apps = rehearsal.simulator.world().apps;
        assert!(apps.iter().all(|app| !app.maintenance), "{procedure} {method}: nothing is off yet");
    }
}

#[tokio::test]
async fn an_app_that_comes_while_writes_are_off_stops_the_run_before_the_crossing() {
    let mut rehearsal = Rehearsal::open("standard", "acme-crm", &[("to", "17")]).await;
    let parked = rehearsal.go_on(Willing { crosses: false, ..Willing::ALWAYS }).await;
    assert_eq!(parked.exit, Exit::NeedsPerson, "{parked:?}");
    attach_a_newcomer(&rehearsal);
    let stopped = rehearsal.go_on(Willing::ALWAYS).await;
    assert_eq!(stopped.exit, Exit::HoldBroken, "{stopped:?}");
    let said = format!("{stopped:?}");
    assert!(said.contains("acme-bi") && !rehearsal.is_crossed());
    assert!(
        !said.contains("maintenance mode of") && !said.contains("gets back"),
        "that is the run's own doing: {said}"
    );
    assert_eq!(rehearsal.turn_back().await.exit, Exit::Aborted);
}

#[tokio::test]
async fn a_mapping_that_goes_after_the_plan_stops_the_run_before_anything_is_lost() {
    let gone = |rehearsal: &Rehearsal| {
        rehearsal.simulator.change(|world| {
            let id = world.connections[0].mappings[0].id.clone();
            world.delete_mapping(&id).expect("deleted");
        });
    };
    let mut early = Rehearsal::open("standard", "acme-crm", &[("to", "17")]).await;
    gone(&early);
    let blocked = early.go_on(Willing::ALWAYS).await;
    assert_eq!(blocked.exit, Exit::Blocked, "{blocked:?}");
    assert!(format!("{blocked:?}").contains("Account is not mapped any more"), "{blocked:?}");
    assert!(early.simulator.world().apps.iter().all(|app| !app.maintenance), "nothing is off yet");
    let mut late = Rehearsal::open("standard", "acme-crm", &[("to", "17")]).await;
    assert_eq!(late.go_on(Willing { crosses: false, ..Willing::ALWAYS }).await.exit, Exit::NeedsPerson);
    gone(&late);
    let stopped = late.go_on(Willing::ALWAYS).await;
    assert_eq!(stopped.exit, Exit::HoldBroken, "{stopped:?}");
    assert!(format!("{stopped:?}").contains("Account is not mapped any more") && !late.is_crossed(), "{stopped:?}");
    assert_eq!(late.turn_back().await.exit, Exit::Aborted);
}

#[tokio::test]
async fn a_follower_that_came_after_the_plan_stops_the_run() {
    let mut rehearsal = Rehearsal::open("standard", "acme-crm", &[("to", "17")]).await;
    let order = AddonOrder {
        plan: "heroku-postgresql:standard-0".to_owned(),
        name: Some("reporting-pg".to_owned()),
        attachment: None,
        confirm: None,
        config: Map::from_iter([("follow".to_owned(), json!("DATABASE_URL"))]),
    };
    rehearsal.simulator.change(|world| world.order_addon("acme-crm", &order)).expect("ordered");
    rehearsal.simulator.advance(7_200);
    let blocked = rehearsal.go_on(Willing::ALWAYS).await;
    assert_eq!(blocked.exit, Exit::Blocked, "{blocked:?}");
    assert!(format!("{blocked:?}").contains("reporting-pg follows postgresql-flat-11007 and did not"), "{blocked:?}");
}

#[tokio::test]
async fn what_was_changed_since_the_plan_was_made_comes_back_as_it_was_when_it_was_taken_away() {
    for crosses in [true, false] {
        let mut rehearsal = Rehearsal::open("standard", "acme-crm", &[("to", "17")]).await;
        change_formations(&rehearsal);
        let before = formations(&rehearsal.essence());
        let ended = rehearsal.go_on(Willing { crosses, ..Willing::ALWAYS }).await;
        if crosses {
            assert_eq!(ended.exit, Exit::Done, "{ended:?}");
        } else {
            assert_eq!(ended.exit, Exit::NeedsPerson, "{ended:?}");
            assert_eq!(scaled(&rehearsal, "acme-crm", "worker"), 0);
            assert_eq!(rehearsal.turn_back().await.exit, Exit::Aborted);
        }
        assert_eq!(formations(&rehearsal.essence()), before, "crosses: {crosses}");
        let told = rehearsal.output("still-as-planned").expect("it was compared")["changed"].to_string();
        assert!(told.contains("acme-crm runs") && told.contains("6 worker (Standard-2X)"), "{told}");
        assert!(told.contains("2 indexer") && told.contains("maintenance mode of acme-jobs is on now"), "{told}");
    }
}

#[tokio::test]
async fn dynos_that_preboot_keeps_write_nothing_to_the_old_database() {
    for hides_outgoing_dynos in [false, true] {
        let mut rehearsal = Rehearsal::open("standard", "acme-crm", &[("to", "17")]).await;
        rehearsal.simulator.change(|world| {
            world.apps[0].preboot = true;
            world.behaviour.hides_outgoing_dynos = hides_outgoing_dynos;
        });
        let ended = rehearsal.go_on(Willing::ALWAYS).await;
        assert_eq!(ended.exit, Exit::Done, "{ended:?}");
        let world = rehearsal.simulator.world();
        let released = world.apps[0].releases.last().expect("a release").updated_at;
        let seen = rehearsal.settled_at("dynos-current@acme-crm").expect("it was looked at");
        assert!(seen.duration_since(released).as_secs() >= 180, "{seen} is too soon after {released}");
    }
}

#[tokio::test]
async fn a_custom_url_is_switched_either_way() {
    for switch in ["attach", "repoint"] {
        let mut rehearsal = Rehearsal::open("custom-url", "acme-crm", &[("to", "17"), ("switch", switch)]).await;
        let ended = rehearsal.go_on(Willing::ALWAYS).await;
        assert_eq!(ended.exit, Exit::Done, "{switch}: {ended:?}");
    }
}

#[tokio::test]
async fn slow_release_phases_and_busy_connections_are_waited_for() {
    for scenario in ["release-phase", "busy-connection"] {
        let mut rehearsal = Rehearsal::open(scenario, "acme-crm", &[("to", "17")]).await;
        let ended = rehearsal.go_on(Willing::ALWAYS).await;
        assert_eq!(ended.exit, Exit::Done, "{scenario}: {ended:?}");
    }
}

#[tokio::test]
async fn no_app_goes_live_without_its_variable_whatever_a_later_release_says() {
    for keeps_the_old in [false, true] {
        let mut rehearsal = Rehearsal::open("custom-url", "acme-crm", &[("to", "17"), ("switch", "attach")]).await;
        rehearsal.with_a_release_phase();
        rehearsal.simulator.change(|world| world.behaviour.failed_release_keeps_the_old_variable = keeps_the_old);
        rehearsal.simulator.add_fault(Fault::ReleasePhaseFails.into()).expect("a fault");
        let stopped = rehearsal.go_on(Willing::ALWAYS).await;
        assert_eq!(stopped.exit, Exit::Blocked, "{stopped:#?}");
        let said = format!("{stopped:?}");
        assert!(said.contains("heroku releases:output") && !said.contains("canary"), "{said}");
        let world = rehearsal.simulator.world();
        assert!(world.apps.iter().all(|app| app.maintenance), "no app is live");
        assert_eq!(world.connections[0].state, "PAUSED", "sync is not resumed");
        let again = rehearsal.go_on(Willing::ALWAYS).await;
        assert_eq!(again.exit, Exit::Blocked, "it does not mend itself: {again:#?}");
        rehearsal.attach_anew("DATABASE");
        let ended = rehearsal.go_on(Willing::ALWAYS).await;
        assert_eq!(ended.exit, Exit::Done, "{ended:#?}");
        rehearsal.assert_every_variable_leads_to_the_new_database();
    }
}

#[tokio::test]
async fn a_variable_that_follows_its_release_and_a_setting_that_follows_late_are_waited_for() {
    let conducts: [fn(&mut Behaviour); 4] = [
        |conduct| conduct.variables_wait_for_the_release = true,
        |conduct| conduct.connect_settings_lag = 900,
        |conduct| conduct.connect_hides_the_database = true,
        |conduct| conduct.poolers_have_their_own_host = true,
    ];
    for (number, conduct) in conducts.into_iter().enumerate() {
        let mut rehearsal = Rehearsal::open("release-phase", "acme-crm", &[("to", "17")]).await;
        rehearsal.simulator.change(|world| conduct(&mut world.behaviour));
        let ended = rehearsal.go_on(Willing::ALWAYS).await;
        if number == 1 {
            assert_eq!(
                ended.exit,
                Exit::Blocked,
                "Connect shows the old database for longer than is waited: {ended:#?}"
            );
            rehearsal.simulator.advance(600);
            assert_eq!(rehearsal.go_on(Willing::ALWAYS).await.exit, Exit::Done, "{number}");
        } else {
            assert_eq!(ended.exit, Exit::Done, "{number}: {ended:#?}");
        }
        rehearsal.assert_every_variable_leads_to_the_new_database();
    }
}

#[tokio::test]
async fn turning_back_before_the_crossing_restores_what_was() {
    let silenced = Willing { attests: false, ..Willing::ALWAYS };
    let upgraded = Willing { crosses: false, ..Willing::ALWAYS };
    for scenario in ["standard", "custom-url", "release-phase"] {
        for (absent, waits_for) in [(silenced, "outside-writers"), (upgraded, "crossing")] {
            let mut rehearsal = Rehearsal::open(scenario, "acme-crm", &[("to", "17")]).await;
            let before = rehearsal.essence();
            let parked = rehearsal.go_on(absent).await;
            assert_eq!(parked.exit, Exit::NeedsPerson, "{scenario}, {waits_for}: {parked:?}");
            assert_ne!(rehearsal.essence(), before, "{scenario}, {waits_for}: something was done until then");
            let ended = rehearsal.turn_back().await;
            assert_eq!(ended.exit, Exit::Aborted, "{scenario}, {waits_for}: {ended:?}");
            assert_eq!(rehearsal.essence(), before, "{scenario}, {waits_for}");
        }
    }
}

#[tokio::test]
async fn somebody_who_resumes_sync_in_the_middle_stops_the_run_before_the_crossing() {
    let mut rehearsal = Rehearsal::open("standard", "acme-crm", &[("to", "17")]).await;
    let parked = rehearsal.go_on(Willing { crosses: false, ..Willing::ALWAYS }).await;
    assert_eq!(parked.exit, Exit::NeedsPerson, "{parked:?}");
    let connection = rehearsal.simulator.world().connections[0].id.clone();
    rehearsal.simulator.change(|world| world.resume(&connection)).expect("a paused connection");
    rehearsal.simulator.advance(120);
    let stopped = rehearsal.go_on(Willing::ALWAYS).await;
    assert_eq!(stopped.exit, Exit::HoldBroken, "{stopped:?}");
    assert!(!rehearsal.is_crossed());
}

#[tokio::test]
async fn an_essential_database_is_refused() {
    let simulator = Simulator::from_scenario("essential", ClockMode::Paused, 7).expect("a scenario");
    let clock: Arc<dyn Clock> = simulator.clock();
    let origins = Origins::all_at("http://127.0.0.1:5999").expect("an origin");
    let clients = Clients::new(simulator.wire(), origins, Secret::new("token"), Arc::clone(&clock));
    let actions = registry(clients, clock);
    let with = json!({"app": "acme-crm", "database": "postgresql-flat-11007", "to": 17});
    let look = actions.find("postgres.followable").expect("an action").observe(&with, &Prior::default()).await;
    match look.expect("a look").seen {
        Seen::Blocked { why, .. } => assert!(why.contains("no followers"), "{why}"),
        other => panic!("not blocked: {other:?}"),
    }
}

#[tokio::test]
async fn on_real_servers_the_copy_is_proved_and_nothing_is_lost() {
    let Some(mut rehearsal) = Rehearsal::on_servers().await else { return };
    let ended = rehearsal.go_on(Willing::ALWAYS).await;
    assert_eq!(ended.exit, Exit::Done, "{ended:#?}");
    let compared = rehearsal.output("compare").expect("it was compared");
    assert!(compared["seen"].as_str().is_some_and(|seen| seen.starts_with("no difference found")), "{compared:#}");
    assert!(compared["rows"].as_u64() > Some(1_000), "{compared:#}");
    let signs = rehearsal.output("resumed-live").expect("it resumed")["signs"].as_array().expect("signs").clone();
    assert!(signs.iter().all(|sign| sign["standing"] != "not-checked"), "{signs:#?}");
    let audit = rehearsal.simulator.audit().expect("an audit");
    assert!(audit.is_whole(), "{audit}");
    let report = hcops_report::markdown(rehearsal.journal.lines(), &hcops_report::Kept::new()).expect("a report");
    assert!(report.contains("| Compared | full: no difference found in"), "{report}");
}

#[tokio::test]
async fn a_writer_that_nobody_stopped_is_named_and_the_run_waits_for_its_end() {
    let Some(mut rehearsal) = Rehearsal::on_servers().await else { return };
    rehearsal.let_outsider_write(true);
    let blocked = rehearsal.go_on(Willing::ALWAYS).await;
    assert_eq!(blocked.exit, Exit::Blocked, "{blocked:#?}");
    let said = format!("{blocked:?}");
    assert!(said.contains("etl-nightly") && said.contains("heroku pg:kill"), "{blocked:#?}");
    assert!(!rehearsal.is_crossed());
    rehearsal.let_outsider_write(false);
    let ended = rehearsal.go_on(Willing::ALWAYS).await;
    assert_eq!(ended.exit, Exit::Done, "{ended:#?}");
    assert!(rehearsal.simulator.audit().expect("an audit").is_whole());
}

#[tokio::test]
async fn a_write_after_the_comparison_stops_the_run_at_the_crossing_for_good() {
    let Some(mut rehearsal) = Rehearsal::on_servers().await else { return };
    let parked = rehearsal.go_on(Willing { crosses: false, ..Willing::ALWAYS }).await;
    assert_eq!(parked.exit, Exit::NeedsPerson, "{parked:#?}");
    rehearsal.let_outsider_write(true);
    let stopped = rehearsal.go_on(Willing::ALWAYS).await;
    assert_eq!(stopped.exit, Exit::HoldBroken, "{stopped:#?}");
    let said = format!("{stopped:?}");
    assert!(
        said.contains("copy-exact") && said.contains("old-database-silent") && said.contains("etl-nightly"),
        "{said}"
    );
    rehearsal.let_outsider_write(false);
    let stopped = rehearsal.go_on(Willing::ALWAYS).await;
    assert_eq!(stopped.exit, Exit::HoldBroken, "what was written is missing in the copy: {stopped:#?}");
    assert!(!rehearsal.is_crossed());
    assert_eq!(rehearsal.turn_back().await.exit, Exit::Aborted);
    assert!(rehearsal.simulator.audit().expect("an audit").is_whole(), "nothing is lost by turning back");
}

/// Writes are off for Heroku's own work and hardly longer, however busy the connection is: it is waited for before, and its signs
/// afterwards.
#[tokio::test]
async fn writes_are_off_for_little_longer_than_heroku_works() {
    for scenario in ["standard", "busy-connection", "custom-url"] {
        let mut rehearsal = Rehearsal::open(scenario, "acme-crm", &[("to", "17")]).await;
        assert_eq!(rehearsal.go_on(Willing::ALWAYS).await.exit, Exit::Done, "{scenario}");
        let state = RunState::fold(rehearsal.journal.lines()).expect("a state");
        let off = state.downtime.seconds(state.at).expect("a downtime");
        let heroku = rehearsal.simulator.world().latency.clone();
        let own = heroku.upgrade + heroku.connect_resume;
        println!("{scenario}: writes off for {off} s, Heroku's own work {own} s");
        assert!(off * 100 <= own * 105, "{scenario}: {off} s of {own} s");
    }
}

#[tokio::test]
async fn whoever_writes_to_the_old_database_after_the_apps_are_back_fails_the_verification() {
    // By numbers, by SQL, and by SQL where the signs of the resumed sync are looked for at the same time and see it first.
    let synced = [("to", "17"), ("live", "synced")];
    for (rehearsal, exit) in [
        (Some(Rehearsal::open("standard", "acme-crm", &synced[..1]).await), Exit::VerificationFailed),
        (Rehearsal::on_servers_with(&synced).await, Exit::VerificationFailed),
        (Rehearsal::on_servers().await, Exit::Blocked),
    ] {
        let Some(mut rehearsal) = rehearsal else { continue };
        let when_the_app_is_back = FaultRule {
            method: Some("PATCH".to_owned()),
            path: Some("^/apps/acme-crm$".to_owned()),
            nth: Some(2),
            ..Drift::OutsideWriter.into()
        };
        rehearsal.simulator.add_fault(when_the_app_is_back).expect("a fault");
        let ended = rehearsal.go_on(Willing::ALWAYS).await;
        assert_eq!(ended.exit, exit, "{ended:#?}");
        let said = format!("{ended:?}");
        let tells = ["is written to still", "heroku pg:ps"].iter().all(|words| said.contains(words));
        assert!(tells || said.contains("is still written to: 1 row added"), "{said}");
        assert!(rehearsal.output("compare").is_none() || said.contains("etl"), "by SQL the writer is named: {said}");
        assert!(rehearsal.simulator.world().apps.iter().all(|app| !app.maintenance), "the apps are back meanwhile");
        assert!(rehearsal.output("old-leader").is_none(), "no hint to destroy what is written to");
    }
}

#[tokio::test]
async fn a_lag_that_heroku_does_not_show_stops_the_run_before_the_upgrade() {
    let Some(mut rehearsal) = Rehearsal::on_servers().await else { return };
    rehearsal.simulator.add_fault(Fault::ReplayDisagrees.into()).expect("a fault");
    let stopped = rehearsal.go_on(Willing::ALWAYS).await;
    assert_eq!(stopped.exit, Exit::Blocked, "{stopped:#?}");
    assert!(format!("{stopped:?}").contains("but by the log it is not"), "{stopped:#?}");
    assert!(rehearsal.output("upgrade").is_none());
}
