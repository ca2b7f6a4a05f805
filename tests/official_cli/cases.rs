//! The recorded cases: what the official clients sent, what they were answered, and what they printed.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::settings;

/// One run of an official client, as it was recorded (docs/heroku/cli.md, "Requests").
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) argv: Vec<String>,
    /// Environment variables that differ; `null` unsets one.
    pub(crate) env: Option<BTreeMap<String, Option<String>>>,
    /// What standard input held before it ended.
    pub(crate) stdin: Option<String>,
    pub(crate) preset: Preset,
    /// Exit code; negative: ended by that signal.
    pub(crate) exit: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) requests: Vec<Recorded>,
    /// Per endpoint, the fields of the answer that matter to the client.
    pub(crate) needs: BTreeMap<String, Needs>,
    /// Per endpoint, the fields of the answer that the client looked at.
    pub(crate) fields_read: BTreeMap<String, Vec<String>>,
}

/// How the world differed for a case.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case", default)]
pub(crate) struct Preset {
    pub(crate) rules: Vec<Rule>,
    pub(crate) db: BTreeMap<String, DatabasePreset>,
    pub(crate) conn: Option<ConnectionPreset>,
    pub(crate) release_phase: bool,
    #[serde(rename = "hiddenConnections")]
    pub(crate) hidden_connections: bool,
    pub(crate) delinquent: Option<Value>,
}

/// An answer that replaces the world's own.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub(crate) method: String,
    /// A regular expression that the path matches somewhere.
    pub(crate) path: String,
    pub(crate) status: u16,
    /// `null`: an empty body without a content type.
    pub(crate) body: Value,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// How often the rule answers; unlimited when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) times: Option<u32>,
}

/// How one database differed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DatabasePreset {
    /// For so many looks, the database is not ready.
    pub(crate) waiting: Option<u32>,
    pub(crate) message: Option<String>,
    pub(crate) upgrade: Option<Value>,
    pub(crate) leader: Option<Value>,
}

/// How the connection differed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConnectionPreset {
    pub(crate) state: String,
}

/// One request of a case and its answer.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Recorded {
    pub(crate) api: Api,
    pub(crate) method: String,
    pub(crate) path: String,
    /// The headers that differ from the API's usual ones, as `name: value`.
    pub(crate) headers: Vec<String>,
    pub(crate) body: Value,
    pub(crate) has_body: bool,
    pub(crate) status: u16,
    pub(crate) response: Value,
}

/// Which of the four APIs a request went to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Api {
    Platform,
    Data,
    Connect,
    Status,
}

/// What a client makes of an answer's fields; fields that it reads without effect are in [`Case::fields_read`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Needs {
    /// Without these the client breaks or goes another way.
    pub(crate) required: Vec<String>,
    /// These are shown.
    pub(crate) output: Vec<String>,
}

impl Case {
    /// Whether the Connect plugin ran it: the plugin is not in the registry, so such a case can only be replayed.
    pub(crate) fn is_of_the_plugin(&self) -> bool {
        self.argv.first().is_some_and(|command| command.starts_with("connect:"))
    }

    /// The token that the client held, or none.
    pub(crate) fn token(&self) -> Option<String> {
        let given = self.env.as_ref().and_then(|env| env.get("HEROKU_API_KEY"));
        given.map_or_else(|| Some(TOKEN.to_owned()), Clone::clone)
    }
}

/// The token of the recordings, which `auth:token` shows.
pub(crate) const TOKEN: &str = "fake-token-0000";

/// Reads the recorded cases.
///
/// # Errors
/// With the reason for skipping, when the reference folder is not on this machine.
pub(crate) fn load() -> Result<Vec<Case>, String> {
    let file = reference("official-cli-conformance.json")?;
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let cases = serde_json::from_str(&text);
    Ok(cases.unwrap_or_else(|error| panic!("{} is not the table of cases: {error}", file.display())))
}

/// The path of a file of the reference folder.
///
/// # Errors
/// With the reason for skipping, when it is not on this machine.
pub(crate) fn reference(name: &str) -> Result<PathBuf, String> {
    let folder = settings::reference_folder();
    let file = folder.join(name);
    if file.is_file() {
        return Ok(file);
    }
    Err(format!("no {name} in {} (set HCOPS_REFERENCE to the reference folder)", folder.display()))
}
