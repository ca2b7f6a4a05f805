use super::arguments::AppChoice;
use super::desk::Desk;
use super::environment;
use super::failure::Failure;
use super::git_remote;

/// The app that is meant, in the order of the official client: `-a`, `-r`, `HEROKU_APP`, the git remote.
///
/// # Errors
/// When none of them names one, or the remotes name several.
pub(super) fn chosen(choice: &AppChoice, desk: &Desk) -> Result<String, Failure> {
    if let Some(app) = &choice.app {
        return Ok(app.clone());
    }
    if choice.remote.is_none()
        && let Some(app) = desk.environment.get(environment::APP)
    {
        return Ok(app.to_owned());
    }
    let git_host = desk.environment.get(environment::GIT_HOST);
    git_remote::app(choice.remote.as_deref(), git_host)?.ok_or_else(|| {
        Failure::usage(
            "no app is named",
            "A procedure is about one app; neither -a, -r nor HEROKU_APP names it, and no git remote of this directory does.",
            "Name it with -a.",
        )
    })
}
