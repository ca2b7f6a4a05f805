//! Each documented procedure, by each of its methods, as a person without a terminal carries it out: what the run parks at
//! is answered, and it is taken up again until it is done.

use std::collections::BTreeSet;

use serde_json::Value;

use super::house::{House, Told};
use super::schemas::Published;

/// One row: what is rehearsed, and what is answered where a question has no name to type.
pub(crate) struct Row {
    pub(crate) procedure: &'static str,
    pub(crate) method: &'static str,
    pub(crate) further: &'static [&'static str],
    pub(crate) answers: &'static [(&'static str, &'static str)],
}

const fn row(procedure: &'static str, method: &'static str) -> Row {
    Row { procedure, method, further: &[], answers: &[] }
}

pub(crate) const ROWS: &[Row] = &[
    row("plan-change", "upgrade"),
    row("plan-change", "follower"),
    row("version-upgrade", "follower"),
    Row { answers: &[("dry-run-result", "passed"), ("decide", "run")], ..row("version-upgrade", "in-place") },
    Row { further: &["--scenario", "essential"], ..row("version-upgrade", "in-place") },
    row("version-upgrade", "copy"),
    row("essential-copy", "copy"),
    row("connection-recreate", "import"),
    row("rollback-recovery", "reload"),
    row("sync-pause", "pause"),
    row("sync-resume", "resume"),
    row("field-change", "simple"),
    row("field-change", "complex"),
    row("connect-maintenance", "ride-out"),
];

/// More questions than any procedure has.
pub(crate) const QUESTIONS: usize = 20;

impl Row {
    /// The command that begins it.
    pub(crate) fn command(&self) -> Vec<&'static str> {
        let begin = ["rehearse", self.procedure, "--method", self.method, "--databases", "none"];
        [&begin, self.further].concat()
    }

    fn rehearsed(&self, house: &House) -> Told {
        house.hcops(&[&self.command()[..], &["--output", "json"]].concat())
    }

    /// The id of the question that the run is parked at, and an answer to it.
    pub(crate) fn answer(&self, house: &House, run: &str) -> (String, String) {
        let shown: Value = serde_json::from_str(&house.hcops(&["show", run, "--json"]).stdout).unwrap();
        let question = &shown["needs"]["question"];
        let id = question["id"].as_str().unwrap_or_else(|| panic!("{}: it needs no answer: {shown}", self.procedure));
        let answer = question["name"]
            .as_str()
            .or_else(|| (question["sort"] == "gate").then_some("now"))
            .or_else(|| self.answers.iter().find(|(asked, _)| *asked == id).map(|(_, answer)| *answer));
        let answer = answer.unwrap_or_else(|| panic!("{}: no answer to {question}", self.procedure));
        (id.to_owned(), answer.to_owned())
    }

    /// The flag or answer that the parked run asks for, given.
    fn answered(&self, house: &House, run: &str) -> Told {
        let (id, answer) = self.answer(house, run);
        let answered = house.hcops(&["answer", run, &id, &answer]);
        assert_eq!(answered.exit, 0, "{answered}");
        house.hcops(&["resume", run, "--output", "json"])
    }
}

/// What is left is told to people; that nothing was read is told only where no look read a database.
pub(crate) fn check_report(house: &House, run: &str) {
    let told = house.hcops(&["report", run, "--format", "json"]);
    assert_eq!(told.exit, 0, "{told}");
    let report: Value = serde_json::from_str(&told.stdout).unwrap();
    for left in report["left"].as_array().unwrap() {
        let text = left["text"].as_str().unwrap();
        let is_raw = ["\n", "{\"", "[{", "[\""].iter().any(|mark| text.contains(mark));
        let leads_to_a_command = text.ends_with(':') && !left["commands"].as_array().unwrap().is_empty();
        let is_sentence = text.ends_with(['.', '?', ')']) || text.contains(": ") || leads_to_a_command;
        assert!(!is_raw && is_sentence && text.contains(' '), "{text}");
    }
    let journal = std::fs::read_to_string(house.path(&format!("state/runs/{run}/journal.jsonl"))).unwrap();
    let read = journal.contains("\"method\":\"SQL\"");
    assert_eq!(read, report["read_by_sql"] != serde_json::json!([]), "{}", report["read_by_sql"]);
    let compared = report["compared"].as_str().unwrap_or_default();
    assert!(!read || !compared.contains("made no connection"), "{compared}");
    let seconds = |name: &str| report["spent"][name].as_u64().unwrap();
    assert_eq!(seconds("driven") + seconds("person") + seconds("undriven"), report["seconds"].as_u64().unwrap());
}

#[test]
fn each_method_of_each_procedure_ends_done_when_its_questions_are_answered() {
    let events = Published::schema("events");
    for row in ROWS {
        let house = House::new();
        let mut told = row.rehearsed(&house);
        let run = house.only_run();
        for _ in 0..QUESTIONS {
            events.accept(&told);
            check_report(&house, &run);
            if told.exit != 10 {
                break;
            }
            told = row.answered(&house, &run);
        }
        assert_eq!(told.exit, 0, "{} by {}: {told}", row.procedure, row.method);
        assert!(told.stdout.contains(r#""verdict":"done""#), "{told}");
    }
}

#[test]
fn each_is_turned_back_where_it_first_needs_a_person() {
    let events = Published::schema("events");
    for row in ROWS {
        let house = House::new();
        if row.rehearsed(&house).exit == 10 {
            let aborted = house.hcops(&["abort", "--output", "json"]);
            events.accept(&aborted);
            assert_eq!(aborted.exit, 20, "{} by {}: {aborted}", row.procedure, row.method);
        }
    }
}

#[test]
fn every_method_is_a_row() {
    let listed = House::new().hcops(&["runbook", "list", "--json"]).stdout;
    let books = listed.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let text = |of: &Value, name: &str| of[name].as_str().unwrap().to_owned();
    let known: BTreeSet<_> = books.map(|book| (text(&book, "procedure"), text(&book, "method"))).collect();
    let rows: BTreeSet<_> = ROWS.iter().map(|row| (row.procedure.to_owned(), row.method.to_owned())).collect();
    assert_eq!(known, rows);
}

/// The lines of `docs/simulator.md`, word by word.
#[test]
fn every_rehearsal_of_the_documentation_ends_with_0_as_it_stands_there() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/simulator.md")).unwrap();
    let section = page.split("## Every procedure, rehearsed").nth(1).unwrap().split("\n## ").next().unwrap();
    let lines: Vec<&str> = section.lines().filter(|line| line.starts_with("hcops rehearse ")).collect();
    let procedures: BTreeSet<&str> = lines.iter().map(|line| line.split_whitespace().nth(2).unwrap()).collect();
    assert_eq!(procedures, ROWS.iter().map(|row| row.procedure).collect());
    assert!(lines.len() >= ROWS.len(), "every method: {lines:#?}");
    assert!(
        lines.iter().any(|line| line.contains("--scenario custom-url")),
        "with two points of no return: {lines:#?}"
    );
    for line in lines {
        let words: Vec<&str> = line.split_whitespace().skip(1).collect();
        let told = House::new().hcops(&[&words[..], &["--non-interactive", "--databases", "none"]].concat());
        assert_eq!(told.exit, 0, "{line}: {told}");
    }
}
