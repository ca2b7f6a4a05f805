//! Secrets that mask themselves. None of these types can be serialised, so none can reach a journal, a report or a log.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::passwords::{passwords_in, remember, without, without_passwords};

/// A token or password. Shown as `[secret]`; the open form needs an explicit call.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes ownership of the open form.
    #[must_use]
    pub fn new(open: impl Into<String>) -> Self {
        Self(SecretString::from(open.into()))
    }

    /// The open form, for the one place that sends it.
    #[must_use]
    pub fn open(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[secret]")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[secret]")
    }
}

impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// A `postgres://` URL, which holds a password. Shown with user and password masked: `postgres://***@host:5432/name`.
#[derive(Clone)]
pub struct DatabaseUrl(Secret);

impl DatabaseUrl {
    /// Takes ownership of the open form; it need not parse. From then on its password is taken out of whatever is told.
    #[must_use]
    pub fn new(open: impl Into<String>) -> Self {
        let url = Self(Secret::new(open));
        remember(&passwords_in(url.open()));
        url
    }

    /// `text` without the password of this address, in whichever spelling a server or a library repeats it.
    #[must_use]
    pub fn without_password(&self, text: &str) -> String {
        without_passwords(&without(text, &passwords_in(self.open())))
    }

    /// The open form, for the one place that connects.
    #[must_use]
    pub fn open(&self) -> &str {
        self.0.open()
    }

    /// Host, port and database without user and password: enough to tell whether two URLs mean the same database.
    #[must_use]
    pub fn place(&self) -> String {
        match url::Url::parse(self.open()) {
            Ok(url) => format!("{}:{}{}", url.host_str().unwrap_or("?"), url.port().unwrap_or(5432), url.path()),
            Err(_) => "unreadable database URL".to_owned(),
        }
    }

    /// The address that a config var's value is, if it is one of a Postgres database, in whichever form libraries take it:
    /// `postgres://…`, `postgresql+psycopg://…`, `jdbc:postgresql://…`.
    #[must_use]
    pub fn of_value(value: &Secret) -> Option<Self> {
        let text = value.open().trim().trim_matches(['"', '\'']);
        let text = text.strip_prefix("jdbc:").unwrap_or(text);
        let (scheme, _) = text.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        let known = ["postgres", "postgis", "psql", "pgsql"].iter().any(|known| scheme.starts_with(known));
        let url = Self::new(text);
        (known && url.where_it_is().is_some()).then_some(url)
    }

    /// Host, port and database apart; nothing where the address cannot be read.
    #[must_use]
    pub fn where_it_is(&self) -> Option<Place> {
        let url = url::Url::parse(self.open()).ok()?;
        let name = url.path().trim_matches('/').to_owned();
        let host = url.host_str().filter(|host| !host.is_empty())?.to_ascii_lowercase();
        Some(Place { host, port: url.port().unwrap_or(USUAL_PORT), name })
    }
}

/// The port that an address without one means.
const USUAL_PORT: u16 = 5432;

/// Where a database is: host, port and its name there, without user and password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Host, in small letters.
    pub host: String,
    /// Port.
    pub port: u16,
    /// The database's name on that server.
    pub name: String,
}

impl Place {
    /// Whether both are the same database of the same host, through whichever port: a connection pooler listens on
    /// another one.
    #[must_use]
    pub fn is_same_database(&self, other: &Self) -> bool {
        self.host == other.host && self.name == other.name
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}/{}", self.host, self.port, self.name)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "postgres://***@{}", self.place())
    }
}

impl PartialEq for DatabaseUrl {
    fn eq(&self, other: &Self) -> bool {
        self.open() == other.open()
    }
}

impl<'de> serde::Deserialize<'de> for DatabaseUrl {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_shows_itself() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret} {secret:?}"), "[secret] [secret]");
        let url = DatabaseUrl::new("postgres://user:hunter2@db.example:5433/name");
        assert_eq!(format!("{url} {url:?}"), "postgres://***@db.example:5433/name postgres://***@db.example:5433/name");
        let broken = DatabaseUrl::new("hunter2 is not a url");
        assert!(!format!("{broken:?}").contains("hunter2"));
    }

    #[test]
    fn an_address_is_one_in_every_form_and_its_parameters_say_nothing_about_its_place() {
        let place =
            |text: &str| DatabaseUrl::of_value(&Secret::new(text))?.where_it_is().map(|place| place.to_string());
        for text in [
            "postgres://u:hunter2@DB.example/d1",
            "postgresql+psycopg2://u:hunter2@db.example:5432/d1?pool=10&sslmode=require",
            "jdbc:postgresql://db.example:5432/d1?user=u&password=hunter2",
            " 'postgis://u:hunter2@db.example/d1' ",
        ] {
            assert_eq!(place(text).as_deref(), Some("db.example:5432/d1"), "{text}");
        }
        for text in ["", "production", "https://db.example/d1", "redis://h:1", "postgres://", "postgres"] {
            assert_eq!(place(text), None, "{text}");
        }
        let at = |text: &str| DatabaseUrl::new(text).where_it_is().unwrap();
        assert!(at("postgres://h:5433/d").is_same_database(&at("postgres://h/d")));
        for other in ["postgres://h2/d", "postgres://h/d2"] {
            assert!(!at(other).is_same_database(&at("postgres://h/d")), "{other}");
        }
    }
}
