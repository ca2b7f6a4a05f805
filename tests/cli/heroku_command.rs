//! The real `heroku` command with our plugin, in a house of its own.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use assert_cmd::cargo::cargo_bin;

use super::house::{House, Told};

/// The installed command, and the data folder in which it has our plugin.
pub(crate) struct Heroku {
    script: PathBuf,
    data: PathBuf,
}

impl Heroku {
    /// The command that `scripts/official-cli --install` put there, with the plugin installed from its package. Nothing,
    /// with the reason printed, where it or Node is missing.
    pub(crate) fn with_plugin() -> Option<&'static Self> {
        static INSTALLED: OnceLock<Result<Heroku, String>> = OnceLock::new();
        let installed = INSTALLED.get_or_init(|| Self::find().inspect(Self::install));
        installed.as_ref().inspect_err(|why| hcops_testing::missing("heroku", why)).ok()
    }

    fn find() -> Result<Self, String> {
        let script = folder().join("node_modules/heroku/bin/run.js");
        if !script.is_file() {
            return Err(format!("there is no {}; `scripts/official-cli --install` puts it there", script.display()));
        }
        for program in ["node", "npm"] {
            let asked = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
            asked.map_err(|error| format!("{program} is missing: {error}"))?;
        }
        let data = Path::new(env!("CARGO_TARGET_TMPDIR")).join("heroku-data");
        Ok(Self { script, data })
    }

    /// Packs the plugin and installs the package, as somebody does who got it from us.
    fn install(&self) {
        let _of_an_earlier_run = fs::remove_dir_all(&self.data);
        let house = self.furnished(House::new());
        let packing = ["pack", "--pack-destination", ".", plugin().to_str().unwrap()].map(str::to_owned);
        let packed = house.command_of(Path::new("npm"), &packing.each_ref().map(String::as_str)).output().unwrap();
        assert!(packed.status.success(), "{}", house.told(&packed));
        let package = house.path(&format!("heroku-plugin-hcops-{}.tgz", env!("CARGO_PKG_VERSION")));
        let told = self.run(&house, &["plugins:install", &format!("file://{}", package.display())]);
        assert_eq!(told.exit, 0, "{told}");
    }

    /// A house in which the command finds the plugin, and nothing of this machine
    /// (docs/heroku/cli.md, "Variables").
    pub(crate) fn furnished(&self, house: House) -> House {
        let cache = house.path("cache");
        fs::create_dir_all(cache.join("heroku")).unwrap();
        // Without this file the first run says that the terms of service have changed.
        fs::write(cache.join("heroku/terms-of-service"), "").unwrap();
        let path = |name: &str| house.path(name).display().to_string();
        let (config, git, cache) = (path("config"), path("gitconfig"), path("cache"));
        let places = [("XDG_CONFIG_HOME", config), ("GIT_CONFIG_GLOBAL", git), ("XDG_CACHE_HOME", cache)];
        let house = places.iter().fold(house, |house, (name, value)| house.with(name, value));
        SETTINGS
            .iter()
            .fold(house, |house, (name, value)| house.with(name, value))
            .with("XDG_DATA_HOME", self.data.to_str().unwrap())
            .with("HCOPS_BIN", cargo_bin("hcops").to_str().unwrap())
    }

    /// `heroku` with these words, not yet started.
    pub(crate) fn command(&self, house: &House, words: &[&str]) -> Command {
        let script = self.script.to_str().unwrap();
        house.command_of(Path::new("node"), &[&["--no-deprecation", script], words].concat())
    }

    /// Runs `heroku` with these words.
    pub(crate) fn run(&self, house: &House, words: &[&str]) -> Told {
        house.told(&self.command(house, words).stdin(Stdio::null()).output().unwrap())
    }

    /// Where the packages of the command are.
    pub(crate) fn packages(&self) -> PathBuf {
        self.script.ancestors().nth(3).unwrap().to_owned()
    }

    /// The data folder, to copy.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }
}

/// What keeps the command, and npm, away from the network and from this machine's settings.
const SETTINGS: [(&str, &str); 11] = [
    ("HEROKU_GIT_HOST", "git.localhost"),
    ("HEROKU_NETRC_WRITE", "true"),
    ("DISABLE_TELEMETRY", "true"),
    ("HEROKU_SKIP_ANALYTICS", "1"),
    ("HEROKU_DISABLE_AUTOUPDATE", "1"),
    ("HEROKU_SKIP_NEW_VERSION_CHECK", "1"),
    ("NO_PROXY", "127.0.0.1,localhost"),
    ("npm_config_offline", "true"),
    ("npm_config_audit", "false"),
    ("npm_config_fund", "false"),
    ("npm_config_update_notifier", "false"),
];

/// The plugin's source.
pub(crate) fn plugin() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("plugin")
}

fn folder() -> PathBuf {
    let cache = || Path::new(env!("CARGO_MANIFEST_DIR")).join(".cache/official-cli");
    read("HCOPS_OFFICIAL_CLI").map_or_else(cache, PathBuf::from)
}

#[expect(clippy::disallowed_methods, reason = "the door of these tests to the environment")]
fn read(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}
