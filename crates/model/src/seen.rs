use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What an action saw when it looked at the world.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "seen", rename_all = "kebab-case")]
pub enum Seen<T> {
    /// The world is as the step wants it.
    Satisfied {
        /// What later steps may refer to.
        output: T,
    },
    /// Acting would do exactly this (shown in the prompt).
    Ready {
        /// One sentence for each change that the act would make.
        will: Vec<String>,
    },
    /// The world is on its way; look again later.
    Underway {
        /// What is being waited for, with the value that was seen.
        note: String,
        /// How far it is, where there is a measure.
        part: Option<Part>,
        /// When the next look makes sense. In JSON: whole seconds.
        #[serde(with = "seconds")]
        #[schemars(with = "u64")]
        look_again: Duration,
    },
    /// A person must change something first.
    Blocked {
        /// What was seen and why it matters.
        why: String,
        /// What to do about it, with the exact command where there is one.
        remedy: String,
    },
    /// It cannot be told from here.
    Unclear {
        /// What was seen, raw.
        why: String,
        /// What a person is asked.
        ask: Vec<String>,
    },
}

impl<T> Seen<T> {
    /// The same sight with its output changed by `change`.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Seen<U> {
        match self {
            Self::Satisfied { output } => Seen::Satisfied { output: change(output) },
            Self::Ready { will } => Seen::Ready { will },
            Self::Underway { note, part, look_again } => Seen::Underway { note, part, look_again },
            Self::Blocked { why, remedy } => Seen::Blocked { why, remedy },
            Self::Unclear { why, ask } => Seen::Unclear { why, ask },
        }
    }

    /// Whether the world is as the step wants it.
    #[must_use]
    pub const fn is_satisfied(&self) -> bool {
        matches!(self, Self::Satisfied { .. })
    }
}

/// How far a piece of work is: `done` of `of`, counted in `unit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Part {
    /// Units finished; for a lag, units that are still missing are `of - done`.
    pub done: u64,
    /// Units in all.
    pub of: u64,
    /// What is counted: `steps`, `commits`, `mappings`, `bytes`.
    pub unit: String,
}

/// What a step's output says to people: the sentence that it brings along (`seen`, or `shown`), else its plain values by
/// name. Nothing where it has neither.
#[must_use]
pub fn output_in_words(output: &Value) -> Option<String> {
    let fields = output.as_object()?;
    if let Some(sentence) = fields.get("seen").or_else(|| fields.get("shown")).and_then(Value::as_str) {
        return Some(sentence.to_owned());
    }
    let told = |(name, value): (&String, &Value)| match value {
        Value::String(text) => Some(format!("{} {text}", name.replace('_', " "))),
        Value::Number(number) => Some(format!("{} {number}", name.replace('_', " "))),
        Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    let values: Vec<String> = fields.iter().filter_map(told).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

/// A document that an output brings along to be kept as a file of its own beside the journal: its fields `keep_as` (the
/// file's name) and `document`. For what a person or another program takes further, such as an exported configuration.
#[must_use]
pub fn kept_document(output: &Value) -> Option<(&str, &Value)> {
    Some((output.get("keep_as")?.as_str()?, output.get("document")?))
}

mod seconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(duration.as_secs())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_secs)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{kept_document, output_in_words};

    #[test]
    fn an_output_says_its_sentence_or_its_values() {
        let words = |output| output_in_words(&output);
        assert_eq!(words(json!({ "behind_by": 0, "shown": "0 commits" })).as_deref(), Some("0 commits"));
        let synced = json!({ "mappings": 4, "new_errors": 0, "ids": [1], "state": "IDLE" });
        assert_eq!(words(synced).as_deref(), Some("mappings 4, new errors 0, state IDLE"));
        assert_eq!(words(json!({ "ids": [] })), None);
        assert_eq!(words(json!(null)), None);
    }

    #[test]
    fn a_document_is_kept_under_the_name_that_comes_with_it() {
        let output = json!({ "keep_as": "export.json", "document": { "version": 1 } });
        assert_eq!(kept_document(&output), Some(("export.json", &json!({ "version": 1 }))));
        for without in
            [json!({ "keep_as": "export.json" }), json!({ "document": {} }), json!({ "keep_as": 7, "document": {} })]
        {
            assert_eq!(kept_document(&without), None, "{without}");
        }
    }
}
