//! Commands of the official client about databases and pipelines of which there are no recordings: the real command judges
//! that the simulator has the routes, and that their answers are understood.

use crate::cases::Preset;
use crate::command::Heroku;
use crate::report::Report;
use crate::stage::Stage;

const LEADER: &str = "postgresql-curved-12345";

/// A command, its exit code, and a text that it prints.
struct Act(&'static [&'static str], i32, &'static str);

const ACTS: &[Act] = &[
    Act(&["pg:credentials:create", LEADER, "--name", "analyst", "-a", "hc-demo"], 0, "Creating credential"),
    Act(&["pg:credentials", LEADER, "-a", "hc-demo"], 0, "analyst"),
    Act(&["pg:credentials:create", LEADER, "--name", "analyst", "-a", "hc-demo"], 2, "has been taken"),
    Act(
        &["pg:credentials:rotate", LEADER, "--name", "analyst", "--confirm", "hc-demo", "-a", "hc-demo"],
        0,
        "Rotating analyst",
    ),
    Act(&["pg:credentials:rotate", LEADER, "--all", "--confirm", "hc-demo", "-a", "hc-demo"], 0, "Rotating all"),
    Act(
        &["pg:credentials:repair-default", LEADER, "--confirm", "hc-demo", "-a", "hc-demo"],
        0,
        "Resetting permissions",
    ),
    Act(
        &["pg:credentials:destroy", LEADER, "--name", "analyst", "--confirm", "hc-demo", "-a", "hc-demo"],
        0,
        "has been destroyed",
    ),
    Act(&["pg:backups:capture", LEADER, "-a", "hc-demo"], 0, "Backing up"),
    Act(&["pg:backups", "-a", "hc-demo"], 0, "b001"),
    Act(&["pg:backups:delete", "b001", "--confirm", "hc-demo", "-a", "hc-demo"], 0, "Deleting backup"),
    Act(&["pg:backups", "-a", "hc-demo"], 0, "No backups"),
    Act(&["pg:backups:schedule", "DATABASE_URL", "--at", "02:00 UTC", "-a", "hc-demo"], 0, "Scheduling automatic"),
    Act(&["pg:backups:schedules", "-a", "hc-demo"], 0, "daily at 2:00 UTC"),
    Act(&["pg:backups:unschedule", "DATABASE_URL", "-a", "hc-demo"], 0, "Unscheduling"),
    Act(&["pg:diagnose", LEADER, "-a", "hc-demo"], 0, "GREEN: Connection Count"),
    Act(&["pipelines:info", "hc-pipeline"], 0, "hc-demo"),
    Act(&["config:unset", "RAILS_ENV", "-a", "hc-demo"], 0, "Unsetting RAILS_ENV"),
    Act(&["releases", "-a", "hc-demo"], 0, "Remove RAILS_ENV config vars"),
    Act(&["ps:scale", "worker=101", "-a", "hc-demo"], 2, "Cannot update to more than 100"),
    Act(&["addons:create", "heroku-postgresql:private-0", "-a", "hc-demo"], 2, "only available for apps in"),
    Act(&["addons:create", "herokuconnect", "-a", "hc-other"], 0, "herokuconnect"),
    Act(&["addons:detach", "HEROKU_POSTGRESQL_PURPLE", "-a", "hc-demo"], 2, "last billing attachment"),
    Act(&["data:maintenances", "-a", "hc-demo"], 0, "postgresql-flat-11111"),
    Act(&["pg:reset", LEADER, "--confirm", "hc-demo", "-a", "hc-demo"], 0, "Resetting"),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_real_command_finds_each_route_and_understands_its_answer() {
    let mut report = Report::new("databases");
    match Heroku::find() {
        Err(why) => report.skip("every command", &why),
        Ok(heroku) => {
            let stage = Stage::set(&Preset::default(), &[]).await;
            for act in ACTS {
                report.add(&act.0.join(" "), judged(&heroku, &stage, act).await);
            }
        }
    }
    report.close();
}

async fn judged(heroku: &Heroku, stage: &Stage, Act(argv, exit, says): &Act) -> Vec<String> {
    let argv = argv.iter().map(|word| (*word).to_owned()).collect();
    let outcome = match heroku.told(argv, stage).await {
        Ok(outcome) => outcome,
        Err(why) => return vec![why],
    };
    let mut complaints = Vec::new();
    if outcome.exit != *exit {
        complaints.push(format!("exit code {} instead of {exit}: {}", outcome.exit, outcome.stderr));
    }
    if !outcome.stdout.contains(says) && !outcome.stderr.contains(says) {
        complaints.push(format!("{says:?} is not said in {:?} {:?}", outcome.stdout, outcome.stderr));
    }
    complaints
}
