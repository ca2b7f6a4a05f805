//! Runs the real `heroku` command for a case and judges exit code, output and the requests that it made.

use std::fs;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use axum::http::HeaderMap;
use serde_json::Value;

use crate::cases::{Case, Recorded, TOKEN};
use crate::recorder::Exchange;
use crate::replay::deviating;
use crate::settings;
use crate::stage::Stage;
use crate::templates::without_ids;

/// The bound on one command. The slowest recorded case waits twice for five seconds; starting takes about two.
const BOUND: Duration = Duration::from_secs(90);

/// The installed command and the program that runs it.
#[derive(Debug, Clone)]
pub(crate) struct Heroku {
    script: PathBuf,
}

/// What a command did.
pub(crate) struct Outcome {
    pub(crate) exit: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Heroku {
    /// The command that `scripts/official-cli` installed.
    ///
    /// # Errors
    /// With the reason for skipping, when it or Node is not on this machine.
    pub(crate) fn find() -> Result<Self, String> {
        let script = settings::command_folder().join("node_modules/heroku/bin/run.js");
        if !script.is_file() {
            return Err(format!("the heroku command is not in {} (run scripts/official-cli)", script.display()));
        }
        let node = Command::new("node").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        node.map_err(|error| format!("Node is missing: {error}"))?;
        Ok(Self { script })
    }

    /// Runs the case; what fell short, in words.
    pub(crate) async fn run(&self, case: &Case) -> Vec<String> {
        let stage = Stage::set(&case.preset, &case.requests).await;
        let (command, stdin) = (self.clone(), case.stdin.clone().unwrap_or_default());
        let mut env = environment(&stage);
        env.extend(case.token().map(|token| ("HEROKU_API_KEY".to_owned(), token)));
        let own = case.env.iter().flatten().filter(|(name, _)| *name != "HEROKU_API_KEY");
        env.extend(own.filter_map(|(name, value)| Some((name.clone(), value.clone()?))));
        let argv = case.argv.clone();
        let ended = tokio::task::spawn_blocking(move || command.execute(&argv, &env, &stdin)).await.unwrap();
        let mut complaints = match ended {
            Ok(outcome) => weigh_outcome(case, &stage, &outcome),
            Err(why) => vec![why],
        };
        complaints.extend(weigh_requests(case, &stage));
        complaints
    }

    /// Runs a command of which there is no recording.
    ///
    /// # Errors
    /// When it could not be started, or did not end.
    pub(crate) async fn told(&self, argv: Vec<String>, stage: &Stage) -> Result<Outcome, String> {
        let (command, mut env) = (self.clone(), environment(stage));
        env.push(("HEROKU_API_KEY".to_owned(), TOKEN.to_owned()));
        tokio::task::spawn_blocking(move || command.execute(&argv, &env, "")).await.unwrap()
    }

    /// Runs the command in an empty folder with a home of its own and nothing of ours in its environment.
    fn execute(&self, argv: &[String], env: &[(String, String)], stdin: &str) -> Result<Outcome, String> {
        let place = tempfile::tempdir().map_err(|error| error.to_string())?;
        let home = place.path().join("home");
        let work = place.path().join("work");
        prepare(&home, &work).map_err(|error| format!("could not prepare {}: {error}", place.path().display()))?;
        let mut command = Command::new("node");
        command.arg("--no-deprecation").arg(&self.script).args(argv).current_dir(&work).env_clear();
        command.envs(isolated(&home)).envs(env.iter().cloned());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().map_err(|error| format!("could not start node: {error}"))?;
        wait(child, stdin)
    }
}

fn prepare(home: &Path, work: &Path) -> std::io::Result<()> {
    fs::create_dir_all(home.join("cache/heroku"))?;
    // Without this file the first run says that the terms of service have changed.
    fs::write(home.join("cache/heroku/terms-of-service"), "")?;
    fs::create_dir_all(work)
}

/// What keeps the command away from the network, from this machine's settings and from the clock's place
/// (docs/heroku/cli.md, "Variables").
fn isolated(home: &Path) -> Vec<(&'static str, String)> {
    let under = |name: &str| home.join(name).display().to_string();
    vec![
        ("PATH", settings::search_path()),
        ("HOME", home.display().to_string()),
        ("XDG_CONFIG_HOME", under("config")),
        ("XDG_DATA_HOME", under("data")),
        ("XDG_CACHE_HOME", under("cache")),
        ("GIT_CONFIG_GLOBAL", under("gitconfig")),
        ("HEROKU_GIT_HOST", "git.localhost".to_owned()),
        ("HEROKU_NETRC_WRITE", "true".to_owned()),
        ("DISABLE_TELEMETRY", "true".to_owned()),
        ("HEROKU_SKIP_ANALYTICS", "1".to_owned()),
        ("HEROKU_DISABLE_AUTOUPDATE", "1".to_owned()),
        ("HEROKU_SKIP_NEW_VERSION_CHECK", "1".to_owned()),
        ("NO_PROXY", "127.0.0.1,localhost".to_owned()),
        ("TZ", "UTC".to_owned()),
        ("LANG", "en_US.UTF-8".to_owned()),
    ]
}

/// What points the command at the simulator.
fn environment(stage: &Stage) -> Vec<(String, String)> {
    let port = stage.address().port();
    let origin = format!("http://127.0.0.1:{port}");
    vec![
        ("HEROKU_HOST".to_owned(), origin.clone()),
        ("HEROKU_DATA_HOST".to_owned(), "127.0.0.1".to_owned()),
        ("HEROKU_POSTGRESQL_HOST".to_owned(), "127.0.0.1".to_owned()),
        ("CONNECT_DISCOVERY_SERVER".to_owned(), origin.clone()),
        ("HEROKU_STATUS_HOST".to_owned(), origin),
        ("PGDIAGNOSE_URL".to_owned(), "127.0.0.1".to_owned()),
        ("HEROKU_PARTICLEBOARD_URL".to_owned(), format!("http://localhost:{port}")),
    ]
}

fn wait(mut child: Child, stdin: &str) -> Result<Outcome, String> {
    let (stdout, stderr) = (drain(child.stdout.take()), drain(child.stderr.take()));
    if let Some(mut pipe) = child.stdin.take() {
        // A command that asks nothing may have ended already; then there is nobody to write to.
        let _ = pipe.write_all(stdin.as_bytes());
    }
    let output = stdout.recv_timeout(BOUND).and_then(|out| Ok((out, stderr.recv_timeout(BOUND)?)));
    if output.is_err() {
        child.kill().map_err(|error| format!("could not end process {}: {error}", child.id()))?;
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    let (stdout, stderr) =
        output.map_err(|_: RecvTimeoutError| format!("did not end within {} seconds", BOUND.as_secs()))?;
    Ok(Outcome { exit: exit_of(status), stdout, stderr })
}

/// Everything that a pipe brings until its other end is closed, when that has happened.
fn drain(pipe: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut bytes);
        }
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    receiver
}

