use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use hcops_model::Secret;

use super::account::Account;
use super::server_fault::finish;
use super::watchdog::{Afterwards, Watchdog};
use super::{Binaries, Cluster, Installations, ServerFault};

/// The place where throw-away servers live: their folders, their account, one template for each major.
///
/// Cloning shares it. When the last clone and the last [`Cluster`] are dropped, or the process ends in whatever way, the
/// servers end and the folder goes, unless it is a workshop that is kept ([`Workshop::kept`]).
#[derive(Debug, Clone)]
pub struct Workshop(Arc<Inside>);

#[derive(Debug)]
struct Inside {
    folder: PathBuf,
    sockets: PathBuf,
    afterwards: Afterwards,
    account: Account,
    installations: Installations,
    password: Secret,
    templates: Mutex<HashMap<(u32, Encryption), PathBuf>>,
    counter: AtomicU32,
    _watchdog: Watchdog,
}

/// What a server asks of those who come over TCP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encryption {
    /// Nothing: plain connections with a password.
    Off,
    /// TLS with a certificate that nobody can verify, as Heroku's classic tiers have it.
    Unverifiable,
}

/// Settings for servers that nobody will miss (docs/heroku/postgres.md, "Servers for the simulator"): quick to start,
/// small, no fsync.
const SETTINGS: &str = "
fsync = off
full_page_writes = off
synchronous_commit = off
shared_buffers = 16MB
autovacuum = off
wal_retrieve_retry_interval = 20ms
wal_writer_delay = 10ms
dynamic_shared_memory_type = mmap
listen_addresses = '127.0.0.1'
timezone = 'UTC'
log_timezone = 'UTC'
";

/// Room that a memory file system must have before servers are put there, in bytes.
const ROOM_IN_MEMORY: u64 = 1 << 30;

impl Workshop {
    /// Makes the folder, below `root` or where there is room: memory first, then the system's folder for temporary files.
    ///
    /// # Errors
    /// When no folder can be made, or when root finds no account to lend.
    pub fn open(installations: Installations, root: Option<&Path>) -> Result<Self, ServerFault> {
        let root = root.map_or_else(roomy_folder, Path::to_owned);
        let folder = root.join(format!("hcops-{}", uuid::Uuid::new_v4().simple()));
        fs::create_dir(&folder).map_err(ServerFault::io(&folder))?;
        let account = private(&folder)?;
        Self::over(installations, folder, account, Afterwards::Remove)
    }

    /// A workshop whose servers end with this process and whose folder stays, with what the servers hold: another process
    /// takes them up again with [`Cluster::taken_up`]. The folder is made where it is not there; an earlier process that
    /// worked in it must be gone, and is waited for.
    ///
    /// # Errors
    /// When the folder can't be made or used by the servers' account, or another process works in it.
    pub fn kept(installations: Installations, folder: &Path) -> Result<Self, ServerFault> {
        fs::create_dir_all(folder).map_err(ServerFault::io(folder))?;
        Watchdog::wait_for_earlier(folder)?;
        let account = private(folder)?;
        if !account.can_work_in(folder) {
            let said = format!("the account that servers run under cannot work in {}", folder.display());
            return Err(ServerFault::Failed { program: "the making of a place for servers".to_owned(), said });
        }
        Self::over(installations, folder.to_owned(), account, Afterwards::Keep)
    }

    /// Whether servers that run under this process's account for servers could work in `folder`, which is made if need be.
    #[must_use]
    pub fn could_be_kept_in(folder: &Path) -> bool {
        fs::create_dir_all(folder).is_ok() && private(folder).is_ok_and(|account| account.can_work_in(folder))
    }

    fn over(
        installations: Installations,
        folder: PathBuf,
        account: Account,
        afterwards: Afterwards,
    ) -> Result<Self, ServerFault> {
        let sockets = make_sockets(&folder, account)?;
        let used = numbers_in(&folder).into_iter().max().map_or(0, |last| last + 1);
        Ok(Self(Arc::new(Inside {
            _watchdog: Watchdog::over(&folder, &sockets, account, afterwards)?,
            folder,
            sockets,
            afterwards,
            account,
            installations,
            password: Secret::new(uuid::Uuid::new_v4().simple().to_string()),
            templates: Mutex::new(HashMap::new()),
            counter: AtomicU32::new(used),
        })))
    }

