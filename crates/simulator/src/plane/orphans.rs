//! Folders of servers whose rehearsal is gone, though not by its own end: they are cleared away when another one begins.

use std::fs;
use std::path::{Path, PathBuf};

use super::inside::ELSEWHERE;
use crate::postgres::is_guarded;

/// The file in a folder of servers that names the folder which they were made for.
const MADE_FOR: &str = "made-for";

/// How such folders are called.
pub(super) const PREFIX: &str = "hcops-";

/// Notes in a folder of servers what it was made for.
pub(super) fn note(servers: &Path, made_for: &Path) -> std::io::Result<()> {
    let made_for = fs::canonicalize(made_for)?;
    fs::write(servers.join(MADE_FOR), made_for.as_os_str().as_encoded_bytes())
}

/// Removes the folders of servers that nobody will take up: nobody works in them, and `is_needed` says of the folder that
/// they were made for that it is not. Returns how many there were. One that cannot be removed is left.
#[must_use]
pub fn clear_orphans(is_needed: impl Fn(&Path) -> bool) -> usize {
    clear_below(Path::new(ELSEWHERE), is_needed)
}

fn clear_below(place: &Path, is_needed: impl Fn(&Path) -> bool) -> usize {
    let orphans = folders_of_servers(place).filter(|(servers, made_for)| !is_needed(made_for) && !is_guarded(servers));
    orphans.filter(|(servers, _)| fs::remove_dir_all(servers).is_ok()).count()
}

/// Each with what it was made for. A folder that does not say so is not ours to judge.
fn folders_of_servers(place: &Path) -> impl Iterator<Item = (PathBuf, PathBuf)> {
    let entries = fs::read_dir(place).into_iter().flatten().flatten();
    let ours = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX));
    ours.filter_map(|entry| {
        let made_for = fs::read_to_string(entry.path().join(MADE_FOR)).ok()?;
        Some((entry.path(), PathBuf::from(made_for)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_needs_and_nobody_works_in_is_cleared_away() {
        let place = tempfile::tempdir().unwrap();
        let folder = |name: &str, rehearsal: Option<&str>| {
            let servers = place.path().join(name);
            fs::create_dir_all(servers.join("1/data")).unwrap();
            if let Some(rehearsal) = rehearsal {
                let made_for = place.path().join(rehearsal);
                fs::create_dir_all(&made_for).unwrap();
                note(&servers, &made_for).unwrap();
            }
            servers
        };
        let needed = folder("hcops-1", Some("resumable"));
        let orphan = folder("hcops-2", Some("gone"));
        let at_work = folder("hcops-3", Some("gone-too"));
        fs::write(at_work.join("guarded"), std::process::id().to_string()).unwrap();
        let killed = folder("hcops-4", Some("killed"));
        fs::write(killed.join("guarded"), "999999999").unwrap();
        let nameless = folder("hcops-5", None);
        let foreign = folder("other-6", Some("gone"));
        assert_eq!(clear_below(place.path(), |made_for| made_for.ends_with("resumable")), 2);
        assert!(!orphan.exists() && !killed.exists());
        assert!([needed, at_work, nameless, foreign].iter().all(|folder| folder.exists()));
    }
}
