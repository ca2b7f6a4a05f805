use serde_json::{Value, json};

/// A refusal as it goes over the wire: a status, headers and a body. Shapes: docs/heroku/platform.md, "Error bodies";
/// docs/heroku/connect.md, "Errors".
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// Headers beyond the usual ones.
    pub headers: Vec<(String, String)>,
    /// The JSON body; `Null` for an empty one.
    pub body: Value,
}

impl Refusal {
    /// A refusal with the error body of the Platform and Data APIs.
    #[must_use]
    pub fn new(status: u16, id: &str, message: impl Into<String>) -> Self {
        Self { status, headers: Vec::new(), body: json!({ "id": id, "message": message.into() }) }
    }

    /// What it says; its status where it says nothing.
    #[must_use]
    pub fn message(&self) -> String {
        self.body["message"].as_str().map_or_else(|| self.status.to_string(), str::to_owned)
    }

    /// 404 for a kind of resource: `app`, `add_on`, `add_on attachment`.
    #[must_use]
    pub fn not_found(resource: &str) -> Self {
        let mut refusal = Self::new(404, "not_found", format!("Couldn't find that {}.", spoken(resource)));
        refusal.body["resource"] = json!(resource);
        refusal
    }

    /// 404 as the Data API gives it for a database that does not exist yet or any more.
    #[must_use]
    pub fn no_database() -> Self {
        Self::new(404, "not_found", "Not found")
    }

    /// 422 `invalid_params`.
    #[must_use]
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(422, "invalid_params", message)
    }

    /// 422 `unprocessable_entity`, the Data API's refusal.
    #[must_use]
    pub fn unprocessable(message: impl Into<String>) -> Self {
        Self::new(422, "unprocessable_entity", message)
    }

    /// 423 `confirmation_required`, with the header that names what to confirm.
    #[must_use]
    pub fn confirmation_required(name: &str, message: impl Into<String>) -> Self {
        let mut refusal = Self::new(423, "confirmation_required", message);
        refusal.headers.push(("x-confirmation-required".to_owned(), name.to_owned()));
        refusal
    }

    /// A refusal of Heroku Connect: only a `message`.
    #[must_use]
    pub fn connect(status: u16, message: impl Into<String>) -> Self {
        Self { status, headers: Vec::new(), body: json!({ "message": message.into() }) }
    }
}

/// The add-on alone is written with a hyphen, as it was recorded.
fn spoken(resource: &str) -> String {
    if resource == "add_on" { "add-on".to_owned() } else { resource.replace('_', " ") }
}