#[cfg(unix)]
fn exit_of(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt as _;
    status.code().or_else(|| status.signal().map(|signal| -signal)).unwrap_or(i32::MIN)
}

#[cfg(not(unix))]
fn exit_of(status: ExitStatus) -> i32 {
    status.code().unwrap_or(i32::MIN)
}

fn weigh_outcome(case: &Case, stage: &Stage, outcome: &Outcome) -> Vec<String> {
    let mut complaints = Vec::new();
    if outcome.exit != case.exit {
        complaints.push(format!("exit code {} instead of {}", outcome.exit, case.exit));
    }
    for (stream, wanted, got) in [("stdout", &case.stdout, &outcome.stdout), ("stderr", &case.stderr, &outcome.stderr)]
    {
        let (wanted, got) = (without_ids(&stage.templates.fill(wanted)), without_ids(got));
        if wanted != got {
            complaints.push(format!("{stream} differs\n{}", difference(&wanted, &got)));
        }
    }
    complaints
}

/// The lines from the first that differs to the last, `-` as recorded and `+` as it is now; at most a dozen of each.
fn difference(wanted: &str, got: &str) -> String {
    let same = |(one, other): &(&str, &str)| one == other;
    let head = wanted.lines().zip(got.lines()).take_while(same).count();
    let rest = |text: &str| text.lines().skip(head).map(str::to_owned).collect::<Vec<_>>();
    let (wanted, got) = (rest(wanted), rest(got));
    let tail = wanted.iter().rev().zip(got.iter().rev()).take_while(|(one, other)| one == other).count();
    let show = |sign: char, lines: &[String]| -> String {
        let kept = lines.len().saturating_sub(tail).min(12);
        lines.iter().take(kept).map(|line| format!("      {sign} {line:?}\n")).collect()
    };
    format!("    from line {}:\n{}{}", head + 1, show('-', &wanted), show('+', &got))
}

