//! `hcops postgres compare`, over real servers.

use std::process::Stdio;

use hcops_model::DatabaseUrl;
use hcops_simulator::postgres::Cluster;
use hcops_simulator::{ClockMode, Simulator};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::house::{House, Told};

const ROWS: &str = "create table customer (id int primary key, name text);
    insert into customer select n, 'customer ' || n from generate_series(1, 500) n;";

/// A value that must show only where it was asked for.
const CANARY: &str = "canary-value";

/// A server with the databases `old`, `same`, and `changed`, in which one row differs; or nothing, with the reason
/// printed, where no server is installed.
struct Servers {
    cluster: Cluster,
}

impl Servers {
    fn start() -> Option<Self> {
        let cluster = hcops_testing::server()?;
        cluster.run("postgres", "create database old").unwrap();
        cluster.run("old", ROWS).unwrap();
        cluster.run("postgres", "create database same template old").unwrap();
        cluster.run("postgres", "create database changed template old").unwrap();
        cluster.run("changed", &format!("update customer set name = '{CANARY}' where id = 77")).unwrap();
        Some(Self { cluster })
    }

    fn url(&self, database: &str) -> String {
        self.cluster.url(database).open().to_owned()
    }

    /// Runs the comparison of two of the databases. Nothing that is told may hold the password.
    fn compare(&self, old: &str, new: &str, options: &[&str]) -> Told {
        let (old, new) = (self.url(old), self.url(new));
        let arguments = [&["postgres", "compare", &old, &new], options].concat();
        let told = House::new().hcops(&arguments);
        self.assert_masked(&told);
        told
    }

    fn assert_masked(&self, told: &Told) {
        let url = url::Url::parse(&self.url("old")).unwrap();
        let password = url.password().unwrap();
        assert!(!told.stdout.contains(password) && !told.stderr.contains(password), "the password is shown");
    }
}

#[test]
fn equal_databases_exit_0_with_a_true_verdict() {
    let Some(servers) = Servers::start() else { return };
    let told = servers.compare("old", "same", &[]);
    assert_eq!(told.exit, 0, "{told}");
    assert!(told.stdout.contains("no difference found in 1 table, 500 rows, by canonical row hash"), "{told}");
    assert!(told.stderr.contains("comparing contents"), "progress is told: {told}");
    assert!(!told.stdout.contains("comparing contents"), "data only: {told}");
}

#[test]
fn a_changed_row_exits_15_and_is_named_with_its_value_hidden() {
    let Some(servers) = Servers::start() else { return };
    let told = servers.compare("old", "changed", &[]);
    assert_eq!(told.exit, 15, "{told}");
    for words in ["differences found: 1 table", "public.customer: 500 rows in old", "id=77 differs: name hidden"] {
        assert!(told.stdout.contains(words), "{words} is missing in {told}");
    }
    assert!(!told.to_string().contains(CANARY), "{told}");
    let shown = servers.compare("old", "changed", &["--show-values"]);
    assert_eq!(shown.exit, 15, "{shown}");
    assert!(shown.stdout.contains("“customer 77” in old, “canary-value” in new"), "{shown}");
}

#[test]
fn what_could_not_be_compared_exits_12_and_is_named() {
    let Some(servers) = Servers::start() else { return };
    servers.cluster.run("postgres", "create database whole template old").unwrap();
    servers.cluster.run("postgres", "create database empty template old").unwrap();
    let table = "create unlogged table scratch (id int primary key)";
    servers.cluster.run("whole", &format!("{table}; insert into scratch select generate_series(1, 5000)")).unwrap();
    servers.cluster.run("empty", table).unwrap();
    let told = servers.compare("whole", "empty", &["--follower"]);
    assert_eq!(told.exit, 12, "{told}");
    assert!(told.stdout.contains("not compared public.scratch (it is unlogged: 5000 rows in old"), "{told}");
    let told = servers.compare("whole", "empty", &["--output", "json"]);
    let document: Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!((told.exit, &document["verdict"]), (12, &Value::from("not-all-compared")), "{told}");
}

