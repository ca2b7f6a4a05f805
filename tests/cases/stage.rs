//! A simulated Heroku in this process, served over HTTP, and commands that are led to it.

use hcops_simulator::{ClockMode, DatabasesWanted, FaultRule, Simulator};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};

use crate::house::{House, Told};

pub(crate) const APP: &str = "acme-crm";
pub(crate) const LEADER: &str = "postgresql-flat-11007";

/// The world and who works in it.
pub(crate) struct Stage {
    pub(crate) simulator: Simulator,
    pub(crate) house: House,
    pub(crate) runtime: Runtime,
    pub(crate) origin: String,
}

/// A plan that was made and is approved.
pub(crate) struct Planned {
    digest: String,
    /// What opens its point of no return; empty for a plan that has none.
    pub(crate) name: String,
}

impl Stage {
    /// A scenario whose databases are numbers only.
    pub(crate) fn start(scenario: &str) -> Self {
        Self::over(Simulator::from_scenario(scenario, ClockMode::Paused, 1).unwrap())
    }

    /// A scenario with servers of these majors under its databases; nothing, with the reason printed, where they are missing.
    pub(crate) fn with_servers(scenario: &str, majors: &[u32]) -> Option<Self> {
        let wanted = DatabasesWanted { rows: 500, ..DatabasesWanted::of(hcops_testing::installations(majors)?) };
        let simulator = Simulator::from_scenario(scenario, ClockMode::Paused, 1).unwrap();
        simulator.with_databases(wanted).unwrap();
        Some(Self::over(simulator))
    }

    fn over(simulator: Simulator) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let served = simulator.clone();
        runtime.spawn(async move { served.serve(listener, std::future::pending()).await });
        let house = House::new().with("HEROKU_HOST", &origin).with("HEROKU_API_KEY", "simulated");
        Self { simulator, house, runtime, origin }
    }

    /// Where it is served.
    pub(crate) fn origin(&self) -> String {
        self.origin.clone()
    }

    pub(crate) fn hcops(&self, words: &[&str]) -> Told {
        self.house.hcops(words)
    }

    /// Lets something go wrong; written as the simulator takes it.
    pub(crate) fn fault(&self, rule: &str) {
        let rule: FaultRule = serde_json::from_str(rule).unwrap();
        self.simulator.add_fault(rule).unwrap();
    }

    /// Plans a procedure for the app. The plan has to be possible.
    pub(crate) fn planned(&self, words: &[&str]) -> Planned {
        let plan = self.house.path("plan.json");
        let told = self.hcops(&[&["plan"], words, &["-a", APP, "-o", plan.to_str().unwrap(), "--json"]].concat());
        assert_eq!(told.exit, 0, "{told}");
        // Shown digests are replaced by a word.
        let file: Value = serde_json::from_str(&std::fs::read_to_string(plan).unwrap()).unwrap();
        let digest = file["digest"].as_str().unwrap_or_else(|| panic!("no digest in {file:#}")).to_owned();
        let crossing =
            file["plan"]["steps"].as_array().into_iter().flatten().find_map(|step| step["crossing"]["name"].as_str());
        let name = crossing.unwrap_or_default().to_owned();
        Planned { digest, name }
    }

    /// Carries that plan out, as far as it goes without another answer than the name at its point of no return.
    pub(crate) fn run(&self, planned: &Planned, answers: &[&str]) -> Told {
        let words =
            ["run", "plan.json", "--non-interactive", "--go", "--approve", &planned.digest, "--confirm", &planned.name];
        self.hcops(&[&words, answers].concat())
    }

    /// A session of the superuser in a database of the server behind the first database of the world.
    pub(crate) fn superuser(&self, database: &str, application: &str) -> Client {
        let addon = self.simulator.world().databases[0].addon.clone();
        let (sockets, port) = self.simulator.server_of(&addon).unwrap().expect("a server");
        let mut config = tokio_postgres::Config::new();
        config.host_path(sockets).port(port).user("postgres").dbname(database).application_name(application);
        self.runtime.block_on(async {
            let (client, connection) = config.connect(NoTls).await.unwrap();
            tokio::spawn(connection);
            client
        })
    }

    /// Runs a script in the first database of the world as its owner, the default credential.
    pub(crate) fn in_database(&self, script: &str) {
        let database = self.simulator.world().databases[0].clone();
        let client = self.superuser(&database.database, "psql");
        let script = format!("set role \"{}\"; {script}", database.user);
        self.runtime.block_on(client.batch_execute(&script)).unwrap_or_else(|error| panic!("{error}: {script}"));
    }

    /// Repeats a statement every so many seconds, in the background, for as long as the stage stands.
    pub(crate) fn repeat(&self, client: Client, seconds: f64, statement: &'static str) {
        self.runtime.spawn(async move {
            let mut beat = tokio::time::interval(std::time::Duration::from_secs_f64(seconds));
            loop {
                beat.tick().await;
                if client.batch_execute(statement).await.is_err() {
                    return;
                }
            }
        });
    }

    pub(crate) fn once(&self, client: &Client, script: &str) {
        self.runtime.block_on(client.batch_execute(script)).unwrap_or_else(|error| panic!("{error}: {script}"));
    }

    /// The apps in maintenance mode.
    pub(crate) fn in_maintenance(&self) -> Vec<String> {
        self.simulator.world().apps.iter().filter(|app| app.maintenance).map(|app| app.name.clone()).collect()
    }
}
