use serde_json::Value;

use super::super::book::{Condition, Subject, Test};
use super::super::template;
use super::scope::Scope;
use hcops_model::{OnlyIf, StepId};

/// The first condition that is not met, with what was found; none when all are met.
pub(super) fn first_unmet(conditions: &[Condition], scope: &Scope<'_>) -> Option<String> {
    conditions.iter().find_map(|condition| unmet(condition, scope))
}

/// The answer that a step hangs on, which is known only during the run.
pub(super) fn only_if(conditions: &[Condition]) -> Option<OnlyIf> {
    conditions.iter().find_map(|condition| match (&condition.subject, &condition.test) {
        (Subject::Answer(step), Test::Is(Value::String(answer))) => {
            Some(OnlyIf { step: StepId(step.clone()), answer: answer.clone() })
        }
        _ => None,
    })
}

fn unmet(condition: &Condition, scope: &Scope<'_>) -> Option<String> {
    if matches!(condition.subject, Subject::Answer(_)) {
        return None;
    }
    let (what, found) = look_at(&condition.subject, scope);
    let found = found.filter(|value| !value.is_null());
    let shown = found.map_or_else(|| "not there".to_owned(), shown);
    match &condition.test {
        Test::Is(wanted) if found != Some(wanted) => Some(format!("{what} is {shown}, not {}", self::shown(wanted))),
        Test::IsNot(unwanted) if found == Some(unwanted) => Some(format!("{what} is {shown}")),
        Test::OneOf(wanted) if !found.is_some_and(|found| wanted.contains(found)) => {
            let wanted: Vec<String> = wanted.iter().map(self::shown).collect();
            Some(format!("{what} is {shown}, not one of {}", wanted.join(", ")))
        }
        Test::Exists(wanted) if found.is_some() != *wanted => Some(format!("{what} is {shown}")),
        _ => None,
    }
}

fn look_at<'a>(subject: &Subject, scope: &Scope<'a>) -> (String, Option<&'a Value>) {
    match subject {
        Subject::Fact(path) => (format!("`{path}`"), template::follow(scope.facts(), path)),
        Subject::Answer(step) => (format!("the answer to `{step}`"), None),
        Subject::Input(name) => (format!("`--{}`", name.replace('_', "-")), scope.input(name)),
        Subject::Item(path) => {
            let item = scope.item();
            let what = item.map_or_else(String::new, |item| format!(" of {}", item.label()));
            (format!("`{path}`{what}"), item.and_then(|item| template::follow(item.value, path)))
        }
    }
}

/// Texts stand bare, but for those that could be taken for a number or a flag.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if serde_json::from_str::<Value>(text).is_err() => format!("`{text}`"),
        other => format!("`{other}`"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::super::super::testing::example;
    use super::*;

    /// What is said when `test` is put to a fact of this value; an absent value leaves the fact out.
    fn said(value: Option<Value>, test: Test) -> Option<String> {
        let (book, inputs) = (example(), BTreeMap::new());
        let facts = value.map_or_else(|| json!({}), |value| json!({ "x": value }));
        let condition = Condition { subject: Subject::Fact("x".to_owned()), test, span: 0..0 };
        first_unmet(&[condition], &Scope::new(&book, &inputs, &BTreeMap::new(), &facts))
    }

    #[test]
    fn null_is_as_good_as_absent() {
        for absent in [None, Some(Value::Null)] {
            assert_eq!(said(absent.clone(), Test::Exists(false)), None);
            assert_eq!(said(absent.clone(), Test::Exists(true)).as_deref(), Some("`x` is not there"));
            assert_eq!(said(absent.clone(), Test::Is(json!(1))).as_deref(), Some("`x` is not there, not `1`"));
            assert_eq!(said(absent.clone(), Test::IsNot(json!(1))), None);
            assert_eq!(
                said(absent, Test::OneOf(vec![json!(1), json!("a")])).as_deref(),
                Some("`x` is not there, not one of `1`, `a`")
            );
        }
    }

    #[test]
    fn values_are_compared_with_their_kind() {
        assert_eq!(said(Some(json!(1)), Test::Is(json!(1))), None);
        assert_eq!(said(Some(json!("1")), Test::Is(json!(1))).as_deref(), Some("`x` is `\"1\"`, not `1`"));
        assert_eq!(said(Some(json!(1)), Test::IsNot(json!(1))).as_deref(), Some("`x` is `1`"));
        assert_eq!(said(Some(json!(1)), Test::OneOf(vec![json!(2), json!(1)])), None);
        assert_eq!(said(Some(json!(false)), Test::Exists(true)), None, "false is there");
        assert_eq!(said(Some(json!(1)), Test::Exists(false)).as_deref(), Some("`x` is `1`"));
    }
}
