//! Names for what a procedure makes, chosen before it is made: by them an interrupted act is found again.

use hcops_model::Digest;

/// Longest name of an add-on that we choose, in characters.
const LONGEST: usize = 30;

/// Six hexadecimal digits that stay the same until the app's add-ons change. So a plan that is made again means the same
/// follower, and a plan after that follower was made means another.
pub(super) fn mark(database_id: &str, addon_ids: &[String]) -> String {
    let mut ids: Vec<&str> = addon_ids.iter().map(String::as_str).collect();
    ids.sort_unstable();
    let text = format!("{database_id}\n{}", ids.join("\n"));
    Digest::of_bytes(text.as_bytes()).0.chars().take(6).collect()
}

/// A name that Heroku accepts: a letter, then letters, digits, `_` and `-`
/// (docs/heroku/platform.md, "Add-ons").
pub(super) fn follower(app: &str, mark: &str) -> String {
    addon(app, &format!("-pg-{mark}"))
}

/// The name of the add-on that a connection is created anew as.
pub(super) fn connection(app: &str, mark: &str) -> String {
    addon(app, &format!("-hc-{mark}"))
}

fn addon(app: &str, end: &str) -> String {
    let start: String = app
        .chars()
        .filter(|character| character.is_ascii_alphanumeric() || *character == '-')
        .skip_while(|character| !character.is_ascii_alphabetic())
        .take(LONGEST - end.len())
        .collect();
    let start = start.trim_end_matches('-');
    format!("{}{end}", if start.is_empty() { "hcops" } else { start })
}

/// The name under which the app has the new database before it is promoted.
pub(super) fn follower_alias(mark: &str) -> String {
    format!("HCOPS_{}", mark.to_uppercase())
}

/// The name under which the app keeps the old database afterwards, where it has none of its own.
pub(super) fn leader_alias(mark: &str) -> String {
    format!("HCOPS_OLD_{}", mark.to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_stays_until_the_addons_change() {
        let ids = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let first = mark("db", &ids(&["b", "a"]));
        assert_eq!(first, mark("db", &ids(&["a", "b"])));
        assert_ne!(first, mark("db", &ids(&["a", "b", "c"])));
        assert_ne!(first, mark("other", &ids(&["a", "b"])));
        assert_eq!(first.len(), 6);
    }

    #[test]
    fn names_are_ones_that_heroku_accepts() {
        for app in ["acme-crm", "a-very-long-app-name-of-30-cha", "exactly-twenty-chars-x", "4", ""] {
            assert!(connection(app, "0a1b2c").ends_with("-hc-0a1b2c"));
            let name = follower(app, "0a1b2c");
            assert!(name.len() <= LONGEST, "{name}");
            assert!(name.starts_with(|first: char| first.is_ascii_alphabetic()), "{name}");
            assert!(name.chars().all(|one| one.is_ascii_alphanumeric() || one == '-'), "{name}");
            assert!(name.ends_with("-pg-0a1b2c") && !name.contains("--"), "{name}");
        }
        assert_eq!(
            (follower_alias("0a1b2c"), leader_alias("0a1b2c")),
            ("HCOPS_0A1B2C".into(), "HCOPS_OLD_0A1B2C".into())
        );
    }
}
