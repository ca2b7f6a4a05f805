use std::path::{Path, PathBuf};
use std::process::Command;

/// Why a server could not be had or would not do as it was told.
#[derive(Debug, thiserror::Error)]
pub enum ServerFault {
    /// No binaries of this major were found.
    #[error("PostgreSQL {major} is not installed here; `scripts/postgres {major}` fetches it")]
    NotInstalled {
        /// The major version.
        major: u32,
    },
    /// A program of PostgreSQL ended with an error.
    #[error("{program} failed: {said}")]
    Failed {
        /// The program's name.
        program: String,
        /// The last lines of what it said.
        said: String,
    },
    /// A file or process could not be handled.
    #[error("{path}: {source}")]
    Io {
        /// What was being handled.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
}

impl ServerFault {
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}

/// Runs `command` to its end and returns what it printed.
pub(super) fn finish(mut command: Command) -> Result<String, ServerFault> {
    let path = PathBuf::from(command.get_program());
    let output = command.stdin(std::process::Stdio::null()).output().map_err(ServerFault::io(&path))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    Err(ServerFault::Failed { program: name_of(&path), said: last_lines(&said, 30) })
}

pub(super) fn name_of(program: &Path) -> String {
    program.file_name().map_or_else(|| program.display().to_string(), |name| name.to_string_lossy().into_owned())
}

pub(super) fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}
