//! Where the token comes from: `HEROKU_API_KEY`, then netrc, then the official command.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use netrc_rs::Netrc;
use url::Url;

use super::Origins;
use crate::model::{Fault, FaultKind, Happened, Secret};

/// A token, and where it was found.
#[derive(Debug, Clone)]
pub struct FoundToken {
    /// The token.
    pub token: Secret,
    /// Where it was found.
    pub source: TokenSource,
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

/// Finds the token for these origins, as the official client does, except that the keychain's token is never used for an
/// address on this machine: it is not tied to a host, so a simulator would get the token of the real account
/// (`reference/official-cli-behaviour.md` section 1, Where the token comes from).
///
/// `netrc` is the file's text.
///
/// # Errors
/// [`FaultKind::Unauthorized`] when there is none, with how to get one.
pub fn find_token(
    origins: &Origins,
    api_key: Option<&str>,
    netrc: Option<&str>,
    heroku: &dyn HerokuCommand,
) -> Result<FoundToken, Fault> {
    if let Some(key) = api_key.map(str::trim).filter(|key| !key.is_empty()) {
        return found(Secret::new(key), TokenSource::Environment);
    }
    if let Some(password) = netrc.and_then(|text| from_netrc(text, &machine(&origins.platform))) {
        return found(password, TokenSource::Netrc);
    }
    if origins.is_local() {
        return Err(none_for_this_machine(&origins.platform));
    }
    match heroku.auth_token() {
        Ok(Some(token)) => found(token, TokenSource::HerokuCommand),
        Ok(None) => Err(none("and the heroku command is not installed")),
        Err(why) => Err(none(&format!("and heroku auth:token gave none: {why}"))),
    }
}

fn found(token: Secret, source: TokenSource) -> Result<FoundToken, Fault> {
    if token.open().chars().all(|character| character.is_ascii_graphic()) {
        return Ok(FoundToken { token, source });
    }
    Err(unusable(source))
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

fn from_netrc(text: &str, machine: &str) -> Option<Secret> {
    // The parser's error would repeat the line, which may hold a password; a file that can't be read has no token.
    let netrc = Netrc::parse(text, true).ok()?;
    let entry = netrc.machines.into_iter().find(|entry| entry.name.as_deref() == Some(machine))?;
    entry.password.filter(|password| !password.is_empty()).map(Secret::new)
}

fn none(more: &str) -> Fault {
    Fault::new(
        FaultKind::Unauthorized,
        format!("no Heroku token was found: HEROKU_API_KEY is not set, netrc has no entry for the API, {more}"),
        "Without a token nothing of the account can be seen.",
        "Log in with the official command, or set HEROKU_API_KEY.",
    )
    .with_command("heroku login")
    .with_happened(Happened::No)
    .with_code(NO_TOKEN)
}

fn none_for_this_machine(platform: &Url) -> Fault {
    let machine = machine(platform);
    Fault::new(
        FaultKind::Unauthorized,
        format!("no token was found for {machine}, which is on this machine"),
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
        let Some(program) = crate::programs::find(program) else { return Ok(None) };
        let child = Command::new(program)
            .arg("auth:token")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        match child {
            Ok(child) => read_token(child).map(Some),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(format!("it could not be started: {error}")),
        }
    }
}

/// The last line that the child prints. It is ended when it takes too long, for it may wait for a browser.
fn read_token(mut child: Child) -> Result<Secret, String> {
    let mut stdout = child.stdout.take().ok_or("its output could not be read")?;
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let mut text = String::new();
        let read = stdout.read_to_string(&mut text).map(|_| text);
        // Nobody listens any more when the time is over.
        let _unheard = send.send(read);
    });
    let text = receive.recv_timeout(PATIENCE);
    if text.is_err() {
        // It may have ended by itself in the meantime.
        let _already_gone = child.kill();
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    let text = text.map_err(|_| "it did not answer".to_owned())?.map_err(|error| error.to_string())?;
    let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty());
    match line {
        Some(token) if status.success() => Ok(Secret::new(token)),
        _ => Err("you are not logged in".to_owned()),
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

    fn ask(
        origins: &Origins,
        key: Option<&str>,
        netrc: Option<&str>,
        heroku: Fake,
    ) -> Result<(String, TokenSource), Fault> {
        find_token(origins, key, netrc, &heroku).map(|found| (found.token.open().to_owned(), found.source))
    }

    #[test]
    fn sources_come_in_the_official_order() {
        let heroku = || Fake(Ok(Some("from-heroku")));
        let origins = real();
        let first = ask(&origins, Some(" key\n"), Some(NETRC), heroku()).unwrap();
        assert_eq!(first, ("key".to_owned(), TokenSource::Environment));
        let second = ask(&origins, Some(""), Some(NETRC), heroku()).unwrap();
        assert_eq!(second, ("from-netrc".to_owned(), TokenSource::Netrc));
        let third = ask(&origins, None, Some("machine x login y password z"), heroku()).unwrap();
        assert_eq!(third, ("from-heroku".to_owned(), TokenSource::HerokuCommand));
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
        command.args(["-c", script]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        command.spawn().unwrap()
    }

    #[cfg(unix)]
    #[test]
    fn the_commands_last_line_is_the_token() {
        let read = |script: &str| read_token(child(script)).map(|token| token.open().to_owned());
        assert_eq!(read("echo a warning; echo; echo '  HRKU-1 '; echo"), Ok("HRKU-1".to_owned()));
        assert!(read("echo HRKU-1; exit 1").is_err());
        assert!(read("exit 0").is_err());
    }
}
