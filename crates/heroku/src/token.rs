//! Where the token comes from: `HEROKU_API_KEY`, then the official command, which knows the keychain, then netrc.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use url::Url;

use super::{Origins, netrc};
use hcops_model::{Fault, FaultKind, Happened, Secret};

/// A token, and where it was found.
#[derive(Debug, Clone)]
pub struct FoundToken {
    /// The token.
    pub token: Secret,
    /// Where it was found.
    pub source: TokenSource,
    /// What went wrong on the way to it, where anything did: another account may be meant than the one that was found.
    pub remark: Option<String>,
}

/// The netrc file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetrcFile {
    /// There is none.
    Absent,
    /// Its bytes.
    Read(Vec<u8>),
    /// It is there and cannot be read: a sentence with its place and why.
    Unreadable(String),
}

/// Where a token was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenSource {
    /// The environment variable `HEROKU_API_KEY`.
    Environment,
    /// The netrc file.
    Netrc,
    /// `heroku auth:token`, which knows the system's keychain.
    HerokuCommand,
}

/// The official `heroku` command, as far as it is needed here.
pub trait HerokuCommand {
    /// The token that it is logged in with; nothing when the command is not installed.
    ///
    /// # Errors
    /// One sentence when the command is there but gave no token.
    fn auth_token(&self) -> Result<Option<Secret>, String>;
}

/// What the fault of a token that was not found, or cannot be one, is known by.
pub const NO_TOKEN: &str = "no_token";

/// Finds the token for these origins in the order of the official client since 11.8 (heroku-cli-command, credential manager):
/// the environment, the keychain, netrc. The keychain's token is never used for an address on this machine: it is not tied
/// to a host, so a simulator would get the token of the real account
/// (docs/heroku/cli.md, "Token").
///
/// # Errors
/// [`FaultKind::Unauthorized`] when there is none, with how to get one.
pub fn find_token(
    origins: &Origins,
    api_key: Option<&str>,
    netrc: &NetrcFile,
    heroku: &dyn HerokuCommand,
) -> Result<FoundToken, Fault> {
    if let Some(key) = api_key.map(str::trim).filter(|key| !key.is_empty()) {
        return found(Secret::new(key), TokenSource::Environment, None);
    }
    let said = if origins.is_local() { Ok(None) } else { heroku.auth_token() };
    if let Ok(Some(token)) = said {
        return found(token, TokenSource::HerokuCommand, None);
    }
    let machine = machine(&origins.platform);
    if let Some(password) = from_netrc(netrc, &machine) {
        let remark = said.err().filter(|why| why != NOT_LOGGED_IN);
        let remark = remark.map(|why| format!("heroku auth:token gave no token ({why}), so that of netrc is used"));
        return found(password, TokenSource::Netrc, remark);
    }
    let in_netrc = match netrc {
        NetrcFile::Unreadable(why) => format!("netrc cannot be read ({why})"),
        NetrcFile::Absent | NetrcFile::Read(_) => "netrc has no entry for the API".to_owned(),
    };
    match said {
        _ if origins.is_local() => Err(none_for_this_machine(&machine, netrc)),
        Ok(_) => Err(none(&in_netrc, "and the heroku command is not installed")),
        Err(why) => Err(none(&in_netrc, &format!("and heroku auth:token gave none: {why}"))),
    }
}

fn found(token: Secret, source: TokenSource, remark: Option<String>) -> Result<FoundToken, Fault> {
    if token.open().chars().all(|character| character.is_ascii_graphic()) {
        return Ok(FoundToken { token, source, remark });
    }
    Err(unusable(source))
}

impl TokenSource {
    /// Where a token that Heroku refuses came from, what replaces it there, and the command for that.
    pub(super) const fn refused(self) -> [&'static str; 3] {
        match self {
            Self::Environment => [
                "The token came from HEROKU_API_KEY, which goes before every login; it is wrong, expired or revoked.",
                "Set HEROKU_API_KEY to a valid token, or unset it and log in.",
                "unset HEROKU_API_KEY && heroku login",
            ],
            Self::HerokuCommand => [
                "The token came from heroku auth:token, the login of the heroku command; it is expired or revoked.",
                "Log in again with the official command.",
                "heroku login",
            ],
            Self::Netrc => [
                "The token came from netrc, the entry for the API's host; it is wrong, expired or revoked.",
                "Replace the password of that entry, or log in with the official command: its login goes before netrc.",
                "heroku login",
            ],
        }
    }
}

