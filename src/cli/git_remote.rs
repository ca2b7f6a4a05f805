//! The app that a git checkout belongs to, read the way the official client reads it: `git config heroku.remote`, then
//! `git remote -v` (<https://github.com/heroku/heroku-cli-command/blob/main/src/git.ts> and `flags/app.ts` beside it).

use std::process::{Command, Stdio};

use super::failure::Failure;

/// A remote that names a Heroku app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remote {
    /// The remote's name.
    pub(super) name: String,
    /// The app's name.
    pub(super) app: String,
}

/// The app of the checkout in the current directory: of the remote called `wanted`, else of the one that
/// `heroku.remote` names, else of the only one. `None` when there is no such checkout or remote.
///
/// # Errors
/// When `wanted` or `heroku.remote` names no app, or several remotes do.
pub(super) fn app(wanted: Option<&str>, git_host: Option<&str>) -> Result<Option<String>, Failure> {
    let remotes = parse(&git(&["remote", "-v"]).unwrap_or_default(), git_host.unwrap_or("heroku.com"));
    let configured = git(&["config", "heroku.remote"]).map(|name| name.trim().to_owned());
    choose(&remotes, wanted, configured.as_deref().filter(|name| !name.is_empty()))
}

fn choose(remotes: &[Remote], wanted: Option<&str>, configured: Option<&str>) -> Result<Option<String>, Failure> {
    let named = |name: &str| remotes.iter().find(|remote| remote.name == name).map(|remote| remote.app.clone());
    if let Some(wanted) = wanted {
        let why = "The app is taken from the remote that -r names.";
        return named(wanted).map(Some).ok_or_else(|| no_such_remote(wanted, why, remotes));
    }
    if let Some(configured) = configured {
        let why = "The app is taken from the remote that `git config heroku.remote` names, and from no other.";
        return named(configured).map(Some).ok_or_else(|| no_such_remote(configured, why, remotes));
    }
    match remotes {
        [] => Ok(None),
        [first, others @ ..] if others.iter().all(|other| other.app == first.app) => Ok(Some(first.app.clone())),
        several => Err(ambiguous(several)),
    }
}

fn no_such_remote(wanted: &str, why: &str, remotes: &[Remote]) -> Failure {
    Failure::usage(
        format!("no git remote called {wanted} names a Heroku app"),
        why,
        format!("Remotes that do: {}. Or name the app itself with -a.", listed(remotes)),
    )
}

fn ambiguous(remotes: &[Remote]) -> Failure {
    Failure::usage(
        format!("several git remotes name Heroku apps: {}", listed(remotes)),
        "A procedure is about one app, and it is not guessed which.",
        "Name the app with -a, or the remote with -r.",
    )
}

fn listed(remotes: &[Remote]) -> String {
    let names: Vec<String> = remotes.iter().map(|remote| format!("{} ({})", remote.name, remote.app)).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// Reads `git remote -v`: `https://git.HOST/APP.git`, `git@HOST:APP.git` and `ssh://git@HOST/APP.git`. Where a remote is
/// pushed to does not count.
pub(super) fn parse(listing: &str, host: &str) -> Vec<Remote> {
    listing
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let (name, address, direction) = (words.next()?, words.next()?, words.next()?);
            (direction == "(fetch)").then_some(())?;
            Some(Remote { name: name.to_owned(), app: app_in(address, host)? })
        })
        .collect()
}

fn app_in(address: &str, host: &str) -> Option<String> {
    let places = [
        format!("https://git.{host}/"),
        format!("https://{host}/"),
        format!("git@{host}:"),
        format!("ssh://git@{host}/"),
    ];
    let rest = places.iter().find_map(|place| address.strip_prefix(place.as_str()))?;
    let app = rest.strip_suffix(".git").unwrap_or(rest);
    (!app.is_empty() && !app.contains('/')).then(|| app.to_owned())
}

/// What git says; `None` where git or the checkout is missing.
fn git(arguments: &[&str]) -> Option<String> {
    let git = hcops_programs::find("git")?;
    let output = Command::new(git).args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::{Remote, choose, parse};

    const LISTING: &str = "\
heroku\thttps://git.heroku.com/acme-crm.git (fetch)
heroku\thttps://git.heroku.com/acme-crm.git (push)
origin\tgit@github.com:acme/crm.git (fetch)
staging\tgit@heroku.com:acme-crm-staging.git (fetch)
mirror\tgit@github.com:acme/mirror.git (fetch)
mirror\thttps://git.heroku.com/acme-mirror.git (push)
odd\thttps://git.heroku.com.evil.example/acme.git (fetch)
";

    fn remote(name: &str, app: &str) -> Remote {
        Remote { name: name.into(), app: app.into() }
    }

    #[test]
    fn only_heroku_remotes_name_apps() {
        assert_eq!(parse(LISTING, "heroku.com"), [remote("heroku", "acme-crm"), remote("staging", "acme-crm-staging")]);
    }

    #[test]
    fn two_apps_are_not_guessed_between() {
        let remotes = parse(LISTING, "heroku.com");
        assert!(choose(&remotes, None, None).is_err());
        assert_eq!(choose(&remotes, Some("staging"), None).expect("named"), Some("acme-crm-staging".to_owned()));
        assert_eq!(choose(&remotes, None, Some("heroku")).expect("configured"), Some("acme-crm".to_owned()));
        assert!(choose(&remotes, Some("origin"), None).is_err());
        assert!(choose(&remotes[..1], None, Some("origin")).is_err(), "what is configured is not passed over");
        assert_eq!(choose(&[], None, None).expect("none"), None);
    }
}
