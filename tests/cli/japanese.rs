//! Japanese: the screen speaks it, and everything that is read elsewhere or by programs is as in English.

use serde_json::Value;

use super::every_procedure::{QUESTIONS, ROWS, Row};
use super::house::{House, Told};
use super::simulated::Simulator;

/// Both ways to ask for Japanese.
fn houses() -> [House; 2] {
    [House::new().with("LANG", "ja_JP.UTF-8"), House::new().with("LC_ALL", "ja_JP.UTF-8").with("LANG", "C")]
}

/// Carries a row out to its end as a person without a terminal does. The exit codes, and what was on the screen.
fn carried_out(row: &Row, house: &House) -> (Vec<i32>, String) {
    let (mut exits, mut screen) = (Vec::new(), String::new());
    let mut told = house.hcops(&[&row.command()[..], &["--non-interactive"]].concat());
    let run = house.only_run();
    for _ in 0..QUESTIONS {
        exits.push(told.exit);
        screen.push_str(&told.stdout);
        screen.push_str(&told.stderr);
        if told.exit != 10 {
            break;
        }
        let (id, answer) = row.answer(house, &run);
        screen.push_str(&house.hcops(&["show", &run]).stdout);
        screen.push_str(&house.hcops(&["answer", &run, &id, &answer]).stdout);
        told = house.hcops(&["resume", &run, "--non-interactive"]);
    }
    (exits, screen)
}

/// The journal of the only run, without what differs from process to process.
fn journal(house: &House) -> Vec<Value> {
    let run = house.only_run();
    let path = house.path("state/runs").join(&run).join("journal.jsonl");
    let text = std::fs::read_to_string(path).unwrap().replace(&run, "RUN");
    text.lines().map(|line| without_ids(serde_json::from_str(line).unwrap())).collect()
}

