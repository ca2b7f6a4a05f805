use std::path::PathBuf;

use console::measure_text_width;

use super::*;
use hcops_journal::claims::Claims;
use hcops_journal::lease::Holder;
use hcops_journal::run_state::Stopped;
use hcops_journal::stop_request::StopRequest;
use hcops_journal::{Remains, Unreadable};
use hcops_model::{JournalFault, StopWish};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn summary(app: &str, standing: Standing) -> RunSummary {
    RunSummary {
        opened_at: at("2026-11-22T20:15:00Z"),
        opened_by: "ada@example.com".into(),
        procedure: "version-upgrade".into(),
        method: "follower".into(),
        app: app.into(),
        title: "Upgrade".into(),
        origin: "https://api.heroku.com".into(),
        standing,
        progress: (7, 20),
        newest_at: at("2026-11-22T20:20:00Z"),
        stopped: None,
        stop_requested: None,
        claims: Claims::default(),
        only_looks: false,
        has_acted: true,
        writes_off: false,
        has_crossed: false,
        step: None,
        lease: None,
    }
}

fn listing(run: &str, summary: Result<RunSummary, Unreadable>) -> Listing {
    Listing { run: RunId(run.parse().unwrap()), directory: PathBuf::new(), summary }
}

fn holder() -> Box<Holder> {
    let (by, machine) = ("ada@example.com".into(), "engine-room".into());
    Box::new(Holder { by, machine, pid: 7, since: Timestamp::UNIX_EPOCH, fence: 1, folder: None })
}

fn parked() -> Standing {
    Standing::Parked { question: "Is this so?".into() }
}

const FIRST: &str = "019aad21-1111-7222-8333-444455556666";
const SECOND: &str = "019aad22-2222-7222-8333-444455556666";
const THIRD: &str = "019aad23-3333-7222-8333-444455556666";

fn runs() -> Vec<Listing> {
    let rehearsed = RunSummary { origin: "rehearsal of scenario standard".into(), ..summary("acme-crm", parked()) };
    let fault = JournalFault::new("line 3 is broken", "Keep it as evidence.");
    let broken = Unreadable { fault, remains: Remains::Unknown { opened: None, forbidden: false } };
    vec![
        listing(FIRST, Ok(summary("顧客管理システム", Standing::Running(holder())))),
        listing(SECOND, Ok(rehearsed)),
        listing(THIRD, Err(broken)),
    ]
}

fn at_columns(columns: usize) -> Vec<String> {
    table(&runs(), at("2026-11-23T20:15:00Z"), &Appearance { columns, ..Appearance::plain() })
}

#[test]
fn columns_go_in_a_defined_order_and_no_line_is_too_wide() {
    for (columns, titles) in [
        (60, "RUN STANDING APP PROCEDURE STEPS"),
        (80, "RUN STANDING APP PROCEDURE STEPS AGE"),
        (90, "RUN STANDING APP PROCEDURE STEPS AGE"),
        (110, "RUN STANDING APP PROCEDURE STEPS OPENED AGE"),
        (120, "RUN STANDING APP PROCEDURE STEPS OPENED BY AGE"),
    ] {
        let lines = at_columns(columns);
        assert_eq!(lines[0].split_whitespace().collect::<Vec<_>>().join(" "), titles, "{columns}");
        for line in &lines {
            assert!(measure_text_width(line) <= columns, "{columns}: {line}");
        }
    }
    assert!(at_columns(90)[1].contains("(follower)") && !at_columns(60)[1].contains("(follower)"));
}

#[test]
fn wide_characters_stand_under_each_other() {
    let lines = at_columns(120);
    let column = |line: &str, what: &str| measure_text_width(&line[..line.find(what).unwrap()]);
    let heading = column(&lines[0], "PROCEDURE");
    assert_eq!(column(&lines[1], "version-upgrade"), heading, "{lines:#?}");
    assert_eq!(column(&lines[2], "version-upgrade"), heading, "{lines:#?}");
    assert!(lines[2].contains("acme-crm *"), "a rehearsal is marked");
    assert!(lines[3].contains("unreadable"));
}

