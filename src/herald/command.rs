use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

/// Bound on one command, in seconds; it is ended then.
const BOUND: Duration = Duration::from_secs(30);

/// What a command must not inherit: it is told of a run, and has no business with the account.
const KEPT_BACK: [&str; 2] = ["HEROKU_API_KEY", "HCOPS_NOTIFY"];

/// How much of its complaint is kept, in bytes.
const COMPLAINT: u64 = 4096;

/// Runs the command in a shell, with the document on its standard input and the kind in `HCOPS_EVENT`. Its output goes
/// nowhere: the terminal, and standard output with its JSON, belong to the run.
///
/// # Errors
/// Why it did not end well, with the last line that it complained with.
pub(super) async fn run(command: &str, kind: &str, document: &str) -> Result<(), String> {
    let mut child = shell(command)
        .env("HCOPS_EVENT", kind)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("it could not be started: {error}"))?;
    match tokio::time::timeout(BOUND, fed(&mut child, document)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(format!("it took longer than {} seconds and was ended", BOUND.as_secs())),
    }
}

async fn fed(child: &mut Child, document: &str) -> Result<(), String> {
    if let Some(mut input) = child.stdin.take() {
        // A command that does not read what it is told is free to do so.
        let _ = input.write_all(document.as_bytes()).await;
    }
    let mut complaint = Vec::new();
    if let Some(errors) = child.stderr.take() {
        let _ = errors.take(COMPLAINT).read_to_end(&mut complaint).await;
    }
    let status = child.wait().await.map_err(|error| format!("it could not be waited for: {error}"))?;
    if status.success() {
        return Ok(());
    }
    let complaint = String::from_utf8_lossy(&complaint);
    let last = complaint.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
    Err(format!("it ended with {status}: {last}"))
}

#[cfg(unix)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command);
    without_secrets(shell)
}

#[cfg(not(unix))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd");
    shell.arg("/C").arg(command);
    without_secrets(shell)
}

fn without_secrets(mut shell: Command) -> Command {
    for name in KEPT_BACK {
        shell.env_remove(name);
    }
    shell
}
