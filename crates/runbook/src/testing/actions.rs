use async_trait::async_trait;
use serde_json::{Map, Value, json};

use hcops_model::{Actions, AnyAction, Effect, Fault, Look, Permit, Prior, Receipt, Steadiness};

/// Actions that check their parameters and can do nothing else.
pub(in super::super) struct Scripted(Vec<Entry>);

struct Entry {
    name: &'static str,
    effect: Effect,
    parameters: &'static [(&'static str, &'static str)],
    output: &'static [&'static str],
}

impl Scripted {
    /// No actions at all.
    pub(in super::super) const fn none() -> Self {
        Self(Vec::new())
    }

    /// The actions that the example names.
    pub(in super::super) fn all() -> Self {
        use Effect::{Findable, Idempotent, OneShot, ReadOnly};
        let entry = |name, effect, parameters, output| Entry { name, effect, parameters, output };
        Self(vec![
            entry("app.maintenance", Idempotent, &[("app", "string"), ("on", "boolean")], &[]),
            entry("app.restore-formation", Idempotent, &[("app", "string"), ("formation", "array")], &[]),
            entry("app.scale-down", Idempotent, &[("app", "string")], &["formation"]),
            entry("app.silent", ReadOnly, &[("apps", "array")], &[]),
            entry("connect.pause", Idempotent, &[("connection", "string")], &["state"]),
            entry("connect.paused", ReadOnly, &[("connection", "string")], &[]),
            entry("connect.resume", Idempotent, &[("connection", "string")], &[]),
            entry("person.attest", ReadOnly, &[("statements", "array")], &[]),
            entry("person.gate", ReadOnly, &[], &[]),
            entry("postgres.destroy", Idempotent, &[("database", "string")], &[]),
            entry(
                "postgres.follow",
                Findable,
                &[("leader", "string"), ("name", "string"), ("plan?", "string")],
                &["name", "id"],
            ),
            entry("postgres.followable", ReadOnly, &[("database", "string"), ("to", "integer")], &[]),
            entry("postgres.keep-alias", Findable, &[("database", "string"), ("alias", "string")], &[]),
            entry(
                "postgres.move-attachment",
                Idempotent,
                &[("app", "string"), ("name", "string"), ("database", "string")],
                &[],
            ),
            entry("postgres.promote", Idempotent, &[("app", "string"), ("database", "string"), ("how", "string")], &[]),
            entry("postgres.upgrade", OneShot, &[("database", "string"), ("version", "integer")], &[]),
        ])
    }
}

impl Actions for Scripted {
    fn find(&self, name: &str) -> Option<&dyn AnyAction> {
        self.0.iter().find(|entry| entry.name == name).map(|entry| entry as &dyn AnyAction)
    }

    fn all(&self) -> Vec<&dyn AnyAction> {
        self.0.iter().map(|entry| entry as &dyn AnyAction).collect()
    }
}

impl Entry {
    fn needed(&self) -> impl Iterator<Item = &'static str> {
        self.parameters.iter().map(|(name, _)| *name).filter(|name| !name.ends_with('?'))
    }

    fn kind_of(&self, parameter: &str) -> Option<&'static str> {
        self.parameters.iter().find(|(name, _)| name.trim_end_matches('?') == parameter).map(|(_, kind)| *kind)
    }
}

fn is_of_kind(value: &Value, kind: &str) -> bool {
    match value {
        Value::String(text) => kind == "string" || text.contains("${"),
        Value::Number(_) => kind == "integer",
        Value::Bool(_) => kind == "boolean",
        Value::Array(_) => kind == "array",
        Value::Null | Value::Object(_) => false,
    }
}

#[async_trait]
impl AnyAction for Entry {
    fn name(&self) -> &'static str {
        self.name
    }

    fn summary(&self) -> &'static str {
        "An action of the tests."
    }

    fn effect(&self) -> Effect {
        self.effect
    }

    fn steadiness(&self) -> Steadiness {
        Steadiness::ONCE
    }

    fn parameters(&self) -> Value {
        let fields: Map<String, Value> = self
            .parameters
            .iter()
            .map(|(name, kind)| (name.trim_end_matches('?').to_owned(), json!({ "type": kind })))
            .collect();
        let needed: Vec<&str> = self.needed().collect();
        json!({"type": "object", "properties": fields, "required": needed, "additionalProperties": false})
    }

    fn output(&self) -> Value {
        let fields: Map<String, Value> = self.output.iter().map(|name| ((*name).to_owned(), json!(true))).collect();
        json!({"type": "object", "properties": fields})
    }

    fn check(&self, with: &Value) -> Result<(), String> {
        let fields = with.as_object().ok_or("not a table")?;
        for (name, value) in fields {
            let kind = self.kind_of(name).ok_or_else(|| format!("unknown field `{name}`"))?;
            if !is_of_kind(value, kind) {
                return Err(format!("`{name}` is {value}, expected {kind}"));
            }
        }
        self.needed()
            .find(|name| !fields.contains_key(*name))
            .map_or(Ok(()), |name| Err(format!("missing field `{name}`")))
    }

    async fn observe(&self, _with: &Value, _prior: &Prior) -> Result<Look, Fault> {
        unreachable!("planning looks at nothing")
    }

    async fn act(&self, _with: &Value, _permit: Permit) -> Result<Receipt, Fault> {
        unreachable!("planning changes nothing")
    }
}
