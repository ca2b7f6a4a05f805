//! A database as a word on the command line names it.

use super::failure::Failure;
use super::inputs::Inputs;
use hcops_heroku::platform::Platform;
use hcops_model::{DatabaseUrl, FaultKind};
use hcops_runbook::{Input, InputKind, Runbook};

/// Replaces each database that an input names, in whichever of the ways of the official client, by `APP::ADD-ON`: the add-on's
/// own name and the app that owns it. Only reads are sent, and none where no database was named.
///
/// # Errors
/// When a name means no database, or several; and for an address, which is not repeated.
pub(super) async fn resolve(
    platform: &Platform,
    app: &str,
    book: &Runbook,
    inputs: &mut Inputs,
) -> Result<(), Failure> {
    for input in &book.inputs {
        let InputKind::Database { may_be_new } = input.kind else { continue };
        let Some(given) = inputs.get_mut(&input.name.value) else { continue };
        if let Some(found) = named(platform, app, input, given, may_be_new).await? {
            *given = found;
        }
    }
    Ok(())
}

/// The database as `APP::ADD-ON`; nothing for the name of one that is still to be made.
async fn named(
    platform: &Platform,
    app: &str,
    input: &Input,
    given: &str,
    may_be_new: bool,
) -> Result<Option<String>, Failure> {
    let place = input.flag();
    if matches!(DatabaseName::read(given, &place)?, DatabaseName::Url(_)) {
        return Err(no_addon(&format!("{place} is the address of a database")));
    }
    match platform.find_database(app, given).await {
        Ok(found) => match found.addon() {
            Some((addon, owner)) => Ok(Some(format!("{owner}::{addon}"))),
            None => Err(no_addon(&format!("{given} holds the address of a database that is no add-on of {app}"))),
        },
        Err(fault) if may_be_new && fault.kind == FaultKind::NotFound && !given.contains("::") => Ok(None),
        Err(fault) => Err(fault.into()),
    }
}

fn no_addon(saw: &str) -> Failure {
    Failure::usage(
        saw,
        "What is done here is asked of Heroku, which knows databases as add-ons. An address may hold a password, so it is not \
         repeated.",
        "Name an attachment, its config var, an add-on, or APP::NAME.",
    )
}

/// A database as it was named.
#[derive(Debug)]
pub(super) enum DatabaseName {
    /// By its address.
    Url(DatabaseUrl),
    /// By an attachment, a config var or an add-on, of an app.
    Named {
        /// The app, where `APP::NAME` tells it.
        app: Option<String>,
        /// The name.
        name: String,
    },
}

impl DatabaseName {
    /// Reads `NAME`, `APP::NAME` or an address.
    ///
    /// # Errors
    /// When it is none of them. It is not repeated then: it may be an address that was mistyped, with its password.
    pub(super) fn read(given: &str, place: &str) -> Result<Self, Failure> {
        if given.contains("://") {
            return Ok(Self::Url(DatabaseUrl::new(given)));
        }
        let (app, name) = given.split_once("::").map_or((None, given), |(app, name)| (Some(app), name));
        if !is_a_name(name) || app.is_some_and(|app| !is_a_name(app)) {
            return Err(Failure::usage(
                format!("{place} is neither a name nor a database URL"),
                "It is not shown here, because it may hold a password.",
                "Give an attachment, a config var or an add-on, APP::NAME, or a URL that begins with postgres://.",
            ));
        }
        Ok(Self::Named { app: app.map(str::to_owned), name: name.to_owned() })
    }
}

/// What Heroku accepts as the name of an app, an add-on, an attachment or a config var.
fn is_a_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|one| one.is_ascii_alphanumeric() || matches!(one, '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::DatabaseName;

    #[test]
    fn what_is_no_name_is_not_repeated() {
        for given in ["postgres:/u:hunter2@h/n", "u:hunter2@h", "", "app::", "::NAME"] {
            let failure = DatabaseName::read(given, "OLD").unwrap_err();
            assert!(!format!("{failure:?}").contains("hunter2"), "{failure:?}");
        }
    }

    #[test]
    fn a_name_may_tell_its_app() {
        let named = |given| match DatabaseName::read(given, "OLD").unwrap() {
            DatabaseName::Named { app, name } => (app, name),
            DatabaseName::Url(url) => panic!("{url}"),
        };
        assert_eq!(named("DATABASE_URL"), (None, "DATABASE_URL".to_owned()));
        assert_eq!(named("acme-crm::DATABASE"), (Some("acme-crm".to_owned()), "DATABASE".to_owned()));
        assert!(matches!(DatabaseName::read("postgres://u:p@h/n", "OLD").unwrap(), DatabaseName::Url(_)));
    }
}
