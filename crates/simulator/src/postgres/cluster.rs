use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use hcops_model::DatabaseUrl;

use super::server_fault::{finish, last_lines};
use super::{Binaries, Encryption, ServerFault, Workshop};

/// One PostgreSQL server with its folder. It ends when this is dropped, and its folder goes unless its workshop is kept.
#[derive(Debug)]
pub struct Cluster {
    pub(super) workshop: Workshop,
    pub(super) binaries: Binaries,
    pub(super) place: PathBuf,
    pub(super) encryption: Encryption,
    pub(super) port: u16,
    running: bool,
    removed: bool,
}

/// How a server is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Sessions are cut, everything is written: a clean end.
    Clean,
    /// At once, as after a loss of power: the next start recovers.
    Abrupt,
}

/// A port that was free a moment ago may be taken when the server wants it.
const PORT_ATTEMPTS: usize = 5;
const FREE_PORT_ATTEMPTS: usize = 50;

impl Cluster {
    pub(super) const fn new(workshop: Workshop, binaries: Binaries, place: PathBuf, encryption: Encryption) -> Self {
        Self { workshop, binaries, place, encryption, port: 0, running: false, removed: false }
    }

    /// A server of an earlier process in the numbered folder of a kept workshop, not started yet. It is started on `port`
    /// where that is still free.
    ///
    /// # Errors
    /// When the major is not installed or the folder is not there.
    pub fn taken_up(
        workshop: &Workshop,
        number: u32,
        major: u32,
        encryption: Encryption,
        port: u16,
    ) -> Result<Self, ServerFault> {
        let binaries = workshop.installations().of(major)?.clone();
        let place = workshop.place(number);
        fs::metadata(place.join("data")).map_err(ServerFault::io(&place))?;
        let mut cluster = Self::new(workshop.clone(), binaries, place, encryption);
        cluster.port = port;
        Ok(cluster)
    }

