//! Where the config file is, and what is there.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::document::{Config, parse};
use super::masked::covered_values;
use crate::cli::environment::{self, Environment};
use crate::cli::failure::Failure;
use hcops_runbook::{Diagnostic, Diagnostics, Source};

/// The config file of this person.
#[derive(Debug, Default)]
pub(in crate::cli) struct ConfigFile {
    /// Where it is looked for; nothing where there is no home.
    pub(in crate::cli) path: Option<PathBuf>,
    /// Whether it is there.
    pub(in crate::cli) there: bool,
    /// Whether others on this machine can read it.
    pub(in crate::cli) open_to_others: bool,
    /// What it says.
    pub(in crate::cli) config: Config,
}

/// More than any settings need: what is longer is another file.
const MOST: u64 = 1 << 20;

/// Reads the config file: the one that `HCOPS_CONFIG` names, else `hcops/config.toml` in the XDG config directory.
///
/// # Errors
/// When `HCOPS_CONFIG` names none that is there, it cannot be read, or what it says is wrong; with every place.
pub(in crate::cli) fn read(environment: &Environment) -> Result<ConfigFile, Failure> {
    let named = environment.get(environment::CONFIG).map(PathBuf::from);
    let usual = || etcetera::choose_base_strategy().ok().map(|places| places.config_dir().join("hcops/config.toml"));
    let Some(path) = named.clone().or_else(usual) else { return Ok(ConfigFile::default()) };
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => {
            return Ok(ConfigFile { path: Some(path), ..ConfigFile::default() });
        }
        Err(error) => return Err(unreadable(&path, &error)),
    };
    let open_to_others = is_open_to_others(&file);
    let text = text(file, &path)?;
    let config = parse(&path.to_string_lossy(), &text, environment.get(environment::HOME));
    let config = config.map_err(|found| wrong(&path, &found))?;
    Ok(ConfigFile { path: Some(path), there: true, open_to_others, config })
}

fn text(file: File, path: &Path) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    file.take(MOST + 1).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > MOST {
        let error = std::io::Error::other("it is longer than 1 MiB, which no config file of hcops is");
        return Err(unreadable(path, &error));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let shown = String::from_utf8_lossy(error.as_bytes()).into_owned();
        let source = Source::new(&path.to_string_lossy(), &covered_values(&shown));
        let finding = Diagnostic::error("the config file is not UTF-8 text")
            .at(&(at..at + char::REPLACEMENT_CHARACTER.len_utf8()));
        wrong(path, &Diagnostics::of(&source, vec![finding.because("here it stops being text")]))
    })
}

const WHY: &str = "What it says is meant for every command, so none goes on without it; nothing was done.";

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    let saw = format!("the config file {} cannot be read: {error}", path.display());
    Failure::usage(saw, WHY, "Correct its path and permissions, or name another file with HCOPS_CONFIG.")
}

fn wrong(path: &Path, found: &Diagnostics) -> Failure {
    let saw = format!("the config file {} is wrong", path.display());
    let remedy = "Correct what is shown above; docs/config.md names every key. HCOPS_CONFIG=/dev/null leaves the file \
                  out for one command.";
    Failure::usage(saw, WHY, remedy).with_detail(found.to_string().lines().map(str::to_owned))
}

#[cfg(unix)]
fn is_open_to_others(file: &File) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o044 != 0)
}

#[cfg(not(unix))]
const fn is_open_to_others(_: &File) -> bool {
    false
}
