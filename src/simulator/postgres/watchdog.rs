use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use super::ServerFault;
use super::account::Account;

/// A process that ends every server below a folder, and removes the folder, as soon as this process is gone.
///
/// It waits for the end of its standard input, whose other end only we hold: the system closes it however we end, also
/// after `kill -9`. (A death signal would need unsafe code and is tied to a thread.) It has a process group of its own,
/// so that a Ctrl-C meant for us leaves it alive to do its work.
#[derive(Debug)]
pub(super) struct Watchdog {
    child: Child,
    line: Option<ChildStdin>,
}

const SCRIPT: &str = r#"
trap '' INT TERM HUP
while read -r line; do :; done
for file in "$1"/*/data/postmaster.pid; do
  [ -f "$file" ] && kill -QUIT "$(head -n 1 "$file")" 2>/dev/null
done
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  rm -rf "$1"/* 2>/dev/null
  [ -n "$(ls -A "$1" 2>/dev/null)" ] || break
  sleep 0.2
done
rmdir "$1" 2>/dev/null
exit 0
"#;

impl Watchdog {
    pub(super) fn over(folder: &Path, account: Account) -> Result<Self, ServerFault> {
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(SCRIPT).arg("hcops-postgres-watchdog").arg(folder);
        command.env_clear().env("PATH", "/usr/bin:/bin").current_dir("/").process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        account.lend(&mut command);
        let mut child = command.spawn().map_err(ServerFault::io(folder))?;
        let line = child.stdin.take();
        Ok(Self { child, line })
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.line.take());
        // Bounded: the script gives up after its ten attempts.
        let _ = self.child.wait();
    }
}
