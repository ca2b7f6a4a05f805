//! The only reader of environment variables. Each is a documented constant; everything else is handed values.

use std::collections::BTreeMap;

use hcops_i18n::Language;

/// The app, when neither `-a` nor `-r` names one.
pub(super) const APP: &str = "HEROKU_APP";
/// The Platform API's address: `http://127.0.0.1:5080` points everything at a simulator there
/// (docs/heroku/cli.md, "Variables").
pub(super) const HOST: &str = "HEROKU_HOST";
/// Bare host name of the Data API; scheme and port come from `HEROKU_HOST`.
pub(super) const DATA_HOST: &str = "HEROKU_DATA_HOST";
/// Older name of [`DATA_HOST`].
pub(super) const POSTGRESQL_HOST: &str = "HEROKU_POSTGRESQL_HOST";
/// Address of Heroku Connect's discovery.
pub(super) const DISCOVERY: &str = "CONNECT_DISCOVERY_SERVER";
/// Address of the status site.
pub(super) const STATUS_HOST: &str = "HEROKU_STATUS_HOST";
/// The token; otherwise it comes from `heroku auth:token`, then from netrc.
pub(super) const API_KEY: &str = "HEROKU_API_KEY";
/// Host of the git remotes that name an app.
pub(super) const GIT_HOST: &str = "HEROKU_GIT_HOST";
/// Where runs are kept.
pub(super) const STATE_DIR: &str = "HCOPS_STATE_DIR";
/// The config file, when it is another one than the usual.
pub(super) const CONFIG: &str = "HCOPS_CONFIG";
/// Folders with PostgreSQL servers for the simulator, separated as in `PATH`.
pub(super) const POSTGRES: &str = "HCOPS_POSTGRES";
/// Where what matters in a run is posted, when `--notify` does not say; rehearsals are not.
pub(super) const NOTIFY: &str = "HCOPS_NOTIFY";
/// What is traced, as `hcops=debug`.
pub(super) const LOG: &str = "HCOPS_LOG";
/// What the person types instead of `hcops`; the plugin of the `heroku` command sets it.
pub(super) const CALLED: &str = "HCOPS_CALLED";
/// The shell whose completion script asks what may come next.
pub(super) const COMPLETE: &str = "HCOPS_COMPLETE";
/// Any value switches colours off (<https://no-color.org>).
pub(super) const NO_COLOR: &str = "NO_COLOR";
/// The locale for everything; its language is what people are told in (POSIX, XBD section 8.2).
pub(super) const LC_ALL: &str = "LC_ALL";
/// The locale of messages, when [`LC_ALL`] is not set.
pub(super) const LC_MESSAGES: &str = "LC_MESSAGES";
/// The locale of characters, when [`LC_ALL`] is not set: whether bars and frames are drawn with more than ASCII.
pub(super) const LC_CTYPE: &str = "LC_CTYPE";
/// The locale, when neither [`LC_ALL`] nor [`LC_MESSAGES`] is set.
pub(super) const LANG: &str = "LANG";
/// `dumb` switches the live screen off.
pub(super) const TERM: &str = "TERM";
/// The person's name, where the account does not tell it.
pub(super) const USER: &str = "USER";
/// The person's name on systems without [`USER`].
pub(super) const USERNAME: &str = "USERNAME";
/// The machine's name, for "who holds this run".
pub(super) const HOSTNAME: &str = "HOSTNAME";
/// The dyno in which the program runs, such as `run.1234` (Dev Center: Dynos).
pub(super) const DYNO: &str = "DYNO";
/// The app of that dyno, where dyno metadata is on (Dev Center: Dyno Metadata).
pub(super) const APP_NAME: &str = "HEROKU_APP_NAME";
/// The home directory, where `.netrc` is.
pub(super) const HOME: &str = "HOME";

