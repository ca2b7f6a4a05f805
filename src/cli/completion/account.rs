//! Whose names are known: those of one account at one address are never offered for another.

use crate::cli::environment::{self, Environment};
use crate::cli::reach;
use hcops_heroku::{HerokuCommand, Origins, TokenSource, find_token};
use hcops_model::{Digest, Secret};

/// The account as the cache knows it, found without the network and without starting the `heroku` command; nothing where
/// there is certainly no token.
pub(super) fn key(environment: &Environment) -> Option<String> {
    let origins = reach::origins(environment).ok()?;
    let netrc = reach::netrc(environment);
    let found = find_token(&origins, environment.get(environment::API_KEY), &netrc, &NotAsked).ok()?;
    let whose = match found.source {
        TokenSource::HerokuCommand => "heroku".to_owned(),
        TokenSource::Environment | TokenSource::Netrc => mark(&origins, &found.token),
    };
    Some(format!("{} {whose}", origins.platform.as_str().trim_end_matches('/')))
}

/// Tells accounts apart and gives no way back to the token: twelve characters of a digest.
fn mark(origins: &Origins, token: &Secret) -> String {
    let text = format!("hcops completions {} {}", origins.platform, token.open());
    Digest::of_bytes(text.as_bytes()).short().to_owned()
}

/// The `heroku` command takes seconds to start. That it may know a token is enough here.
struct NotAsked;

impl HerokuCommand for NotAsked {
    fn auth_token(&self) -> Result<Option<Secret>, String> {
        Ok(Some(Secret::new("not-asked")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_of(values: &[(&'static str, &str)]) -> Option<String> {
        key(&Environment::of(values))
    }

    #[test]
    fn accounts_and_addresses_are_told_apart_and_no_token_is_kept() {
        let local = (environment::HOST, "http://127.0.0.1:5080");
        let one = key_of(&[local, (environment::API_KEY, "hunter2")]).unwrap();
        let other = key_of(&[local, (environment::API_KEY, "hunter3")]).unwrap();
        let elsewhere = key_of(&[(environment::API_KEY, "hunter2")]).unwrap();
        assert!(one != other && one[one.len() - 12..] != elsewhere[elsewhere.len() - 12..]);
        assert!(!one.contains("hunter2") && one.starts_with("http://127.0.0.1:5080 "));
    }

    #[test]
    fn a_simulator_without_a_token_is_not_asked() {
        assert_eq!(key_of(&[(environment::HOST, "http://127.0.0.1:5080")]), None);
        assert_eq!(key_of(&[]).as_deref(), Some("https://api.heroku.com heroku"));
    }
}
