//! Reports over every runbook, wherever the run stands: their parts add up, whatever the clocks did and however often the run
//! was taken up again; every finished step is drawn; what is left is in sentences.

use hcops_model::{Entry, Exit, Line, RequestMark};
use hcops_report::{Account, Kept, SpanKind, StepAccount, StepEnd, account, html};
use jiff::{SignedDuration, Timestamp};
use regex::Regex;

use crate::cases;
use crate::trial::{Trial, block_on, prepare};
use crate::workers::sweep;

const GOLDEN: [&str; 3] = [
    include_str!("../../crates/journal/src/golden/1.0-done.jsonl"),
    include_str!("../../crates/journal/src/golden/1.1-turned-back.jsonl"),
    include_str!("../../crates/journal/src/golden/1.2-done.jsonl"),
];

/// What happened to the clocks and the processes of a recorded run, at one of its lines.
#[derive(Debug, Clone, Copy)]
enum Meanwhile {
    Nothing,
    /// The process ended, and another one took the run up after so many seconds.
    Taken(i64),
    /// So many seconds passed while the process was there.
    Passed(i64),
    /// The clock went back by so many seconds, or another machine's took over.
    Back(i64),
    /// The clock goes to and fro with every line.
    Unsteady,
}

const ALL: [Meanwhile; 8] = [
    Meanwhile::Nothing,
    Meanwhile::Taken(3_600),
    Meanwhile::Taken(200_000),
    Meanwhile::Passed(40),
    Meanwhile::Passed(90_000),
    Meanwhile::Back(3_600),
    Meanwhile::Back(400_000),
    Meanwhile::Unsteady,
];

#[test]
fn the_parts_of_a_recorded_run_add_up_whatever_the_clocks_did() {
    for (index, text) in GOLDEN.into_iter().enumerate() {
        let lines: Vec<Line> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        tell(&format!("reports over golden journal {index}"), &lines, 5);
    }
    for case in cases::chosen() {
        tell(&format!("reports over {}", case.name()), &prepare(case).journal_lines, 9);
    }
}

/// Checks the report of these lines, changed in each way at every so many-eth of them.
fn tell(what: &str, lines: &[Line], every: usize) {
    let places = (1..lines.len()).step_by(every).flat_map(|place| ALL.map(|meanwhile| (place, meanwhile)));
    let all: Vec<(usize, Meanwhile)> = places.collect();
    sweep(
        what,
        &all,
        |(place, meanwhile)| format!("{meanwhile:?} at line {place}"),
        |(place, meanwhile)| {
            check(&changed(lines, *place, *meanwhile));
            check(&changed(lines, *place, *meanwhile)[..*place]);
        },
    );
}

fn changed(lines: &[Line], place: usize, meanwhile: Meanwhile) -> Vec<Line> {
    let mut lines = lines.to_vec();
    let shift = |lines: &mut [Line], seconds: i64| {
        for line in lines {
            line.at = line.at.saturating_add(SignedDuration::from_secs(seconds)).unwrap();
        }
    };
    match meanwhile {
        Meanwhile::Nothing => {}
        Meanwhile::Taken(seconds) => {
            let at = lines[place].clone();
            let resumed = Entry::Resumed { by: "ann@example.com".to_owned(), tool: "0.0.0-sweep".to_owned() };
            let leased =
                Entry::Leased { by: "ann@example.com".to_owned(), holder: "there".to_owned(), fence: 99, folder: None };
            lines.splice(place..place, [leased, resumed].map(|entry| Line { entry, ..at.clone() }));
            shift(&mut lines[place..], seconds);
        }
        Meanwhile::Passed(seconds) => shift(&mut lines[place..], seconds),
        Meanwhile::Back(seconds) => shift(&mut lines[place..], -seconds),
        Meanwhile::Unsteady => {
            let mut seed = place as u64;
            for index in 0..lines.len() {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                shift(&mut lines[index..=index], i64::try_from(seed >> 50).unwrap() - 8_192);
            }
        }
    }
    lines
}

fn check(lines: &[Line]) {
    let told = account(lines, &Kept::new()).unwrap();
    check_parts(&told);
    told.steps.iter().for_each(|step| check_step(&told, step));
    check_left(&told);
    check_drawing(&told, &html(lines, &Kept::new()).unwrap());
    let read = lines.iter().any(|line| requests(&line.entry).iter().any(|mark| mark.database().is_some()));
    let denies = told.compared.as_ref().is_some_and(|compared| compared.contains("made no connection"));
    assert!(!(read && denies), "a step read a database: {:?}", told.compared);
}

fn requests(entry: &Entry) -> &[RequestMark] {
    match entry {
        Entry::Observed { requests, .. } | Entry::Settled { requests, .. } => requests,
        _ => &[],
    }
}

