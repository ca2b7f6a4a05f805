//! A server that accepts and does not answer as servers do: a word within two seconds, an end within half a minute.

#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    reason = "how long a command really takes, and a server that really lets it wait"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::house::House;
use super::simulated::{Simulator, planned};

/// How a server treats whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Conduct {
    /// It reads the request and says nothing.
    Silent,
    /// Its headers come byte by byte, for ever.
    TricklingHeaders,
    /// Its body comes byte by byte, for ever.
    TricklingBody,
    /// Its body never ends.
    EndlessBody,
    /// It says for ever that it will answer soon, as fast as it can.
    OnlyInformational,
    /// The same, at leisure.
    Informational,
    /// It asks for patience, in these words.
    RateLimited(&'static str),
}

const CONDUCTS: [Conduct; 9] = [
    Conduct::Informational,
    Conduct::Silent,
    Conduct::TricklingHeaders,
    Conduct::TricklingBody,
    Conduct::EndlessBody,
    Conduct::RateLimited("315360000"),
    Conduct::RateLimited("-5"),
    Conduct::RateLimited("tomorrow"),
    Conduct::RateLimited("18446744073709551615"),
];

/// A server on this machine; it ends with the test, and serves no more than it was made for.
pub(crate) struct Hostile {
    pub(crate) origin: String,
    over: Arc<AtomicBool>,
    asked: Arc<OnceLock<Instant>>,
}

/// Connections that are served in all.
const MOST: usize = 400;

impl Hostile {
    pub(crate) fn start(conduct: Conduct) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let over = Arc::new(AtomicBool::new(false));
        let asked = Arc::new(OnceLock::new());
        let (ended, first) = (Arc::clone(&over), Arc::clone(&asked));
        thread::spawn(move || {
            for stream in listener.incoming().take(MOST).flatten() {
                let _only_the_first = first.set(Instant::now());
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let ended = Arc::clone(&ended);
                thread::spawn(move || treat(stream, conduct, &ended));
            }
        });
        Self { origin, over, asked }
    }

    /// When the first client came. From then on a client waits; what a loaded machine needs to start it comes before.
    fn asked(&self) -> Option<Instant> {
        self.asked.get().copied()
    }

    pub(crate) fn house(&self) -> House {
        House::new().with("HEROKU_HOST", &self.origin).with("HEROKU_API_KEY", "simulated")
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        // The listener wakes up, and sees that it is over.
        let _woken = TcpStream::connect(self.origin.trim_start_matches("http://"));
    }
}

/// Treats one connection until the client leaves.
fn treat(mut stream: TcpStream, conduct: Conduct, over: &AtomicBool) {
    let mut request = [0_u8; 4096];
    stream.set_read_timeout(Some(Duration::from_secs(90))).unwrap();
    if stream.read(&mut request).unwrap_or(0) > 0 {
        treat_read(stream, conduct, over);
    }
}

