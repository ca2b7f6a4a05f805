use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use url::Url;

use hcops_model::{DatabaseUrl, Fault, FaultKind};

/// A database URL taken apart: what the driver understands, and what it does not.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) config: Config,
    pub(super) trust: Trust,
    /// Whether others could listen on the way and TLS is not demanded: then the password is never sent as it is.
    pub(super) overheard: bool,
}

/// Whose certificate is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trust {
    /// Anybody's. `sslmode=require` means: encrypt, do not verify, and Heroku's classic tiers need exactly that, because
    /// their certificates cannot be verified (docs/heroku/postgres.md, "Encryption of connections").
    Anybody,
    /// One that leads to a root of this machine, or of the named file, and names the host. `verify-ca` is taken as this
    /// stricter mode.
    Verified(Option<PathBuf>),
}

/// Parameters that the driver is told. All others are ours (`sslmode` and its like), or of the libraries of apps (`pool`,
/// `schema`, `pgbouncer` and many more) and mean nothing here. `target_session_attrs` is left out too: the driver asks
/// whether the session can write, and ours never can.
const THEIRS: [&str; 15] = [
    "user",
    "password",
    "dbname",
    "options",
    "host",
    "hostaddr",
    "port",
    "connect_timeout",
    "tcp_user_timeout",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "sslnegotiation",
    "channel_binding",
];

/// Parameters that lead elsewhere or to another protocol, so that passing them over would reach another database.
const REFUSED: [&str; 3] = ["service", "servicefile", "replication"];

impl Address {
    /// Reads a `postgres://` URL. Without `sslmode`, a database elsewhere is reached encrypted or not at all; one on
    /// this machine is reached as it comes.
    ///
    /// # Errors
    /// [`FaultKind::Usage`] when it is no such URL or names an unknown `sslmode`. The URL is not repeated in the fault.
    pub(super) fn of(given: &DatabaseUrl) -> Result<Self, Fault> {
        let url = Url::parse(given.open()).map_err(|_| unreadable("it is not a URL"))?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            return Err(unreadable("it does not begin with postgres://"));
        }
        let (base, query) = given.open().split_once('?').unwrap_or((given.open(), ""));
        let parameters: Vec<(&str, &str)> = query.split('&').map(|it| it.split_once('=').unwrap_or((it, ""))).collect();
        if let Some((name, _)) = parameters.iter().find(|(name, _)| REFUSED.contains(name)) {
            return Err(unreadable(&format!("its parameter `{name}` is not supported")));
        }
        let mut config = read(base, &parameters)?;
        let here = is_here(&config);
        let (encryption, trust) = read_mode(&parameters, here)?;
        config.ssl_mode(encryption);
        set_patience(&mut config);
        let overheard = !here && encryption != SslMode::Require;
        Ok(Self { config, trust, overheard })
    }
}

/// What the driver understands. Parameters are passed on as they were written: to decode and encode them again would turn
/// the blanks of `options` into plus signs, which a server takes for plus signs.
fn read(base: &str, parameters: &[(&str, &str)]) -> Result<Config, Fault> {
    let theirs: Vec<(&str, &str)> = parameters.iter().filter(|(name, _)| THEIRS.contains(name)).copied().collect();
    let with = |base: &str, some: &[(&str, &str)]| {
        let some: Vec<String> = some.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{base}{}{}", if some.is_empty() { "" } else { "?" }, some.join("&")).parse::<Config>()
    };
    with(base, &theirs).map_err(|_| {
        let wrong = theirs.iter().find(|parameter| with("postgres://host", &[**parameter]).is_err());
        match wrong {
            // The value may be a secret.
            Some((name, _)) => {
                unreadable(&format!("the value of its parameter `{name}` is none that PostgreSQL takes"))
            }
            None => unreadable("user, password, host, port and name cannot be told apart in it"),
        }
    })
}

/// The value of a parameter, decoded as PostgreSQL does: a plus sign is no blank.
fn value(parameters: &[(&str, &str)], name: &str) -> Option<String> {
    let (_, raw) = parameters.iter().find(|(key, _)| *key == name)?;
    let plain = raw.replace('+', "%2B");
    url::form_urlencoded::parse(format!("v={plain}").as_bytes()).next().map(|(_, value)| value.into_owned())
}

