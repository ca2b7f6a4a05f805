//! Where other programs are found: never in the folder that hcops happens to be called in, which may be anybody's.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The whole path of a program that the `PATH` leads to; nothing where there is none.
///
/// Entries that are empty or relative mean the working folder (POSIX, XBD section 8.3) and are passed over: a repository
/// that was checked out must not bring a `git` or a `pg_config` of its own.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the PATH is looked into here, for every other program that is run")]
pub fn find(name: &str) -> Option<PathBuf> {
    find_on(&std::env::var_os("PATH")?, name)
}

fn find_on(path: &OsStr, name: &str) -> Option<PathBuf> {
    let folders = std::env::split_paths(path).filter(|folder| folder.is_absolute());
    folders.map(|folder| folder.join(name)).find(|program| is_program(program))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// Whether a folder is this user's own: nobody else may have put a program into it. It must be there, its path whole.
#[must_use]
#[cfg(unix)]
pub fn is_own_folder(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let me = rustix::process::geteuid().as_raw();
    let own = |about: std::fs::Metadata| about.is_dir() && about.uid() == me && about.mode() & 0o022 == 0;
    folder.is_absolute() && folder.metadata().is_ok_and(own)
}

/// Whether a folder is this user's own: its path is whole, and it is there.
#[must_use]
#[cfg(not(unix))]
pub fn is_own_folder(folder: &Path) -> bool {
    folder.is_absolute() && folder.is_dir()
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn only_whole_paths_lead_to_programs() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("git");
        fs::write(&program, "#!/bin/sh\n").unwrap();
        let whole = std::env::join_paths([Path::new(""), Path::new("."), Path::new("bin"), folder.path()]).unwrap();
        assert_eq!(find_on(&whole, "git"), None, "it cannot be run");
        fs::set_permissions(&program, Permissions::from_mode(0o755)).unwrap();
        assert_eq!(find_on(&whole, "git"), Some(program));
        for path in ["", ".", "src:./", ":src"] {
            assert_eq!(find_on(OsStr::new(path), "lib.rs"), None, "{path:?}");
        }
    }

    #[test]
    fn a_folder_that_others_may_write_to_is_not_the_users_own() {
        let folder = tempfile::tempdir().unwrap();
        for (mode, own) in [(0o755, true), (0o700, true), (0o775, false), (0o777, false)] {
            fs::set_permissions(folder.path(), Permissions::from_mode(mode)).unwrap();
            assert_eq!(is_own_folder(folder.path()), own, "{mode:o}");
        }
        assert!(!is_own_folder(Path::new(".cache")) && !is_own_folder(Path::new("/usr/bin/nowhere")));
    }
}
