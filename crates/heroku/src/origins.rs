use url::Url;

use super::transport::{callable, is_loopback, may_see_token};
use hcops_model::{Fault, FaultKind, Happened};

/// Where each API is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origins {
    /// The Platform API.
    pub platform: Url,
    /// The Data API.
    pub data: Url,
    /// Connect's discovery; a path is kept as a prefix.
    pub discovery: Url,
    /// The status site.
    pub status: Url,
    /// Salesforce Trust's API, with its version.
    pub trust: Url,
}

/// The official client's environment variables, as they are set (docs/heroku/cli.md, "Variables").
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostVariables {
    /// `HEROKU_HOST`: a URL, or a domain `D` that means `https://api.D`.
    pub heroku_host: Option<String>,
    /// `HEROKU_DATA_HOST`: a bare host name; scheme and port are those of the Platform API.
    pub data_host: Option<String>,
    /// `HEROKU_POSTGRESQL_HOST`: the same, when the other is unset.
    pub postgresql_host: Option<String>,
    /// `CONNECT_DISCOVERY_SERVER`: a URL whose path is kept.
    pub discovery_server: Option<String>,
    /// `HEROKU_STATUS_HOST`: a URL.
    pub status_host: Option<String>,
}

const PLATFORM: &str = "https://api.heroku.com";
const DATA: &str = "https://api.data.heroku.com";
const DISCOVERY: &str = "https://hc-central.heroku.com";
const STATUS: &str = "https://status.heroku.com";
const TRUST: &str = "https://api.status.salesforce.com/v1";

impl Origins {
    /// The addresses that these variables mean. As in the official client, with two differences: a value that is not
    /// accepted is refused here instead of being replaced by the real Heroku; and when `HEROKU_HOST` is on this machine,
    /// everything that has no variable of its own is at that same origin, so that one variable points all of it at a
    /// simulator.
    ///
    /// # Errors
    /// [`FaultKind::Usage`], naming the variable, its value and what it may be.
    pub fn from_variables(variables: &HostVariables) -> Result<Self, Fault> {
        let platform = platform(set(&variables.heroku_host))?;
        let local = is_loopback(&platform).then(|| platform.clone());
        let otherwise = |real: &'static str| local.clone().map_or_else(|| fixed(real), Ok);
        let data = match (set(&variables.data_host), set(&variables.postgresql_host)) {
            (Some(host), _) => data("HEROKU_DATA_HOST", host, &platform)?,
            (None, Some(host)) => data("HEROKU_POSTGRESQL_HOST", host, &platform)?,
            (None, None) => otherwise(DATA)?,
        };
        let discovery = match set(&variables.discovery_server) {
            Some(url) => checked("CONNECT_DISCOVERY_SERVER", url, may_see_token)?,
            None => otherwise(DISCOVERY)?,
        };
        let status = match set(&variables.status_host) {
            Some(url) => checked("HEROKU_STATUS_HOST", url, callable)?,
            None => otherwise(STATUS)?,
        };
        let trust = if is_loopback(&status) { below(&status, "v1") } else { fixed(TRUST)? };
        Ok(Self { platform, data, discovery, status, trust })
    }

    /// Everything at one origin: a simulator.
    ///
    /// # Errors
    /// [`FaultKind::Usage`] when it is not on this machine.
    pub fn all_at(origin: &str) -> Result<Self, Fault> {
        let variables = HostVariables { heroku_host: Some(origin.to_owned()), ..HostVariables::default() };
        let origins = Self::from_variables(&variables)?;
        if origins.is_local() { Ok(origins) } else { Err(refused("HEROKU_HOST", origin, "is not on this machine")) }
    }

    /// Whether the Platform API is on this machine: a simulator.
    #[must_use]
    pub fn is_local(&self) -> bool {
        is_loopback(&self.platform)
    }
}

fn set(variable: &Option<String>) -> Option<&str> {
    variable.as_deref().map(str::trim).filter(|value| !value.is_empty())
}

/// A URL is taken with scheme and port and without its path; a bare domain `D` means `https://api.D`.
fn platform(variable: Option<&str>) -> Result<Url, Fault> {
    let Some(value) = variable else { return fixed(PLATFORM) };
    let text = if value.contains("://") { value.to_owned() } else { format!("https://api.{value}") };
    let mut url = checked("HEROKU_HOST", &text, may_see_token).map_err(|_| {
        refused(
            "HEROKU_HOST",
            value,
            "is neither a domain of Heroku (heroku.com, herokai.com, herokuspace.com, herokudev.com) nor an address of this \
             machine such as http://127.0.0.1:5080",
        )
    })?;
    url.set_path("/");
    Ok(url)
}

fn data(variable: &str, host: &str, platform: &Url) -> Result<Url, Fault> {
    let bare = Url::parse(&format!("http://{host}")).is_ok_and(|url| {
        url.host_str() == Some(host) && url.port().is_none() && url.path() == "/" && url.username().is_empty()
    });
    if !bare {
        return Err(refused(variable, host, "is not a bare host name; scheme and port are those of HEROKU_HOST"));
    }
    let mut url = platform.clone();
    url.set_host(Some(host)).map_err(|_| refused(variable, host, "is not a host name"))?;
    may_see_token(&url).map_err(|fault| refused(variable, host, &fault.saw))?;
    Ok(url)
}

fn checked(variable: &str, value: &str, check: fn(&Url) -> Result<(), Fault>) -> Result<Url, Fault> {
    let mut url = Url::parse(value).map_err(|error| refused(variable, value, &format!("is not a URL: {error}")))?;
    check(&url).map_err(|fault| refused(variable, value, &fault.saw))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused(variable, "(a URL with a user or password)", "must not hold credentials"));
    }
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