/// `sslmode` as `psql` takes it, with `no-verify` of node-postgres; else `ssl`, which client libraries of apps take.
fn read_mode(parameters: &[(&str, &str)], here: bool) -> Result<(SslMode, Trust), Fault> {
    let root = value(parameters, "sslrootcert").map(PathBuf::from);
    let mode = value(parameters, "sslmode").or_else(|| {
        let ssl = value(parameters, "ssl")?;
        Some(if matches!(ssl.as_str(), "false" | "0" | "off") { "disable" } else { "require" }.to_owned())
    });
    match mode.as_deref() {
        Some("disable") => Ok((SslMode::Disable, Trust::Anybody)),
        Some("allow" | "prefer") => Ok((SslMode::Prefer, Trust::Anybody)),
        Some("require" | "no-verify") => Ok((SslMode::Require, Trust::Anybody)),
        Some("verify-ca" | "verify-full") => Ok((SslMode::Require, Trust::Verified(root))),
        Some(_) => {
            Err(unreadable("its `sslmode` is none of disable, prefer, require, no-verify, verify-ca, verify-full"))
        }
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
    use hcops_model::DatabaseUrl;
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
    fn what_psql_is_told_reaches_the_server_as_it_was_written() {
        let of = |query: &str| Address::of(&DatabaseUrl::new(format!("postgres://u:p@db.example/n?{query}"))).unwrap();
        let options = |query: &str| of(query).config.get_options().map(str::to_owned);
        assert_eq!(options("options=-c%20statement_timeout%3D1000").as_deref(), Some("-c statement_timeout=1000"));
        assert_eq!(options("pool=10&options=-c%20a%3D1+2").as_deref(), Some("-c a=1+2"), "a plus sign is no blank");
        assert_eq!(of("pool=1&hostaddr=10.0.0.1").config.get_hostaddrs().len(), 1);
    }

    #[test]
    fn what_libraries_of_apps_add_is_mapped_or_passed_over() {
        let required = (SslMode::Require, Trust::Anybody);
        for query in [
            "pool=10",
            "ssl=true",
            "sslmode=no-verify",
            "schema=public",
            "pgbouncer=true",
            "target_session_attrs=read-write",
            "pool_timeout=20&connection_limit=5&statement_cache_size=0",
        ] {
            assert_eq!(mode_of(&format!("postgres://u:p@db.example/n?{query}")), required, "{query}");
        }
        assert_eq!(mode_of("postgres://u:p@db.example/n?ssl=false").0, SslMode::Disable);
        assert_eq!(mode_of("postgres://u:p@db.example/n?ssl=false&sslmode=verify-full").1, Trust::Verified(None));
    }

    #[test]
    fn a_refusal_names_the_parameter() {
        for (query, name) in [("port=many", "port"), ("service=x", "service"), ("sslmode=maybe", "sslmode")] {
            let fault = Address::of(&DatabaseUrl::new(format!("postgres://u:p@h/n?{query}"))).unwrap_err();
            assert!(fault.saw.contains(&format!("`{name}`")), "{fault:?}");
        }
    }

    #[test]
    fn only_a_way_without_tls_to_another_machine_can_be_overheard() {
        let overheard = |url: &str| Address::of(&DatabaseUrl::new(url)).unwrap().overheard;
        assert!(overheard("postgres://u:p@db.example/n?sslmode=disable"));
        assert!(overheard("postgres://u:p@db.example/n?sslmode=prefer"));
        assert!(!overheard("postgres://u:p@db.example/n"));
        assert!(!overheard("postgres://u:p@127.0.0.1/n?sslmode=disable"));
    }

    #[test]
    fn a_refusal_does_not_repeat_the_url() {
        for broken in [
            "hunter2",
            "mysql://u:hunter2@h/n",
            "postgres://u:hunter2@h/n?sslmode=hunter2",
            "postgres://u:hunter2@h/n?connect_timeout=hunter2",
            "postgres://u:p@h/n?service=hunter2",
        ] {
            let fault = Address::of(&DatabaseUrl::new(broken)).unwrap_err();
            assert!(!format!("{fault:?}").contains("hunter2"), "{fault:?}");
        }
    }
}
