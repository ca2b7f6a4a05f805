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
    run_within(BOUND, command, kind, document).await
}

async fn run_within(bound: Duration, command: &str, kind: &str, document: &str) -> Result<(), String> {
    let mut child = shell(command)
        .env("HCOPS_EVENT", kind)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("it could not be started: {error}"))?;
    let group = Group::of(&child);
    match tokio::time::timeout(bound, fed(&mut child, document)).await {
        Ok(outcome) => {
            group.let_go();
            outcome
        }
        Err(_) => Err(format!("it took longer than {} seconds and was ended", bound.as_secs())),
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

/// The processes of a command, which end when this is dropped: at the bound, or when the process ends before.
struct Group(Option<u32>);

impl Group {
    fn of(child: &Child) -> Self {
        Self(child.id())
    }

    /// It ended by itself: what it left running on purpose goes on.
    fn let_go(mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    #[cfg(unix)]
    fn drop(&mut self) {
        use rustix::process::{Pid, Signal, kill_process_group};
        let leader = self.0.and_then(|leader| Pid::from_raw(i32::try_from(leader).ok()?));
        // Its leader is not reaped yet, so that the number is nobody else's.
        let _ = leader.map(|leader| kill_process_group(leader, Signal::KILL));
    }

    #[cfg(not(unix))]
    fn drop(&mut self) {}
}

#[cfg(unix)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("/bin/sh");
    // A group of its own: whatever the command has started ends with it.
    shell.arg("-c").arg(command).process_group(0);
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

/// The words of a command that may be shown: its program, without the variables that are set before it, whose values may
/// be secrets, and without its arguments.
pub(super) fn program(command: &str) -> &str {
    let is_assignment = |word: &str| {
        let (name, value) = word.split_once('=').unwrap_or_default();
        let letters = |character: char| character.is_ascii_alphanumeric() || character == '_';
        // Where a value is quoted, it may go on in the words after it.
        !name.is_empty() && name.chars().all(letters) && !value.contains(['\'', '"', '`', '$', '\\'])
    };
    let word = command.split_whitespace().find(|word| !is_assignment(word)).unwrap_or_default();
    if word.contains('=') { "…" } else { word }
}

#[cfg(all(test, unix))]
mod tests {
    use std::time::Duration;

    use super::{program, run_within};

    #[test]
    fn no_value_of_a_variable_is_part_of_its_name() {
        for (command, shown) in [
            ("notify --to me", "notify"),
            ("TOKEN=hunter2 A=b notify x", "notify"),
            ("TOKEN='hunter 2' notify", "…"),
            ("TOKEN=$(cat hunter2) notify", "…"),
            ("  ", ""),
        ] {
            assert_eq!(program(command), shown, "{command}");
        }
    }

    /// The child holds the pipe's other end: it reads as ended only when the child is gone.
    #[tokio::test]
    async fn whatever_the_command_started_ends_with_it_at_the_bound() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        let reading = {
            let pipe = pipe.clone();
            std::thread::spawn(move || std::fs::read(pipe).unwrap())
        };
        let command = format!("sleep 1000 >{} & sleep 1000", pipe.display());
        let why = run_within(Duration::from_secs(2), &command, "done", "{}").await.unwrap_err();
        assert!(why.contains("took longer than"), "{why}");
        assert_eq!(reading.join().unwrap(), b"");
    }
}
