//! What can be told of a run whose journal cannot be read as a whole.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::chain::{GENESIS, is_sealed};
use super::file::{EVIDENCE, JOURNAL};
use crate::claims::Claims;
use hcops_model::{Digest, Entry, Line};

/// What is left of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remains {
    /// Nothing was written down and nothing kept, so nothing was done.
    NeverBegan,
    /// The last line says that the run is over, whatever is broken before it.
    Over,
    /// It may be going on. What it is about, where its first line is whole.
    Unknown {
        /// The first line.
        opened: Option<Box<Opened>>,
        /// Whether this account may not read it; otherwise it is broken, or of another hcops.
        forbidden: bool,
    },
}

/// What the first line of a journal says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The procedure.
    pub procedure: String,
    /// The method.
    pub method: String,
    /// The app.
    pub app: String,
    /// Where the requests go.
    pub origin: String,
    /// What it changes.
    pub claims: Claims,
}

impl Remains {
    /// What is left of the run in this directory.
    pub(super) fn of(directory: &Path) -> Self {
        match fs::read(directory.join(JOURNAL)) {
            Ok(text) => Self::of_text(&text, directory),
            Err(error) if error.kind() == ErrorKind::NotFound && has_no_evidence(directory) => Self::NeverBegan,
            Err(error) => {
                let forbidden = error.kind() == ErrorKind::PermissionDenied;
                Self::Unknown { opened: None, forbidden }
            }
        }
    }

    fn of_text(text: &[u8], directory: &Path) -> Self {
        let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
        let whole = lines.iter().filter(|line| line.ends_with(b"\n")).count();
        if whole == 0 && has_no_evidence(directory) {
            return Self::NeverBegan;
        }
        if lines.last().is_some_and(|line| is_the_end(line)) {
            return Self::Over;
        }
        Self::Unknown { opened: lines.first().and_then(|line| opened(line)).map(Box::new), forbidden: false }
    }
}

fn has_no_evidence(directory: &Path) -> bool {
    match fs::read_dir(directory.join(EVIDENCE)) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == ErrorKind::NotFound && directory.read_dir().is_ok(),
    }
}

/// A line that is torn is none: nothing was acknowledged on its strength.
fn is_the_end(line: &[u8]) -> bool {
    let value: Option<Value> = line.strip_suffix(b"\n").and_then(|line| serde_json::from_slice(line).ok());
    value.is_some_and(|value| value["kind"] == "closed" && value["verdict"].is_string())
}

/// Only a whole first line is trusted: a changed one may name another database.
fn opened(line: &[u8]) -> Option<Opened> {
    let text = std::str::from_utf8(line.strip_suffix(b"\n")?).ok()?;
    if !is_sealed(&Digest(GENESIS.to_owned()), text) {
        return None;
    }
    let line = Line::deserialize(serde_json::from_str::<Value>(text).ok()?).ok()?;
    let Entry::Opened { plan, origin, .. } = line.entry else { return None };
    let claims = Claims::of_plan(&plan);
    Some(Opened { procedure: plan.procedure, method: plan.method, app: plan.app, origin, claims })
}
