//! The form in which actions are written, and the adapter to the form that the engine knows.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use hcops_heroku::Clients;
use hcops_model::{
    AnyAction, Clock, Effect, Fault, FaultKind, Happened, Look, Permit, Prior, Receipt, Seen, Steadiness,
};

/// One typed step. Authors write this; [`erase`] makes it fit the engine.
pub trait Action: Send + Sync + 'static {
    /// The name that runbooks use.
    const NAME: &'static str;
    /// One sentence for lists and help.
    const SUMMARY: &'static str;
    /// What doing it twice would mean.
    const EFFECT: Effect;
    /// How often it must be seen satisfied before that counts.
    const STEADINESS: Steadiness = Steadiness::ONCE;
    /// Whether its question wants to know something, so that neither a yes nor a no answers it.
    const ASKS_FOR_WORDS: bool = false;
    /// Whether every look that shows an act notes how the thing is before it ([`Context::note_before`]).
    const NOTES_BEFORE: bool = false;
    /// What a runbook passes in. Must refuse unknown fields.
    type Params: DeserializeOwned + JsonSchema + Send + Sync;
    /// What later steps may refer to.
    type Output: Serialize + JsonSchema + Send;

    /// Looks at the world; changes nothing.
    ///
    /// # Errors
    /// When the look itself failed.
    fn observe(
        &self,
        context: &Context,
        params: &Self::Params,
        prior: &Prior,
    ) -> impl Future<Output = Result<Seen<Self::Output>, Fault>> + Send;

    /// Acts, at most once per permit. A read-only action has no act.
    ///
    /// # Errors
    /// With [`Happened::No`] only when the act is known not to have taken place.
    fn act(
        &self,
        _context: &Context,
        _params: &Self::Params,
        permit: Permit,
    ) -> impl Future<Output = Result<Receipt, Fault>> + Send {
        let fault = Fault::new(
            FaultKind::Bug,
            format!("{} was asked to act on step {}, but it only looks", Self::NAME, permit.intent().step),
            "A read-only action changes nothing, so there is nothing that it could do.",
            "Please report this as a defect of hcops.",
        )
        .with_happened(Happened::No);
        async move { Err(fault) }
    }
}

/// What an action may use: the clients, the clock, and a memory from one look to the next.
pub struct Context {
    /// The clients of Heroku's APIs.
    pub clients: Clients,
    /// The run's clock.
    pub clock: Arc<dyn Clock>,
    memo: Mutex<Option<Value>>,
    before: Mutex<Option<Value>>,
    proof: Mutex<Option<Value>>,
}

impl Context {
    /// A context over these clients and this clock.
    #[must_use]
    pub fn new(clients: Clients, clock: Arc<dyn Clock>) -> Self {
        Self { clients, clock, memo: Mutex::new(None), before: Mutex::new(None), proof: Mutex::new(None) }
    }

    /// Notes a value for the next look of the same step in this process ([`Prior::memo`]).
    pub fn remember(&self, value: Value) {
        *self.memo.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
    }

    /// Notes how the thing is that an act would change, in the shape of the action's output. The intent keeps it.
    pub fn note_before(&self, value: Value) {
        *self.before.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
    }

    /// Keeps what was seen of the effect and no later look can show, for every later look ([`Prior::proof`]).
    pub fn prove(&self, value: Value) {
        *self.proof.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
    }

