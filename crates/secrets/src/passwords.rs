//! Passwords of databases, taken out of whatever servers and libraries say.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// The passwords in an address: behind the user, and among the parameters, as JDBC has them.
pub fn passwords_in(address: &str) -> Vec<String> {
    let (base, query) = address.split_once('?').unwrap_or((address, ""));
    let named = query.split('&').filter_map(|parameter| parameter.split_once('='));
    let mut found: Vec<String> =
        named.filter(|(name, _)| is_password(name)).map(|(_, value)| value.to_owned()).collect();
    // A slash or a sign that nobody escaped may stand in it: everything up to the last `@` counts, that of a parameter or
    // that before them.
    let authorities = [base, address].into_iter().filter_map(|text| text.split_once("://")?.1.rsplit_once('@'));
    let accounts = authorities.filter_map(|(account, _)| account.split_once(':'));
    found.extend(accounts.map(|(_, password)| password.to_owned()));
    found.retain(|password| !password.is_empty());
    found
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

/// Takes these passwords, in every spelling, out of whatever is told from now on.
pub fn remember(passwords: &[String]) {
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

/// `text` without these passwords, in every spelling.
#[must_use]
pub fn without(text: &str, passwords: &[String]) -> String {
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

#[cfg(test)]
mod tests {
    use super::without_passwords;
    use crate::DatabaseUrl;

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
            for told in [url.without_password(&text), without_passwords(&text)] {
                assert!(!told.contains("ss/w0rd") && !told.to_lowercase().contains("w0rd"), "{said}: {told}");
                assert!(told.starts_with("FATAL: no entry for ") && told.ends_with(" (user \"user\")"), "{told}");
            }
        }
        let jdbc = DatabaseUrl::new("jdbc:postgresql://db.example/d?user=u&password=rosebud-4711&ssl=true");
        assert_eq!(jdbc.without_password("said rosebud-4711"), "said ***");
        let questioned = DatabaseUrl::new("postgres://u:what?ever@db.example/d");
        assert_eq!(questioned.without_password("said what?ever"), "said ***");
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
            assert_eq!(without_passwords(text), told);
        }
    }
}
