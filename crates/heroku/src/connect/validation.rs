use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Connect, ConnectionAddress, bare};
use crate::lenient;
use crate::transport::{Body, Call};
use hcops_model::Fault;

/// One check of a diagnosis (docs/heroku/connect.md, "Validations").
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Name for people.
    #[serde(default, deserialize_with = "lenient::spoken_text")]
    pub display_name: String,
    /// What was found.
    #[serde(default, deserialize_with = "lenient::spoken_text")]
    pub message: String,
    /// Where it is explained.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub doc_url: Option<String>,
    /// Its rule, raw.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub rule_id: Option<String>,
}

/// The checks of a connection or of one mapping.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidationResult {
    /// Broken.
    #[serde(default, deserialize_with = "lenient::list")]
    pub errors: Vec<Check>,
    /// Doubtful.
    #[serde(default, deserialize_with = "lenient::list")]
    pub warnings: Vec<Check>,
    /// Good.
    #[serde(default, deserialize_with = "lenient::list")]
    pub passes: Vec<Check>,
    /// Not checked.
    #[serde(default, deserialize_with = "lenient::list")]
    pub skips: Vec<Check>,
}

/// A whole diagnosis.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validation {
    /// The connection's own checks.
    #[serde(flatten)]
    pub connection: ValidationResult,
    /// Each mapping's, by object.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub mappings: BTreeMap<String, ValidationResult>,
}

/// Where the result of a diagnosis will be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validating {
    result_url: String,
}

impl Connect {
    /// Starts a diagnosis; it changes nothing. Ask [`Connect::validation`] until it is there.
    ///
    /// # Errors
    /// As every look.
    pub async fn start_validation(&self, at: &ConnectionAddress) -> Result<Validating, Fault> {
        let url = at.connection(&["validations"])?;
        self.transport.read(bare(Call::ask(url, Body::EmptyJson))).await
    }

    /// The result of a diagnosis; nothing while it runs (202).
    ///
    /// # Errors
    /// As every look; [`hcops_model::FaultKind::Usage`] when the address that Connect named may not be called.
    pub async fn validation(&self, validating: &Validating) -> Result<Option<Validation>, Fault> {
        let call = bare(Call::get(self.follow(&validating.result_url)?));
        let good = self.transport.send(&call).await?;
        if good.response.status == 202 { Ok(None) } else { self.transport.decode(&call, &good).map(Some) }
    }

    /// A mapping's diagnosis, at once.
    ///
    /// # Errors
    /// As every look.
    pub async fn mapping_validation(&self, at: &ConnectionAddress, mapping: &str) -> Result<ValidationResult, Fault> {
        self.transport.read(bare(Call::get(at.mapping(mapping, &["validations"])?))).await
    }
}
