//! What tests of several crates share: real PostgreSQL servers with a small world in them, and the parts of the machine that
//! some tests need: PostgreSQL servers, the official `heroku` command, a browser, shells. Without the feature `servers`, only
//! what needs no simulator.
//!
//! `HCOPS_TESTS_REQUIRE` (`postgres,heroku,chromium`) names those that must be there: where one is missing, its tests fail
//! instead of being skipped. `HCOPS_TESTS_SKIPPED` names a file that takes a line for each test that is skipped;
//! `scripts/test` counts them.
#![expect(clippy::unwrap_used, reason = "a test ends where its stage cannot be set")]

use std::io::Write as _;
use std::path::{Path, PathBuf};

pub mod plans;
#[cfg(feature = "servers")]
mod servers;
#[cfg(feature = "servers")]
mod world;

#[cfg(feature = "servers")]
pub use servers::{installations, server, server_of, server_with};
#[cfg(feature = "servers")]
pub use world::{fill, majors, old_and_copy, shared_old_and_copy};

/// The one way to skip a test: says that a part is missing and why, or fails where the part is required.
///
/// # Panics
/// When the part is required.
#[expect(clippy::disallowed_methods, reason = "what is required is asked of whoever runs the tests")]
pub fn missing(part: &str, why: &str) {
    let required = std::env::var("HCOPS_TESTS_REQUIRE").unwrap_or_default();
    assert!(!is_named(&required, part), "{part} is required (HCOPS_TESTS_REQUIRE={required}) and missing: {why}");
    // Past the runner's capture, which would hide from a green run what was skipped.
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
    let Some(file) = std::env::var_os("HCOPS_TESTS_SKIPPED") else { return };
    let test = std::thread::current().name().unwrap_or("?").to_owned();
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file).expect("HCOPS_TESTS_SKIPPED");
    // In one piece: tests that run side by side write to it.
    file.write_all(format!("{part}\t{test}\t{why}\n").as_bytes()).expect("HCOPS_TESTS_SKIPPED");
}

/// The top of the checkout.
#[must_use]
pub fn root() -> &'static Path {
    const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    Path::new(HERE)
}

/// Where `scripts/postgres` puts the servers of each major.
#[must_use]
pub fn cached_servers() -> PathBuf {
    root().join(".cache/postgres")
}

fn is_named(list: &str, part: &str) -> bool {
    list.split(',').any(|named| named.trim() == part)
}

#[test]
fn a_part_is_required_by_its_name() {
    assert!(is_named("postgres, heroku", "heroku") && is_named("postgres", "postgres"));
    assert!(!is_named("", "postgres") && !is_named("postgres16", "postgres"));
}