/// Commands whose requests go out side by side, in any order
/// (docs/heroku/cli.md, "Requests").
const PARALLEL: [&str; 5] = ["apps:info", "addons", "pg:info", "pg:copy", "whoami"];

fn weigh_requests(case: &Case, stage: &Stage) -> Vec<String> {
    let mut wanted: Vec<_> = case.requests.iter().map(|recorded| expected(stage, recorded)).collect();
    let exchanges = stage.take_requests();
    let mut got: Vec<_> = exchanges.iter().map(seen).collect();
    if case.argv.first().is_some_and(|command| PARALLEL.contains(&command.as_str())) {
        wanted.sort();
        got.sort();
    }
    let mut complaints = Vec::new();
    if wanted != got {
        complaints.push(format!("requests differ\n{}", difference(&wanted.join("\n"), &got.join("\n"))));
    }
    let token = case.token().unwrap_or_else(|| "undefined".to_owned());
    complaints.extend(case.requests.iter().filter_map(|recorded| missing_header(stage, recorded, &exchanges, &token)));
    complaints
}

/// A request in one line: method, path, body and status. Ids that only the answers of the run can tell are left out.
fn expected(stage: &Stage, recorded: &Recorded) -> String {
    let body = recorded.has_body.then(|| stage.templates.fill_value(&recorded.body));
    let path = stage.templates.fill(&recorded.path);
    let path = ["{attachment}", "{release}", "{transfer}"].iter().fold(path, |path, id| path.replace(id, "{uuid}"));
    line(&recorded.method, &path, body, recorded.status)
}

fn seen(exchange: &Exchange) -> String {
    let body = (!exchange.body.is_empty()).then(|| serde_json::from_slice(&exchange.body).unwrap_or(Value::Null));
    line(&exchange.method, &exchange.path, body, exchange.status)
}

fn line(method: &str, path: &str, body: Option<Value>, status: u16) -> String {
    let body = body.map(|mut body| {
        body.sort_all_objects();
        body.to_string()
    });
    without_ids(&format!("{method} {path} {} -> {status}", body.unwrap_or_default()))
}

/// A header that the recording names and that no request to the same place carried.
fn missing_header(stage: &Stage, recorded: &Recorded, exchanges: &[Exchange], token: &str) -> Option<String> {
    let path = without_ids(&stage.templates.fill(&recorded.path));
    let there = |exchange: &&Exchange| exchange.method == recorded.method && without_ids(&exchange.path) == path;
    let carried: Vec<&HeaderMap> = exchanges.iter().filter(there).map(|exchange| &exchange.headers).collect();
    let lacking = recorded.headers.iter().find(|line| {
        let (name, value) = deviating(line, token);
        !carried.is_empty() && !carried.iter().any(|headers| headers.get(&name).is_some_and(|got| *got == value))
    })?;
    Some(format!("{} {}: no request with `{lacking}`", recorded.method, recorded.path))
}
