//! `--notify` and `--on-event`: over real HTTP to a server of this test, and to real commands.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

use super::house::House;
use super::schemas::Published;
use super::simulated::Simulator;

const REHEARSE: [&str; 5] = ["rehearse", "version-upgrade", "--databases", "none", "--non-interactive"];

/// A server that takes whatever is posted.
struct Server {
    address: String,
    posted: Receiver<String>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/services/canary-in-the-path", listener.local_addr().unwrap());
        let (to, posted) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if to.send(taken(stream)).is_err() {
                    break;
                }
            }
        });
        Self { address, posted }
    }

    fn next(&self) -> String {
        self.posted.recv_timeout(Duration::from_secs(60)).expect("something was posted")
    }

    fn is_silent(&self) -> bool {
        self.posted.try_recv().is_err()
    }
}

/// The body of one request, which is answered.
fn taken(stream: TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim().to_ascii_lowercase().strip_prefix("content-length: ") {
            Some(number) => length = number.parse().unwrap(),
            None if line.trim().is_empty() => break,
            None => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    reader.into_inner().write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
    String::from_utf8(body).unwrap()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn what_matters_is_told_in_order_and_as_published() {
    let (server, house) = (Server::start(), House::new());
    let parked = house.hcops(&[&REHEARSE[..], &["--notify", &server.address]].concat());
    assert_eq!(parked.exit, 10, "{parked}");
    let notices = Published::schema("notices");
    let first = [(); 3].map(|()| server.next());
    first.iter().for_each(|notice| notices.accept_text(notice));
    let [begun, at_gate, first] = first.map(|notice| parsed(&notice));
    assert_eq!((&begun["kind"], &at_gate["kind"]), (&"begun".into(), &"at-gate".into()));
    assert_eq!((&first["kind"], &first["exit"], &first["rehearsal"]), (&"parked".into(), &10.into(), &true.into()));
    let command = first["commands"][0].as_str().unwrap().to_owned();
    let words: Vec<&str> = command.split_whitespace().skip(1).collect();
    assert_eq!(words[0], "resume", "the command that leads on: {command}");

    let told = house.path("told");
    let shell = format!("cat >> '{0}'; echo >> '{0}'", told.display());
    let done =
        house.hcops(&[&words[..], &["--on-event", &shell, "--notify", &format!("slack+{}", server.address)]].concat());
    assert_eq!(done.exit, 0, "{done}");
    let lines: Vec<String> = std::fs::read_to_string(told).unwrap().lines().map(str::to_owned).collect();
    lines.iter().for_each(|line| notices.accept_text(line));
    let kinds: Vec<Value> = lines.iter().map(|line| parsed(line)["kind"].clone()).collect();
    let told = kinds.iter().filter(|kind| **kind != "overdue").collect::<Vec<_>>();
    assert_eq!(told, ["writes-off", "crossed", "writes-on", "done"], "{lines:#?}");
    let in_slack: Vec<Value> = lines.iter().map(|_| parsed(&server.next())).collect();
    assert!(in_slack.last().unwrap()["text"].as_str().unwrap().contains("*done*"), "{in_slack:?}");
}

#[test]
fn nobody_who_cannot_be_told_breaks_a_run() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let address = format!("http://{closed}/services/canary-in-the-path");
    let quiet = House::new().hcops(&[&REHEARSE[..], &["--output", "json"]].concat());
    let telling =
        [&REHEARSE[..], &["--output", "json", "--notify", &address, "--on-event", "echo no >&2; exit 3"]].concat();
    let told = House::new().hcops(&telling);
    assert_eq!((told.exit, told.stdout.lines().count()), (quiet.exit, quiet.stdout.lines().count()), "{told}");
    assert!(told.stderr.contains("note: 127.0.0.1 was not told `parked`: "), "{told}");
    assert!(
        told.stderr.contains("note: the command `echo` was not told `parked`: it ended with exit status: 3: no"),
        "{told}"
    );
    assert!(!told.stderr.contains("canary"), "{told}");
}

#[test]
fn an_address_that_is_none_is_refused_before_anything_is_done_and_not_repeated() {
    for address in ["http://hooks.example/canary", "hooks.example/canary"] {
        let house = House::new();
        let told = house.hcops(&[&REHEARSE[..], &["--notify", address]].concat());
        assert_eq!(told.exit, 2, "{told}");
        assert!(!house.path("state/runs").exists());
        assert!(!told.stderr.contains("canary"), "{told}");
    }
}

#[test]
fn the_environment_names_whom_to_tell_but_not_of_rehearsals_and_no_command_inherits_a_secret() {
    let server = Server::start();
    let rehearsed = House::new().with("HCOPS_NOTIFY", &server.address).hcops(&REHEARSE);
    assert_eq!(rehearsed.exit, 10, "{rehearsed}");
    assert!(server.is_silent(), "a rehearsal is nobody's business");

    let simulator = Simulator::start("standard");
    let house = simulator.house().with("HCOPS_NOTIFY", &server.address);
    let inherited = house.path("inherited");
    let shell = format!("env > '{}'", inherited.display());
    let run = ["run", "version-upgrade", "-a", "acme-crm", "--to", "17", "--compare", "none", "--non-interactive"];
    let parked = house.hcops(&[&run[..], &["--on-event", &shell]].concat());
    assert_eq!(parked.exit, 10, "{parked}");
    assert_eq!(parsed(&server.next())["rehearsal"], false);
    let inherited = std::fs::read_to_string(inherited).unwrap();
    assert!(inherited.contains("HCOPS_EVENT=parked"), "{inherited}");
    assert!(!inherited.contains("simulated") && !inherited.contains("canary"), "{inherited}");
}
