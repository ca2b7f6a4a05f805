use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use url::Url;

use crate::model::{DatabaseUrl, Fault, FaultKind};

/// A database URL taken apart: what the driver understands, and what it does not.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) config: Config,
    pub(super) trust: Trust,
}

/// Whose certificate is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trust {
    /// Anybody's. `sslmode=require` means: encrypt, do not verify, and Heroku's classic tiers need exactly that, because
    /// their certificates cannot be verified (`reference/postgres.md` section 3).
    Anybody,
    /// One that leads to a root of this machine, or of the named file, and names the host. `verify-ca` is taken as this
    /// stricter mode.
    Verified(Option<PathBuf>),
}

/// Parts of a URL that libpq knows and the driver refuses.
const OURS: [&str; 2] = ["sslmode", "sslrootcert"];

impl Address {
    /// Reads a `postgres://` URL. Without `sslmode`, a database elsewhere is reached encrypted or not at all; one on
    /// this machine is reached as it comes.
    ///
    /// # Errors
    /// [`FaultKind::Usage`] when it is no such URL or names an unknown `sslmode`. The URL is not repeated in the fault.
    pub(super) fn of(given: &DatabaseUrl) -> Result<Self, Fault> {
        let mut url = Url::parse(given.open()).map_err(|_| unreadable("it is not a URL"))?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            return Err(unreadable("it does not begin with postgres://"));
        }
        let part = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        let (mode, root) = (part("sslmode"), part("sslrootcert"));
        keep_only_theirs(&mut url);
        let mut config: Config = url.as_str().parse().map_err(|_| unreadable("a part of it is unknown"))?;
        let (encryption, trust) = read_mode(mode.as_deref(), root, is_here(&config))?;
        config.ssl_mode(encryption);
        set_patience(&mut config);
        Ok(Self { config, trust })
    }
}

fn keep_only_theirs(url: &mut Url) {
    let pairs: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(key, _)| !OURS.contains(&key.as_ref()))
        .map(|it| (it.0.into(), it.1.into()))
        .collect();
    url.set_query(None);
    if !pairs.is_empty() {
        url.query_pairs_mut().extend_pairs(pairs);
    }
}

fn read_mode(mode: Option<&str>, root: Option<String>, here: bool) -> Result<(SslMode, Trust), Fault> {
    match mode {
        Some("disable") => Ok((SslMode::Disable, Trust::Anybody)),
        Some("allow" | "prefer") => Ok((SslMode::Prefer, Trust::Anybody)),
        Some("require") => Ok((SslMode::Require, Trust::Anybody)),
        Some("verify-ca" | "verify-full") => Ok((SslMode::Require, Trust::Verified(root.map(PathBuf::from)))),
        Some(_) => Err(unreadable("its sslmode is none of disable, prefer, require, verify-ca, verify-full")),
        None if here => Ok((SslMode::Prefer, Trust::Anybody)),
        None => Ok((SslMode::Require, Trust::Anybody)),
    }
}

fn is_here(config: &Config) -> bool {
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()),
        Host::Unix(_) => true,
    })
}

/// A peer that has vanished is noticed within half a minute, also while we only wait for it.
fn set_patience(config: &mut Config) {
    config.connect_timeout(Duration::from_secs(15)).tcp_user_timeout(Duration::from_secs(30));
    config.keepalives(true).keepalives_idle(Duration::from_secs(10)).keepalives_interval(Duration::from_secs(5));
    config.keepalives_retries(4).application_name("hcops");
}

fn unreadable(what: &str) -> Fault {
    Fault::new(
        FaultKind::Usage,
        format!("The database URL cannot be read: {what}."),
        "Without it the database cannot be reached.",
        "Give a URL of the form postgres://USER:PASSWORD@HOST:PORT/NAME, as the app's config var holds it.",
    )
}

#[cfg(test)]
mod tests {
    use super::{Address, Trust};
    use crate::model::DatabaseUrl;
    use tokio_postgres::config::SslMode;

    fn mode_of(url: &str) -> (SslMode, Trust) {
        let address = Address::of(&DatabaseUrl::new(url)).unwrap();
        (address.config.get_ssl_mode(), address.trust)
    }

    #[test]
    fn a_database_elsewhere_is_encrypted_unless_the_url_says_otherwise() {
        assert_eq!(mode_of("postgres://u:p@db.example/n"), (SslMode::Require, Trust::Anybody));
        assert_eq!(mode_of("postgres://u:p@db.example/n?sslmode=disable"), (SslMode::Disable, Trust::Anybody));
        assert_eq!(mode_of("postgres://u:p@127.0.0.1:5433/n"), (SslMode::Prefer, Trust::Anybody));
    }

    #[test]
    fn an_address_of_this_machine_does_not_make_another_host_local() {
        let url = "postgres://u:p@flat.db.simulator.example:5433/n?hostaddr=127.0.0.1";
        assert_eq!(mode_of(url), (SslMode::Require, Trust::Anybody));
        let address = Address::of(&DatabaseUrl::new(url)).unwrap();
        assert_eq!(address.config.get_hostaddrs(), ["127.0.0.1".parse::<std::net::IpAddr>().unwrap()]);
    }

    #[test]
    fn verification_is_kept_apart_from_what_the_driver_understands() {
        let full = mode_of("postgres://u:p@db.example/n?sslmode=verify-full&sslrootcert=/roots.pem");
        assert_eq!(full, (SslMode::Require, Trust::Verified(Some("/roots.pem".into()))));
        assert_eq!(mode_of("postgres://u:p@db.example/n?sslmode=verify-ca").1, Trust::Verified(None));
    }

    #[test]
    fn a_refusal_does_not_repeat_the_url() {
        for broken in [
            "hunter2",
            "mysql://u:hunter2@h/n",
            "postgres://u:hunter2@h/n?sslmode=hunter2",
            "postgres://u:hunter2@h/n?x=1",
        ] {
            let fault = Address::of(&DatabaseUrl::new(broken)).unwrap_err();
            assert!(!format!("{fault:?}").contains("hunter2"), "{fault:?}");
        }
    }
}
