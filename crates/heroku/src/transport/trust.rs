//! Which addresses may be called, and which of them may see the token.

use std::net::IpAddr;

use url::{Host, Url};

use super::speech::spoken;
use hcops_model::{Fault, FaultKind, Happened};

/// The domains that the official client accepts for `HEROKU_HOST` (docs/heroku/cli.md, "Variables").
const HEROKU_DOMAINS: [&str; 4] = ["heroku.com", "herokai.com", "herokuspace.com", "herokudev.com"];

/// Whether this address is on this machine: 127.0.0.0/8, `::1` or `localhost`.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

/// Whether this is one of Heroku's own hosts, by its domain.
#[must_use]
pub fn is_heroku(url: &Url) -> bool {
    url.domain().is_some_and(|name| {
        HEROKU_DOMAINS
            .iter()
            .any(|domain| name.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.')))
    })
}

/// Passes an address that may be called at all: HTTPS, or plain HTTP on this machine.
pub(crate) fn callable(url: &Url) -> Result<(), Fault> {
    match (url.scheme(), is_loopback(url)) {
        ("https", _) | ("http", true) => Ok(()),
        _ => Err(refusal(url, "is not HTTPS", "Only addresses on this machine may be called without encryption.")),
    }
}

/// Passes an address that may see the token: one of Heroku's hosts over HTTPS, or this machine.
pub(crate) fn may_see_token(url: &Url) -> Result<(), Fault> {
    callable(url)?;
    if is_loopback(url) || is_heroku(url) {
        return Ok(());
    }
    Err(refusal(
        url,
        "is not one of Heroku's hosts",
        "The token opens the whole account, so it is sent to heroku.com, herokai.com, herokuspace.com, herokudev.com and \
         this machine only.",
    ))
}

/// Passes an address that came in an answer from `source`: it may see the token, and it stays in the same world. A
/// simulator must not send us to Heroku, nor Heroku to this machine.
pub(crate) fn same_world(source: &Url, url: &Url) -> Result<(), Fault> {
    may_see_token(url)?;
    if is_loopback(source) == is_loopback(url) {
        return Ok(());
    }
    Err(refusal(
        url,
        &format!("came in an answer from {}", spoken(source.host_str().unwrap_or("?"))),
        "A simulator must not lead to the real Heroku, nor Heroku to this machine.",
    ))
}

fn refusal(url: &Url, what: &str, why: &str) -> Fault {
    let place = format!("{}://{}", url.scheme(), url.host_str().unwrap_or("?"));
    Fault::new(
        FaultKind::Usage,
        format!("the address {} {what}; it is not called", spoken(&place)),
        why,
        "Check HEROKU_HOST, HEROKU_DATA_HOST, CONNECT_DISCOVERY_SERVER and HEROKU_STATUS_HOST; unset, they mean the real \
         Heroku.",
    )
    .with_happened(Happened::No)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn the_token_goes_to_heroku_and_this_machine_only() {
        for good in [
            "https://api.heroku.com",
            "https://heroku.com",
            "https://connect-3-virginia.heroku.com/api/v3",
            "https://x.herokai.com",
            "http://127.0.0.1:5080",
            "http://127.9.9.9",
            "http://[::1]:80",
            "http://localhost:1",
        ] {
            assert!(may_see_token(&url(good)).is_ok(), "{good}");
        }
        for bad in [
            "http://api.heroku.com",
            "https://evil.example",
            "https://evilheroku.com",
            "https://heroku.com.evil.example",
            "http://localhost.evil.example",
            "https://127.0.0.1.evil.example",
            "http://128.0.0.1",
            "ftp://localhost/",
        ] {
            assert_eq!(may_see_token(&url(bad)).unwrap_err().happened, Happened::No, "{bad}");
        }
    }

    #[test]
    fn an_answer_does_not_lead_from_one_world_into_the_other() {
        let (real, fake) = (url("https://hc-central.heroku.com"), url("http://127.0.0.1:5080"));
        assert!(same_world(&real, &url("https://connect-us.heroku.com")).is_ok());
        assert!(same_world(&fake, &url("http://localhost:5080")).is_ok());
        assert!(same_world(&real, &fake).is_err());
        assert!(same_world(&fake, &real).is_err());
    }
}
