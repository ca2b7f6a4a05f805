//! The simulator puts a marked password into each place where Heroku would show a real one. No byte of it may leave.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::house::{House, Told};
use super::simulated::{Simulator, planned};

const MARK: &str = "canary";

/// The world of a rehearsal is what the secrets are in; everything else only tells of it.
const WORLD: &str = "simulator.json";

fn files_below(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

fn assert_nothing_told(told: &Told) {
    assert!(!told.to_string().to_lowercase().contains(MARK), "{told}");
}

fn assert_nothing_kept(house: &House) {
    let files = files_below(&house.path("."));
    assert!(files.iter().any(|file| file.ends_with("journal.jsonl")), "there is a run to look at");
    for file in files.iter().filter(|file| !file.ends_with(WORLD)) {
        let bytes = std::fs::read(file).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).to_lowercase().contains(MARK), "{}", file.display());
    }
}

#[test]
fn a_rehearsal_keeps_and_tells_no_secret() {
    let house = House::new();
    for arguments in [
        ["rehearse", "version-upgrade", "--non-interactive", "-vv"].as_slice(),
        &["show", "--steps"],
        &["report"],
        &["abort", "--non-interactive", "-vv"],
        &["report", "--format", "json"],
    ] {
        assert_nothing_told(&house.hcops(arguments));
    }
    assert_nothing_kept(&house);
    let world = std::fs::read_to_string(house.path(&format!("state/runs/{}/{WORLD}", house.only_run()))).unwrap();
    assert!(world.contains(MARK), "the world has secrets that could have been told");
}

#[test]
fn a_run_over_http_keeps_and_tells_no_secret() {
    let simulator = Simulator::start("standard");
    let house = simulator.house().with("HEROKU_API_KEY", "canary-token");
    let (digest, name) = planned(&house);
    let run = ["run", "plan.json", "--approve", &digest, "--confirm", &name, "--go", "--non-interactive", "-vv"];
    for arguments in [run.as_slice(), &["status", "-a", "acme-crm"], &["doctor", "-a", "acme-crm", "-vv"], &["report"]]
    {
        assert_nothing_told(&house.hcops(arguments));
    }
    assert_nothing_kept(&house);
}

/// A token of a real one's form, which no text of a simulator holds.
const TOKEN: &str = "HRKU-0d3f2b8a-5a1e-4c44-9d5e-51c0ffee7e57";

/// In which spellings it may be repeated.
fn spellings() -> Vec<String> {
    let percent: String = TOKEN.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let numbers: String = TOKEN.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
    let basic = |user: &str| STANDARD.encode(format!("{user}:{TOKEN}"));
    let within = |engine: String| engine.get(4..engine.len() - 4).unwrap().to_owned();
    let mut all = vec![TOKEN.to_owned(), percent, numbers, URL_SAFE_NO_PAD.encode(format!(":{TOKEN}"))];
    all.extend(["", "a", "ab"].map(|user| within(basic(user))));
    all
}

/// Stands between hcops and a simulator, and repeats the token wherever an answer has room for it.
fn repeating(simulator: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let behind = simulator.trim_start_matches("http://").trim_end_matches('/').to_owned();
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let behind = behind.clone();
            std::thread::spawn(move || repeat(client, &behind));
        }
    });
    format!("http://{address}")
}

/// One request, one answer, one connection.
fn repeat(mut client: TcpStream, behind: &str) -> Option<()> {
    let (head, body) = read_message(&mut client)?;
    let head = with_header(&head, "connection", "close");
    let mut server = TcpStream::connect(behind).ok()?;
    server.write_all(&[head.as_bytes(), &body].concat()).ok()?;
    let (mut head, mut body) = read_message(&mut server)?;
    let said = format!("{TOKEN} Basic {}", STANDARD.encode(format!(":{TOKEN}")));
    for name in ["request-id", "x-heroku-warning", "warning-message", "x-confirmation-required"] {
        head = with_header(&head, name, &said);
    }
    let numbers: String = TOKEN.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
    let text = String::from_utf8(body).ok()?;
    // Where an answer says something in words.
    body = text.replace(r#""message":""#, &format!(r#""message":"{said} {numbers} "#)).into_bytes();
    head = with_header(&head, "content-length", &body.len().to_string());
    head = with_header(&head, "connection", "close");
    client.write_all(&[head.as_bytes(), &body].concat()).ok()
}

fn read_message(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let (mut bytes, mut byte) = (Vec::new(), [0]);
    while !bytes.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        bytes.push(byte[0]);
    }
    let head = String::from_utf8(bytes).ok()?;
    let length =
        head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    Some((head, body))
}

/// The head with this header, and no other of its name.
fn with_header(head: &str, name: &str, value: &str) -> String {
    let other = |line: &&str| !line.to_ascii_lowercase().starts_with(&format!("{name}:"));
    let kept: Vec<&str> = head.trim_end().lines().filter(other).collect();
    format!("{}\r\n{name}: {value}\r\n\r\n", kept.join("\r\n"))
}

