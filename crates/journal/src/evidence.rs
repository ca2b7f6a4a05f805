//! Pieces of evidence, kept beside the journal.

use std::fs;
use std::io::Write;
use std::path::Path;

use super::files::{io_fault, private_file, sync_directory};
use hcops_model::{Digest, EvidenceMark, JournalFault};

/// The name with everything but letters, digits, dots, hyphens, underscores and `@` replaced, so that it stays inside
/// its directory on every file system.
pub(super) fn safe_name(name: &str) -> String {
    let fits = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_' | '@');
    let name: String = name.chars().map(|character| if fits(character) { character } else { '-' }).collect();
    let visible = name.trim_start_matches('.');
    if visible.is_empty() { "unnamed".to_owned() } else { visible.chars().take(120).collect() }
}

/// Writes the contents under a name below `directory`, whole or not at all.
pub(super) fn keep(directory: &Path, name: &str, contents: &[u8]) -> Result<EvidenceMark, JournalFault> {
    let name = safe_name(name);
    let final_path = directory.join(&name);
    let draft_path = directory.join(format!(".{name}.draft"));
    let write = || {
        let mut draft = private_file().write(true).create(true).truncate(true).open(&draft_path)?;
        draft.write_all(contents)?;
        draft.sync_all()?;
        fs::rename(&draft_path, &final_path)?;
        sync_directory(directory)
    };
    write().map_err(|error| io_fault("keep evidence in", &final_path, &error))?;
    Ok(EvidenceMark { name, digest: Digest::of_bytes(contents) })
}
