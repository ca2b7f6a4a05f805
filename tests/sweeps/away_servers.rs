//! The PostgreSQL servers are away at each step in turn: nothing is let in, or nothing answers, or every session is cut. For
//! most of an hour that is waited for; longer, the run stops, says why, and goes on once they are back. Real servers, behind
//! relays that stand for the network between them and here.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use hcops_engine::Ended;
use hcops_heroku::transport::{Body, Wire, WireFault, WireRequest, WireResponse};
use hcops_journal::MemoryJournal;
use hcops_model::{Clock as _, Entry, Exit, Line, Plan, PlannedStep};
use hcops_simulator::{ClockMode, DatabasesWanted, SimulatedClock, Simulator};
use jiff::{SignedDuration, Timestamp};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use crate::cases::Case;
use crate::trial::{SEED, Trial, block_on, open, plan};
use crate::workers::sweep;

/// Longer than most steps that look into a database have, and than anything passing is waited for.
const FOR_MINUTES: SignedDuration = SignedDuration::from_mins(12);
/// Shorter than a run waits for what is away.
const MOST_OF_AN_HOUR: SignedDuration = SignedDuration::from_mins(50);
/// Longer than any step waits.
const FOR_A_DAY: SignedDuration = SignedDuration::from_hours(24);
/// As long as a server may take to let anybody in.
const LET_IN: Duration = Duration::from_secs(15);
/// So many seconds later it is told: as long as a server that keeps silent may take to let anybody in, twice.
const SOON: i64 = 31;
/// What a session gets through before it is cut: more than it takes to be let in.
const CUT_AFTER: usize = 9;

/// How servers are away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Away {
    /// Nobody listens.
    Refuses,
    /// They take connections and answer nothing.
    Silent,
    /// They let in, and cut every session a moment later.
    Drops,
}

/// Which servers are away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    All,
    /// The one that was there first.
    Old,
    /// All others.
    New,
}

const KINDS: [(Away, Which); 7] = [
    (Away::Refuses, Which::All),
    (Away::Drops, Which::Old),
    (Away::Silent, Which::New),
    (Away::Refuses, Which::New),
    (Away::Drops, Which::All),
    (Away::Refuses, Which::Old),
    (Away::Drops, Which::New),
];

/// Actions that look into a database by SQL.
const BY_SQL: &[&str] = &[
    "connect.backlog",
    "connect.baseline",
    "connect.built-on",
    "connect.resumed",
    "postgres.compare",
    "postgres.copy-exact",
    "postgres.extensions",
    "postgres.inventory",
    "postgres.lag",
    "postgres.left-unwritten",
    "postgres.rows",
    "postgres.silence",
    "postgres.statistics",
    "postgres.uncompared",
    "postgres.unwritten",
];

/// A case that is met at one of so many steps that look by SQL, from the nth on.
type Thinned = (Case, usize, usize);

fn upgrade(runbook: &'static str) -> Case {
    Case::of(runbook, "standard").with(&[("to", "17")])
}

fn recreation() -> Case {
    Case::of("connection-recreate-import.toml", "standard")
}

fn name((case, each, from): &Thinned) -> String {
    format!("{}, at one of {each} steps from {from} on", case.name())
}

#[test]
fn servers_that_are_away_at_any_step_are_told_waited_for_and_read() {
    if hcops_testing::installations(&[16, 17]).is_none() {
        return;
    }
    let runs: [Thinned; 3] = [
        (upgrade("version-upgrade-follower.toml"), 2, 1),
        (upgrade("version-upgrade-copy.toml"), 4, 2),
        (recreation(), 4, 1),
    ];
    sweep("servers away and back", &runs, name, |run| block_on(waited_for(run)));
}

#[test]
fn servers_that_stay_away_stop_the_run_with_the_way_on() {
    if hcops_testing::installations(&[16, 17]).is_none() {
        return;
    }
    let runs: [Thinned; 3] = [
        (upgrade("version-upgrade-follower.toml"), 6, 2),
        (upgrade("version-upgrade-copy.toml"), 6, 4),
        (recreation(), 5, 2),
    ];
    sweep("servers away for a day", &runs, name, |run| block_on(stopped_by(run)));
}

async fn waited_for((case, each, from): &Thinned) {
    let (mut trial, plan, network) = on_servers(*case).await;
    let places = places(&plan, *each, *from);
    let (weather, meant) = (Arc::clone(&network.weather), places.clone());
    trial.watcher = Some(Arc::new(move |line, simulator| {
        if let Some(nth) = settled(line).and_then(|step| meant.iter().position(|place| *place == step)) {
            let lasts = if nth == 3 { MOST_OF_AN_HOUR } else { FOR_MINUTES };
            weather.begin(KINDS[nth % KINDS.len()], simulator.clock().now() + lasts);
        }
    }));
    let ended = trial.process().await.unwrap();
    assert_eq!(ended.exit, Exit::Done, "{ended:#?}");
    assert_told(trial.journal_lines(), &places);
    assert_everything_was_read(&trial, &plan);
}