fn without_ids(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields
                .into_iter()
                .filter(|(name, _)| !["chain", "evidence", "folder", "holder", "request_id", "run"].contains(&&**name));
            Value::Object(kept.map(|(name, value)| (name, without_ids(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_ids).collect()),
        other => other,
    }
}

/// Lines of English that are no names, commands or words of Heroku.
fn english(screen: &str) -> Vec<&str> {
    let mut left = Vec::new();
    let (mut foreign, mut command) = (false, false);
    for line in screen.lines() {
        foreign = opens_foreign_words(line) || (foreign && continues(line));
        let goes_on = command && continues(line);
        if !foreign && !goes_on && is_english(line) {
            left.push(line);
        }
        // A command in backticks may be broken over lines.
        command = (goes_on || !command) && (command != (line.matches('`').count() % 2 == 1));
    }
    left
}

/// Rows whose lines are another's words to their end: what an action is given, as the runbook writes it, which is what is
/// approved; what a server answered; what a person said; and the title of the article that a rule of the doctor is from.
const FOREIGN: [&str; 7] = [
    "     変更：",
    "     確認のみ：",
    "     実行の前と途中で確認：",
    "サーバーの応答：",
    "Heroku の応答：",
    " に回答（",
    "  ルール  ",
];

fn opens_foreign_words(line: &str) -> bool {
    FOREIGN.iter().any(|row| line.contains(row))
}

/// Whether a line goes on with what was begun above: indented, without a letter of Japanese.
fn continues(line: &str) -> bool {
    line.starts_with("     ") && !line.chars().any(is_japanese)
}

/// What stays as it is: the beginnings of commands, and what a server or an operating system said.
const STAYS: [&str; 6] = ["hcops ", "heroku ", "git ", "psql ", "export ", "https://"];

fn is_english(line: &str) -> bool {
    let stays = STAYS.iter().any(|beginning| line.trim_start().starts_with(beginning));
    match line.chars().any(is_japanese) {
        true => english_words(line).fold((0, 0), longest_row).1 >= MIXED,
        false => {
            !stays && !is_input(line) && !are_values(line) && english_words(line).filter(|word| *word).count() >= 2
        }
    }
}

/// The row of words that goes on, and the longest so far.
fn longest_row((row, longest): (usize, usize), is_word: bool) -> (usize, usize) {
    let row = if is_word { row + 1 } else { 0 };
    (row, longest.max(row))
}

/// English words in a row within a line of Japanese that no name or value of another's makes.
const MIXED: usize = 4;

const fn is_japanese(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{9fff}')
}

/// Word by word, outside commands in backticks, whether it is one of English.
fn english_words(line: &str) -> impl Iterator<Item = bool> {
    let outside = line.split('`').step_by(2).flat_map(str::split_whitespace);
    let words = outside.map(|word| word.trim_matches([',', '.', ':', ';', '(', ')']));
    words.map(|word| word.len() >= 2 && word.chars().all(|letter| letter.is_ascii_lowercase()))
}

/// `  compare = none`: an input and its value, as they are given on the command line.
fn is_input(line: &str) -> bool {
    let name = line.strip_prefix("  ").and_then(|line| line.split_once(" = ")).map_or("", |(name, _)| name);
    !name.is_empty() && name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')
}

/// `           state IDLE, mappings 4`: an output's values by their names, as `--json` has them.
fn are_values(line: &str) -> bool {
    let is_value = |part: &str| {
        let words: Vec<&str> = part.split(' ').collect();
        words.len() <= 3 && words.last().is_some_and(|value| value.contains(|c: char| !c.is_ascii_lowercase()))
    };
    // The last value may stand on the next line.
    let values = line.strip_prefix("           ").map(|values| values.strip_suffix(", database").unwrap_or(values));
    values.is_some_and(|values| values.split(", ").all(is_value))
}

#[test]
fn english_lines_are_told_from_names_and_commands() {
    let screen =
        "  コマンド  hcops show X\n待っています\nit is done\n  hcops answer RUN approve DIGEST\n`hcops a b c` 01:00";
    assert_eq!(english(screen), ["it is done"]);
    let broken = "     名前を変える：`psql\n       alter schema old rename to\n       new`。\n       it is not said\n";
    assert_eq!(english(broken), ["       it is not said"]);
}

#[test]
fn words_of_others_end_where_their_row_ends() {
    let screen = "     変更： app.scale-down app=acme-crm\n     fate=They are lost\n     理由： 捌く\n     it is lost\n\
                  01:00 サーバーの応答：Started\n           when it is ready\n01:01 it is left";
    assert_eq!(english(screen), ["     it is lost", "01:01 it is left"]);
    assert_eq!(english("           state IDLE, pending 0\n  compare = none\n  it is = none"), ["  it is = none"]);
    assert_eq!(english("待っています：it takes some more time"), ["待っています：it takes some more time"]);
}

#[test]
fn each_procedure_is_told_in_japanese_and_journalled_in_english() {
    let mut left = Vec::new();
    for (nth, row) in ROWS.iter().enumerate() {
        let [by_lang, by_all] = houses();
        let (here, there) = (House::new(), if nth % 2 == 0 { by_lang } else { by_all });
        let (exits, _) = carried_out(row, &here);
        let (japanese_exits, screen) = carried_out(row, &there);
        assert_eq!(exits, japanese_exits, "{screen}");
        for (line, other) in journal(&here).into_iter().zip(journal(&there)) {
            assert_eq!(line, other, "{} by {}", row.procedure, row.method);
        }
        assert_eq!(journal(&here).len(), journal(&there).len());
        left.extend(english(&screen).into_iter().map(str::to_owned));
    }
    left.sort();
    left.dedup();
    assert!(left.is_empty(), "{} lines stay English:\n{}", left.len(), left.join("\n"));
}

#[test]
fn events_are_the_same() {
    for (procedure, method) in [("sync-pause", "pause"), ("version-upgrade", "follower")] {
        let command = ["rehearse", procedure, "--method", method, "--databases", "none", "--json"];
        let events = |told: &Told| -> Vec<Value> {
            told.stdout.lines().map(|line| without_ids(serde_json::from_str(line).unwrap())).collect()
        };
        let japanese = House::new().hcops(&[&command[..], &["--lang", "ja"]].concat());
        let english = House::new().hcops(&command);
        assert_eq!(english.exit, japanese.exit);
        assert_eq!(events(&english), events(&japanese));
    }
}

#[test]
fn the_option_goes_before_the_locale() {
    let [house, _] = houses();
    let told = house.hcops(&["runs"]);
    assert!(english(&told.stderr).is_empty() && !told.stderr.is_empty(), "{told}");
    let told = house.hcops(&["runs", "--lang", "en"]);
    assert!(told.stderr.starts_with("There are no runs"), "{told}");
}

#[test]
fn refusals_are_told_in_japanese() {
    let simulator = Simulator::start("neglected");
    let no_app = simulator.house().hcops(&["plan", "version-upgrade", "-a", "nowhere", "--lang", "ja"]);
    let no_token = House::new().hcops(&["status", "-a", "acme-crm", "--lang", "ja"]);
    let no_run = House::new().hcops(&["resume", "--lang", "ja"]);
    for (told, exit) in [(no_app, 2), (no_token, 1), (no_run, 2)] {
        assert_eq!(told.exit, exit, "{told}");
        assert_eq!(english(&told.stderr), Vec::<&str>::new(), "{told}");
        assert!(told.stderr.lines().count() >= 3, "{told}");
    }
}

#[test]
fn what_stands_how_is_told_in_japanese() {
    let simulator = Simulator::start("neglected");
    for verb in ["status", "doctor"] {
        let told = simulator.house().hcops(&[verb, "-a", "acme-crm", "--lang", "ja"]);
        assert_eq!(told.exit, simulator.house().hcops(&[verb, "-a", "acme-crm"]).exit);
        assert_eq!(english(&told.stdout), Vec::<&str>::new(), "{told}");
        let json = |house: &House, lang| house.hcops(&[verb, "-a", "acme-crm", "--json", "--lang", lang]).stdout;
        let without_time = |text: String| text.replace(char::is_numeric, "");
        assert_eq!(
            without_time(json(&simulator.house(), "ja")),
            without_time(json(&simulator.house(), "en")),
            "a program reads the same"
        );
    }
}

#[test]
fn runs_are_listed_and_shown_in_japanese() {
    let [house, _] = houses();
    let begun = house.hcops(&["rehearse", "version-upgrade", "--method", "follower", "--databases", "none"]);
    assert_eq!(begun.exit, 10, "{begun}");
    for command in [vec!["runs"], vec!["show"], vec!["show", "--steps"]] {
        let told = house.hcops(&command);
        assert_eq!(english(&told.to_string()), Vec::<&str>::new(), "{told}");
    }
}
