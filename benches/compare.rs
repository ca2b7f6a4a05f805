//! How fast two databases are compared, against the floor (counting all rows) and against pgcopydb's method.
//!
//! ```text
//! scripts/bench --size 1024 --jobs 1 --rounds 3
//! ```
//!
//! Two servers hold three databases of the given size (mebibytes), shaped like pgbench's, like wide documents, and like
//! Connect's tables. Each way reads both servers at once with the same number of connections to each. The ways take turns,
//! so that a busy machine slows all of them; the best round of each counts. Processor time is the servers'.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark is a program of its own: it prints, and ends at the first thing that goes wrong"
)]

use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use hcops_database::compare::{Options, Progress, Verdict, compare};
use hcops_model::{Clock, DatabaseUrl, Moment};
use hcops_simulator::postgres::{Cluster, Encryption, Installations, Workshop};
use jiff::Timestamp;
use tokio::task::JoinSet;

/// Rows for each mebibyte, so that the sizes come out about right, and the tables.
const SHAPES: [(&str, u64, &str); 3] = [
    (
        "pgbench",
        7_800,
        "create table accounts (aid int primary key, bid int, abalance int, filler char(84));
         insert into accounts select n, n % 100, n % 7919, '' from generate_series(1, ROWS) n;",
    ),
    (
        "wide",
        760,
        "create table documents (id bigint primary key, title text, body jsonb, price numeric(14, 4), rate numeric,
            at timestamptz, tags text[], large text);
         insert into documents select n, 'title ' || md5(n::text),
            jsonb_build_object('id', n, 'name', md5(n::text), 'list', jsonb_build_array(n, n + 1, n / 3.0), 'text', repeat(md5(n::text), 8)),
            n * 1.25, n / 7.0, timestamptz '2026-01-01' + n * interval '1 s', array[md5(n::text), 'tag'],
            case when n % 10 = 0 then (select string_agg(md5((n * k)::text), '') from generate_series(1, 150) k) end
         from generate_series(1, ROWS) n;",
    ),
    (
        "connect",
        3_300,
        "create function made(name text, rows bigint) returns void language plpgsql as $$ begin
           execute format('create table %I (id serial primary key, sfid varchar(18), systemmodstamp timestamp,
             createddate timestamp, isdeleted boolean, _hc_lastop varchar(32), _hc_err text, name varchar(255),
             email varchar(80), amount double precision, stage varchar(255), description text, ownerid varchar(18))', name);
           execute format('insert into %I (sfid, systemmodstamp, createddate, isdeleted, _hc_lastop, name, email, amount, stage, description, ownerid)
             select ''001'' || lpad(n::text, 15, ''0''), timestamp ''2026-01-01'' + n * interval ''1 s'', timestamp ''2025-01-01'',
               false, ''SYNCED'', ''Name '' || n, n || ''@example.com'', n / 7.0, ''Prospecting'', repeat(''text '', n %% 20), ''005'' || lpad((n %% 90)::text, 15, ''0'')
             from generate_series(1, %s) n', name, rows);
         end $$;
         select made('account', ROWS / 2), made('contact', ROWS / 4), made('opportunity', ROWS / 8), made('task', ROWS / 8);",
    ),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Floor,
    Hcops,
    Pgcopydb,
}

const WAYS: [Way; 3] = [Way::Floor, Way::Hcops, Way::Pgcopydb];

#[derive(Debug, Clone, Copy)]
struct Cost {
    wall: Duration,
    processor: Duration,
}

struct Settings {
    size: u64,
    jobs: u32,
    rounds: u32,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    // `cargo test --all-targets` runs this too, and must not measure.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let number = |name: &str, default: u64| {
        let place = arguments.iter().position(|argument| argument == name);
        place.and_then(|place| arguments.get(place + 1)?.parse().ok()).unwrap_or(default)
    };
    let settings = Settings {
        size: number("--size", 1_024),
        jobs: number("--jobs", 1).try_into().unwrap_or(1),
        rounds: number("--rounds", 3).try_into().unwrap_or(3),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    match servers(&settings) {
        Some((old, new)) => runtime.block_on(measure(&old, &new, &settings)),
        None => eprintln!("skipped: no PostgreSQL server is installed here; `scripts/postgres` fetches some"),
    }
}

/// A server with the three databases, and another one with a copy of its files.
fn servers(settings: &Settings) -> Option<(Cluster, Cluster)> {
    let cache = hcops_testing::cached_servers();
    let installations = Installations::find(&[], Some(Path::new(&cache)));
    let newest = *installations.majors().last()?;
    let workshop = Workshop::open(installations, None).unwrap();
    let old = workshop.cluster(newest, Encryption::Off).unwrap();
    for (name, rows, tables) in SHAPES {
        old.run("postgres", &format!("create database {name}")).unwrap();
        let script = tables.replace("ROWS", &(rows * settings.size).to_string());
        old.run(name, &format!("{script} vacuum (freeze, analyze)")).unwrap();
    }
    let mut new = old.follower().unwrap();
    new.promote().unwrap();
    eprintln!("PostgreSQL {newest}, {} connections to each server, best of {} rounds", settings.jobs, settings.rounds);
    Some((old, new))
}