async fn stopped_by((case, each, from): &Thinned) {
    let (mut trial, plan, network) = on_servers(*case).await;
    let places = places(&plan, *each, *from);
    let (weather, meant) = (Arc::clone(&network.weather), places.clone());
    trial.watcher = Some(Arc::new(move |line, simulator| {
        if let Some(nth) = settled(line).and_then(|step| meant.iter().position(|place| *place == step)) {
            weather.begin(KINDS[nth % KINDS.len()], simulator.clock().now() + FOR_A_DAY);
        }
    }));
    let mut stops = 0;
    loop {
        let ended = trial.process().await.unwrap();
        if ended.exit == Exit::Done {
            break;
        }
        assert_helps(&ended);
        stops += 1;
        assert!(stops <= places.len(), "it leads nowhere: {ended:#?}");
        network.weather.clear();
        trial.take_up();
    }
    assert!(stops * 2 >= places.len(), "{stops} stops at {} places: hardly anything was looked at", places.len());
    assert_everything_was_read(&trial, &plan);
}

/// The steps behind which one begins that looks into a database, itself or by a condition. What is checked beforehand is left
/// out: that stops a run at once, because it asks whether the databases can be reached from this machine at all.
fn places(plan: &Plan, each: usize, from: usize) -> Vec<String> {
    let by_sql = |action: &str| BY_SQL.contains(&action);
    let steps: Vec<&PlannedStep> = plan.steps.iter().filter(|step| step.omitted.is_none()).collect();
    let looks =
        |step: &PlannedStep| by_sql(&step.action) || step.holds.iter().any(|hold| by_sql(&plan.holds[hold].action));
    let pairs = steps.windows(2).filter(|pair| !pair[1].preflight && looks(pair[1]));
    pairs.map(|pair| pair[0].id.to_string()).skip(from).step_by(each).collect()
}

fn settled(line: &Line) -> Option<String> {
    match &line.entry {
        Entry::Settled { step, .. } => Some(step.to_string()),
        _ => None,
    }
}

/// That a server is away is in the journal within seconds of the step's beginning.
fn assert_told(lines: &[Line], places: &[String]) {
    let mut told = 0;
    for (nth, line) in lines.iter().enumerate() {
        if settled(line).is_none_or(|step| !places.contains(&step)) {
            continue;
        }
        let next = lines[nth + 1..].iter().take_while(|later| settled(later).is_none());
        let faults: Vec<&Line> = next.filter(|later| matches!(later.entry, Entry::Faulted { .. })).collect();
        if let Some(first) = faults.first() {
            let Entry::Faulted { fault, step, .. } = &first.entry else { continue };
            let seconds = first.at.duration_since(line.at).as_secs();
            assert!(is_of_sql(&fault.saw) && seconds <= SOON, "{step}, {seconds} s later: {fault:?}");
            told += 1;
        }
    }
    assert!(told * 2 >= places.len(), "told at {told} of {} places", places.len());
}

fn is_of_sql(text: &str) -> bool {
    ["db.simulator.example", "did not let us in", "connection", "refused"].iter().any(|word| text.contains(word))
}

/// It says what is away, what helps and how to go on.
fn assert_helps(ended: &Ended) {
    assert!(matches!(ended.exit, Exit::Failed | Exit::Blocked), "{ended:#?}");
    let needs = ended.needs.as_ref().unwrap_or_else(|| panic!("no question: {ended:#?}"));
    let said = format!("{:?} {:?}", needs.question, ended.fault);
    assert!(is_of_sql(&said), "{ended:#?}");
    assert!(needs.all_commands().iter().any(|command| command.contains("resume")), "{ended:#?}");
}

/// Nothing was left out because it could not be read, and nothing is lost.
fn assert_everything_was_read(trial: &Trial, plan: &Plan) {
    let outputs: Vec<(String, String)> = trial
        .journal_lines()
        .iter()
        .filter_map(|line| match &line.entry {
            Entry::Settled { step, output, .. } => Some((step.to_string(), output.to_string())),
            _ => None,
        })
        .collect();
    let is_beforehand = |id: &str| plan.steps.iter().any(|step| step.preflight && step.id.as_str() == id);
    for (step, output) in outputs.iter().filter(|(step, _)| !is_beforehand(step)) {
        for unread in ["not looked at", "could not be read", "can't be read", "could not be seen"] {
            assert!(!output.contains(unread), "{step} settled on an unread database: {output}");
        }
    }
    if plan.steps.iter().any(|step| step.action == "postgres.compare" && step.omitted.is_none()) {
        let compared = outputs.iter().find(|(step, _)| step == "compare").expect("it was compared");
        assert!(compared.1.contains("no difference found"), "{}", compared.1);
    }
    let audit = trial.simulator.audit().unwrap();
    assert!(audit.is_whole(), "{audit}");
}

