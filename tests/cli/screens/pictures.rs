//! The pictures of `docs/screens/`: each is made from a real run, and a test fails when one shows something else than the
//! program does now. `HCOPS_UPDATE=1 scripts/test pictures` makes them anew.

use std::fs;
use std::path::PathBuf;

use regex::Regex;
use vt100::Screen;

use super::film::{Film, Reel, Size};
use super::operator::Operator;
use super::svg::{FOREGROUND, picture};
use crate::cli::house::House;
use crate::cli::simulated::Simulator;

const SIZE: Size = Size { columns: 100, rows: 34 };
/// For what is only told, and read by scrolling.
const TALL: Size = Size { columns: 100, rows: 90 };
/// The procedure that most of them show, without servers so that it is the same on every machine.
const UPGRADE: [&str; 4] = ["rehearse", "version-upgrade", "--databases", "none"];

/// What each picture is called, and the sentence that stands over it.
const PICTURES: [(&str, &str); 12] = [
    ("start", "hcops: what there is to do"),
    ("plan", "The plan, before anything happens"),
    ("lag", "Waiting for a follower, with what is to come"),
    ("crossing", "The point of no return"),
    ("crossing-ja", "The same in Japanese"),
    ("upgrade", "Writes are off: the clock, and what is left"),
    ("done", "The end of a run"),
    ("failed", "A step that failed, and what can be done"),
    ("evidence", "Its evidence, one key away"),
    ("watch", "The same run from a second terminal"),
    ("runs", "The runs of this machine"),
    ("doctor", "What wants attention, and what helps"),
];

#[test]
fn a_version_upgrade_from_its_plan_to_its_end() {
    let house = House::new();
    // What is seen of a sync while apps write is never the same twice: here it is seen before they are back.
    let mut film = Film::of(&house, &[&UPGRADE[..], &["--live", "synced", "--speed", "200"]].concat(), SIZE);
    let mut operator = Operator::who_answers(&[]);
    film.until("the question", |screen| whole(screen, "Carry out this plan"));
    shows("plan", "Writes are off for about", film.screen());
    until_it_shows(&mut film, &mut operator, &["commits behind, falling", "Ctrl-C"]);
    shows("lag", "[ 6/43]", film.screen());
    until_it_shows(&mut film, &mut operator, &["[22/43]", "of 7 steps", "Ctrl-C"]);
    shows("upgrade", "[21/43]", film.screen());
    until_it_shows(&mut film, &mut operator, &["The name to type", "? Name"]);
    shows("crossing", "POINT OF NO RETURN", film.screen());
    // Whoever types nothing leaves; the same question is there when the run is taken up again.
    film.types("\r");
    let _ = ended(&mut film);
    let mut japanese = Film::of(&house, &["resume", "--lang", "ja"], SIZE);
    japanese.until("the frame", |screen| whole(screen, "引き返せない点") && whole(screen, "? "));
    shows("crossing-ja", "┏━", japanese.screen());
    japanese.types("\r");
    let _ = ended(&mut japanese);
    let mut film = Film::of(&house, &["resume"], SIZE);
    operator.sees_through(&mut film);
    shows("done", "[42/43]", film.screen());
}

#[test]
fn a_step_that_failed_and_its_evidence() {
    let house = House::new();
    let fault = ["--speed", "2000", "--fault", "upgrade-fails"];
    let mut film = Film::of(&house, &[&UPGRADE[..], &fault].concat(), SIZE);
    until_it_shows(&mut film, &mut Operator::who_answers(&[]), &["What now?", "Press a key"]);
    shows("failed", "writes off for", film.screen());
    film.types("e");
    film.until("the evidence", |screen| {
        whole(screen, "Press a key") && whole(screen, "Receipt: ") && !whole(screen, "[e]")
    });
    shows("evidence", "something must be changed first", film.screen());
}

#[test]
fn the_runs_and_the_first_words() {
    let house = House::new();
    let _ = house.hcops(&["rehearse", "sync-pause", "--non-interactive"]);
    let _ =
        house.hcops(&["rehearse", "field-change", "--method", "simple", "--databases", "none", "--non-interactive"]);
    let _ = house.hcops(&[&UPGRADE[..], &["--non-interactive"]].concat());
    shows("runs", "", ended(&mut Film::of(&house, &["runs"], TALL)));
    shows("start", "", ended(&mut Film::of(&house, &[], TALL)));
}

#[test]
fn the_doctor() {
    let simulator = Simulator::start("neglected");
    shows("doctor", "", ended(&mut Film::of(&simulator.house(), &["doctor", "-a", "acme-crm"], TALL)));
}

#[test]
fn a_run_from_a_second_terminal() {
    let house = House::new();
    let mut first = Film::of(&house, &[&UPGRADE[..], &["--speed", "100"]].concat(), SIZE);
    until_it_shows(&mut first, &mut Operator::who_answers(&[]), &["commits behind", "Ctrl-C"]);
    let mut second = Film::of(&house, &["watch"], SIZE);
    second.until("the wait of the run", |screen| whole(screen, "falling") && whole(screen, "abort undoes"));
    shows("watch", "[ 6/43]", second.screen());
}

