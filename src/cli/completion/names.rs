//! The names that were fetched last, kept in a file of this person: names of apps and add-ons, and never a secret.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Names of one account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Names {
    /// Every app that it sees.
    pub(super) apps: Vec<String>,
    /// Its connections and databases.
    pub(super) addons: Vec<AddonName>,
}

/// The name of an add-on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct AddonName {
    pub(super) app: String,
    pub(super) name: String,
    pub(super) service: Service,
}

/// The services whose add-ons are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Service {
    Connect,
    Postgres,
}

impl Service {
    /// The service of an add-on with this plan, such as `heroku-postgresql:standard-0`.
    pub(super) fn of_plan(plan: &str) -> Option<Self> {
        match plan.split_once(':').map_or(plan, |(service, _)| service) {
            "herokuconnect" => Some(Self::Connect),
            "heroku-postgresql" => Some(Self::Postgres),
            _ => None,
        }
    }
}

/// What is known of one account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// When the names were fetched.
    fetched_at: Option<Timestamp>,
    /// When somebody last set out to fetch them.
    tried_at: Option<Timestamp>,
    names: Names,
}

/// Names are offered for so long.
const FRESH: SignedDuration = SignedDuration::from_mins(3);

/// After an attempt the next one is left alone for so long: without a network every Tab would wait.
const REST: SignedDuration = SignedDuration::from_secs(20);

impl Kept {
    /// The names, as long as they are fresh.
    pub(super) fn fresh(&self, now: Timestamp) -> Option<&Names> {
        is_within(self.fetched_at, FRESH, now).then_some(&self.names)
    }

    /// Whether somebody has just set out.
    pub(super) fn was_just_tried(&self, now: Timestamp) -> bool {
        is_within(self.tried_at, REST, now)
    }
}

/// A time of the future, left by a clock that was wrong, is no news.
fn is_within(then: Option<Timestamp>, limit: SignedDuration, now: Timestamp) -> bool {
    then.is_some_and(|then| (SignedDuration::ZERO..limit).contains(&now.duration_since(then)))
}

/// The file, by account. What can't be read counts as empty: it is written anew.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Document {
    #[serde(default)]
    accounts: BTreeMap<String, Kept>,
}

/// The file of names.
pub(super) struct Cache {
    path: PathBuf,
}

impl Cache {
    /// The one of this person: `hcops/completions.json` in the XDG cache directory.
    pub(super) fn usual() -> Option<Self> {
        let places = etcetera::choose_base_strategy().ok()?;
        Some(Self { path: places.cache_dir().join("hcops/completions.json") })
    }

    /// What is known of an account.
    pub(super) fn kept(&self, account: &str) -> Kept {
        self.document().accounts.remove(account).unwrap_or_default()
    }

    /// Notes that somebody sets out.
    pub(super) fn note_attempt(&self, account: &str, now: Timestamp) -> io::Result<()> {
        self.change(account, now, |kept| kept.tried_at = Some(now))
    }

    /// Keeps names.
    pub(super) fn keep(&self, account: &str, names: Names, now: Timestamp) -> io::Result<()> {
        self.change(account, now, |kept| {
            kept.fetched_at = Some(now);
            kept.names = names;
        })
    }

    fn document(&self) -> Document {
        let text = fs::read(&self.path).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// Changes what is known of one account, and forgets those of which nothing is fresh any more.
    fn change(&self, account: &str, now: Timestamp, change: impl FnOnce(&mut Kept)) -> io::Result<()> {
        let mut document = self.document();
        document.accounts.retain(|_, kept| kept.fresh(now).is_some() || kept.was_just_tried(now));
        change(document.accounts.entry(account.to_owned()).or_default());
        write_whole(&self.path, &serde_json::to_vec(&document)?)
    }
}

/// Writes a file that is either the old one or the new one, and that only its owner reads.
fn write_whole(path: &Path, text: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let new = path.with_extension(format!("{}.new", uuid::Uuid::now_v7().simple()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&new).and_then(|mut file| file.write_all(text)).and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        // What was being written is of no use to anybody; if it can't be removed either, nothing is lost.
        let _unused = fs::remove_file(&new);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(app: &str) -> Names {
        Names { apps: vec![app.to_owned()], addons: Vec::new() }
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    fn cache(folder: &tempfile::TempDir) -> Cache {
        Cache { path: folder.path().join("deep/completions.json") }
    }

    #[test]
    fn names_are_kept_by_account_and_only_while_they_are_fresh() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(&folder);
        cache.keep("here ada", names("acme"), at(10)).unwrap();
        cache.keep("here bob", names("other"), at(11)).unwrap();
        assert_eq!(cache.kept("here ada").fresh(at(12)), Some(&names("acme")));
        assert_eq!(cache.kept("here bob").fresh(at(12)), Some(&names("other")));
        assert_eq!(cache.kept("here ada").fresh(at(13)), None, "too old");
        assert_eq!(cache.kept("here ada").fresh(at(9)), None, "from the future");
        assert_eq!(cache.kept("elsewhere ada").fresh(at(10)), None);
        cache.keep("here bob", names("other"), at(100)).unwrap();
        assert_eq!(cache.document().accounts.len(), 1, "what is old is forgotten");
    }

    #[test]
    fn an_attempt_is_not_repeated_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(&folder);
        assert!(!cache.kept("a").was_just_tried(at(1)));
        cache.note_attempt("a", at(1)).unwrap();
        assert!(cache.kept("a").was_just_tried(at(1)));
        assert!(!cache.kept("a").was_just_tried(at(2)));
    }

    #[test]
    fn a_torn_file_counts_as_empty_and_is_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(&folder);
        cache.keep("a", names("acme"), at(1)).unwrap();
        let whole = fs::read(&cache.path).unwrap();
        for end in 0..whole.len() {
            fs::write(&cache.path, &whole[..end]).unwrap();
            assert_eq!(cache.kept("a"), Kept::default());
        }
        cache.keep("a", names("acme"), at(1)).unwrap();
        assert_eq!(fs::read(&cache.path).unwrap(), whole);
        assert_eq!(fs::read_dir(folder.path().join("deep")).unwrap().count(), 1, "nothing is left behind");
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_reads_the_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(&folder);
        cache.keep("a", names("acme"), at(1)).unwrap();
        assert_eq!(fs::metadata(&cache.path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