/// A run on real servers, all of whose addresses lead through the network.
async fn on_servers(case: Case) -> (Trial, Plan, Arc<Network>) {
    let simulator = Arc::new(Simulator::from_scenario(case.scenario, ClockMode::Paused, SEED).unwrap());
    let installations = hcops_testing::installations(&[16, 17]).unwrap();
    simulator.with_databases(DatabasesWanted { rows: 500, ..DatabasesWanted::of(installations) }).unwrap();
    let plan = plan(&simulator, case).await;
    let network = Arc::new(Network {
        inner: simulator.wire(),
        weather: Arc::new(Weather::under(simulator.clock())),
        relays: Mutex::default(),
    });
    let mut journal = MemoryJournal::new();
    open(&mut journal, &plan, simulator.clock().now());
    let mut trial = Trial::over(&simulator, journal);
    trial.network = Some(Arc::clone(&network) as Arc<dyn Wire>);
    (trial, plan, network)
}

/// What is away, and until when.
struct Weather {
    clock: Arc<SimulatedClock>,
    away: Mutex<Option<((Away, Which), Timestamp)>>,
    cut: Notify,
}

impl Weather {
    fn under(clock: Arc<SimulatedClock>) -> Self {
        Self { clock, away: Mutex::default(), cut: Notify::new() }
    }

    fn begin(&self, kind: (Away, Which), until: Timestamp) {
        *self.away.lock().unwrap() = Some((kind, until));
        self.cut.notify_waiters();
    }

    fn clear(&self) {
        *self.away.lock().unwrap() = None;
    }

    /// How the `nth` server is away now.
    fn of(&self, nth: usize) -> Option<Away> {
        let away = *self.away.lock().unwrap_or_else(PoisonError::into_inner);
        let ((kind, which), until) = away?;
        let is_meant = match which {
            Which::All => true,
            Which::Old => nth == 0,
            Which::New => nth > 0,
        };
        (is_meant && self.clock.now() < until).then_some(kind)
    }
}

/// A wire that writes the addresses of relays for those of servers into every answer, and back in every request.
struct Network {
    inner: Arc<dyn Wire>,
    weather: Arc<Weather>,
    /// The port of the relay before each server's port.
    relays: Mutex<BTreeMap<u16, u16>>,
}

const BEFORE_PORT: &str = ".db.simulator.example:";

#[async_trait]
impl Wire for Network {
    async fn send(&self, mut request: WireRequest) -> Result<WireResponse, WireFault> {
        if let Body::Json(bytes) = &mut request.body {
            *bytes = with_ports(std::str::from_utf8(bytes).unwrap(), |port| self.server_behind(port)).into_bytes();
        }
        let mut response = self.inner.send(request).await?;
        if let Ok(text) = std::str::from_utf8(&response.body) {
            response.body = with_ports(text, |port| self.relay_before(port)).into_bytes();
        }
        Ok(response)
    }
}

impl Network {
    fn server_behind(&self, port: u16) -> u16 {
        let relays = self.relays.lock().unwrap();
        relays.iter().find(|(_, relay)| **relay == port).map_or(port, |(server, _)| *server)
    }

    fn relay_before(&self, port: u16) -> u16 {
        let mut relays = self.relays.lock().unwrap();
        let nth = relays.len();
        *relays.entry(port).or_insert_with(|| {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            listener.set_nonblocking(true).unwrap();
            let own = listener.local_addr().unwrap().port();
            let listener = TcpListener::from_std(listener).unwrap();
            tokio::spawn(relay(listener, port, nth, Arc::clone(&self.weather)));
            own
        })
    }
}

/// The text with another port behind each server's name.
fn with_ports(text: &str, other: impl Fn(u16) -> u16) -> String {
    let mut parts = text.split(BEFORE_PORT);
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.len() - part.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
        let port = part[..digits].parse().map_or_else(|_| part[..digits].to_owned(), |port| other(port).to_string());
        whole.push_str(BEFORE_PORT);
        whole.push_str(&port);
        whole.push_str(&part[digits..]);
    }
    whole
}

async fn relay(listener: TcpListener, server: u16, nth: usize, weather: Arc<Weather>) {
    while let Ok((client, _)) = listener.accept().await {
        match weather.of(nth) {
            None => drop(tokio::spawn(carry(client, server, usize::MAX, Arc::clone(&weather)))),
            Some(Away::Drops) => drop(tokio::spawn(carry(client, server, CUT_AFTER, Arc::clone(&weather)))),
            Some(Away::Refuses) => drop(client),
            // That a server which keeps silent is given up has a test of its own; here only the time passes.
            Some(Away::Silent) => weather.clock.advance(LET_IN),
        }
    }
}

/// Passes on what is said, until either side ends, the connection is cut, or the client has said so much.
async fn carry(client: TcpStream, server: u16, most: usize, weather: Arc<Weather>) {
    let cut = weather.cut.notified();
    let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await else { return };
    let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
        (client.into_split(), server.into_split());
    let upwards = async {
        let mut bytes = vec![0; 16 * 1024];
        for _ in 0..most {
            match from_client.read(&mut bytes).await {
                Ok(some @ 1..) if to_server.write_all(&bytes[..some]).await.is_ok() => {}
                _ => return,
            }
        }
    };
    tokio::select! {
        () = upwards => {}
        _ = tokio::io::copy(&mut from_server, &mut to_client) => {}
        () = cut => {}
    }
}
