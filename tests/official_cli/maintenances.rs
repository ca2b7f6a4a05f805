//! `heroku data:maintenances`, of which there are no recordings: the real command goes through the life of a maintenance
//! on the simulator (docs/heroku/data.md, "Maintenances"). What it sends and refuses by itself is judged, and
//! that it understands every answer.

use axum::http::Method;
use serde_json::json;

use crate::cases::Preset;
use crate::command::Heroku;
use crate::report::Report;
use crate::stage::Stage;

const LEADER: &str = "postgresql-curved-12345";

/// A command, the exit code, a text that it prints, and what it may have sent to the Data API's maintenances.
struct Act {
    argv: &'static [&'static str],
    exit: i32,
    says: &'static str,
    sends: &'static [&'static str],
}

const fn act(argv: &'static [&'static str], exit: i32, says: &'static str, sends: &'static [&'static str]) -> Act {
    Act { argv, exit, says, sends }
}

/// Before anything is planned.
const BEFORE: &[Act] = &[
    act(&["data:maintenances", "-a", "hc-demo"], 0, "none", &["GET apps"]),
    act(&["data:maintenances:history", LEADER], 0, "does not have any maintenance history", &["GET history"]),
    act(&["data:maintenances:wait", LEADER], 2, "There currently isn't any maintenance in progress", &["GET"]),
    act(
        &["data:maintenances:run", "postgresql-flat-11111", "--confirm", "hc-demo"],
        2,
        "You can't trigger maintenance on an Essential tier database",
        &[],
    ),
    act(&["data:maintenances:run", LEADER, "--confirm", "hc-demo"], 2, "There is no maintenance", &["POST run"]),
];

/// Once one is planned.
const PLANNED: &[Act] = &[
    act(&["data:maintenances", "-a", "hc-demo"], 0, "ready", &["GET apps"]),
    act(&["data:maintenances:info", LEADER], 0, "changeover", &["GET"]),
    act(&["data:maintenances:schedule", LEADER, "--weeks", "2"], 0, " changed from ", &["POST schedule"]),
    act(
        &["data:maintenances:window:update", LEADER, "sunday", "1:30PM"],
        0,
        "Sundays 13:30 to Sundays 17:30 UTC",
        &["POST window"],
    ),
    act(&["data:maintenances:window", LEADER], 0, "Sundays 13:30 to Sundays 17:30 UTC", &["GET window"]),
    act(&["data:maintenances:run", LEADER], 2, "put the application into maintenance mode", &[]),
    act(
        &["data:maintenances:run", LEADER, "--confirm", "hc-demo", "--wait"],
        0,
        "maintenance completed",
        &["POST run", "GET", "GET", "GET"],
    ),
    act(&["data:maintenances:history", LEADER], 0, "completed", &["GET history"]),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_real_command_drives_a_maintenance_from_its_planning_to_its_history() {
    let mut report = Report::new("maintenances");
    match Heroku::find() {
        Err(why) => report.skip("every command", &why),
        Ok(heroku) => {
            let stage = Stage::set(&Preset::default(), &[]).await;
            play(&mut report, &heroku, &stage, BEFORE).await;
            let planned = json!(format!("drift:plan-maintenance={LEADER}"));
            stage.ask(Method::POST, "/simulator/faults", Some(&planned)).await;
            play(&mut report, &heroku, &stage, PLANNED).await;
        }
    }
    report.close();
}

async fn play(report: &mut Report, heroku: &Heroku, stage: &Stage, acts: &[Act]) {
    for act in acts {
        report.add(&act.argv.join(" "), judged(heroku, stage, act).await);
    }
}

async fn judged(heroku: &Heroku, stage: &Stage, act: &Act) -> Vec<String> {
    let _of_the_command_before = stage.take_requests();
    let argv = act.argv.iter().map(|word| (*word).to_owned()).collect();
    let outcome = match heroku.told(argv, stage).await {
        Ok(outcome) => outcome,
        Err(why) => return vec![why],
    };
    let mut complaints = Vec::new();
    if outcome.exit != act.exit {
        complaints.push(format!("exit code {} instead of {}: {}", outcome.exit, act.exit, outcome.stderr));
    }
    if !outcome.stdout.contains(act.says) && !outcome.stderr.contains(act.says) {
        complaints.push(format!("{:?} is not said in {:?} {:?}", act.says, outcome.stdout, outcome.stderr));
    }
    let sent = sent(stage);
    let distinct = |list: &[String]| list.iter().cloned().collect::<std::collections::BTreeSet<_>>();
    let wanted: Vec<String> = act.sends.iter().map(|&one| one.to_owned()).collect();
    if distinct(&sent) != distinct(&wanted) {
        complaints.push(format!("it sent {sent:?} instead of {wanted:?}"));
    }
    complaints
}

/// `POST run`, `GET apps`, `GET` for each request about maintenances.
fn sent(stage: &Stage) -> Vec<String> {
    let about = |path: &str| {
        let rest = path.split('?').next()?.strip_prefix("/data/maintenances/v1/")?.trim_end_matches('/');
        let mut parts = rest.split('/');
        let first = parts.next()?;
        Some(if first == "apps" { "apps".to_owned() } else { parts.next().unwrap_or_default().to_owned() })
    };
    let requests = stage.take_requests();
    let told = requests.iter().filter_map(|request| Some(format!("{} {}", request.method, about(&request.path)?)));
    told.map(|text| text.trim_end().to_owned()).collect()
}