fn between(from: Timestamp, until: Timestamp) -> u64 {
    u64::try_from(until.duration_since(from).as_secs()).expect("time goes on")
}

fn check_parts(told: &Account) {
    let spent = told.spent;
    assert_eq!(spent.driven + spent.person + spent.undriven, told.seconds);
    let mut at = told.opened_at;
    for pause in &told.pauses {
        assert!(at <= pause.from && pause.from < pause.until && pause.until <= told.newest_at, "{pause:?}");
        at = pause.until;
    }
    let of =
        |with| told.pauses.iter().filter(move |pause| pause.with == with).map(|pause| between(pause.from, pause.until));
    assert_eq!(of(SpanKind::Person).sum::<u64>(), spent.person);
    assert_eq!(of(SpanKind::Undriven).sum::<u64>(), spent.undriven);
    assert!(told.downtime.as_ref().is_none_or(|off| off.seconds <= told.seconds), "{:?}", told.downtime);
}

fn check_step(told: &Account, step: &StepAccount) {
    let (Some(began), ended) = (step.began_at, step.ended_at.unwrap_or(told.newest_at)) else {
        return;
    };
    assert!(told.opened_at <= began && began <= ended && ended <= told.newest_at, "{step:?}");
    let mut at = began;
    for span in &step.spans {
        assert!(at <= span.from && span.from < span.until && span.until <= ended, "{step:?}");
        at = span.until;
    }
    // What stood still for the run stood still for its steps.
    let undriven = told.pauses.iter().filter(|pause| pause.with == SpanKind::Undriven);
    for pause in undriven {
        let busy = step.spans.iter().filter(|span| span.from < pause.until && pause.from < span.until);
        assert!(busy.into_iter().all(|span| span.with == SpanKind::Undriven), "{step:?} in {pause:?}");
    }
}

/// Sentences for the reader: no document, no dump of many lines, no table.
fn check_left(told: &Account) {
    for left in &told.left {
        let text = &left.text;
        assert!(!text.is_empty() && !text.contains(['\n', '\t', '|']), "{text}");
        assert!(!["{\"", "[{", "[\"", "[["].iter().any(|mark| text.contains(mark)), "{text}");
        assert!(text.contains(' ') && text.chars().count() < 900, "{text}");
        assert!(text.ends_with(['.', '?', ')', '!', '`']) || text.contains(": "), "{text}");
    }
}

/// Each finished step that this run was to carry out has a bar or a dot on the axis.
fn check_drawing(told: &Account, page: &str) {
    let Some((_, drawing)) = page.split_once("<svg class=\"timeline\"") else { return };
    let rows: Vec<&str> = drawing.split_once("</svg>").unwrap().0.split("<g>").skip(1).collect();
    let bar = Regex::new(r#"<rect class="bar [a-z]+" x="([0-9.-]+)%" y="\d+" width="([0-9.-]+)%""#).unwrap();
    let dot = Regex::new(r#"<circle class="dot" cx="([0-9.-]+)%""#).unwrap();
    let mut finished = 0;
    for row in &rows {
        let number = |text: &str| text.parse::<f64>().unwrap();
        let bars: Vec<(f64, f64)> =
            bar.captures_iter(row).map(|found| (number(&found[1]), number(&found[2]))).collect();
        let dots: Vec<f64> = dot.captures_iter(row).map(|found| number(&found[1])).collect();
        assert!(bars.iter().all(|(x, width)| *x >= 0.0 && *width >= 0.0 && x + width <= 100.01), "{row}");
        assert!(dots.iter().all(|x| (0.0..=100.0).contains(x)), "{row}");
        assert!(!dots.is_empty() || bars.iter().any(|(_, width)| *width >= 0.4), "nobody sees it: {row}");
        finished += dots.len().max(1);
    }
    let ended = |step: &&StepAccount| {
        matches!(step.end, StepEnd::Settled { .. } | StepEnd::Skipped { .. }) && !step.is_left_out()
    };
    let drawn = told.steps.iter().filter(ended).count();
    assert!(finished >= drawn, "{finished} of {drawn} finished steps are drawn");
}

/// A run that is parked and taken up again, in a world whose clock went on meanwhile.
#[test]
fn the_time_between_two_processes_is_nobodys() {
    for case in cases::chosen().filter(|case| case.runbook.starts_with("sync-")) {
        let mut trial = Trial::anew(&prepare(case));
        trial.simulator.advance(7_200);
        trial.take_up();
        assert_eq!(block_on(trial.process()).unwrap().exit, Exit::Done);
        let told = account(trial.journal_lines(), &Kept::new()).unwrap();
        assert_eq!((told.spent.undriven, told.spent.person), (7_200, 0), "{:?}", told.pauses);
        check(trial.journal_lines());
    }
}
