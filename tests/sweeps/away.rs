//! Heroku Connect is under maintenance for three quarters of an hour, from any step on, or everything is away for most of an
//! hour: that is waited for, and nobody has to take the run up again.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use hcops_heroku::transport::{Wire, WireFault, WireRequest, WireResponse};
use hcops_model::{Clock as _, Entry, Exit};
use hcops_simulator::SimulatedClock;
use hcops_simulator::world::Window;
use jiff::{SignedDuration, Timestamp};

use crate::cases::{self, Case};
use crate::trial::{Prepared, Trial, block_on, one_shots, prepare};
use crate::truth;
use crate::workers::sweep;

const LASTS: SignedDuration = SignedDuration::from_mins(45);
/// As long as what is away is waited for, but for the last look.
const MOST: SignedDuration = SignedDuration::from_mins(55);

/// How something is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Away {
    /// Connect answers 503, as under maintenance.
    Connect,
    /// No connection can be made.
    Refused,
    /// No address is found, as on a machine without a network.
    NoAddress,
    /// A proxy in front of everything answers that it is gone.
    BadGateway,
}

const KINDS: [Away; 4] = [Away::Connect, Away::Refused, Away::BadGateway, Away::NoAddress];

/// Procedures in which apps are silent while Connect is asked.
const SILENCING: &[&str] =
    &["version-upgrade-follower.toml", "essential-copy-copy.toml", "connection-recreate-import.toml"];

#[test]
fn what_is_away_at_any_step_is_waited_for() {
    let mut met: Vec<&str> = Vec::new();
    for case in cases::chosen().filter(|case| SILENCING.contains(&case.runbook)) {
        if met.contains(&case.runbook) {
            continue;
        }
        met.push(case.runbook);
        away(case);
    }
}

fn away(case: Case) {
    let prepared = prepare(case);
    let settled = |seq: &u64| {
        let line = prepared.journal_lines.iter().find(|line| line.seq == *seq);
        line.is_some_and(|line| matches!(line.entry, Entry::Settled { .. }))
    };
    // Each place meets one kind in turn; the last one is the end of the run.
    let mut places: Vec<u64> = prepared.journal_lines.iter().map(|line| line.seq).filter(settled).collect();
    places.pop();
    let all: Vec<(u64, Away)> = places.into_iter().zip(KINDS.into_iter().cycle()).collect();
    sweep(
        &format!("away in {}", case.name()),
        &all,
        |(seq, kind)| format!("{kind:?} from line {seq} on"),
        |(seq, kind)| block_on(from(&prepared, *seq, *kind)),
    );
}

async fn from(prepared: &Prepared, seq: u64, kind: Away) {
    let mut trial = Trial::anew(prepared);
    let gone =
        Arc::new(Gone { inner: trial.simulator.wire(), kind, until: Mutex::default(), clock: trial.simulator.clock() });
    trial.network = Some(Arc::clone(&gone) as Arc<dyn Wire>);
    let begun = AtomicBool::new(false);
    trial.watcher = Some(Arc::new(move |line, simulator| {
        if line.seq == seq && !begun.swap(true, Ordering::Relaxed) {
            let from = simulator.clock().now();
            match kind {
                Away::Connect => {
                    let window = Window { from, until: from + LASTS };
                    simulator.change(|world| world.behaviour.connect_maintenance = Some(window));
                }
                _ => *gone.until.lock().unwrap() = Some(from + MOST),
            }
        }
    }));
    let ended = trial.process().await.unwrap();
    assert_eq!(ended.exit, Exit::Done, "{ended:#?}");
    assert_eq!(one_shots(&trial.simulator), prepared.one_shots, "done twice, or never");
    let lost = truth::lost(&prepared.plan, &trial.simulator.world());
    assert!(lost.is_empty(), "it says done, but {}", lost.join("; "));
}

/// A wire with nothing at its end for a while.
struct Gone {
    inner: Arc<dyn Wire>,
    kind: Away,
    until: Mutex<Option<Timestamp>>,
    clock: Arc<SimulatedClock>,
}

#[async_trait]
impl Wire for Gone {
    async fn send(&self, request: WireRequest) -> Result<WireResponse, WireFault> {
        let until = *self.until.lock().unwrap();
        if until.is_none_or(|until| self.clock.now() >= until) {
            return self.inner.send(request).await;
        }
        match self.kind {
            Away::BadGateway => {
                let headers = vec![("content-type".to_owned(), "text/html".to_owned())];
                Ok(WireResponse { status: 502, headers, body: b"<html><h1>502 Bad Gateway</h1></html>".to_vec() })
            }
            Away::NoAddress => Err(WireFault::NotSent("failed to lookup address information".to_owned())),
            _ => Err(WireFault::NotSent("Connection refused (os error 111)".to_owned())),
        }
    }
}
