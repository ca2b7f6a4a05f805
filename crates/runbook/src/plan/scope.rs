use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Map, Value};

use super::super::book::Runbook;
use super::super::diagnostic::Diagnostic;
use super::super::label::label;
use super::super::template::{self, Piece, Reference, Root};
use super::repeat::Item;

/// What references may lead to at one place of a runbook.
#[derive(Clone)]
pub(super) struct Scope<'a> {
    book: &'a Runbook,
    inputs: &'a BTreeMap<String, Value>,
    /// The apps that own the databases which inputs name.
    owners: &'a BTreeMap<String, Value>,
    facts: &'a Value,
    item: Option<Item<'a>>,
}

/// What a reference leads to.
enum Found {
    /// A value that is known now.
    Value(Value),
    /// An optional input that was not given.
    Nothing,
    /// The output of a step, under its reference; known when that step has settled.
    Late(String),
}

/// Why a text could not be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unfilled {
    /// The reference, as it is written.
    pub(super) reference: String,
    /// What was found instead of a value.
    pub(super) message: String,
    /// What to do about it.
    pub(super) help: Option<String>,
}

impl Unfilled {
    fn new(reference: impl ToString, message: impl Into<String>) -> Self {
        Self { reference: reference.to_string(), message: message.into(), help: None }
    }

    pub(super) fn at(self, span: &Range<usize>) -> Diagnostic {
        Diagnostic::error(self.message).at(span).because("can't be filled in").help_if(self.help)
    }
}

impl<'a> Scope<'a> {
    pub(super) const fn new(
        book: &'a Runbook,
        inputs: &'a BTreeMap<String, Value>,
        owners: &'a BTreeMap<String, Value>,
        facts: &'a Value,
    ) -> Self {
        Self { book, inputs, owners, facts, item: None }
    }

    pub(super) fn for_item(&self, item: Option<Item<'a>>) -> Self {
        Self { item, ..self.clone() }
    }

