use super::arguments::{AppChoice, AppsChoice};
use super::desk::Desk;
use super::environment;
use super::failure::Failure;
use super::git_remote;
use super::settings::{SaidBy, Setting};

/// The app that is meant, in the order of the official client: `-a`, `-r`, `HEROKU_APP`, the git remote; then the config
/// file's.
///
/// # Errors
/// When none of them names one, or the remotes name several.
pub(super) fn chosen(choice: &AppChoice, desk: &Desk) -> Result<String, Failure> {
    if let Some(app) = &choice.app {
        return Ok(app.clone());
    }
    found(choice.remote.as_deref(), desk)?.map(|app| app.value).ok_or_else(|| {
        Failure::usage(
            "no app is named",
            "A procedure is about one app; neither -a, -r nor HEROKU_APP names it, no git remote of this directory does, \
             and the config file does not.",
            "Name it with -a.",
        )
        .with_command("heroku apps")
    })
}

/// The app where `-a` names none, and what says so. The checkout that somebody stands in is nearer than a file that holds
/// everywhere: its app is never passed over for that one.
///
/// # Errors
/// When the remotes name several apps, or `remote` names none.
pub(super) fn found(remote: Option<&str>, desk: &Desk) -> Result<Option<Setting<String>>, Failure> {
    if remote.is_none()
        && let Some(app) = desk.environment.owned(environment::APP)
    {
        return Ok(Some(Setting::new(app, SaidBy::Variable(environment::APP))));
    }
    let git_host = git_host(desk);
    if let Some(app) = git_remote::app(remote, git_host.as_deref())? {
        return Ok(Some(Setting::new(app, SaidBy::Remote)));
    }
    let written = desk.settings.file.config.app.clone();
    Ok(written.map(|app| Setting::new(app.value, SaidBy::Line(app.line))))
}

/// The host of Heroku's git remotes, where it is not the usual one: as the official client takes it from
/// `HEROKU_GIT_HOST`, else from `HEROKU_HOST` (<https://github.com/heroku/heroku-cli-command/blob/main/src/vars.ts>).
fn git_host(desk: &Desk) -> Option<String> {
    let of_api = || {
        let host = desk.environment.get(environment::HOST)?;
        let rest = host.split_once("://").map_or(host, |(_, rest)| rest);
        Some(rest.split('/').next().unwrap_or(rest).to_owned())
    };
    desk.environment.owned(environment::GIT_HOST).or_else(of_api)
}

/// The apps that are meant, each once, in the order in which they were given; else the one of the other ways.
///
/// # Errors
/// As [`chosen`]; also when a connection is named and several apps are.
pub(super) fn all_chosen(choice: &AppsChoice, desk: &Desk) -> Result<Vec<String>, Failure> {
    let mut apps: Vec<String> = Vec::new();
    for app in &choice.app {
        if !apps.contains(app) {
            apps.push(app.clone());
        }
    }
    if apps.len() > 1 && choice.resource.is_some() {
        return Err(Failure::usage(
            "--resource is given, and several apps are",
            "A connection belongs to one app, so it is not clear which app it is looked for on.",
            "Look at that app by itself.",
        ));
    }
    if apps.is_empty() {
        let one = AppChoice { app: None, remote: choice.remote.clone(), resource: None };
        apps.push(chosen(&one, desk)?);
    }
    Ok(apps)
}