    /// What is installed.
    #[must_use]
    pub fn installations(&self) -> &Installations {
        &self.0.installations
    }

    /// A new running server of this major, with the superuser `postgres`.
    ///
    /// # Errors
    /// When the major is not installed or the server does not start.
    pub fn cluster(&self, major: u32, encryption: Encryption) -> Result<Cluster, ServerFault> {
        let mut cluster = self.unstarted(major, encryption)?;
        cluster.start()?;
        Ok(cluster)
    }

    /// The same, not started yet.
    ///
    /// # Errors
    /// When the major is not installed or the folder can't be made.
    pub fn unstarted(&self, major: u32, encryption: Encryption) -> Result<Cluster, ServerFault> {
        let binaries = self.0.installations.of(major)?.clone();
        let template = self.template(&binaries, encryption)?;
        let place = self.new_place()?;
        let mut copy = self.command("/bin/cp");
        copy.arg("-R").arg(&template).arg(place.join("data"));
        finish(copy)?;
        Ok(Cluster::new(self.clone(), binaries, place, encryption))
    }

    /// The folders of this workshop that nobody of `known` names go: what a process left half-made.
    ///
    /// # Errors
    /// When one can't be removed.
    pub fn clear_except(&self, known: &[u32]) -> Result<(), ServerFault> {
        for number in numbers_in(&self.0.folder).into_iter().filter(|number| !known.contains(number)) {
            let place = self.place(number);
            fs::remove_dir_all(&place).map_err(ServerFault::io(&place))?;
        }
        Ok(())
    }

    pub(super) fn place(&self, number: u32) -> PathBuf {
        self.0.folder.join(number.to_string())
    }

    /// Where the servers' sockets are: a path that is short enough for them (docs/heroku/postgres.md,
    /// "Servers for the simulator").
    pub(super) fn sockets(&self) -> &Path {
        &self.0.sockets
    }

    pub(super) fn keeps(&self) -> bool {
        self.0.afterwards == Afterwards::Keep
    }

    /// A folder for other things that belong to these servers and go with them.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn side_folder(&self, name: &str) -> Result<PathBuf, ServerFault> {
        let folder = self.0.folder.join(name);
        fs::create_dir_all(&folder).map_err(ServerFault::io(&folder))?;
        self.0.account.give(&folder)?;
        Ok(folder)
    }

    /// An empty folder for one server, given to its account.
    pub(super) fn new_place(&self) -> Result<PathBuf, ServerFault> {
        let place = self.place(self.0.counter.fetch_add(1, Ordering::Relaxed));
        fs::create_dir(&place).map_err(ServerFault::io(&place))?;
        self.0.account.give(&place)?;
        Ok(place)
    }

    /// Lets `command` run under the servers' account.
    pub(super) fn lend(&self, mut command: Command) -> Command {
        self.0.account.lend(&mut command);
        command
    }

    pub(super) fn password(&self) -> &Secret {
        &self.0.password
    }

    /// A command of the system that runs under the servers' account.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", "/usr/bin:/bin").current_dir("/");
        self.lend(command)
    }

    /// `initdb` takes most of a second, a copy of its result a tenth of that.
    fn template(&self, binaries: &Binaries, encryption: Encryption) -> Result<PathBuf, ServerFault> {
        let mut templates = self.0.templates.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (binaries.major, encryption);
        if let Some(known) = templates.get(&key) {
            return Ok(known.clone());
        }
        let made = self.make_template(binaries, encryption)?;
        templates.insert(key, made.clone());
        Ok(made)
    }

    fn make_template(&self, binaries: &Binaries, encryption: Encryption) -> Result<PathBuf, ServerFault> {
        let place = self.new_place()?;
        let template = place.join("template");
        let password = place.join("password");
        self.write(&password, self.0.password.open())?;
        let mut initdb = self.lend(binaries.command("initdb"));
        initdb.arg("--pgdata").arg(&template).arg("--pwfile").arg(&password);
        initdb.args(["--username=postgres", "--auth-local=trust", "--auth-host=scram-sha-256"]);
        // Checksums on both sides of an upgrade must agree, and 18 has them by default.
        initdb.args(["--encoding=UTF8", "--locale=C", "--no-sync", "--wal-segsize=1", "--data-checksums"]);
        finish(initdb)?;
        fs::remove_file(&password).map_err(ServerFault::io(&password))?;
        self.write(&template.join("hcops.conf"), &settings(encryption))?;
        append(&template.join("postgresql.conf"), "include 'hcops.conf'\n")?;
        if encryption == Encryption::Unverifiable {
            self.encrypt(&template)?;
        }
        Ok(template)
    }

    fn encrypt(&self, template: &Path) -> Result<(), ServerFault> {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).map_err(|fault| {
            ServerFault::Failed { program: "the making of a certificate".to_owned(), said: fault.to_string() }
        })?;
        self.write(&template.join("server.crt"), &made.cert.pem())?;
        self.write(&template.join("server.key"), &made.signing_key.serialize_pem())?;
        let hba = template.join("pg_hba.conf");
        let rules = fs::read_to_string(&hba).map_err(ServerFault::io(&hba))?;
        let strict: Vec<String> = rules.lines().map(only_encrypted).collect();
        fs::write(&hba, strict.join("\n") + "\n").map_err(ServerFault::io(&hba))
    }

    /// Writes a file that only the servers' account may read.
    pub(super) fn write(&self, path: &Path, text: &str) -> Result<(), ServerFault> {
        fs::write(path, text).map_err(ServerFault::io(path))?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(ServerFault::io(path))?;
        self.0.account.give(path)
    }
}

