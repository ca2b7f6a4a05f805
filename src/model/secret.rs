//! Secrets that mask themselves. None of these types can be serialised, so none can reach a journal, a report or a log.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

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
    /// Takes ownership of the open form; it need not parse.
    #[must_use]
    pub fn new(open: impl Into<String>) -> Self {
        Self(Secret::new(open))
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
}
