use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::ServerFault;
use super::server_fault::finish;
use hcops_programs as programs;

/// The programs of one PostgreSQL version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    /// The major version: `17`.
    pub major: u32,
    /// The whole version as the server states it: `17.11`.
    pub version: String,
    programs: PathBuf,
    libraries: Option<PathBuf>,
}

impl Binaries {
    /// The programs in `folder` or in its `bin` folder; nothing where there is no server that runs.
    #[must_use]
    pub fn at(folder: &Path) -> Option<Self> {
        let programs = [folder.join("bin"), folder.to_owned()].into_iter().find(|it| it.join("postgres").is_file())?;
        let programs = fs::canonicalize(programs).ok()?;
        // Without this a standby of an unpacked archive loads the system's libpq and fails (docs/heroku/postgres.md,
        // "Servers for the simulator").
        let libraries = programs.parent().map(|parent| parent.join("lib")).filter(|lib| holds_libpq(lib));
        let mut found = Self { major: 0, version: String::new(), programs, libraries };
        let mut ask = found.command("postgres");
        ask.arg("--version");
        let said = finish(ask).ok()?;
        found.version = said.split_whitespace().nth(2)?.to_owned();
        found.major = found.version.split('.').next()?.parse().ok()?;
        Some(found)
    }

    /// A command that runs `program` in an environment of its own: nothing of ours leaks into the server.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.env_clear().env("LC_ALL", "C").env("TZ", "UTC").env("PATH", "/usr/bin:/bin").current_dir("/");
        if let Some(libraries) = &self.libraries {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        command
    }

    /// Whether `program` is there: some distributions leave out `pg_upgrade` or `pg_dump`.
    #[must_use]
    pub fn has(&self, program: &str) -> bool {
        self.programs.join(program).is_file()
    }

    pub(super) fn folder(&self) -> &Path {
        &self.programs
    }

    fn is_whole(&self) -> bool {
        ["initdb", "pg_ctl", "psql", "pg_basebackup", "pg_dump", "pg_upgrade"].iter().all(|program| self.has(program))
    }
}

fn holds_libpq(folder: &Path) -> bool {
    ["libpq.so.5", "libpq.5.dylib"].iter().any(|name| folder.join(name).exists())
}

/// Every PostgreSQL that was found here, one for each major.
#[derive(Debug, Clone, Default)]
pub struct Installations(BTreeMap<u32, Binaries>);

impl Installations {
    /// Looks in `given` first (what `HCOPS_POSTGRES` names, each a version's folder or a folder of such), then in
    /// `cache` (the user's own, which `scripts/postgres` fills), then where `pg_config` points and in the usual places. The first place
    /// that has a major wins, but one that lacks programs gives way to one that is whole.
    #[must_use]
    pub fn find(given: &[PathBuf], cache: Option<&Path>) -> Self {
        let mut found = BTreeMap::<u32, Binaries>::new();
        for folder in places(given, cache) {
            let Some(binaries) = Binaries::at(&folder) else { continue };
            let better = found.get(&binaries.major).is_none_or(|known| !known.is_whole() && binaries.is_whole());
            if better {
                found.insert(binaries.major, binaries);
            }
        }
        Self(found)
    }

    /// The majors, lowest first.
    #[must_use]
    pub fn majors(&self) -> Vec<u32> {
        self.0.keys().copied().collect()
    }

    /// The programs of this major.
    ///
    /// # Errors
    /// [`ServerFault::NotInstalled`].
    pub fn of(&self, major: u32) -> Result<&Binaries, ServerFault> {
        self.0.get(&major).ok_or(ServerFault::NotInstalled { major })
    }
}

fn places(given: &[PathBuf], cache: Option<&Path>) -> Vec<PathBuf> {
    let usual = ["/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt", "/usr/local/pgsql"];
    let mut all = Vec::new();
    for folder in given.iter().map(PathBuf::as_path).chain(cache) {
        all.push(folder.to_owned());
        all.extend(folders_in(folder));
    }
    all.extend(told_by_pg_config());
    for folder in usual.map(Path::new) {
        all.push(folder.to_owned());
        all.extend(folders_in(folder).into_iter().filter(|it| looks_like_a_version(it)));
    }
    all
}

fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn looks_like_a_version(folder: &Path) -> bool {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let number = name.strip_prefix("postgresql@").unwrap_or(&name);
    !number.is_empty() && number.chars().all(|letter| letter.is_ascii_digit() || letter == '.')
}

fn told_by_pg_config() -> Option<PathBuf> {
    let mut ask = Command::new(programs::find("pg_config")?);
    ask.arg("--bindir");
    finish(ask).ok().map(|said| PathBuf::from(said.trim())).filter(|folder| folder.is_absolute())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Binaries, looks_like_a_version};

    #[test]
    fn a_folder_without_a_server_is_no_installation() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Binaries::at(folder.path()), None);
        std::fs::create_dir(folder.path().join("bin")).unwrap();
        std::fs::write(folder.path().join("bin/postgres"), "not a program").unwrap();
        assert_eq!(Binaries::at(folder.path()), None);
    }

    #[test]
    fn versions_are_told_from_other_folders() {
        assert!(looks_like_a_version(Path::new("/usr/lib/postgresql/15")));
        assert!(looks_like_a_version(Path::new("/opt/homebrew/opt/postgresql@17")));
        assert!(!looks_like_a_version(Path::new("/opt/homebrew/opt/openssl@3")));
    }
}
