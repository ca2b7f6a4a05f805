//! Heroku's published schema of the Platform API: does it know a request, and is the body what it describes?

use std::fs;

use serde_json::Value;

use crate::cases;

/// The schema (`platform-api-schema.json` in the folder that `HCOPS_REFERENCE` names).
pub(crate) struct PlatformSchema {
    root: Value,
}

impl PlatformSchema {
    /// Reads the schema.
    ///
    /// # Errors
    /// With the reason for skipping, when it is not on this machine.
    pub(crate) fn load() -> Result<Self, String> {
        let file = cases::reference("platform-api-schema.json")?;
        let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        Ok(Self { root: serde_json::from_str(&text).unwrap() })
    }

    /// What the schema has against a request; nothing when it allows it.
    pub(crate) fn objects_to(&self, method: &str, path: &str, body: Option<&Value>) -> Vec<String> {
        let path = path.split('?').next().unwrap_or(path);
        let Some(link) = self.link(method, path) else {
            return vec![format!("the schema knows no {method} {path}")];
        };
        let Some(wanted) = link.get("schema").filter(|schema| schema.is_object()) else {
            // The schema describes no body; the official client sends one with some of these all the same.
            return Vec::new();
        };
        let absent = Value::Null;
        let body = body.unwrap_or(&absent);
        let validator = jsonschema::draft4::new(&self.standing_alone(wanted)).unwrap();
        let fault = |error: jsonschema::ValidationError<'_>| {
            format!("{method} {path}: {error} (at `{}`)", error.instance_path())
        };
        validator.iter_errors(body).map(fault).collect()
    }

    fn link(&self, method: &str, path: &str) -> Option<&Value> {
        let definitions = self.root["definitions"].as_object().unwrap();
        let links = definitions.values().flat_map(|thing| thing["links"].as_array().into_iter().flatten());
        links
            .into_iter()
            .find(|link| link["method"] == *method && matches(link["href"].as_str().unwrap_or_default(), path))
    }

    /// A schema taken out of its place, with what it refers to.
    fn standing_alone(&self, schema: &Value) -> Value {
        let mut alone = schema.clone();
        alone["definitions"] = self.root["definitions"].clone();
        alone
    }
}

/// Whether `path` is an instance of `href`, in which each variable is one segment in braces.
fn matches(href: &str, path: &str) -> bool {
    let (wanted, got): (Vec<_>, Vec<_>) = (href.split('/').collect(), path.split('/').collect());
    let same = |(wanted, got): (&&str, &&str)| wanted == got || (wanted.starts_with('{') && !got.is_empty());
    wanted.len() == got.len() && wanted.iter().zip(&got).all(same)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_body_that_the_schema_does_not_describe_is_named() {
        let Ok(schema) = PlatformSchema::load() else { return };
        assert_eq!(
            schema.objects_to("PATCH", "/apps/hc-demo", Some(&json!({ "maintenance": true }))),
            Vec::<String>::new()
        );
        assert_eq!(schema.objects_to("PATCH", "/apps/hc-demo", Some(&json!({ "maintenance": "on" }))).len(), 1);
        assert_eq!(schema.objects_to("GET", "/apps/hc-demo/nothing-like-it", None).len(), 1);
        assert_eq!(schema.objects_to("GET", "/apps/hc-demo/addon-attachments?x=y", None), Vec::<String>::new());
    }
}
