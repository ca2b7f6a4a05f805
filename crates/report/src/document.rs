//! The account as a JSON document with a version of its own.

use schemars::JsonSchema;
use serde::Serialize;

use super::account::Account;
use super::evidence::Kept;
use super::gather::account;
use hcops_model::{JournalFault, Line};

/// Version of the report's JSON. Fields may be added within a version; none changes its meaning or goes away.
pub const DOCUMENT_VERSION: u32 = 1;

/// The report of one run.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "hcops report")]
pub struct Document {
    /// Version of this document's form.
    #[schemars(extend("const" = DOCUMENT_VERSION))]
    pub v: u32,
    /// What it is: `report`.
    #[schemars(extend("const" = "report"))]
    pub kind: String,
    /// The account.
    #[serde(flatten)]
    pub account: Account,
}

/// The account of a run as JSON, for machines.
///
/// # Errors
/// When the lines do not begin with the opening of a run.
pub fn json(lines: &[Line], kept: &Kept) -> Result<serde_json::Value, JournalFault> {
    let document = Document { v: DOCUMENT_VERSION, kind: "report".to_owned(), account: account(lines, kept)? };
    serde_json::to_value(document).map_err(|error| {
        JournalFault::new(
            format!("the account of the run cannot be written as JSON: {error}"),
            "Please report this as a defect of hcops; the journal itself is not affected.",
        )
    })
}

/// JSON Schema of the document.
#[must_use]
pub fn schema() -> schemars::Schema {
    schemars::generate::SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<Document>()
}