    pub(super) const fn facts(&self) -> &'a Value {
        self.facts
    }

    pub(super) const fn item(&self) -> Option<Item<'a>> {
        self.item
    }

    pub(super) fn input(&self, name: &str) -> Option<&'a Value> {
        self.inputs.get(name)
    }

    /// The full name of a step that is referred to here: inside a `for_each`, a step made for each thing of the same list
    /// is the one of the same thing.
    pub(super) fn step_name(&self, id: &str) -> String {
        let target = self.book.steps.iter().find(|step| step.id.value == id);
        let list = target.and_then(|step| step.for_each.as_ref()).map(|repeat| repeat.fact.value.as_str());
        match self.item {
            Some(item) if list == Some(item.list) => super::repeat::name_of(id, &item.label()),
            _ => id.to_owned(),
        }
    }

    /// `value` with every reference filled in. A string that is exactly one reference takes the kind of its value; what
    /// hangs on an optional input that was not given is left out.
    ///
    /// # Errors
    /// When a reference leads to nothing, or to something that can't stand inside a text.
    pub(super) fn fill(&self, value: &Value) -> Result<Option<Value>, Unfilled> {
        match value {
            Value::String(text) => self.fill_text(text),
            Value::Array(items) => {
                let filled: Result<Vec<_>, _> = items.iter().map(|item| self.fill(item)).collect();
                Ok(Some(Value::Array(filled?.into_iter().flatten().collect())))
            }
            Value::Object(fields) => {
                let mut filled = Map::new();
                for (name, field) in fields {
                    if let Some(field) = self.fill(field)? {
                        filled.insert(name.clone(), field);
                    }
                }
                Ok(Some(Value::Object(filled)))
            }
            other => Ok(Some(other.clone())),
        }
    }

    fn fill_text(&self, text: &str) -> Result<Option<Value>, Unfilled> {
        let pieces = template::pieces(text).map_err(|why| Unfilled::new(text, why))?;
        if let [Piece::Reference(reference)] = pieces[..] {
            return Ok(match self.look_up(reference)? {
                Found::Value(value) => Some(value),
                Found::Late(reference) => Some(Value::String(reference)),
                Found::Nothing => None,
            });
        }
        self.join(&pieces, plain).map(|text| Some(Value::String(text)))
    }

    /// `text` with every reference filled in by a text, a number or a flag.
    ///
    /// # Errors
    /// When a reference leads to nothing, to null, or to a list or table.
    pub(super) fn exact(&self, text: &str) -> Result<String, Unfilled> {
        let pieces = template::pieces(text).map_err(|why| Unfilled::new(text, why))?;
        self.join(&pieces, plain)
    }

    /// `text` filled in for people: lists are joined, and what is absent reads `none`.
    ///
    /// # Errors
    /// When a reference leads to nothing.
    pub(super) fn prose(&self, text: &str) -> Result<String, Unfilled> {
        let pieces = template::pieces(text).map_err(|why| Unfilled::new(text, why))?;
        self.join(&pieces, |found| Some(readable(found)))
    }

    fn join(&self, pieces: &[Piece<'_>], show: impl Fn(&Found) -> Option<String>) -> Result<String, Unfilled> {
        let mut joined = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) => joined.push_str(text),
                Piece::Reference(reference) => {
                    let shown = show(&self.look_up(*reference)?);
                    joined.push_str(&shown.ok_or_else(|| {
                        Unfilled::new(reference, format!("{reference} is not a text, so it can't stand inside one"))
                    })?);
                }
            }
        }
        Ok(joined)
    }

    fn look_up(&self, reference: Reference<'_>) -> Result<Found, Unfilled> {
        let found = match reference.root() {
            Root::Input { name, owner: true } => {
                Found::Value(self.owners.get(name).ok_or_else(|| not_surveyed(reference))?.clone())
            }
            Root::Input { name, owner: false } => {
                self.inputs.get(name).map_or(Found::Nothing, |value| Found::Value(value.clone()))
            }
            Root::Step { id, path } => {
                let below = if path.is_empty() { String::new() } else { format!(".{path}") };
                return Ok(Found::Late(format!("${{steps.{}{below}}}", self.step_name(id))));
            }
            Root::Path(path) => Found::Value(self.fact_or_item(path).ok_or_else(|| not_surveyed(reference))?.clone()),
        };
        match &found {
            Found::Value(value) if looks_like_reference(value) => Err(disguised(reference)),
            _ => Ok(found),
        }
    }

    fn fact_or_item(&self, path: &str) -> Option<&'a Value> {
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        match self.item.filter(|item| item.name == first) {
            Some(item) => template::follow(item.value, rest),
            None => template::follow(self.facts, path),
        }
    }
}

fn plain(found: &Found) -> Option<String> {
    match found {
        Found::Value(Value::String(text)) => Some(text.clone()),
        Found::Value(value @ (Value::Number(_) | Value::Bool(_))) => Some(value.to_string()),
        Found::Late(reference) => Some(reference.clone()),
        Found::Value(_) | Found::Nothing => None,
    }
}

fn readable(found: &Found) -> String {
    match found {
        Found::Value(Value::Array(items)) if !items.is_empty() => {
            items.iter().map(label).collect::<Vec<_>>().join(", ")
        }
        Found::Value(value @ Value::Object(_)) => label(value),
        other => plain(other).unwrap_or_else(|| "none".to_owned()),
    }
}

fn not_surveyed(reference: Reference<'_>) -> Unfilled {
    let mut unfilled = Unfilled::new(reference, format!("the survey found no `{}`", reference.path()));
    unfilled.help =
        Some("look at the app with `hcops doctor`: the step that needs it can't be planned without".to_owned());
    unfilled
}

/// A surveyed or given value that reads like a reference would be filled in during the run, and so could be used to
/// smuggle something into an action's parameters.
fn looks_like_reference(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains("${"),
        Value::Array(items) => items.iter().any(looks_like_reference),
        Value::Object(fields) => fields.values().any(looks_like_reference),
        _ => false,
    }
}

