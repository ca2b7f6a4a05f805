//! Reading what servers send without insisting on its exact form: string or object, number or string, and times in
//! several formats.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::de::{self, DeserializeOwned};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::transport::spoken;

/// A moment as a server wrote it. What can't be read as a time is kept as text and shown raw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// As it came.
    pub raw: String,
    /// The moment, where it could be read.
    pub at: Option<Timestamp>,
}

impl Moment {
    /// Reads RFC 3339, and the forms `2026-11-20 10:15:00 +0000`, `2026-11-22 06:40:12.551902+00:00`,
    /// `2026-11-24 20:30:00 UTC` and `2026-11-20 10:15 UTC` (docs/heroku/platform.md, "Times").
    #[must_use]
    pub fn read(raw: &str) -> Self {
        Self { raw: raw.to_owned(), at: read_time(raw.trim()) }
    }
}

fn read_time(text: &str) -> Option<Timestamp> {
    let utc = |civil: DateTime| TimeZone::UTC.to_timestamp(civil).ok();
    if let Some(civil) = text.strip_suffix("UTC") {
        let civil = civil.trim_end();
        return ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"]
            .iter()
            .find_map(|format| DateTime::strptime(format, civil).ok())
            .and_then(utc);
    }
    text.parse().ok().or_else(|| Timestamp::strptime("%Y-%m-%d %H:%M:%S%.f %z", text).ok())
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self { raw: at.to_string(), at: Some(at) }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some(at) => at.fmt(formatter),
            None => formatter.write_str(&spoken(&self.raw)),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.raw)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text(deserializer).map(|raw| Self::read(&raw))
    }
}

/// Something that is named by an object `{id, name}`, or by one string.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Its id; empty where only a name came.
    pub id: String,
    /// Its name; empty where only an id came.
    pub name: String,
}

impl Named {
    /// Whether `given` is its id or its name.
    #[must_use]
    pub fn is(&self, given: &str) -> bool {
        !given.is_empty() && (self.id == given || self.name == given)
    }
}

impl<'de> Deserialize<'de> for Named {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(name) => Ok(Self { id: String::new(), name }),
            Value::Object(fields) => {
                let text = |name: &str| fields.get(name).and_then(scalar).unwrap_or_default();
                Ok(Self { id: text("id"), name: text("name") })
            }
            _ => Err(de::Error::custom("expected a name or an object with id and name")),
        }
    }
}

/// Text, or a number or truth value written as text.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    scalar(&Value::deserialize(deserializer)?).ok_or_else(|| de::Error::custom("expected text or a number"))
}

/// Like [`text`]; `null` is nothing.
pub(crate) fn maybe_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(scalar(&Value::deserialize(deserializer)?))
}

/// Text for people, made fit for a terminal; `null` is empty.
pub(crate) fn spoken_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(maybe_text(deserializer)?.map(|text| spoken(&text)).unwrap_or_default())
}

/// A whole number, also when it is written as text; anything else is nothing.
pub(crate) fn maybe_whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    })
}

/// What came, where `null` is what an absent key is: the neutral value of its type.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A list, where `null` is an empty one.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Option::<Vec<T>>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A truth value; anything else is nothing.
pub(crate) fn maybe_truth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(Value::deserialize(deserializer)?.as_bool())
}

/// What fits, else nothing: for parts that nothing is decided by.
pub(crate) fn if_it_fits<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).ok())
}

/// Texts and numbers as text, made fit for a terminal and with passwords in addresses masked.
pub(crate) fn spoken_texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let values = Option::<Vec<Value>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(values.iter().filter_map(scalar).map(|text| spoken(&text)).collect())
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_time_format_of_the_samples_is_read() {
        let expected: Timestamp = "2026-11-20T10:15:00Z".parse().unwrap();
        for raw in [
            "2026-11-20T10:15:00Z",
            "2026-11-20T10:15:00.000000Z",
            "2026-11-20T10:15:00+00:00",
            "2026-11-20 10:15:00 +0000",
            "2026-11-20 12:15:00 +0200",
            "2026-11-20 10:15:00.000000+00:00",
            "2026-11-20 10:15:00 UTC",
            "2026-11-20 10:15 UTC",
        ] {
            assert_eq!(Moment::read(raw).at, Some(expected), "{raw}");
        }
        let unreadable = Moment::read("next Tuesday\u{1b}[2J");
        assert_eq!(unreadable.at, None);
        assert_eq!(unreadable.to_string(), "next Tuesday [2J");
    }

    #[test]
    fn names_come_as_text_or_object() {
        let plan: Named = serde_json::from_value(json!("standard-0")).unwrap();
        assert!(plan.is("standard-0") && !plan.is(""));
        let plan: Named = serde_json::from_value(json!({"id": 7, "name": "standard-0", "more": []})).unwrap();
        assert_eq!((plan.id.as_str(), plan.name.as_str()), ("7", "standard-0"));
        assert!(serde_json::from_value::<Named>(json!([1])).is_err());
    }
}