    /// The number of its folder in the workshop.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.place.file_name().and_then(|name| name.to_str()?.parse().ok()).unwrap_or(0)
    }

    /// The version as the server states it: `17.11`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.binaries.version
    }

    /// The folder of its socket, for those who come without a network: nobody is asked for a password there.
    #[must_use]
    pub fn socket_folder(&self) -> &Path {
        self.workshop.sockets()
    }

    /// The port on which it is to be started.
    pub const fn listen_on(&mut self, port: u16) {
        self.port = port;
    }

    /// The major version.
    #[must_use]
    pub const fn major(&self) -> u32 {
        self.binaries.major
    }

    /// The loopback port; it stays the same over a restart where it is still free.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The process id of the server, while it runs: its processor time, ended sessions included, is this process's and its
    /// children's.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        let file = fs::read_to_string(self.data().join("postmaster.pid")).ok()?;
        file.lines().next()?.trim().parse().ok()
    }

    /// The URL of `database` over loopback, with the superuser's password and the `sslmode` that the server asks for.
    #[must_use]
    pub fn url(&self, database: &str) -> DatabaseUrl {
        self.url_as("postgres", self.workshop.password().open(), database)
    }

    /// The same for another role.
    #[must_use]
    pub fn url_as(&self, role: &str, password: &str, database: &str) -> DatabaseUrl {
        let mode = match self.encryption {
            Encryption::Off => "disable",
            Encryption::Unverifiable => "require",
        };
        DatabaseUrl::new(format!("postgres://{role}:{password}@127.0.0.1:{}/{database}?sslmode={mode}", self.port))
    }

    /// Starts the server and waits until it takes connections.
    ///
    /// # Errors
    /// With the end of the server's log.
    pub fn start(&mut self) -> Result<(), ServerFault> {
        let mut fault = None;
        for attempt in 0..PORT_ATTEMPTS {
            if attempt > 0 || self.port == 0 {
                self.port = free_port()?;
            }
            match self.try_to_start() {
                Ok(()) => {
                    self.running = true;
                    return Ok(());
                }
                Err(found) => fault = Some(found),
            }
        }
        Err(fault.unwrap_or(ServerFault::NotInstalled { major: self.major() }))
    }

    fn try_to_start(&self) -> Result<(), ServerFault> {
        let options = format!("-p {} -k {}", self.port, self.workshop.sockets().display());
        let mut command = self.pg_ctl("start");
        command.arg("--log").arg(self.log_file()).arg("--options").arg(options);
        // The server inherits these: a pipe would never end.
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let status = command.status().map_err(ServerFault::io(&self.place))?;
        if status.success() { Ok(()) } else { Err(self.told_by_log("postgres")) }
    }

    /// Stops the server and waits until it has ended. A server that does not run is left as it is.
    ///
    /// # Errors
    /// When it does not end within a minute.
    pub fn stop(&mut self, how: Stop) -> Result<(), ServerFault> {
        if !self.running {
            return Ok(());
        }
        let mut command = self.pg_ctl("stop");
        command.arg("--mode").arg(match how {
            Stop::Clean => "fast",
            Stop::Abrupt => "immediate",
        });
        finish(command)?;
        self.running = false;
        Ok(())
    }

    /// Ends the server, and its folder goes even from a kept workshop.
    pub fn remove(mut self) {
        self.removed = true;
    }

    /// Runs a script in `database` as the superuser and returns what its queries printed: fields separated by `|`, one
    /// row a line. It stops at the first error.
    ///
    /// # Errors
    /// With what `psql` said.
    pub fn run(&self, database: &str, script: &str) -> Result<String, ServerFault> {
        let file = self.place.join(format!("{}.sql", uuid::Uuid::new_v4().simple()));
        fs::write(&file, script).map_err(ServerFault::io(&file))?;
        let mut psql = Command::new(self.binaries.folder().join("psql"));
        psql.envs(self.binaries.command("psql").get_envs().filter_map(|(key, value)| Some((key, value?))));
        psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]);
        psql.arg("--host").arg(self.workshop.sockets()).args(["--port", &self.port.to_string()]);
        psql.args(["--username=postgres", "--dbname", database]).arg("--file").arg(&file);
        let said = finish(psql);
        fs::remove_file(&file).map_err(ServerFault::io(&file))?;
        said
    }

    /// A command of this version that talks to this server over its socket as the superuser.
    pub(super) fn client(&self, program: &str) -> Command {
        let mut command = self.workshop.lend(self.binaries.command(program));
        command.arg("--host").arg(self.workshop.sockets());
        command.args(["--port", &self.port.to_string(), "--username=postgres"]);
        command
    }

    pub(super) fn pg_ctl(&self, verb: &str) -> Command {
        let mut command = self.workshop.lend(self.binaries.command("pg_ctl"));
        command.arg(verb).arg("--pgdata").arg(self.data()).args(["--wait", "--timeout=60", "--silent"]);
        command
    }

    pub(super) fn data(&self) -> PathBuf {
        self.place.join("data")
    }

    fn log_file(&self) -> PathBuf {
        self.place.join("log")
    }

    fn told_by_log(&self, program: &str) -> ServerFault {
        let log = fs::read_to_string(self.log_file()).unwrap_or_default();
        ServerFault::Failed { program: program.to_owned(), said: last_lines(&log, 15) }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // What fails here is put right by the watchdog.
        let _ = self.stop(Stop::Abrupt);
        if self.removed || !self.workshop.keeps() {
            let _ = fs::remove_dir_all(&self.place);
        }
    }
}

/// A free port whose successor is free as well. All ports are even, so that the port after a database's, where its pooler
/// would be, is never that of another server.
pub(crate) fn free_port() -> Result<u16, ServerFault> {
    let loopback = Path::new("127.0.0.1");
    for _ in 0..FREE_PORT_ATTEMPTS {
        let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(ServerFault::io(loopback))?;
        let near = listener.local_addr().map_err(ServerFault::io(loopback))?.port() & !1;
        drop(listener);
        if [near, near + 1].iter().all(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()) {
            return Ok(near);
        }
    }
    Err(ServerFault::Failed { program: "the search for a port".to_owned(), said: "none is free".to_owned() })
}