/// Closes a folder to all but the servers' account, which it is given to.
fn private(folder: &Path) -> Result<Account, ServerFault> {
    // The account is told by who makes files here, and the folder may be a lent account's from an earlier time.
    let probe = folder.join(format!("probe-{}", uuid::Uuid::new_v4().simple()));
    fs::write(&probe, "").map_err(ServerFault::io(&probe))?;
    let account = Account::for_owner_of(&probe);
    fs::remove_file(&probe).map_err(ServerFault::io(&probe))?;
    let account = account?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(ServerFault::io(folder))?;
    account.give(folder)?;
    Ok(account)
}

/// The longest path for the folder of sockets: the system allows 103 to 107 bytes with the socket's own name.
const LONGEST_FOR_SOCKETS: usize = 80;

fn make_sockets(folder: &Path, account: Account) -> Result<PathBuf, ServerFault> {
    let mark = uuid::Uuid::new_v4().simple().to_string();
    let beside = folder.join("sockets");
    let sockets = if beside.as_os_str().len() <= LONGEST_FOR_SOCKETS {
        // What a process that was killed left there belongs to nobody.
        let _ = fs::remove_dir_all(&beside);
        beside
    } else {
        PathBuf::from("/tmp").join(format!("hcops-{}", &mark[..12]))
    };
    fs::create_dir(&sockets).map_err(ServerFault::io(&sockets))?;
    fs::set_permissions(&sockets, fs::Permissions::from_mode(0o700)).map_err(ServerFault::io(&sockets))?;
    account.give(&sockets)?;
    Ok(sockets)
}

/// The numbered folders, one for each server or template.
fn numbers_in(folder: &Path) -> Vec<u32> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

fn settings(encryption: Encryption) -> String {
    match encryption {
        Encryption::Off => SETTINGS.to_owned(),
        Encryption::Unverifiable => format!("{SETTINGS}ssl = on\n"),
    }
}

fn only_encrypted(rule: &str) -> String {
    rule.strip_prefix("host ").map_or_else(|| rule.to_owned(), |rest| format!("hostssl {rest}"))
}

fn append(path: &Path, text: &str) -> Result<(), ServerFault> {
    let before = fs::read_to_string(path).map_err(ServerFault::io(path))?;
    fs::write(path, before + text).map_err(ServerFault::io(path))
}

fn roomy_folder() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if free_bytes(memory).is_some_and(|free| free >= ROOM_IN_MEMORY) { memory.to_owned() } else { std::env::temp_dir() }
}

/// What `df` says is free; nothing where the folder is missing or on the same file system as the root.
fn free_bytes(folder: &Path) -> Option<u64> {
    let own = fs::metadata(folder).ok()?.dev();
    if own == fs::metadata("/").ok()?.dev() {
        return None;
    }
    let mut ask = Command::new(hcops_programs::find("df")?);
    ask.arg("-Pk").arg(folder);
    let said = finish(ask).ok()?;
    let kibibytes: u64 = said.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kibibytes * 1024)
}