#[test]
fn json_is_one_document_with_the_same_exit_code() {
    let Some(servers) = Servers::start() else { return };
    let told = servers.compare("old", "changed", &["--output", "json"]);
    assert_eq!(told.exit, 15, "{told}");
    let document: Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(document["kind"], "comparison", "{told}");
    assert_eq!(document["verdict"], "differences-found", "{told}");
    assert_eq!(document["tables"][0]["differences"][0]["key"][0][1], "77", "{told}");
    assert!(!told.to_string().contains(CANARY), "{told}");
}

/// The fields that `docs/compare.md` promises.
const FIELDS: [&str; 22] = [
    "v",
    "kind",
    "verdict",
    "statement",
    "old",
    "new",
    "depth",
    "origin",
    "structure",
    "tables",
    "sequences",
    "large_objects",
    "connect",
    "without_statistics",
    "rebuild",
    "not_compared",
    "remarks",
    "rows",
    "bytes",
    "seconds",
    "retries",
    "resumption",
];

#[test]
fn the_fields_of_the_json_are_those_of_the_documentation() {
    let Some(servers) = Servers::start() else { return };
    let told = servers.compare("old", "same", &["--output", "json"]);
    let document: Value = serde_json::from_str(&told.stdout).unwrap();
    let fields: Vec<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, FIELDS);
    let documentation = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/compare.md")).unwrap();
    for field in &FIELDS[2..] {
        assert!(documentation.contains(&format!("`{field}`")), "{field} is not documented");
    }
}

#[test]
fn a_killed_comparison_goes_on_where_it_was() {
    let Some(servers) = Servers::start() else { return };
    let house = House::new();
    let checkpoint = house.path("checkpoint");
    let (old, new) = (servers.url("old"), servers.url("changed"));
    let name = checkpoint.to_str().unwrap();
    // A piece a second, so that it is killed among them.
    let arguments = ["postgres", "compare", &old, &new, "--max-rate", "16384", "--jobs", "1", "--checkpoint", name];
    let mut process = house.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while std::fs::read_to_string(&checkpoint).unwrap_or_default().lines().count() < 3 {
        assert_eq!(process.try_wait().unwrap(), None, "it ended before it was killed");
        std::thread::yield_now();
    }
    process.kill().unwrap();
    process.wait().unwrap();

    let told = house.hcops(&arguments);
    assert_eq!(told.exit, 15, "{told}");
    assert!(told.stdout.contains("pieces had been read before"), "{told}");
    assert!(told.stdout.contains("id=77 differs"), "{told}");
    assert!(!checkpoint.exists());
}

#[test]
fn a_file_of_another_sort_is_no_checkpoint() {
    let house = House::new();
    std::fs::write(house.path("notes"), "mine").unwrap();
    let name = house.path("notes");
    let urls = ["postgres://u:p@127.0.0.1:9/a", "postgres://u:p@127.0.0.1:9/b"];
    let told = house.hcops(&["postgres", "compare", urls[0], urls[1], "--checkpoint", name.to_str().unwrap()]);
    assert_eq!(told.exit, 2, "{told}");
    assert_eq!(std::fs::read_to_string(&name).unwrap(), "mine");
}

#[test]
fn counts_do_not_see_a_changed_value_and_say_so() {
    let Some(servers) = Servers::start() else { return };
    let told = servers.compare("old", "changed", &["--mode", "counts"]);
    assert_eq!(told.exit, 0, "{told}");
    assert!(told.stdout.contains("by row count"), "{told}");
    assert!(told.stdout.contains("the contents of rows were not looked at"), "{told}");
    servers.cluster.run("changed", "delete from customer where id = 78").unwrap();
    let told = servers.compare("old", "changed", &["--mode", "counts"]);
    assert_eq!(told.exit, 15, "{told}");
    assert!(told.stdout.contains("500 rows in old, 499 in new"), "{told}");
}