/// Every picture is on the page, and every picture of the page is made here.
#[test]
fn the_page_shows_them_all() {
    let page = fs::read_to_string(folder().join("README.md")).unwrap();
    let shown = Regex::new(r"!\[([^\]]+)\]\(([a-z-]+)\.svg\)").unwrap();
    let shown: Vec<_> = shown.captures_iter(&page).map(|found| (found[2].to_owned(), found[1].to_owned())).collect();
    let made: Vec<_> = PICTURES.iter().map(|(name, title)| ((*name).to_owned(), (*title).to_owned())).collect();
    assert_eq!(shown, made);
    let mut files: Vec<_> = fs::read_dir(folder()).unwrap().map(|file| file.unwrap().file_name()).collect();
    files.retain(|file| file != "README.md");
    assert_eq!(files.len(), PICTURES.len(), "{files:?}");
}

/// Answers what is asked until all of this is on the screen.
fn until_it_shows(film: &mut Film, operator: &mut Operator, words: &[&str]) {
    while !words.iter().all(|word| whole(film.screen(), word)) {
        operator.answers_what_is_asked(film);
        assert_ne!(film.roll(), Reel::Ended, "it ended without {words:?}:\n{}", film.screen().contents());
    }
}

fn ended(film: &mut Film) -> &Screen {
    while film.roll() != Reel::Ended {}
    film.screen()
}

fn whole(screen: &Screen, words: &str) -> bool {
    screen.contents().contains(words)
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/screens"))
}

/// Compares a screen, from the row on that has these words, with its picture; or draws it.
#[expect(clippy::disallowed_methods, reason = "whoever runs the test says whether pictures are made anew")]
fn shows(name: &str, from: &str, screen: &Screen) {
    let (_, title) = PICTURES.iter().find(|(known, _)| *known == name).expect("it is listed");
    // What scrolled to the top depends on how long the lines of before were.
    let rows: Vec<String> = screen.rows(0, SIZE.columns).collect();
    let from = if from.is_empty() { Some(0) } else { rows.iter().rposition(|row| row.contains(from)) }
        .unwrap_or_else(|| panic!("no {from:?} on:\n{}", screen.contents()));
    let (path, drawn) = (folder().join(format!("{name}.svg")), picture(screen, title, u16::try_from(from).unwrap()));
    if std::env::var_os("HCOPS_UPDATE").is_some() {
        fs::create_dir_all(folder()).unwrap();
        let known = fs::read_to_string(&path).unwrap_or_default();
        // A picture that differs in nothing but the time of the run stays as it is.
        if essence(&known) != essence(&drawn) {
            fs::write(&path, &drawn).unwrap();
        }
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    let remedy = "is out of date: HCOPS_UPDATE=1 scripts/test pictures";
    assert_eq!(essence(&known), essence(&drawn), "docs/screens/{name}.svg {remedy}\n{}", screen.contents());
}

/// What a picture says, without what differs from run to run: moments, durations, ids, how far a piece of work is. A line
/// that was folded elsewhere, because a duration in it was longer, says the same.
fn essence(svg: &str) -> Vec<String> {
    let text = Regex::new(r#"fill="(#[0-9a-f]+)"[^>]*>([^<]+)</text>"#).unwrap();
    let mut said: Vec<(String, String)> = Vec::new();
    for found in text.captures_iter(&svg.replace('\u{a0}', " ")) {
        let text = without_the_run(&found[2]);
        // A clock is dressed for how late it is.
        let ink = if text == "CLOCK" { FOREGROUND } else { &found[1] }.to_owned();
        match said.last_mut().filter(|(last, _)| *last == ink) {
            Some((_, before)) => *before = format!("{before} {text}"),
            None => said.push((ink, text)),
        }
    }
    said.into_iter().map(|(ink, text)| format!("{ink} {}", without_the_run(&text))).collect()
}

fn without_the_run(text: &str) -> String {
    let changes = [
        // How late it is depends on how busy this machine is.
        (r"writes off for .*", "CLOCK"),
        (r"; longer than usual", ""),
        // A sync that goes on is in whichever state.
        (r"state [A-Z_]+, mappings", "state, mappings"),
        (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]+", "ID"),
        (r"\b01[0-9a-f]{6,}(-[0-9a-f]+)*\b", "ID"),
        (r"\b[0-9a-f]{64}\b", "DIGEST"),
        (r"\d{4}-\d{2}-\d{2}", "DATE"),
        (r"\d{2}:\d{2}(:\d{2})?", "TIME"),
        (r"\b(\d+(\.\d+)?(h|m|s|ms|d)\b ?)+", "SPAN "),
        // What took no second tells no duration; one may be folded.
        (r"\((SPAN ?)+\)", ""),
        (r"127\.0\.0\.1:\d+", "ADDRESS"),
        (r"[▁▂▃▄▅▆▇█░]+", "BAR"),
        (r"[|/\\-]\s", ""),
        (r"[⠁-⣿]\s?", ""),
        (r"[\d,.]+", "0"),
        (r"\s+", " "),
    ];
    let changed = changes
        .iter()
        .fold(text.to_owned(), |text, (from, to)| Regex::new(from).unwrap().replace_all(&text, *to).into_owned());
    changed.trim().to_owned()
}

#[test]
fn a_duration_that_is_folded_says_no_more_than_one_that_is_not_or_than_none() {
    let drawn = |lines: &[&str]| {
        let line = |line: &&str| format!(r##"<text fill="#d7dae0">{line}</text>"##);
        essence(&lines.iter().map(line).collect::<String>())
    };
    let none = drawn(&["See that it is so", "for 3 minutes"]);
    assert_eq!(drawn(&["See that it is so  (2m", "11s)", "for 4 minutes"]), none);
    assert_eq!(drawn(&["See that it is so  (2m 1s)", "for 3 minutes"]), none);
    assert_ne!(drawn(&["See that it is not so", "for 3 minutes"]), none);
}