/// A server, or whatever stands before it, repeats the token in every answer: it is in no file and on no screen.
#[test]
fn a_token_that_is_repeated_in_every_answer_is_kept_and_told_nowhere() {
    let simulator = Simulator::start("standard");
    let house = simulator.house().with("HEROKU_HOST", &repeating(&simulator.origin)).with("HEROKU_API_KEY", TOKEN);
    let (digest, name) = planned(&house);
    let run =
        ["run", "plan.json", "--approve", &digest, "--confirm", &name, "--go", "--non-interactive", "-vv", "--json"];
    let mut told = Vec::new();
    for arguments in [
        &["status", "-a", "acme-crm", "-vv"][..],
        &["status", "-a", "no-such-app"],
        &["doctor", "-a", "acme-crm"],
        &["plan", "sync-pause", "-a", "acme-crm", "--reason", "a test", "--json"],
        &run,
        &["show", "--steps"],
        &["report"],
        &["report", "--format", "json"],
        &["report", "--format", "html"],
    ] {
        let said = house.hcops(arguments);
        told.push((arguments.join(" "), said.to_string()));
    }
    assert!(told[0].1.contains("[secret]"), "it was repeated: {}", told[0].1);
    for file in files_below(&house.path(".")) {
        told.push((file.display().to_string(), String::from_utf8_lossy(&std::fs::read(&file).unwrap()).into_owned()));
    }
    assert!(
        told.iter().any(|(place, _)| place.ends_with("journal.jsonl"))
            && told.iter().any(|(place, _)| place.ends_with("plan.json"))
    );
    for (place, text) in &told {
        let found: Vec<String> = spellings().into_iter().filter(|spelling| text.contains(spelling.as_str())).collect();
        assert!(found.is_empty(), "{place}: {found:?}");
    }
}

/// The password as it is, and as it stands in an address.
const PASSWORD: &str = "s3cr/t word'%x";
const IN_ADDRESS: &str = "s3cr%2Ft%20word%27%25x";

/// A server that lets nobody in and repeats the password in every form that it knows.
fn telling_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let jdbc = format!("jdbc:postgresql://h/d?user=u&password={IN_ADDRESS}");
    let said = format!(
        "no entry for {PASSWORD}, {IN_ADDRESS}, {}, PGPASSWORD={PASSWORD}, {jdbc}, postgres://u:{IN_ADDRESS}@h/d",
        IN_ADDRESS.to_lowercase()
    );
    let fields = format!("SFATAL\0C28P01\0M{said}\0D{said}\0\0");
    std::thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let mut length = [0; 4];
            let _gone = client.read_exact(&mut length);
            let mut rest = vec![0; (u32::from_be_bytes(length) as usize).saturating_sub(4).min(10_000)];
            let _gone = client.read_exact(&mut rest);
            let size = u32::try_from(fields.len() + 4).unwrap().to_be_bytes();
            let _gone = client.write_all(&[b"E", &size[..], fields.as_bytes()].concat());
        }
    });
    port
}

fn assert_no_password(told: &str) {
    for part in ["s3cr", "t word", "t%20word", "t+word"] {
        assert!(!told.to_lowercase().contains(part), "{part} is in {told}");
    }
}

#[test]
fn a_password_that_a_database_repeats_is_told_nowhere() {
    let port = telling_server();
    let url = |name: &str| format!("postgres://u:{IN_ADDRESS}@127.0.0.1:{port}/{name}?sslmode=disable");
    let house = House::new();
    for words in [
        vec!["postgres".to_owned(), "compare".to_owned(), url("one"), url("two"), "-vv".to_owned()],
        vec![
            "postgres".to_owned(),
            "compare".to_owned(),
            url("one"),
            url("two"),
            "--output".to_owned(),
            "json".to_owned(),
        ],
        vec![
            "postgres".to_owned(),
            "compare".to_owned(),
            format!("jdbc:postgresql://127.0.0.1:{port}/one?user=u&password={IN_ADDRESS}"),
            url("two"),
        ],
    ] {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let told = house.hcops(&words);
        assert_ne!(told.exit, 0, "{told}");
        assert_no_password(&told.to_string());
    }
}

/// The same through Heroku: the address comes from a config var, and what fails is in a run's journal, trace and report.
#[test]
fn a_password_that_a_database_repeats_is_in_no_file_of_a_run() {
    let port = telling_server();
    let simulator = Simulator::start("standard");
    let mut world = simulator.get("/simulator/world");
    let database = &mut world["databases"][0];
    database["hostaddr"] = "127.0.0.1".into();
    database["port"] = port.into();
    database["password"] = PASSWORD.into();
    simulator.put("/simulator/world", &world);
    let house = simulator.house();
    for arguments in [
        &["doctor", "-a", "acme-crm", "--sql", "-vv"][..],
        &["plan", "version-upgrade", "-a", "acme-crm", "--to", "17", "-vv"],
        &["sync-resume", "-a", "acme-crm", "--non-interactive"],
        &["run", "sync-resume", "-a", "acme-crm", "--non-interactive", "-vv"],
        &["postgres", "info", "DATABASE", "-a", "acme-crm", "--non-interactive", "-vv"],
        &["report"],
    ] {
        let told = house.hcops(arguments);
        assert_no_password(&told.to_string());
    }
    for file in files_below(&house.path(".")) {
        assert_no_password(&String::from_utf8_lossy(&std::fs::read(&file).unwrap()));
    }
}
