//! Files that only their owner may read, and what to say when they fail.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use hcops_model::JournalFault;

/// What the operating system said, as a fault of the journal.
#[must_use]
pub fn io_fault(verb: &str, path: &Path, error: &io::Error) -> JournalFault {
    JournalFault::new(
        format!("cannot {verb} {}: {error}", path.display()),
        "What is not on disk is not acted on, so the run stops here. Check free space, permissions and the disk, \
                 then take the run up again with `hcops resume`.",
    )
}

/// Makes names in a directory durable.
pub(crate) fn sync_directory(directory: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}

/// Options for a file that only its owner may read.
pub(crate) fn private_file() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has modes"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Puts a file beside a journal in one stroke, so that a reader never sees half of it. Not made durable: what is lost in
/// a power cut is news to nobody then.
///
/// # Errors
/// When it cannot be written.
pub fn replace_file(path: &Path, contents: &[u8]) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let mut file = private_file().write(true).create(true).truncate(true).open(&draft)?;
    file.write_all(contents)?;
    fs::rename(&draft, path)
}

/// A maker of directories that only their owner may enter.
pub(crate) fn private_directory() -> fs::DirBuilder {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has modes"))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}