#[test]
fn a_long_name_is_cut_before_a_line_breaks() {
    let long = vec![listing(FIRST, Ok(summary(&"顧客".repeat(15), parked())))];
    for line in table(&long, at("2026-11-23T20:15:00Z"), &Appearance { columns: 60, ..Appearance::plain() }) {
        assert!(measure_text_width(&line) <= 60, "{line}");
    }
}

#[test]
fn the_standing_is_said_in_words_and_coloured_besides() {
    let coloured = Appearance { colour: true, columns: 120, ..Appearance::plain() };
    let lines = table(&runs(), at("2026-11-23T20:15:00Z"), &coloured);
    let plain: Vec<String> = lines.iter().map(|line| console::strip_ansi_codes(line).into_owned()).collect();
    assert_eq!(plain, at_columns(120));
    assert!(lines[2].contains("\u{1b}[33mparked"), "{:?}", lines[2]);
}

#[test]
fn requested_and_in_effect_are_told_apart() {
    let request = StopRequest { by: "bob".into(), machine: "tower".into(), at: at("2026-11-22T20:30:00Z"), fence: 1 };
    let asked = RunSummary { stop_requested: Some(request), ..summary("acme-crm", Standing::Running(holder())) };
    let told = |summary: &RunSummary| standing(summary, &Appearance::plain());
    assert_eq!(
        told(&asked),
        "running, by ada@example.com on engine-room (process 7); bob on tower asked it to stop at 2026-11-22 20:30:00 \
         UTC, which is not in effect yet"
    );
    assert!(
        table(&[listing(FIRST, Ok(asked))], at("2026-11-23T20:15:00Z"), &Appearance::plain())[1].contains("stopping")
    );
    let stopped = |cause, by: Option<&str>| {
        let machine = by.map(|_| "tower".to_owned());
        let wish = StopWish { by: by.map(str::to_owned), machine, ..StopWish::of(cause) };
        let stopped = Some(Stopped { at: at("2026-11-22T20:31:00Z"), wish });
        told(&RunSummary { stopped, ..summary("acme-crm", Standing::Interrupted) })
    };
    assert_eq!(
        stopped(StopCause::Requested, Some("bob")),
        "interrupted: bob on tower asked for it, in effect since 2026-11-22 20:31:00 UTC"
    );
    assert_eq!(
        stopped(StopCause::TerminalClosed, None),
        "interrupted: its terminal was closed at 2026-11-22 20:31:00 UTC"
    );
    assert_eq!(
        told(&summary("acme-crm", Standing::Interrupted)),
        "interrupted: its process was gone after 2026-11-22 20:20:00 UTC"
    );
}

#[test]
fn the_most_pressing_run_waits_for_an_answer_and_is_no_rehearsal() {
    let real = |run, standing| listing(run, Ok(summary("acme-crm", standing)));
    let rehearsed = runs().swap_remove(1);
    let pressing = |listed: &[Listing]| most_pressing(listed).map(|listing| listing.run.to_string());
    let listed = [rehearsed.clone(), real(FIRST, Standing::Running(holder())), real(THIRD, Standing::Interrupted)];
    assert_eq!(pressing(&listed).as_deref(), Some(THIRD));
    assert_eq!(pressing(&listed[..2]).as_deref(), Some(FIRST));
    assert_eq!(pressing(&listed[..1]).as_deref(), Some(SECOND));
    assert_eq!(pressing(&[real(FIRST, Standing::Closed(Verdict::Done))]), None);
}

#[test]
fn an_age_is_told_in_its_largest_unit() {
    let opened = 1_763_842_500_000_u64;
    let run = RunId(uuid::Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, opened / 1000, 0)));
    for (seconds, told) in [(5, "5s"), (300, "5m"), (7_300, "2h"), (200_000, "2d")] {
        let now = Timestamp::from_second(i64::try_from(opened / 1000).unwrap() + seconds).unwrap();
        assert_eq!(age(run, now), told);
    }
}