/// Treats one whose request has been read.
fn treat_read(mut stream: TcpStream, conduct: Conduct, over: &AtomicBool) {
    let mut request = [0_u8; 4096];
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(4096));
    let (first, again, pause): (&str, &str, u64) = match conduct {
        Conduct::Silent => ("", "", 100),
        Conduct::TricklingHeaders => ("HTTP/1.1 200 OK\r\nX-Long: ", "x", 100),
        Conduct::TricklingBody => {
            ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 90000\r\n\r\n[", " ", 100)
        }
        Conduct::EndlessBody => ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", &chunk, 0),
        Conduct::Informational => ("", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", 100),
        Conduct::OnlyInformational => ("", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", 0),
        Conduct::RateLimited(hint) => {
            let body = r#"{"id":"rate_limit","message":"slow down"}"#;
            let answer = format!(
                "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nRetry-After: {hint}\r\n\
                 Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = stream.write_all(answer.as_bytes());
            return;
        }
    };
    let mut sent = stream.write_all(first.as_bytes());
    while sent.is_ok() && !over.load(Ordering::Relaxed) {
        if pause > 0 {
            thread::sleep(Duration::from_millis(pause));
        }
        sent = match conduct {
            // Only the client's end shows here.
            Conduct::Silent => match stream.read(&mut request) {
                Ok(0) | Err(_) => return,
                Ok(_) => Ok(()),
            },
            _ => stream.write_all(again.as_bytes()),
        };
    }
}

/// What a command told, how soon after it asked its first word came on standard error, and when it ended.
struct Timed {
    output: Output,
    first_word: Option<Duration>,
    end: Duration,
}

/// Runs a command and looks at the clock on the wall: people do.
fn timed(hostile: &Hostile, house: &House, arguments: &[&str]) -> Timed {
    let mut process =
        house.command(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = process.stderr.take().unwrap();
    let (tell, told) = mpsc::channel();
    let reading = thread::spawn(move || {
        let (mut all, mut some) = (Vec::new(), [0_u8; 1024]);
        while let Ok(count) = stderr.read(&mut some) {
            if count == 0 {
                break;
            }
            let _ = tell.send(Instant::now());
            all.extend_from_slice(&some[..count]);
        }
        all
    });
    let output = process.wait_with_output().unwrap();
    let ended = Instant::now();
    let since =
        |moment: Instant| hostile.asked().map_or(Duration::MAX, |asked| moment.saturating_duration_since(asked));
    let output = Output { stderr: reading.join().unwrap(), ..output };
    Timed { output, first_word: told.try_recv().ok().map(since), end: since(ended) }
}

/// Half a minute, and what a loaded machine adds to it.
const END: Duration = Duration::from_secs(40);
/// Two seconds, and what a loaded machine adds to them.
const WORD: Duration = Duration::from_secs(8);

const LOOKS: [&[&str]; 7] = [
    &["status", "-a", "acme-crm"],
    &["doctor", "-a", "acme-crm", "--json"],
    &["doctor", "-a", "acme-crm", "-a", "acme-billing", "--procedures"],
    &["windows", "--hours", "2"],
    &["windows", "-a", "acme-crm", "--json"],
    &["plan", "version-upgrade", "-a", "acme-crm", "--to", "17"],
    &["connect", "state", "-a", "acme-crm"],
];

#[test]
fn every_look_says_a_word_and_has_an_end_however_the_server_behaves() {
    let cases = CONDUCTS.iter().flat_map(|conduct| LOOKS.iter().map(move |look| (*conduct, *look)));
    let cases = cases.chain([(Conduct::OnlyInformational, LOOKS[0])]);
    let running: Vec<_> = cases
        .map(|(conduct, look)| {
            thread::spawn(move || {
                let hostile = Hostile::start(conduct);
                let house = hostile.house();
                (conduct, look, timed(&hostile, &house, look), house)
            })
        })
        .collect();
    for case in running {
        let (conduct, look, timed, house) = case.join().unwrap();
        let told = house.told(&timed.output);
        let about = format!("{conduct:?} {look:?} after {:?}: {told}", timed.end);
        assert_eq!(told.exit, 32, "{about}");
        assert!(timed.end < END, "{about}");
        if timed.end > WORD {
            assert!(timed.first_word.is_some_and(|word| word < WORD), "{:?} {about}", timed.first_word);
        }
        let words = told.stderr.lines().next().unwrap_or_default();
        if look.contains(&"--json") && timed.end > WORD {
            let event: Value = serde_json::from_str(words).unwrap_or_else(|_| panic!("{about}"));
            assert_eq!(event["kind"], "waiting", "{about}");
        }
    }
}

/// A way to a simulator that turns hostile when it is told to. The simulator's own interface stays open.
struct Turning {
    origin: String,
    hostile: Arc<AtomicBool>,
}

impl Turning {
    fn before(simulator: &Simulator, conduct: Conduct) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let hostile = Arc::new(AtomicBool::new(false));
        let (turned, behind) = (Arc::clone(&hostile), simulator.origin.trim_start_matches("http://").to_owned());
        thread::spawn(move || {
            for stream in listener.incoming().take(4000).flatten() {
                let (turned, behind) = (Arc::clone(&turned), behind.clone());
                thread::spawn(move || forward(stream, &behind, conduct, &turned));
            }
        });
        Self { origin, hostile }
    }

    fn turn(&self, hostile: bool) {
        self.hostile.store(hostile, Ordering::Relaxed);
    }
}

/// Hands one request on, and its answer back; one for each connection.
fn forward(mut client: TcpStream, behind: &str, conduct: Conduct, hostile: &AtomicBool) -> Option<()> {
    let (mut request, mut some) = (Vec::new(), [0_u8; 65_536]);
    let (head, length) = loop {
        let count = client.read(&mut some).ok().filter(|count| *count > 0)?;
        request.extend_from_slice(&some[..count]);
        let text = String::from_utf8_lossy(&request).to_lowercase();
        if let Some(head) = text.find("\r\n\r\n") {
            let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
            break (head + 4, length.unwrap_or(0));
        }
    };
    while request.len() < head + length {
        let count = client.read(&mut some).ok().filter(|count| *count > 0)?;
        request.extend_from_slice(&some[..count]);
    }
    let own = String::from_utf8_lossy(&request).contains(" /simulator/");
    if hostile.load(Ordering::Relaxed) && !own {
        treat_read(client, conduct, &AtomicBool::new(false));
        return Some(());
    }
    let close = String::from_utf8_lossy(&request[..head]).replacen("\r\n", "\r\nConnection: close\r\n", 1);
    let mut server = TcpStream::connect(behind).ok()?;
    server.write_all(close.as_bytes()).ok()?;
    server.write_all(&request[head..]).ok()?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).ok()?;
    client.write_all(&answer).ok()
}

/// A command whose standard error is read line by line.
struct Running {
    process: Child,
    lines: mpsc::Receiver<String>,
}

impl Running {
    fn start(house: &House, arguments: &[&str]) -> Self {
        let mut process =
            house.command(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = process.stderr.take().unwrap();
        let (tell, lines) = mpsc::channel();
        thread::spawn(move || {
            BufReader::new(stderr).lines().map_while(Result::ok).try_for_each(|line| tell.send(line))
        });
        Self { process, lines }
    }

    /// Waits for a line with these words; how long that took.
    fn until(&self, words: &str) -> Duration {
        let began = Instant::now();
        let mut told = String::new();
        loop {
            match self.lines.recv_timeout(Duration::from_secs(60)) {
                Ok(line) if line.contains(words) => return began.elapsed(),
                Ok(line) => told += &format!("{line}\n"),
                Err(_) => panic!("{words:?} was not told: {told}"),
            }
        }
    }

    /// Interrupts it once; its exit code, and how long it took to end.
    fn interrupted(mut self) -> (Option<i32>, Duration) {
        let began = Instant::now();
        let pid = Pid::from_raw(i32::try_from(self.process.id()).unwrap()).unwrap();
        kill_process(pid, Signal::INT).unwrap();
        (self.process.wait().unwrap().code(), began.elapsed())
    }
}

#[test]
fn in_a_run_the_wait_is_told_and_an_interrupt_ends_it_at_once() {
    for conduct in [Conduct::Silent, Conduct::TricklingBody] {
        let simulator = Simulator::start("standard");
        let way = Turning::before(&simulator, conduct);
        let house = House::new().with("HEROKU_HOST", &way.origin).with("HEROKU_API_KEY", "simulated");
        let (digest, name) = planned(&house);
        let parked = house.hcops(&["run", "plan.json", "--approve", &digest, "--non-interactive"]);
        assert_eq!(parked.exit, 10, "it stands at the point of no return: {parked}");
        way.turn(true);
        let resume = ["resume", "--non-interactive", "--go", "--confirm", &name];
        let running = Running::start(&house, &resume);
        running.until("what was asked has not answered yet");
        let (exit, took) = running.interrupted();
        assert_eq!(exit, Some(130), "{conduct:?}");
        assert!(took < WORD, "{conduct:?}: {took:?}");
        way.turn(false);
        let told = house.hcops(&resume);
        assert_eq!(told.exit, 0, "{conduct:?}: {told}");
    }
}

#[test]
fn a_run_that_cannot_be_planned_says_so_soon() {
    let hostile = Hostile::start(Conduct::Silent);
    let house = hostile.house();
    let timed =
        timed(&hostile, &house, &["run", "version-upgrade", "-a", "acme-crm", "--to", "17", "--non-interactive"]);
    let told = house.told(&timed.output);
    assert_eq!(told.exit, 1, "{told}");
    assert!(timed.end < END && timed.first_word.is_some_and(|word| word < WORD), "{:?} {told}", timed.end);
    assert!(!house.path("state/runs").exists(), "nothing was begun");
}
