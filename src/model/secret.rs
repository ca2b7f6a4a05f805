//! Secrets that mask themselves. None of these types can be serialised, so none can reach a journal, a report or a log.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

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
    /// Takes ownership of the open form; it need not parse. From then on its password is known to [`without_passwords`].
    #[must_use]
    pub fn new(open: impl Into<String>) -> Self {
        let url = Self(Secret::new(open));
        remember(url.passwords());
        url
    }

    /// `text` without the password of this address, in whichever spelling a server or a library repeats it.
    #[must_use]
    pub fn without_password(&self, text: &str) -> String {
        without_passwords(&without(text, &self.passwords()))
    }

    /// The passwords in it: behind the user, and among the parameters, as JDBC has them.
    fn passwords(&self) -> Vec<String> {
        let (base, query) = self.open().split_once('?').unwrap_or((self.open(), ""));
        let named = query.split('&').filter_map(|parameter| parameter.split_once('='));
        let mut found: Vec<String> =
            named.filter(|(name, _)| is_password(name)).map(|(_, value)| value.to_owned()).collect();
        let authority = base.split_once("://").map_or("", |(_, rest)| rest);
        // A slash or a sign that nobody escaped may stand in it: everything up to the last `@` counts.
        if let Some((_, password)) = authority.rsplit_once('@').and_then(|(account, _)| account.split_once(':')) {
            found.push(password.to_owned());
        }
        found.retain(|password| !password.is_empty());
        found
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

/// Whether a parameter or variable of this name holds a password: `password`, `PGPASSWORD`, `sslpassword`, `passwd`.
fn is_password(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["password", "passwd", "pwd", "passphrase"].iter().any(|end| name.ends_with(end))
}

/// Passwords of all addresses that this process has read, in every spelling. Short ones are words of every text.
static KNOWN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
/// A shorter password is taken out of what its own server says only.
const SHORTEST: usize = 10;
/// Spellings that are kept; an account has a few dozen addresses.
const KEPT: usize = 4_096;

fn remember(passwords: Vec<String>) {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    for spelling in passwords.iter().flat_map(|password| spellings(password)).filter(|it| it.len() >= SHORTEST) {
        if known.len() < KEPT {
            known.insert(spelling);
        }
    }
}

/// As it stands in an address, decoded, encoded by either case, as a form encodes it, as a JSON text and as an SQL literal.
fn spellings(password: &str) -> Vec<String> {
    let decoded = decoded(password);
    let percent = |byte: u8, lower: bool| if lower { format!("%{byte:02x}") } else { format!("%{byte:02X}") };
    let encoded = |lower: bool| -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        decoded
            .bytes()
            .map(|byte| if plain(byte) { char::from(byte).to_string() } else { percent(byte, lower) })
            .collect()
    };
    let form: String = url::form_urlencoded::byte_serialize(decoded.as_bytes()).collect();
    let json = serde_json::Value::from(decoded.as_str()).to_string();
    let json = json.trim_matches('"').to_owned();
    let sql = decoded.replace('\'', "''");
    let mut all = vec![password.to_owned(), encoded(false), encoded(true), form, json, sql, decoded.clone()];
    all.retain(|spelling| spelling.len() > 2);
    // The longest first: a shorter one may be a part of it.
    all.sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
    all.dedup();
    all
}