    fn take_proof(&self) -> Option<Value> {
        self.proof.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn take_before(&self) -> Option<Value> {
        self.before.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn take_memo(&self) -> Option<Value> {
        self.memo.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Makes a typed action fit the engine.
pub fn erase<A: Action>(action: A, clients: Clients, clock: Arc<dyn Clock>) -> Box<dyn AnyAction> {
    Box::new(Erased { action, clients, clock })
}

struct Erased<A> {
    action: A,
    clients: Clients,
    clock: Arc<dyn Clock>,
}

impl<A: Action> Erased<A> {
    fn params(with: &Value) -> Result<A::Params, Fault> {
        serde_json::from_value(with.clone()).map_err(|error| {
            Fault::new(
                FaultKind::Bug,
                format!("the parameters of {} do not fit: {error}", A::NAME),
                "The plan was checked when it was made, so this should not happen.",
                "Make the plan again; if it happens again, please report it as a defect of hcops.",
            )
            .with_happened(Happened::No)
        })
    }

    fn with_requests(&self, mut fault: Fault) -> Fault {
        fault.requests = self.clients.take_requests();
        fault
    }
}

#[async_trait]
impl<A: Action> AnyAction for Erased<A> {
    fn name(&self) -> &'static str {
        A::NAME
    }

    fn summary(&self) -> &'static str {
        A::SUMMARY
    }

    fn effect(&self) -> Effect {
        A::EFFECT
    }

    fn asks_for_words(&self) -> bool {
        A::ASKS_FOR_WORDS
    }

    fn steadiness(&self) -> Steadiness {
        A::STEADINESS
    }

    fn parameters(&self) -> Value {
        schemars::schema_for!(A::Params).to_value()
    }

    fn output(&self) -> Value {
        schemars::schema_for!(A::Output).to_value()
    }

    fn notes_before(&self) -> bool {
        A::NOTES_BEFORE
    }

    fn check(&self, with: &Value) -> Result<(), String> {
        let filled = sample::fill_references(with, &self.parameters());
        serde_json::from_value::<A::Params>(filled).map(|_| ()).map_err(|error| error.to_string())
    }

    async fn observe(&self, with: &Value, prior: &Prior) -> Result<Look, Fault> {
        let params = Self::params(with)?;
        let _stale = self.clients.take_requests();
        let context = Context::new(self.clients.clone(), Arc::clone(&self.clock));
        let seen = self.action.observe(&context, &params, prior).await.map_err(|fault| self.with_requests(fault))?;
        let seen = match seen {
            Seen::Satisfied { output } => Seen::Satisfied {
                output: serde_json::to_value(output).map_err(|error| {
                    Fault::new(
                        FaultKind::Bug,
                        format!("the output of {} can't be written: {error}", A::NAME),
                        "Later steps refer to it.",
                        "Please report this as a defect of hcops.",
                    )
                })?,
            },
            other => other.map(|_| Value::Null),
        };
        let (memo, before, proof) = (context.take_memo(), context.take_before(), context.take_proof());
        Ok(Look { seen, requests: self.clients.take_requests(), memo, before, proof })
    }

    async fn act(&self, with: &Value, permit: Permit) -> Result<Receipt, Fault> {
        let params = Self::params(with)?;
        let _stale = self.clients.take_requests();
        let context = Context::new(self.clients.clone(), Arc::clone(&self.clock));
        let mut receipt =
            self.action.act(&context, &params, permit).await.map_err(|fault| self.with_requests(fault))?;
        receipt.requests = self.clients.take_requests();
        Ok(receipt)
    }
}

/// Values that stand in for references which are filled in only during the run.
mod sample {
    use serde_json::{Map, Value, json};

    /// `with`, each string that holds a `${…}` reference replaced by a value that fits its place in `schema`.
    pub(super) fn fill_references(with: &Value, schema: &Value) -> Value {
        fill(with, schema, schema)
    }

    fn fill(value: &Value, schema: &Value, root: &Value) -> Value {
        let schema = resolve(schema, root);
        match value {
            Value::String(text) if text.contains("${") => stand_in(text, schema),
            Value::Object(fields) => {
                let filled: Map<String, Value> = fields
                    .iter()
                    .map(|(name, field)| (name.clone(), fill(field, &schema["properties"][name], root)))
                    .collect();
                Value::Object(filled)
            }
            Value::Array(items) => items.iter().map(|item| fill(item, &schema["items"], root)).collect(),
            other => other.clone(),
        }
    }

    fn resolve<'a>(schema: &'a Value, root: &'a Value) -> &'a Value {
        let schema = schema["anyOf"].as_array().and_then(|either| either.first()).unwrap_or(schema);
        match schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
            Some(pointer) => root.pointer(pointer).unwrap_or(schema),
            None => schema,
        }
    }

    fn stand_in(text: &str, schema: &Value) -> Value {
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds.iter().find_map(Value::as_str).unwrap_or("string"),
            Value::String(kind) => kind.as_str(),
            _ => "string",
        };
        match kind {
            "integer" | "number" => json!(1),
            "boolean" => json!(true),
            "array" => json!([]),
            "object" => json!({}),
            _ => Value::String(text.to_owned()),
        }
    }
}
