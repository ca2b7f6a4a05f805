//! A database as a word on the command line names it.

use super::failure::Failure;
use crate::model::DatabaseUrl;

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
