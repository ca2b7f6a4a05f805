//! The folders with the cases.

use std::path::{Path, PathBuf};

/// One folder.
pub(crate) struct Case {
    folder: PathBuf,
}

impl Case {
    /// The case of this name; nothing, with the reason printed, where the folder with the cases is not there.
    ///
    /// # Panics
    /// When the folder is there and this case is not.
    pub(crate) fn open(name: &str) -> Option<Self> {
        let folder = root()?.join(name);
        assert!(folder.join("README").is_file(), "{} has no README", folder.display());
        Some(Self { folder })
    }

    /// The text of one of its files.
    pub(crate) fn read(&self, name: &str) -> String {
        let path = self.folder.join(name);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}

/// The names of all cases; nothing, with the reason printed, where the folder is not there.
pub(crate) fn folders() -> Option<Vec<String>> {
    let entries = std::fs::read_dir(root()?).unwrap().map(Result::unwrap);
    let mut names: Vec<String> = entries
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    Some(names)
}

#[expect(clippy::disallowed_methods, reason = "where the cases are is asked of whoever runs the tests")]
fn root() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases");
    let root = std::env::var_os("HCOPS_TESTS_CASES").map_or_else(beside, PathBuf::from);
    if !root.is_dir() {
        hcops_testing::missing("cases", &format!("the folder with the cases, {}, is not there", root.display()));
        return None;
    }
    Some(root)
}