#[test]
fn a_database_that_cannot_be_reached_exits_1() {
    let (old, new) = ("postgres://u:canary-password@127.0.0.1:9/a", "postgres://u:canary-password@127.0.0.1:9/b");
    let told = House::new().hcops(&["postgres", "compare", old, new]);
    assert_eq!((told.exit, told.stdout.as_str()), (1, ""), "{told}");
    assert!(told.stderr.contains("remedy"), "{told}");
    assert!(!told.to_string().contains("canary-password"), "{told}");
}

#[test]
fn the_same_database_twice_or_no_url_exits_2() {
    let url = "postgres://u:canary-password@127.0.0.1:9/a";
    for (old, new) in [(url, url), (url, "postgres:/u:canary-password@h"), ("mysql://u:canary-password@h/n", url)] {
        let told = House::new().hcops(&["postgres", "compare", old, new]);
        assert_eq!((told.exit, told.stdout.as_str()), (2, ""), "{told}");
        assert!(!told.to_string().contains("canary-password"), "{told}");
    }
}

#[test]
fn an_argument_too_many_is_not_repeated() {
    let url = "postgres://u:canary-password@127.0.0.1:9/a";
    let told = House::new().hcops(&["postgres", "compare", url, url, url]);
    assert_eq!((told.exit, told.stdout.as_str()), (2, ""), "{told}");
    assert!(!told.to_string().contains("canary-password"), "{told}");
}

/// A simulated Heroku in this process, over real HTTP.
struct Heroku {
    simulator: Simulator,
    house: House,
    _runtime: Runtime,
}

impl Heroku {
    fn start() -> Self {
        let simulator = Simulator::from_scenario("standard", ClockMode::Paused, 1).unwrap();
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let served = simulator.clone();
        runtime.spawn(async move { served.serve(listener, std::future::pending()).await });
        let house = House::new().with("HEROKU_HOST", &origin).with("HEROKU_API_KEY", "simulated");
        Self { simulator, house, _runtime: runtime }
    }

    /// Lets the app's own database be this one.
    fn lead_to(&self, url: &DatabaseUrl) {
        let parsed = url::Url::parse(url.open()).unwrap();
        self.simulator.change(|world| {
            let database = &mut world.databases[0];
            database.host = parsed.host_str().unwrap().to_owned();
            database.port = parsed.port().unwrap();
            database.user = parsed.username().to_owned();
            database.password = parsed.password().unwrap().to_owned();
            database.database = parsed.path().trim_start_matches('/').to_owned();
        });
    }
}

#[test]
fn an_attachment_or_an_addon_names_its_database() {
    let Some(servers) = Servers::start() else { return };
    let heroku = Heroku::start();
    heroku.lead_to(&servers.cluster.url("old"));
    let (same, changed) = (servers.url("same"), servers.url("changed"));
    for name in ["DATABASE", "DATABASE_URL", "postgresql-flat-11007"] {
        let told = heroku.house.hcops(&["postgres", "compare", name, &same, "-a", "acme-crm"]);
        servers.assert_masked(&told);
        assert_eq!(told.exit, 0, "{name}: {told}");
    }
    let told = heroku.house.hcops(&["postgres", "compare", "acme-crm::DATABASE", &changed]);
    assert_eq!(told.exit, 15, "{told}");
}

#[test]
fn an_unknown_name_exits_2_and_the_known_ones_are_told() {
    let heroku = Heroku::start();
    let told = heroku.house.hcops(&["postgres", "compare", "NOTHING", "DATABASE_URL", "-a", "acme-crm"]);
    assert_eq!((told.exit, told.stdout.as_str()), (2, ""), "{told}");
    assert!(told.stderr.contains("acme-crm has no database called NOTHING"), "{told}");
    assert!(told.stderr.contains("DATABASE_URL"), "{told}");
    assert!(!told.to_string().contains("canary"), "{told}");
}