fn disguised(reference: Reference<'_>) -> Unfilled {
    let message = format!("the value of `{}` contains `${{`, which would be taken for a reference", reference.path());
    let mut unfilled = Unfilled::new(reference, message);
    unfilled.help = Some("give the thing another name".to_owned());
    unfilled
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use serde_json::json;

    use super::super::super::testing::example;
    use super::*;

    static BOOK: LazyLock<Runbook> = LazyLock::new(example);

    fn with_scope<T>(facts: &Value, item: Option<Item<'_>>, ask: impl FnOnce(&Scope<'_>) -> T) -> T {
        let inputs = BTreeMap::from([("to".to_owned(), json!(17))]);
        ask(&Scope::new(&BOOK, &inputs, &BTreeMap::new(), facts).for_item(item))
    }

    #[test]
    fn what_hangs_on_an_input_that_was_not_given_is_left_out() {
        let with = json!({"to": "${inputs.to}", "plan": "${inputs.plan}", "list": ["${inputs.plan}", "a"]});
        let filled = with_scope(&json!({}), None, |scope| scope.fill(&with));
        assert_eq!(filled, Ok(Some(json!({"to": 17, "list": ["a"]}))));
        let inside = with_scope(&json!({}), None, |scope| scope.fill(&json!("plan ${inputs.plan}")));
        assert!(inside.is_err_and(|unfilled| unfilled.message.contains("can't stand inside")));
    }

    #[test]
    fn a_thing_hides_a_fact_of_the_same_name() {
        let (facts, thing) = (json!({"app": {"name": "outer"}}), json!({"name": "inner"}));
        let item = Item { list: "apps", name: "app", value: &thing };
        assert_eq!(with_scope(&facts, Some(item), |scope| scope.exact("${app.name}")), Ok("inner".to_owned()));
        assert_eq!(with_scope(&facts, None, |scope| scope.exact("${app.name}")), Ok("outer".to_owned()));
    }

    #[test]
    fn a_step_of_the_same_list_is_the_one_of_the_same_thing() {
        let thing = json!({"name": "acme-web"});
        let reference = "${steps.scale-down.formation}";
        let of = |list| Some(Item { list, name: "app", value: &thing });
        let found = with_scope(&json!({}), of("apps"), |scope| scope.exact(reference));
        assert_eq!(found, Ok("${steps.scale-down@acme-web.formation}".to_owned()));
        let other = with_scope(&json!({}), of("further"), |scope| scope.exact(reference));
        assert_eq!(other, Ok(reference.to_owned()));
    }

    #[test]
    fn prose_shows_lists_by_name_and_says_none() {
        let facts = json!({"apps": [{"name": "a"}, {"name": "b"}], "space": null, "empty": []});
        let prose = |text: &str| with_scope(&facts, None, |scope| scope.prose(text));
        assert_eq!(prose("of ${apps} in ${space}, ${empty}"), Ok("of a, b in none, none".to_owned()));
        assert!(prose("${gone}").is_err());
    }

    fn plain_value() -> impl Strategy<Value = Value> {
        prop_oneof![
            "[ -#%-~]{0,6}".prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<bool>().prop_map(Value::from)
        ]
    }

    proptest! {
        #[test]
        fn a_whole_reference_keeps_its_value_and_a_text_joins_them(
            values in prop::collection::btree_map("[a-e]", prop_oneof![plain_value(), prop::collection::vec(plain_value(), 0..3).prop_map(Value::from)], 1..5),
            before in "[ -#%-~]{0,5}",
        ) {
            let facts = Value::Object(values.clone().into_iter().collect());
            for (name, value) in &values {
                let filled = with_scope(&facts, None, |scope| scope.fill(&json!({"x": [format!("${{{name}}}")]})));
                prop_assert_eq!(filled, Ok(Some(json!({"x": [value]}))));
                let joined = with_scope(&facts, None, |scope| scope.exact(&format!("{before}${{{name}}}")));
                let expected = match value {
                    Value::Array(_) => None,
                    Value::String(text) => Some(format!("{before}{text}")),
                    other => Some(format!("{before}{other}")),
                };
                prop_assert_eq!(joined.ok(), expected);
            }
        }

        #[test]
        fn nothing_that_reads_like_a_reference_comes_out_of_a_value(text in ".{0,3}\\$\\{.{0,6}") {
            for value in [json!(text), json!([text]), json!({"deep": [{"er": text}]})] {
                let facts = json!({"x": value});
                for template in ["${x}", "a ${x}"] {
                    prop_assert!(with_scope(&facts, None, |scope| scope.fill(&json!(template))).is_err());
                    prop_assert!(with_scope(&facts, None, |scope| scope.prose(template)).is_err());
                }
            }
        }
    }
}
