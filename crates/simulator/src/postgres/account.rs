use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use super::ServerFault;
use super::server_fault::finish;

/// The account that servers run under. PostgreSQL refuses to run as root, so root lends it an ordinary one
/// (docs/heroku/postgres.md, "Servers for the simulator").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    lent: Option<(u32, u32)>,
}

impl Account {
    /// The account for folders below `folder`, which this process has just made: its owner tells who we are.
    pub(super) fn for_owner_of(folder: &Path) -> Result<Self, ServerFault> {
        let owner = fs::metadata(folder).map_err(ServerFault::io(folder))?.uid();
        Ok(Self { lent: if owner == 0 { Some(ordinary_account()?) } else { None } })
    }

    /// Lets `command` run under this account.
    pub(super) fn lend(self, command: &mut Command) {
        if let Some((user, group)) = self.lent {
            command.uid(user).gid(group);
        }
    }

    /// Whether this account can work in `folder`: root's folders, for one, may be closed to the account that it lends.
    pub(super) fn can_work_in(self, folder: &Path) -> bool {
        let mut ask = Command::new("/bin/sh");
        ask.arg("-c").arg(r#"cd "$1" && [ -w . ]"#).arg("hcops-postgres-reach").arg(folder);
        ask.env_clear().env("PATH", "/usr/bin:/bin").current_dir("/");
        self.lend(&mut ask);
        finish(ask).is_ok()
    }

    /// Gives `path` itself, not what is below it, to this account.
    pub(super) fn give(self, path: &Path) -> Result<(), ServerFault> {
        match self.lent {
            Some((user, group)) => chown(path, Some(user), Some(group)).map_err(ServerFault::io(path)),
            None => Ok(()),
        }
    }
}

fn ordinary_account() -> Result<(u32, u32), ServerFault> {
    let database = Path::new("/etc/passwd");
    let text = fs::read_to_string(database).map_err(ServerFault::io(database))?;
    ["postgres", "nobody"].iter().find_map(|name| ids_of(&text, name)).ok_or_else(|| ServerFault::Failed {
        program: "the search for an account".to_owned(),
        said: "PostgreSQL does not run as root, and neither `postgres` nor `nobody` is in /etc/passwd".to_owned(),
    })
}

fn ids_of(passwd: &str, name: &str) -> Option<(u32, u32)> {
    let line = passwd.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::ids_of;

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let text = "root:x:0:0::/root:/bin/sh\npostgres2:x:7:7::/:/bin/sh\npostgres:x:101:104:,,,:/var:/bin/sh\n";
        assert_eq!(ids_of(text, "postgres"), Some((101, 104)));
        assert_eq!(ids_of(text, "nobody"), None);
    }
}