fn decoded(text: &str) -> String {
    let form = format!("v={}", text.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(form.as_bytes()).next().map_or_else(String::new, |(_, value)| value.into_owned())
}

fn without(text: &str, passwords: &[String]) -> String {
    let all = passwords.iter().flat_map(|password| spellings(password));
    all.fold(text.to_owned(), |text, spelling| text.replace(&spelling, HIDDEN))
}

const HIDDEN: &str = "***";

/// `text` without any password of an address that this process has read, and without what stands behind `password=`,
/// `PGPASSWORD=` or `"password":`, whosever it is.
#[must_use]
pub fn without_passwords(text: &str) -> String {
    let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut found: Vec<&String> = known.iter().filter(|spelling| text.contains(spelling.as_str())).collect();
    found.sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
    let text = found.into_iter().fold(text.to_owned(), |text, spelling| text.replace(spelling.as_str(), HIDDEN));
    without_assigned(&text)
}

/// Hides what a variable or parameter whose name says password is set to.
fn without_assigned(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find(['=', ':']) {
        let (before, after) = (rest.get(..at).unwrap_or(""), rest.get(at + 1..).unwrap_or(""));
        let sign = rest.get(at..=at).unwrap_or("");
        let quoted = before.ends_with(['"', '\'']);
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let name = before.trim_end_matches(['"', '\'', ' ']).rsplit(|letter| !is_name(letter)).next().unwrap_or("");
        out.push_str(before);
        out.push_str(sign);
        rest = after;
        if !is_password(name) || (sign == ":" && !quoted) {
            continue;
        }
        let value = after.trim_start_matches(' ');
        let blanks = after.len() - value.len();
        let quote = value.chars().next().filter(|first| ['"', '\''].contains(first));
        let end = match quote {
            Some(quote) => value.get(1..).and_then(|inner| inner.find(quote)).map_or(value.len(), |end| end + 2),
            None => value
                .find(|letter: char| letter.is_whitespace() || "&\"'`,;<>)}]".contains(letter))
                .unwrap_or(value.len()),
        };
        if end > 0 {
            out.push_str(after.get(..blanks).unwrap_or(""));
            out.push_str(HIDDEN);
        }
        rest = value.get(end..).unwrap_or("");
    }
    out.push_str(rest);
    out
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

    #[test]
    fn a_password_is_taken_out_of_a_text_in_every_spelling() {
        let url = DatabaseUrl::new("postgres://user:p%40ss%2Fw0rd%20%22x@db.example/d?sslmode=require");
        let decoded = "p@ss/w0rd \"x";
        for said in [
            decoded.to_owned(),
            "p%40ss%2Fw0rd%20%22x".to_owned(),
            "p%40ss%2fw0rd%20%22x".to_owned(),
            "p%40ss%2Fw0rd+%22x".to_owned(),
            "p@ss/w0rd \\\"x".to_owned(),
            format!("jdbc:postgresql://db.example/d?user=user&password={decoded}"),
        ] {
            let text = format!("FATAL: no entry for {said} (user \"user\")");
            for told in [url.without_password(&text), super::without_passwords(&text)] {
                assert!(!told.contains("ss/w0rd") && !told.to_lowercase().contains("w0rd"), "{said}: {told}");
                assert!(told.starts_with("FATAL: no entry for ") && told.ends_with(" (user \"user\")"), "{told}");
            }
        }
        let jdbc = DatabaseUrl::new("jdbc:postgresql://db.example/d?user=u&password=rosebud-4711&ssl=true");
        assert_eq!(jdbc.without_password("said rosebud-4711"), "said ***");
        let slashed = DatabaseUrl::new("postgres://u:sl/ash@sign@db.example/d");
        assert_eq!(slashed.without_password("sl/ash@sign"), "***");
    }

    #[test]
    fn what_a_password_variable_is_set_to_is_hidden_and_prose_stays() {
        for (text, told) in [
            ("PGPASSWORD=hunter2 psql", "PGPASSWORD=*** psql"),
            ("host=h password='hun ter2' user=u", "host=h password=*** user=u"),
            ("{\"password\": \"hunter2\", \"user\": \"u\"}", "{\"password\": ***, \"user\": \"u\"}"),
            ("?user=u&password=hunter2&ssl=true", "?user=u&password=***&ssl=true"),
            ("the password: see below", "the password: see below"),
            ("password authentication failed for user \"u\"", "password authentication failed for user \"u\""),
            ("a = b: c", "a = b: c"),
            ("password=", "password="),
        ] {
            assert_eq!(super::without_passwords(text), told);
        }
    }
}
