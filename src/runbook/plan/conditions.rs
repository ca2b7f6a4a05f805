use serde_json::Value;

use super::super::book::{Condition, Subject, Test};
use super::super::template;
use super::scope::Scope;

/// The first condition that is not met, with what was found; none when all are met.
pub(super) fn first_unmet(conditions: &[Condition], scope: &Scope<'_>) -> Option<String> {
    conditions.iter().find_map(|condition| unmet(condition, scope))
}

fn unmet(condition: &Condition, scope: &Scope<'_>) -> Option<String> {
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
        Subject::Input(name) => (format!("`--{}`", name.replace('_', "-")), scope.input(name)),
        Subject::Item(path) => {
            let item = scope.item();
            let what = item.map_or_else(String::new, |item| format!(" of {}", item.label()));
            (format!("`{path}`{what}"), item.and_then(|item| template::follow(item.value, path)))
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{text}`"),
        other => format!("`{other}`"),
    }
}