/// Every variable with its meaning, for `hcops --help`.
pub(super) const ALL: [(&str, &str); 27] = [
    (APP, "the app, when neither -a nor -r names one"),
    (API_KEY, "the token; otherwise `heroku auth:token`, then netrc"),
    (HOST, "the Platform API; a loopback address points everything there"),
    (DATA_HOST, "host name of the Data API"),
    (POSTGRESQL_HOST, "older name of HEROKU_DATA_HOST"),
    (DISCOVERY, "address of Heroku Connect's discovery"),
    (STATUS_HOST, "address of the status site"),
    (GIT_HOST, "host of the git remotes that name an app"),
    (STATE_DIR, "where runs are kept"),
    (CONFIG, "the config file [default: hcops/config.toml in the XDG config directory]"),
    (POSTGRES, "folders with PostgreSQL servers for the simulator"),
    (NOTIFY, "where what matters in a run is posted"),
    (LOG, "what is traced, for example hcops=debug"),
    (CALLED, "what is typed instead of hcops: the heroku plugin sets it"),
    (COMPLETE, "the shell that asks for completions: their scripts set it"),
    (NO_COLOR, "any value switches colours off"),
    (LC_ALL, "the locale: its language is spoken, where it is en or ja"),
    (LC_MESSAGES, "the same, when LC_ALL is not set"),
    (LC_CTYPE, "with UTF-8 bars and frames are drawn finely; LC_ALL goes before"),
    (LANG, "the same, when neither LC_ALL nor LC_MESSAGES is set"),
    (TERM, "`dumb` switches the live screen off"),
    (USER, "the person's name, where the account does not tell it"),
    (USERNAME, "the same, on systems without USER"),
    (HOSTNAME, "the machine's name, for `who holds this run`"),
    (DYNO, "the dyno that hcops runs in: it is not waited for when everything else is silenced"),
    (APP_NAME, "the app of that dyno, where dyno metadata is on"),
    (HOME, "where .netrc is"),
];

/// The environment as it was when the program started.
#[derive(Clone, Default)]
pub(super) struct Environment {
    values: BTreeMap<&'static str, String>,
}

impl Environment {
    /// Reads all known variables. One that is empty or not text counts as unset.
    #[expect(clippy::disallowed_methods, reason = "this is the door to the environment")]
    pub(super) fn read() -> Self {
        let known = ALL.iter().filter_map(|(name, _)| Some((*name, std::env::var(name).ok()?)));
        Self { values: known.filter(|(_, value)| !value.is_empty()).collect() }
    }

    /// The value of a variable.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// The value of a variable, owned.
    pub(super) fn owned(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    /// The language of the locale, and the variable that says so: the first that is set, which is the order of POSIX (XBD
    /// section 8.2).
    pub(super) fn language(&self) -> Option<(Language, &'static str)> {
        let set = [LC_ALL, LC_MESSAGES, LANG].into_iter().find_map(|name| Some((self.get(name)?, name)));
        set.map(|(locale, name)| (Language::of_locale(locale), name))
    }

    /// Whether the locale's characters go beyond ASCII (POSIX, XBD section 8.2: the first of these that is set).
    pub(super) fn is_utf8(&self) -> bool {
        let locale = [LC_ALL, LC_CTYPE, LANG].into_iter().find_map(|name| self.get(name));
        let locale = locale.unwrap_or_default().to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    }

    /// The machine's user.
    pub(super) fn user(&self) -> String {
        self.get(USER).or_else(|| self.get(USERNAME)).unwrap_or("unknown user").to_owned()
    }

    /// The machine's name.
    pub(super) fn machine(&self) -> String {
        let from_file = || std::fs::read_to_string("/etc/hostname").ok().map(|name| name.trim().to_owned());
        self.owned(HOSTNAME)
            .or_else(from_file)
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| "this machine".to_owned())
    }

    /// An environment made up for a test.
    #[cfg(test)]
    pub(super) fn of(values: &[(&'static str, &str)]) -> Self {
        Self { values: values.iter().map(|(name, value)| (*name, (*value).to_owned())).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::{Environment, LANG, LC_ALL, LC_CTYPE, LC_MESSAGES, Language};

    #[test]
    fn the_first_locale_that_is_set_tells_the_language() {
        for (values, told) in [
            (&[(LC_ALL, "C"), (LC_MESSAGES, "ja_JP"), (LANG, "ja_JP")][..], Some((Language::English, LC_ALL))),
            (&[(LC_MESSAGES, "ja_JP"), (LANG, "en_US")], Some((Language::Japanese, LC_MESSAGES))),
            (&[(LANG, "ja_JP.UTF-8")], Some((Language::Japanese, LANG))),
            (&[], None),
        ] {
            assert_eq!(Environment::of(values).language(), told, "{values:?}");
        }
    }

    #[test]
    fn the_first_locale_that_is_set_tells_the_characters() {
        for (values, utf8) in [
            (&[(LANG, "de_DE.UTF-8")][..], true),
            (&[(LC_CTYPE, "ja_JP.utf8"), (LANG, "C")], true),
            (&[(LC_ALL, "C"), (LANG, "de_DE.UTF-8")], false),
            (&[(LANG, "de_DE.ISO-8859-1")], false),
            (&[], false),
        ] {
            assert_eq!(Environment::of(values).is_utf8(), utf8, "{values:?}");
        }
    }
}
