//! Says which commit was built, for `hcops --version`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What tells the commit where there is no repository: somebody who packages a release archive sets it.
const COMMIT: &str = "HCOPS_COMMIT";

/// Seconds since 1970; the date of a build that must not depend on its day (<https://reproducible-builds.org/specs/source-date-epoch/>).
const EPOCH: &str = "SOURCE_DATE_EPOCH";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={COMMIT}");
    println!("cargo::rerun-if-env-changed={EPOCH}");
    let (commit, date) = built_from();
    let version = variable("CARGO_PKG_VERSION").unwrap_or_default();
    println!("cargo::rustc-env=HCOPS_VERSION={version}{}", in_brackets(commit.as_deref(), date.as_deref()));
    println!("cargo::rustc-env=HCOPS_DATE={}", date.unwrap_or_default());
    let target = variable("TARGET").unwrap_or_default();
    println!("cargo::rustc-env=HCOPS_TARGET={target}");
    println!("cargo::rustc-env=HCOPS_RUSTC={}", compiler().unwrap_or_else(|| "rustc".to_owned()));
}

/// The commit and its date, as far as they are known.
fn built_from() -> (Option<String>, Option<String>) {
    let named = || variable(COMMIT).map(|commit| (shortened(&commit), None));
    let found = named().or_else(from_repository).or_else(from_package);
    let (commit, date) = found.map_or((None, None), |(commit, date)| (Some(commit), date));
    (commit, epoch_date().or(date))
}

/// ` (abc1234 2026-11-22)`.
fn in_brackets(commit: Option<&str>, date: Option<&str>) -> String {
    let known: Vec<&str> = [commit, date].into_iter().flatten().collect();
    if commit.is_some() { format!(" ({})", known.join(" ")) } else { String::new() }
}

type CommitAndDate = (String, Option<String>);

/// What git says, when the package is the top of a checkout: below another one, that one's commit says nothing of it.
fn from_repository() -> Option<CommitAndDate> {
    let here = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).canonicalize().ok()?;
    let top = Path::new(&git(&["rev-parse", "--show-toplevel"])?).canonicalize().ok()?;
    if here != top {
        return None;
    }
    follow_the_head();
    let told = git(&["log", "-1", "--format=%h %cs", "--abbrev=7", "--no-show-signature"])?;
    let (commit, date) = told.split_once(' ')?;
    Some((commit.to_owned(), Some(date.to_owned())))
}

/// Builds again when another commit is checked out or made. The files of a linked worktree are elsewhere, so git is asked
/// for them; a name that is not there would make every build begin anew.
fn follow_the_head() {
    let branch = git(&["symbolic-ref", "--quiet", "HEAD"]);
    let names = [Some("HEAD".to_owned()), Some("logs/HEAD".to_owned()), Some("packed-refs".to_owned()), branch];
    let paths = names.into_iter().flatten().filter_map(|name| git(&["rev-parse", "--git-path", &name]));
    for path in paths.filter(|path| Path::new(path).exists()) {
        println!("cargo::rerun-if-changed={path}");
    }
}

/// What `cargo package` noted.
fn from_package() -> Option<CommitAndDate> {
    let path = Path::new(&variable("CARGO_MANIFEST_DIR")?).join(".cargo_vcs_info.json");
    let noted = std::fs::read_to_string(path).ok()?;
    let (_, rest) = noted.split_once("\"sha1\"")?;
    let sha = rest.split('"').nth(1)?;
    Some((shortened(sha), None))
}

fn shortened(commit: &str) -> String {
    commit.chars().filter(char::is_ascii_alphanumeric).take(7).collect()
}

/// The day of `SOURCE_DATE_EPOCH`, in UTC.
fn epoch_date() -> Option<String> {
    let seconds: i64 = variable(EPOCH)?.trim().parse().ok()?;
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// Year, month and day of a number of days since 1970-01-01 (Gregorian). Counts from 1 March, so that a leap day ends a year.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

fn compiler() -> Option<String> {
    let told = output(Command::new(variable("RUSTC")?).arg("--version"))?;
    told.split_whitespace().take(2).map(str::to_owned).reduce(|name, version| format!("{name} {version}"))
}

fn git(arguments: &[&str]) -> Option<String> {
    output(Command::new("git").args(arguments))
}

fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}

#[expect(clippy::disallowed_methods, reason = "Cargo tells a build script what it needs in variables")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}
