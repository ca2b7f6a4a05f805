use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use super::ServerFault;
use super::account::Account;
use super::server_fault::finish;

/// A process that ends every server below a folder, and removes the folder unless it is to be kept, as soon as this
/// process is gone.
///
/// It waits for the end of its standard input, whose other end only we hold: the system closes it however we end, also
/// after `kill -9`. (A death signal would need unsafe code and is tied to a thread.) It has a process group of its own,
/// so that a Ctrl-C meant for us leaves it alive to do its work.
#[derive(Debug)]
pub(super) struct Watchdog {
    child: Child,
    line: Option<ChildStdin>,
}

/// What becomes of the folder when its servers have ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Afterwards {
    /// It goes.
    Remove,
    /// It stays, for another process to go on with.
    Keep,
}

/// Holds the watchdog's process id while it is on guard over a folder that is kept.
const GUARDED: &str = "guarded";

/// Whether a process is on guard over a folder of servers, so that another one works in it or has just ended.
#[must_use]
pub fn is_guarded(folder: &Path) -> bool {
    let process = fs::read_to_string(folder.join(GUARDED)).ok().and_then(|text| text.trim().parse().ok());
    let process = process.and_then(rustix::process::Pid::from_raw);
    // One of another account is there as well, though it may not be asked.
    let gone = |process| matches!(rustix::process::test_kill_process(process), Err(rustix::io::Errno::SRCH));
    process.is_some_and(|process| !gone(process))
}

/// Arguments: the folder, the folder of the sockets, what becomes of it. A server that is told to end at once may take some
/// seconds on a busy machine, and writes into its folder until then: it is waited for, for up to 15 seconds. It has ended when
/// its process is gone or has removed its file; a process that nobody reaps still has its number.
const SCRIPT: &str = r#"
trap '' INT TERM HUP
while read -r line; do :; done
signalled() {
  for file in "$1"/*/data/postmaster.pid; do
    [ -f "$file" ] && kill "$2" "$(head -n 1 "$file")" 2>/dev/null && echo "$file"
  done
}
signalled "$1" -QUIT >/dev/null
attempt=0
while [ "$attempt" -lt 75 ] && [ -n "$(signalled "$1" -0)" ]; do
  attempt=$((attempt + 1))
  sleep 0.2
done
if [ "$3" = keep ]; then
  rm -rf "$2" 2>/dev/null
  rm -f "$1/guarded"
  exit 0
fi
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  rm -rf "$1"/* "$2" 2>/dev/null
  [ -n "$(ls -A "$1" 2>/dev/null)" ] || break
  sleep 0.2
done
rmdir "$1" 2>/dev/null
exit 0
"#;

/// Waits up to 20 seconds until the process that guarded a folder is gone. Arguments: the file that holds its id.
const WAIT: &str = r#"
[ -f "$1" ] || exit 0
guard=$(cat "$1")
attempt=0
while [ -f "$1" ] && kill -0 "$guard" 2>/dev/null; do
  attempt=$((attempt + 1))
  [ "$attempt" -lt 100 ] || exit 1
  sleep 0.2
done
rm -f "$1"
"#;

impl Watchdog {
    pub(super) fn over(
        folder: &Path,
        sockets: &Path,
        account: Account,
        afterwards: Afterwards,
    ) -> Result<Self, ServerFault> {
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(SCRIPT).arg("hcops-postgres-watchdog").arg(folder).arg(sockets);
        command.arg(if afterwards == Afterwards::Keep { "keep" } else { "remove" });
        command.env_clear().env("PATH", "/usr/bin:/bin").current_dir("/").process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        account.lend(&mut command);
        let mut child = command.spawn().map_err(ServerFault::io(folder))?;
        let line = child.stdin.take();
        if afterwards == Afterwards::Keep {
            let file = folder.join(GUARDED);
            fs::write(&file, child.id().to_string()).map_err(ServerFault::io(&file))?;
        }
        Ok(Self { child, line })
    }

    /// Waits until the watchdog of an earlier process has ended that process's servers: it would end ours as well.
    ///
    /// # Errors
    /// When it is still on guard after 20 seconds, as it is while that process lives.
    pub(super) fn wait_for_earlier(folder: &Path) -> Result<(), ServerFault> {
        let mut wait = Command::new("/bin/sh");
        wait.arg("-c").arg(WAIT).arg("hcops-postgres-wait").arg(folder.join(GUARDED));
        wait.env_clear().env("PATH", "/usr/bin:/bin").current_dir("/");
        finish(wait).map(drop).map_err(|_| ServerFault::Failed {
            program: "taking up the servers".to_owned(),
            said: format!("another process still works with the servers in {}", folder.display()),
        })
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.line.take());
        // Bounded: the script gives up after its attempts.
        let _ = self.child.wait();
    }
}
