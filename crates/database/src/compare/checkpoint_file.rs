use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use hcops_model::{Fault, FaultKind, Happened};

use super::checkpoint::{BEGINNING, Checkpoint};

/// A checkpoint in a file of its own, readable by its owner only. It is removed when the comparison is complete.
pub struct CheckpointFile {
    path: PathBuf,
    file: Mutex<File>,
    earlier: Vec<String>,
}

impl CheckpointFile {
    /// Opens the file, or makes it, and keeps other processes from using it meanwhile.
    ///
    /// # Errors
    /// [`FaultKind::Usage`] when it cannot be opened, when it holds something else, and when another comparison uses it.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let told = |error: io::Error| unusable(path, &error.to_string());
        let mut options = OpenOptions::new();
        let mut file =
            options.read(true).write(true).create(true).truncate(false).mode(0o600).open(path).map_err(told)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(unusable(path, "another comparison uses it")),
            Err(TryLockError::Error(error)) => return Err(told(error)),
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(told)?;
        if !is_checkpoint(&bytes) {
            return Err(unusable(path, "it holds something that hcops did not write"));
        }
        // A line that was cut while it was written is none.
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        file.set_len(whole as u64).and_then(|()| file.seek(SeekFrom::End(0))).map_err(told)?;
        let earlier = String::from_utf8_lossy(&bytes[..whole]).lines().map(str::to_owned).collect();
        Ok(Self { path: path.to_owned(), file: Mutex::new(file), earlier })
    }

    fn write(&self, line: &str, begins: bool) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if begins {
            file.set_len(0)?;
            file.seek(SeekFrom::Start(0))?;
        }
        file.write_all(format!("{line}\n").as_bytes())
    }
}

impl Checkpoint for CheckpointFile {
    fn earlier(&self) -> Vec<String> {
        self.earlier.clone()
    }

    fn begin(&self, line: &str) -> Result<(), String> {
        self.write(line, true).map_err(|error| error.to_string())
    }

    fn add(&self, line: &str) -> Result<(), String> {
        self.write(line, false).map_err(|error| error.to_string())
    }

    fn finish(&self) {
        // One that stays is found out of date, or read once more to the same end.
        let _ = fs::remove_file(&self.path);
    }
}

/// Empty, or ours, though the very first line may be cut.
fn is_checkpoint(bytes: &[u8]) -> bool {
    let length = bytes.len().min(BEGINNING.len());
    bytes[..length] == BEGINNING.as_bytes()[..length]
}

fn unusable(path: &Path, why: &str) -> Fault {
    Fault::new(
        FaultKind::Usage,
        format!("The checkpoint {} cannot be used: {why}.", path.display()),
        "What was read would not be kept there, and a comparison that is interrupted would begin again.",
        "Name another file, or leave the checkpoint away.",
    )
    .with_happened(Happened::No)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::{BEGINNING, Checkpoint, CheckpointFile};
    use hcops_model::FaultKind;

    #[test]
    fn lines_are_kept_a_cut_one_is_not_and_the_end_removes_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checkpoint");
        let first = format!("{BEGINNING}1}}");
        let file = CheckpointFile::open(&path).unwrap();
        assert_eq!(file.earlier(), [] as [String; 0]);
        file.begin("forgotten").unwrap();
        file.begin(&first).unwrap();
        file.add("second").unwrap();
        drop(file);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&path, format!("{first}\nsecond\nthi")).unwrap();
        let file = CheckpointFile::open(&path).unwrap();
        assert_eq!(file.earlier(), [first.as_str(), "second"]);
        file.add("third").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), format!("{first}\nsecond\nthird\n"));
        file.finish();
        assert!(!path.exists());
    }

    #[test]
    fn another_file_is_not_overwritten_and_two_do_not_share_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes");
        fs::write(&path, "mine").unwrap();
        let fault = CheckpointFile::open(&path).err().unwrap();
        assert_eq!(fault.kind, FaultKind::Usage);
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");

        let path = folder.path().join("shared");
        let _first = CheckpointFile::open(&path).unwrap();
        assert!(CheckpointFile::open(&path).err().unwrap().saw.contains("another comparison"));
        assert!(CheckpointFile::open(&folder.path().join("no/folder")).is_err());
    }
}
