//! What the environment says about a run of these tests.

use std::path::{Path, PathBuf};

/// Which cases the real command runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Choice {
    /// A dozen that touch every API and every kind of answer.
    Dozen,
    /// Every one that the real command can run.
    All,
    /// One, by its name.
    Named(String),
}

/// The folder with the reference: `HCOPS_REFERENCE`, or `shared/reference` beside one of this folder's parents.
pub(crate) fn reference_folder() -> PathBuf {
    if let Some(folder) = read("HCOPS_REFERENCE") {
        return PathBuf::from(folder);
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let beside = |parent: &Path| parent.join("shared").join("reference");
    here.ancestors().skip(1).map(beside).find(|folder| folder.is_dir()).unwrap_or_else(|| beside(here))
}

/// Where `scripts/official-cli` installed the real command: `HCOPS_OFFICIAL_CLI`, or `.cache/official-cli`.
pub(crate) fn command_folder() -> PathBuf {
    let cache = || Path::new(env!("CARGO_MANIFEST_DIR")).join(".cache").join("official-cli");
    read("HCOPS_OFFICIAL_CLI").map_or_else(cache, PathBuf::from)
}

/// Which cases to run with the real command: `HCOPS_OFFICIAL_CLI_CASES` is `dozen` (or nothing), `all` or a case's name.
pub(crate) fn choice() -> Choice {
    match read("HCOPS_OFFICIAL_CLI_CASES").as_deref() {
        None | Some("" | "dozen") => Choice::Dozen,
        Some("all") => Choice::All,
        Some(name) => Choice::Named(name.to_owned()),
    }
}

/// Whether each case that passed is named too: when `scripts/official-cli` runs the tests.
pub(crate) fn names_cases() -> bool {
    read("HCOPS_OFFICIAL_CLI_CASES").is_some()
}

/// The search path, to find Node and git.
pub(crate) fn search_path() -> String {
    read("PATH").unwrap_or_default()
}

#[expect(clippy::disallowed_methods, reason = "the one door of these tests to the environment")]
fn read(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
