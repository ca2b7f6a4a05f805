//! Each rule of the documented procedures points to what keeps it.

use hcops_runbook::{self as runbook, Runbook};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    rule: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    from: String,
    rule: String,
    kept_by: Vec<String>,
}

#[test]
fn every_rule_points_to_what_keeps_it() {
    let rules: Rules = toml::from_str(include_str!("rules.toml")).unwrap();
    let mut nowhere = Vec::new();
    for rule in &rules.rule {
        if rule.kept_by.is_empty() {
            nowhere.push(format!("{}: nothing keeps \"{}\"", rule.from, rule.rule));
        }
        let lost = rule.kept_by.iter().filter(|pointer| !leads_somewhere(pointer));
        nowhere.extend(lost.map(|pointer| format!("{}: `{pointer}` leads nowhere (\"{}\")", rule.from, rule.rule)));
    }
    assert!(nowhere.is_empty(), "{}", nowhere.join("\n"));
}

#[test]
fn every_runbook_keeps_some_rule() {
    let text = include_str!("rules.toml");
    for embedded in runbook::library() {
        let name = embedded.file_name.trim_end_matches(".toml");
        assert!(text.contains(&format!("\"{name} ")), "tests/cli/rules.toml says no rule that {name} keeps");
    }
}

/// `RUNBOOK step|hold|undo|crossing|action NAME`, or `RUNBOOK says WORDS`.
fn leads_somewhere(pointer: &str) -> bool {
    let mut words = pointer.splitn(3, ' ');
    let (Some(file), Some(kind), Some(what)) = (words.next(), words.next(), words.next()) else { return false };
    let Some(book) = book(file) else { return false };
    let step = || book.steps.iter().find(|step| step.id.value == what);
    match kind {
        "step" => step().is_some(),
        "undo" => step().is_some_and(|step| step.undo.is_some()),
        "crossing" => step().is_some_and(|step| step.crossing.is_some()),
        "hold" => {
            book.steps.iter().any(|step| step.holds.iter().any(|hold| hold.value == what)) && book.hold(what).is_some()
        }
        "action" => book.steps.iter().any(|step| step.call.action.value == what),
        "says" => unfolded(&runbook::describe(&book)).contains(&unfolded(what)),
        _ => false,
    }
}

fn book(name: &str) -> Option<Runbook> {
    let file = format!("{name}.toml");
    let embedded = runbook::library().into_iter().find(|embedded| embedded.file_name == file)?;
    runbook::parse(embedded.file_name, embedded.text).ok()
}

/// Words in a row, wherever the lines break.
fn unfolded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
