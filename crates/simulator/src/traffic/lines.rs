use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::TrafficFault;

/// A file to which lines of JSON are only ever added. What was added survives the end of this process; it need not
/// survive the end of the machine, for the servers do not either.
#[derive(Debug)]
pub(super) struct Lines<T> {
    path: PathBuf,
    file: File,
    length: u64,
    of: PhantomData<fn(T)>,
}

impl<T: Serialize + DeserializeOwned> Lines<T> {
    /// Opens or makes the file and reads what is in it. A last line without its line break was torn by a kill; nothing
    /// was done on its strength, and it is cut off.
    ///
    /// # Errors
    /// [`TrafficFault::Io`]; [`TrafficFault::Damaged`] for any other line that cannot be read.
    pub(super) fn open(path: &Path) -> Result<(Self, Vec<T>), TrafficFault> {
        let text = read(path)?;
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let lines = text[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let entries = lines.enumerate().map(|(index, line)| {
            serde_json::from_slice(line).map_err(|source| {
                let path = path.to_owned();
                TrafficFault::Damaged { path, line: index + 1, source }
            })
        });
        let entries = entries.collect::<Result<Vec<T>, _>>()?;
        let file = OpenOptions::new().create(true).append(true).open(path).map_err(TrafficFault::io(path))?;
        let length = whole as u64;
        file.set_len(length).map_err(TrafficFault::io(path))?;
        Ok((Self { path: path.to_owned(), file, length, of: PhantomData }, entries))
    }

    /// Adds entries, all with one write. After a fault the file is as it was before.
    ///
    /// # Errors
    /// [`TrafficFault::Io`].
    pub(super) fn append(&mut self, entries: &[T]) -> Result<(), TrafficFault> {
        let mut text = Vec::new();
        for entry in entries {
            serde_json::to_writer(&mut text, entry).map_err(|fault| TrafficFault::io(&self.path)(fault.into()))?;
            text.push(b'\n');
        }
        if let Err(fault) = self.file.write_all(&text) {
            // Half a line in the middle would make the whole file unreadable.
            let _ = self.file.set_len(self.length);
            return Err(TrafficFault::io(&self.path)(fault));
        }
        self.length += text.len() as u64;
        Ok(())
    }
}

fn read(path: &Path) -> Result<Vec<u8>, TrafficFault> {
    match fs::read(path) {
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        other => other.map_err(TrafficFault::io(path)),
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;
    use crate::traffic::TrafficFault;

    #[test]
    fn a_file_that_is_torn_at_any_byte_opens_with_its_whole_lines() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines");
        let (mut lines, _) = Lines::<String>::open(&path).unwrap();
        lines.append(&["one".to_owned(), "two".to_owned()]).unwrap();
        let whole = std::fs::read(&path).unwrap();
        for length in 0..=whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
            let (mut lines, before) = Lines::<String>::open(&path).unwrap();
            assert_eq!(before.len(), whole[..length].iter().filter(|byte| **byte == b'\n').count(), "at {length}");
            lines.append(&["three".to_owned()]).unwrap();
            let (_, after) = Lines::<String>::open(&path).unwrap();
            assert_eq!(after, [before, vec!["three".to_owned()]].concat(), "at {length}");
        }
    }

    #[test]
    fn a_broken_line_in_the_middle_is_refused_with_its_number() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines");
        std::fs::write(&path, "\"one\"\n\"tw\n\"three\"\n").unwrap();
        assert!(matches!(Lines::<String>::open(&path).unwrap_err(), TrafficFault::Damaged { line: 2, .. }));
    }
}