async fn measure(old: &Cluster, new: &Cluster, settings: &Settings) {
    println!(
        "| shape | MiB | floor MB/s | hcops MB/s | pgcopydb's method MB/s | hcops : pgcopydb, wall | processor | hcops : floor, processor |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for (name, _, _) in SHAPES {
        let bytes: u64 = old.run(name, "select pg_database_size(current_database())").unwrap().trim().parse().unwrap();
        let mut best = [Cost { wall: Duration::MAX, processor: Duration::MAX }; 3];
        for _ in 0..settings.rounds {
            for (way, best) in WAYS.into_iter().zip(&mut best) {
                let cost = timed(old, new, way, name, settings.jobs).await;
                best.wall = best.wall.min(cost.wall);
                best.processor = best.processor.min(cost.processor);
            }
        }
        let [floor, hcops, pgcopydb] = best;
        let rate = |cost: Cost| bytes as f64 / 1e6 / cost.wall.as_secs_f64();
        let ratio = |one: Duration, other: Duration| one.as_secs_f64() / other.as_secs_f64();
        println!(
            "| {name} | {} | {:.0} | {:.0} | {:.0} | {:.2} × as fast | {:.2} × less | {:.2} × |",
            bytes >> 20,
            rate(floor),
            rate(hcops),
            rate(pgcopydb),
            ratio(pgcopydb.wall, hcops.wall),
            ratio(pgcopydb.processor, hcops.processor),
            ratio(hcops.processor, floor.processor),
        );
    }
    println!("\nhcops's own memory at its highest: {} MiB", peak_memory_kibibytes() / 1_024);
}

async fn timed(old: &Cluster, new: &Cluster, way: Way, database: &str, jobs: u32) -> Cost {
    let before = settled_processor_time(old).await + settled_processor_time(new).await;
    let began = now();
    match way {
        Way::Floor => plainly(old, new, database, jobs, "count(*)").await,
        Way::Hcops => ours(old, new, database, jobs).await,
        Way::Pgcopydb => plainly(old, new, database, jobs, "count(1), sum(hashtext(it::text)::bigint)").await,
    }
    let wall = began.elapsed();
    Cost { wall, processor: settled_processor_time(old).await + settled_processor_time(new).await - before }
}

/// The whole comparison: structure, contents, sequences, statistics.
async fn ours(old: &Cluster, new: &Cluster, database: &str, jobs: u32) {
    let options = Options { jobs: NonZeroU32::new(jobs).unwrap(), ..Options::default() };
    let watch = Arc::new(|_: &Progress| ());
    let comparison =
        compare(&old.url(database), &new.url(database), &options, Arc::new(WallClock), watch).await.unwrap();
    assert_eq!(comparison.verdict, Verdict::NoDifferenceFound, "{}", comparison.statement);
}

/// Asks one thing of each table, one connection a table, as many tables at once as there are jobs: the way of pgcopydb.
async fn plainly(old: &Cluster, new: &Cluster, database: &str, jobs: u32, what: &'static str) {
    let listed = old.run(database, "select oid::regclass from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by relpages desc");
    let tables: Vec<String> = listed.unwrap().lines().map(str::to_owned).collect();
    let queue = Arc::new(std::sync::Mutex::new([tables.clone(), tables]));
    let mut workers = JoinSet::new();
    for (side, server) in [old, new].into_iter().enumerate() {
        for _ in 0..jobs {
            workers.spawn(ask_tables(server.url(database), Arc::clone(&queue), side, what));
        }
    }
    while let Some(ended) = workers.join_next().await {
        ended.unwrap();
    }
}

async fn ask_tables(url: DatabaseUrl, queue: Arc<std::sync::Mutex<[Vec<String>; 2]>>, side: usize, what: &'static str) {
    loop {
        let taken = {
            let tables = &mut queue.lock().unwrap()[side];
            (!tables.is_empty()).then(|| tables.remove(0))
        };
        let Some(table) = taken else { return };
        let (client, connection) = tokio_postgres::connect(url.open(), tokio_postgres::NoTls).await.unwrap();
        let carrier = tokio::spawn(connection);
        client.simple_query("set max_parallel_workers_per_gather = 0; set jit = off").await.unwrap();
        let question = format!("select {what} from only {table} as it");
        client.simple_query(&question).await.unwrap();
        drop(client);
        carrier.await.unwrap().unwrap();
    }
}

/// Processor time of a server and of its ended sessions, once the sessions of the last measurement have ended.
async fn settled_processor_time(server: &Cluster) -> Duration {
    let sessions =
        "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()";
    while server.run("postgres", sessions).unwrap().trim() != "0" {
        WallClock.sleep(Duration::from_millis(20)).await;
    }
    WallClock.sleep(Duration::from_millis(50)).await;
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", server.process_id().unwrap())).unwrap();
    let fields: Vec<u64> =
        stat.rsplit(')').next().unwrap().split_whitespace().skip(11).take(4).map(|it| it.parse().unwrap()).collect();
    // In hundredths of a second on every Linux.
    Duration::from_millis(fields.iter().sum::<u64>() * 10)
}

fn peak_memory_kibibytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    line.split_whitespace().next().and_then(|it| it.parse().ok()).unwrap_or(0)
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures the real time")]
fn now() -> Instant {
    Instant::now()
}

struct WallClock;

#[async_trait]
impl Clock for WallClock {
    #[expect(clippy::disallowed_methods, reason = "a benchmark runs in the real time")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn moment(&self) -> Moment {
        Moment::of(self.now())
    }

    #[expect(clippy::disallowed_methods, reason = "a benchmark runs in the real time")]
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