fn below(url: &Url, segment: &str) -> Url {
    let mut url = url.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().push(segment);
    }
    url
}

fn fixed(real: &str) -> Result<Url, Fault> {
    Url::parse(real).map_err(|error| {
        Fault::new(
            FaultKind::Bug,
            format!("the built-in address {real} can't be read: {error}"),
            "Without it Heroku can't be reached.",
            "Please report this as a defect of hcops.",
        )
        .with_happened(Happened::No)
    })
}

/// Whatever stands before an `@` may be a user and a password, also where the address is malformed.
fn without_credentials(value: &str) -> String {
    value.rsplit_once('@').map_or_else(|| value.to_owned(), |(_, after)| format!("***@{after}"))
}

fn refused(variable: &str, value: &str, what: &str) -> Fault {
    let shown = super::transport::spoken(&without_credentials(value));
    Fault::new(
        FaultKind::Usage,
        format!("{variable}={shown} {what}"),
        "The official client would silently use the real Heroku instead; a rehearsal must not end up there, nor the token \
         elsewhere.",
        format!("Correct {variable}, or unset it for the real Heroku."),
    )
    .with_command(format!("unset {variable}"))
    .with_happened(Happened::No)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hcops_model::FaultKind;

    fn host(value: &str) -> HostVariables {
        HostVariables { heroku_host: Some(value.to_owned()), ..HostVariables::default() }
    }

    fn texts(origins: &Origins) -> [&str; 5] {
        [&origins.platform, &origins.data, &origins.discovery, &origins.status, &origins.trust].map(Url::as_str)
    }

    #[test]
    fn unset_means_the_real_heroku() {
        let origins = Origins::from_variables(&HostVariables::default()).unwrap();
        assert_eq!(
            texts(&origins),
            [
                "https://api.heroku.com/",
                "https://api.data.heroku.com/",
                "https://hc-central.heroku.com/",
                "https://status.heroku.com/",
                "https://api.status.salesforce.com/v1",
            ]
        );
        assert_eq!(Origins::from_variables(&host("  ")).unwrap(), origins);
    }

    #[test]
    fn one_variable_points_everything_at_a_simulator() {
        let origins = Origins::from_variables(&host("http://127.0.0.1:5080/ignored")).unwrap();
        let here = "http://127.0.0.1:5080/";
        assert_eq!(texts(&origins), [here, here, here, here, "http://127.0.0.1:5080/v1"]);
        assert!(origins.is_local());
    }

    #[test]
    fn each_variable_has_the_form_of_the_official_client() {
        let variables = HostVariables {
            heroku_host: Some("http://localhost:5080".to_owned()),
            data_host: Some("127.0.0.1".to_owned()),
            postgresql_host: Some("ignored.example".to_owned()),
            discovery_server: Some("http://127.0.0.1:5081/prefix".to_owned()),
            status_host: Some("http://127.0.0.1:5082".to_owned()),
        };
        let origins = Origins::from_variables(&variables).unwrap();
        assert_eq!(
            texts(&origins),
            [
                "http://localhost:5080/",
                "http://127.0.0.1:5080/",
                "http://127.0.0.1:5081/prefix",
                "http://127.0.0.1:5082/",
                "http://127.0.0.1:5082/v1",
            ]
        );
    }

    #[test]
    fn a_domain_means_its_api_host_and_leaves_the_others_alone() {
        let origins = Origins::from_variables(&host("herokudev.com")).unwrap();
        assert_eq!(texts(&origins)[..2], ["https://api.herokudev.com/", "https://api.data.heroku.com/"]);
    }

    #[test]
    fn what_the_official_client_replaces_silently_is_refused() {
        for bad in [
            "http://evil.example",
            "evil.example",
            "http://evil.example/127.0.0.1",
            "http://localhost.evil.example",
            "127.0.0.1:5080",
            "localhost",
            "http://api.heroku.com",
            "http://u:p@127.0.0.1",
        ] {
            let fault = Origins::from_variables(&host(bad)).unwrap_err();
            assert_eq!(fault.kind, FaultKind::Usage, "{bad}");
            assert!(fault.saw.contains("HEROKU_HOST"), "{bad}: {fault}");
        }
    }

    #[test]
    fn no_password_of_a_malformed_address_is_repeated() {
        for bad in
            ["u:hunter2@evil.example", "http:/u:hunter2@h", "https://u:hunter2@", "u:hun@hunter2@x y", "//u:hunter2@h"]
        {
            let data = HostVariables { data_host: Some(bad.to_owned()), ..host("http://127.0.0.1:5080") };
            let discovery = HostVariables { discovery_server: Some(bad.to_owned()), ..HostVariables::default() };
            for variables in [host(bad), data, discovery] {
                let fault = Origins::from_variables(&variables).unwrap_err();
                assert!(!format!("{fault:?}").contains("hunter2"), "{bad}: {fault:?}");
            }
        }
    }

    #[test]
    fn a_data_host_with_a_port_or_elsewhere_is_refused() {
        for bad in ["127.0.0.1:5080", "http://127.0.0.1", "evil.example", "a/b", "u@127.0.0.1"] {
            let variables = HostVariables { data_host: Some(bad.to_owned()), ..host("http://127.0.0.1:5080") };
            let fault = Origins::from_variables(&variables).unwrap_err();
            assert!(fault.saw.contains("HEROKU_DATA_HOST"), "{bad}: {fault}");
        }
    }
}
