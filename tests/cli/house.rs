//! A place of its own for each test: state directory, home, and nothing from the machine's environment.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use assert_cmd::cargo::cargo_bin;
use tempfile::TempDir;

/// Where a test's commands run.
pub(crate) struct House {
    directory: TempDir,
    variables: Vec<(String, String)>,
}

/// What a command told: standard output, standard error and exit code together.
pub(crate) struct Told {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) exit: i32,
}

impl House {
    pub(crate) fn new() -> Self {
        Self { directory: TempDir::new().unwrap(), variables: Vec::new() }
    }

    /// The same house with one more variable.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The program with these arguments, not yet started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.command_of(&cargo_bin("hcops"), arguments)
    }

    /// Another program in this house, not yet started.
    #[expect(clippy::disallowed_methods, reason = "the shell that a test asks for is found where the machine has it")]
    pub(crate) fn command_of(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.directory.path()).env_clear();
        command.env("HOME", self.directory.path()).env("HCOPS_STATE_DIR", self.path("state"));
        command.env("USER", "ada").env("HOSTNAME", "engine-room").env("PATH", std::env::var_os("PATH").unwrap());
        command.envs(self.variables.iter().cloned());
        command
    }

    /// Runs the program.
    #[must_use]
    pub(crate) fn hcops(&self, arguments: &[&str]) -> Told {
        self.told(&self.command(arguments).output().unwrap())
    }

    /// What a command of this house told.
    pub(crate) fn told(&self, output: &Output) -> Told {
        let text = |bytes: &[u8]| normal(std::str::from_utf8(bytes).unwrap(), self.directory.path());
        Told { stdout: text(&output.stdout), stderr: text(&output.stderr), exit: output.status.code().unwrap_or(-1) }
    }

    /// The id of the only run in this house.
    pub(crate) fn only_run(&self) -> String {
        let runs: Vec<_> = std::fs::read_dir(self.path("state/runs")).unwrap().collect();
        let [run] = runs.as_slice() else { panic!("{} runs instead of one", runs.len()) };
        run.as_ref().unwrap().file_name().into_string().unwrap()
    }
}

impl fmt::Display for Told {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "exit {}\n--- stdout\n{}--- stderr\n{}", self.exit, self.stdout, self.stderr)
    }
}

/// What differs from machine to machine, replaced by names.
fn normal(text: &str, directory: &Path) -> String {
    let text = text.replace(&directory.display().to_string(), "HOUSE");
    let text = replace_shape(&text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "RUN");
    let text = replace_shape(&text, &"x".repeat(64), "DIGEST");
    // As much of a run's id as is shown to people.
    let text = replace_shape(&text, "xxxxxxxx-xx", "RUN");
    replace_shape(&text, "127.0.0.1:ddddd", "ADDRESS")
}

/// Replaces everything of a shape, in which `x` is a hexadecimal digit and `d` a decimal one.
fn replace_shape(text: &str, shape: &str, name: &str) -> String {
    let fits = |window: &[u8]| {
        window.iter().zip(shape.bytes()).all(|(byte, shape)| match shape {
            b'x' => byte.is_ascii_hexdigit(),
            b'd' => byte.is_ascii_digit(),
            other => *byte == other,
        })
    };
    let (mut result, mut rest) = (String::new(), text);
    while let Some(at) = rest.as_bytes().windows(shape.len()).position(fits) {
        result.push_str(&rest[..at]);
        result.push_str(name);
        rest = &rest[at + shape.len()..];
    }
    result + rest
}

#[test]
fn what_differs_is_named() {
    let text = "run 0199c5f0-1111-7222-8333-444455556666 in /tmp/x/state at 127.0.0.1:40123";
    assert_eq!(normal(text, Path::new("/tmp/x")), "run RUN in HOUSE/state at ADDRESS");
}
