//! Both databases as they were when they were compared, so that it can be told later whether they still are.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::subject::Subject;
use crate::Context;
use crate::quiet::{self, Since};
use crate::reach::Databases;
use hcops_database::Session;
use hcops_database::silence::{Look, look};
use hcops_model::{Fault, FaultKind};

/// What can be seen of writing in both databases, at the moment of their comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Seal {
    old: Look,
    new: Look,
}

/// Two databases of one app, by their add-ons.
#[derive(Debug, Clone)]
pub(super) struct Both {
    pub(super) app: String,
    pub(super) old: String,
    pub(super) new: String,
    pub(super) schema: Option<String>,
}

impl Both {
    pub(super) fn subjects(&self) -> [Subject<'_>; 2] {
        [&self.old, &self.new].map(|database| Subject { app: &self.app, database })
    }
}

impl Seal {
    /// Looks at both.
    ///
    /// # Errors
    /// As a server refuses.
    pub(super) async fn take(sessions: [&Session; 2], schema: Option<&str>) -> Result<Self, Fault> {
        let (old, new) = tokio::try_join!(look(sessions[0], schema), look(sessions[1], schema))?;
        Ok(Self { old: old.seal(), new: new.seal() })
    }

    /// The seal in the form in which it goes through the journal.
    ///
    /// # Errors
    /// When it cannot be written, which would be a defect.
    pub(super) fn to_value(&self) -> Result<Value, Fault> {
        serde_json::to_value(self).map_err(|error| defect(&error))
    }

    /// The seal that a step put out.
    ///
    /// # Errors
    /// When it is none, which would be a defect.
    pub(super) fn of_value(value: &Value) -> Result<Self, Fault> {
        Self::deserialize(value).map_err(|error| defect(&error))
    }

    /// What was written to either database since: its name and the words for it. Nothing when the seal is unbroken.
    ///
    /// # Errors
    /// As an address cannot be found or a server refuses.
    pub(super) async fn broken(
        &self,
        context: &Context,
        databases: &Databases,
        both: &Both,
    ) -> Result<Vec<Breach>, Fault> {
        let schema = both.schema.as_deref();
        let mut breaches = Vec::new();
        for (subject, earlier) in both.subjects().into_iter().zip([&self.old, &self.new]) {
            let session = databases.session(context, subject).await?;
            let Since { silence, .. } = quiet::since(context, &session, schema, earlier).await?;
            if !silence.silent {
                let written = format!("{} ({})", quiet::spoken(&silence), within(silence.seconds));
                breaches.push(Breach { database: subject.database.to_owned(), written, remedies: silence.remedies });
            }
        }
        Ok(breaches)
    }
}

/// A database that was written to although it must not change.
#[derive(Clone)]
pub(super) struct Breach {
    pub(super) database: String,
    pub(super) written: String,
    pub(super) remedies: Vec<String>,
}

/// All of them in one sentence.
pub(super) fn spoken(breaches: &[Breach]) -> String {
    let parts: Vec<String> = breaches.iter().map(|breach| format!("{}: {}", breach.database, breach.written)).collect();
    parts.join(". ")
}

/// How those who wrote are stopped.
pub(super) fn remedies(breaches: &[Breach]) -> String {
    breaches.iter().flat_map(|breach| &breach.remedies).map(|text| format!("{} ", sentence(text))).collect()
}

fn sentence(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}

fn within(seconds: f64) -> String {
    format!("within the {seconds:.0} s since the comparison began")
}

fn defect(error: &serde_json::Error) -> Fault {
    Fault::new(
        FaultKind::Bug,
        format!("the seal of the comparison cannot be carried from step to step: {error}"),
        "It tells whether the databases are still as they were compared.",
        "Report this as a defect of hcops.",
    )
}