/// A token was found, and cannot be one: to say that none was set would send its owner looking elsewhere.
fn unusable(source: TokenSource) -> Fault {
    let place = match source {
        TokenSource::Environment => "HEROKU_API_KEY is set, and its value",
        TokenSource::Netrc => "netrc has an entry for the API, and its password",
        TokenSource::HerokuCommand => "heroku auth:token gave something that",
    };
    Fault::new(
        FaultKind::Unauthorized,
        format!("{place} holds a space or another character that no token has"),
        "Heroku would refuse it. Perhaps two lines, or more than the token, were copied.",
        "Set it to the token alone.",
    )
    .with_command(match source {
        TokenSource::Environment => "export HEROKU_API_KEY=\"$(heroku auth:token)\"",
        TokenSource::Netrc | TokenSource::HerokuCommand => "heroku login",
    })
    .with_happened(Happened::No)
    .with_code(NO_TOKEN)
}

/// The netrc name of an origin: its host, with the port where it has one of its own.
fn machine(platform: &Url) -> String {
    let host = platform.host_str().unwrap_or_default();
    platform.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn from_netrc(file: &NetrcFile, machine: &str) -> Option<Secret> {
    let NetrcFile::Read(bytes) = file else { return None };
    netrc::password(&netrc::text_of(bytes), machine).map(Secret::new)
}

fn none(in_netrc: &str, more: &str) -> Fault {
    Fault::new(
        FaultKind::Unauthorized,
        format!("no Heroku token was found: HEROKU_API_KEY is not set, {in_netrc}, {more}"),
        "Without a token nothing of the account can be seen.",
        "Log in with the official command, or set HEROKU_API_KEY.",
    )
    .with_command("heroku login")
    .with_happened(Happened::No)
    .with_code(NO_TOKEN)
}

fn none_for_this_machine(machine: &str, netrc: &NetrcFile) -> Fault {
    let unread = match netrc {
        NetrcFile::Unreadable(why) => format!("; netrc cannot be read ({why})"),
        NetrcFile::Absent | NetrcFile::Read(_) => String::new(),
    };
    Fault::new(
        FaultKind::Unauthorized,
        format!("no token was found for {machine}, which is on this machine{unread}"),
        "The token of heroku auth:token belongs to the real account, so it is not sent to a simulator.",
        "Set HEROKU_API_KEY to any text; a simulator takes it.",
    )
    .with_command("export HEROKU_API_KEY=simulated")
    .with_happened(Happened::No)
    .with_code(NO_TOKEN)
}

/// The `heroku` command as it is installed on this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct InstalledHeroku;

/// Bound on `heroku auth:token`, which takes about two seconds.
const PATIENCE: Duration = Duration::from_secs(8);

impl HerokuCommand for InstalledHeroku {
    fn auth_token(&self) -> Result<Option<Secret>, String> {
        let program = if cfg!(windows) { "heroku.cmd" } else { "heroku" };
        let Some(program) = hcops_programs::find(program) else { return Ok(None) };
        match group(&mut Command::new(program))
            .arg("auth:token")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
        {
            Ok(child) => read_token(child, PATIENCE).map(Some),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(format!("it could not be started: {error}")),
        }
    }
}

/// In a group of its own, so that it can be ended with whatever it has started.
#[cfg(unix)]
fn group(command: &mut Command) -> &mut Command {
    std::os::unix::process::CommandExt::process_group(command, 0)
}

#[cfg(not(unix))]
const fn group(command: &mut Command) -> &mut Command {
    command
}

#[cfg(unix)]
fn end(child: &mut Child) {
    let group = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
    // It may have ended by itself in the meantime.
    let _already_gone = group.map(|group| rustix::process::kill_process_group(group, rustix::process::Signal::KILL));
}

#[cfg(not(unix))]
fn end(child: &mut Child) {
    // It may have ended by itself in the meantime.
    let _already_gone = child.kill();
}

/// What a command that is there and has no login says.
const NOT_LOGGED_IN: &str = "you are not logged in";

/// The last line that the child prints. It is ended when it takes too long, for it may wait for a browser.
fn read_token(mut child: Child, patience: Duration) -> Result<Secret, String> {
    let mut stdout = child.stdout.take().ok_or("its output could not be read")?;
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let mut text = String::new();
        let read = stdout.read_to_string(&mut text).map(|_| text);
        // Nobody listens any more when the time is over.
        let _unheard = send.send(read);
    });
    let text = receive.recv_timeout(patience);
    if text.is_err() {
        end(&mut child);
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    let text = text
        .map_err(|_| format!("it did not answer within {} s", patience.as_secs()))?
        .map_err(|error| error.to_string())?;
    let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty());
    match line {
        Some(token) if status.success() => Ok(Secret::new(token)),
        _ => Err(NOT_LOGGED_IN.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fake(Result<Option<&'static str>, &'static str>);

    impl HerokuCommand for Fake {
        fn auth_token(&self) -> Result<Option<Secret>, String> {
            self.0.map(|token| token.map(Secret::new)).map_err(str::to_owned)
        }
    }

    const NETRC: &str = "# mine\nmachine git.heroku.com\n  login a@b\n  password wrong\nmachine api.heroku.com\n  login a@b\n  \
                         password from-netrc\nmachine 127.0.0.1:5080\n  login x\n  password local\n";

    fn real() -> Origins {
        Origins::from_variables(&super::super::HostVariables::default()).unwrap()
    }

    fn file(text: Option<&str>) -> NetrcFile {
        text.map_or(NetrcFile::Absent, |text| NetrcFile::Read(text.as_bytes().to_vec()))
    }

    fn ask(
        origins: &Origins,
        key: Option<&str>,
        netrc: Option<&str>,
        heroku: Fake,
    ) -> Result<(String, TokenSource), Fault> {
        find_token(origins, key, &file(netrc), &heroku).map(|found| (found.token.open().to_owned(), found.source))
    }

    #[test]
    fn sources_come_in_the_official_order() {
        let heroku = || Fake(Ok(Some("from-heroku")));
        let origins = real();
        let first = ask(&origins, Some(" key\n"), Some(NETRC), heroku()).unwrap();
        assert_eq!(first, ("key".to_owned(), TokenSource::Environment));
        let second = ask(&origins, Some(""), Some(NETRC), heroku()).unwrap();
        assert_eq!(second, ("from-heroku".to_owned(), TokenSource::HerokuCommand));
        for without in [Ok(None), Err(NOT_LOGGED_IN), Err("it did not answer within 8 s")] {
            let third = find_token(&origins, None, &file(Some(NETRC)), &Fake(without)).unwrap();
            assert_eq!((third.token.open(), third.source), ("from-netrc", TokenSource::Netrc));
            let hangs = without.is_err_and(|why| why != NOT_LOGGED_IN);
            assert_eq!(third.remark.is_some(), hangs, "{:?}", third.remark);
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_told() {
        let unreadable = NetrcFile::Unreadable("/home/me/.netrc: permission denied".to_owned());
        for heroku in [Fake(Ok(None)), Fake(Err(NOT_LOGGED_IN))] {
            let fault = find_token(&real(), None, &unreadable, &heroku).unwrap_err();
            assert!(fault.saw.contains("netrc cannot be read (/home/me/.netrc: permission denied)"), "{}", fault.saw);
        }
        let local = Origins::all_at("http://127.0.0.1:5080").unwrap();
        let fault = find_token(&local, None, &unreadable, &Fake(Ok(None))).unwrap_err();
        assert!(fault.saw.contains("permission denied"), "{}", fault.saw);
    }

    #[test]
    fn a_simulator_never_gets_the_keychains_token() {
        let origins = Origins::all_at("http://127.0.0.1:5080").unwrap();
        let fault = ask(&origins, None, None, Fake(Ok(Some("real")))).unwrap_err();
        assert_eq!(fault.command.as_deref(), Some("export HEROKU_API_KEY=simulated"));
        let local = ask(&origins, None, Some(NETRC), Fake(Ok(None))).unwrap();
        assert_eq!(local.0, "local");
    }

    #[test]
    fn without_a_token_the_remedy_is_named_and_no_password_is_repeated() {
        for heroku in [Fake(Ok(None)), Fake(Err("you are not logged in"))] {
            let fault = ask(&real(), None, Some("machine broken hunter2 {"), heroku).unwrap_err();
            assert_eq!((fault.kind, fault.command.as_deref()), (FaultKind::Unauthorized, Some("heroku login")));
            assert!(!format!("{fault:?}").contains("hunter2"));
        }
        let fault = ask(&real(), Some("two hunter2"), None, Fake(Ok(None))).unwrap_err();
        assert!(fault.saw.starts_with("HEROKU_API_KEY is set, and its value holds a space"), "{}", fault.saw);
        assert!(!format!("{fault:?}").contains("hunter2"));
    }

    #[cfg(unix)]
    fn child(script: &str) -> Child {
        let mut command = Command::new("sh");
        group(&mut command).args(["-c", script]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        command.spawn().unwrap()
    }

    #[cfg(unix)]
    #[test]
    fn the_commands_last_line_is_the_token() {
        let read = |script: &str| read_token(child(script), PATIENCE).map(|token| token.open().to_owned());
        assert_eq!(read("echo a warning; echo; echo '  HRKU-1 '; echo"), Ok("HRKU-1".to_owned()));
        assert!(read("echo HRKU-1; exit 1").is_err());
        assert!(read("exit 0").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_command_that_hangs_is_ended_with_what_it_has_started() {
        let hanging = child("sleep 600 & echo $! >&2; sleep 600; echo HRKU-1");
        let why = read_token(hanging, Duration::from_millis(50)).unwrap_err();
        assert!(why.starts_with("it did not answer within"), "{why}");
    }
}
