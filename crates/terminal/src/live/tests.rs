use super::{Moment, live_lines};
use crate::board::samples::{at, fact, opened, plan, progress, step};
use crate::{Appearance, Board};
use hcops_model::{
    Crossing, DowntimeEdge, Entry, Event, Intent, Part, Plan, PlannedStep, PlannedUndo, Progress, Settlement, StepId,
    Verdict,
};

const KEYS: &str = "Ctrl-C stops at a safe point  Ctrl-Z pauses";

/// Twenty steps: a follower, then silence, the switch, and back again.
fn upgrade() -> Plan {
    let timed = |id: &str, title: &str, usual: u64| {
        let mut step = step(id, title);
        (step.expect.usual, step.expect.limit) = (usual, usual.max(60) * 6);
        step
    };
    let mut steps: Vec<PlannedStep> = (1..=4)
        .map(|number| timed(&format!("check-{number}"), &format!("Check condition {number} of acme-crm"), 5))
        .collect();
    steps.push(timed("follow", "Create the follower acme-crm-pg-1f2e3d of postgresql-curved-12345", 1200));
    steps.push(timed("catch-up", "Wait until acme-crm-pg-1f2e3d is at most 100 commits behind", 1800));
    for app in ["acme-crm", "acme-jobs", "acme-web", "acme-api"] {
        let mut quiet = timed(&format!("scale-down@{app}"), &format!("Scale everything but web of {app} to 0"), 30);
        quiet.group = Some("silence".into());
        quiet.downtime = Some(DowntimeEdge::Starts);
        quiet.undo = Some(undo(&format!("Restore the formation of {app}")));
        steps.push(quiet);
    }
    let mut promote = timed("promote", "Make acme-crm-pg-1f2e3d the database of acme-crm", 10);
    let lost = "From the first write on, the old leader is out of date.".into();
    promote.crossing = Some(Crossing { name: "acme-crm-pg-1f2e3d".into(), lost });
    steps.push(timed("upgrade", "Upgrade acme-crm-pg-1f2e3d to Postgres 17", 900));
    steps.push(timed("compare", "Compare the two databases row by row", 300));
    steps.push(promote);
    steps.push(timed("resume", "Resume sync on herokuconnect-swiftly-54348", 60));
    for app in ["acme-crm", "acme-jobs", "acme-web", "acme-api"] {
        let mut back = timed(&format!("restore@{app}"), &format!("Restore the formation of {app}"), 30);
        back.group = Some("restore".into());
        back.downtime = Some(DowntimeEdge::Ends);
        steps.push(back);
    }
    steps.push(timed("old-leader", "Say what is left of postgresql-curved-12345", 5));
    steps[4].undo = Some(undo("Destroy the follower acme-crm-pg-1f2e3d"));
    Plan { steps, ..plan() }
}

fn undo(title: &str) -> PlannedUndo {
    PlannedUndo { action: "a".into(), with: serde_json::Value::Null, title: title.into() }
}

fn intended(second: i64, step: &str) -> Event {
    let intent = Intent { step: step.into(), action: "a".into(), attempt: 1, will: Vec::new(), before: None };
    fact(second, Entry::Intended { intent })
}

fn settled(second: i64, step: &str) -> Event {
    let (step, output) = (StepId::from(step), serde_json::Value::Null);
    fact(second, Entry::Settled { step, how: Settlement::Acted, output, evidence: None, requests: Vec::new() })
}

fn waiting(second: i64, step: &str, since: i64, note: &str, part: Option<Part>) -> Event {
    let waited = u64::try_from(second - since).expect("since is earlier");
    let (step, note) = (StepId::from(step), note.to_owned());
    progress(second, Progress::Waiting { step, note, part, waited, usual: 300, limit: 1800, overdue: waited > 300 })
}

fn part(done: u64, of: u64, unit: &str) -> Option<Part> {
    Some(Part { done, of, unit: unit.into() })
}

fn up_to(last: &str) -> Board {
    let mut board = Board::default();
    let plan = upgrade();
    board.hear(&opened(plan.clone()));
    for (second, step) in (0..).step_by(60).zip(plan.steps.iter().take_while(|step| step.id.as_str() != last)) {
        board.hear(&intended(second, step.id.as_str()));
        board.hear(&settled(second + 58, step.id.as_str()));
    }
    board
}

/// A follower that catches up: 600 s into the run it is nearly there.
fn catching_up() -> Board {
    let mut board = up_to("catch-up");
    for (second, left) in (300..).step_by(20).zip([90_000_u64, 88_000, 80_000, 61_000, 40_000, 22_000, 9_000, 1_204]) {
        let note = format!("acme-crm-pg-1f2e3d is {left} commits behind; waiting for at most 100");
        board.hear(&waiting(second, "catch-up", 300, &note, part(90_000 - left, 90_000, "commits")));
    }
    board
}

/// What is seen of it: blanks at the end of a line are not.
fn seen(lines: &[String]) -> String {
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

fn picture_at(board: &Board, second: i64, columns: usize, rows: usize) -> String {
    let appearance = Appearance { columns, unicode: true, ..Appearance::plain() };
    let moment = Moment { now: at(second), turn: 0, rows, at_least: 0 };
    seen(&live_lines(board, &moment, KEYS, &appearance))
}

#[test]
fn a_follower_that_catches_up_on_a_common_terminal() {
    insta::assert_snapshot!(picture_at(&catching_up(), 445, 80, 24), @r"

    Upgrade postgresql-curved-12345 from 16 to 17 through a follower
    app acme-crm, connection herokuconnect-swiftly-54348
    ██████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  5 of 19 done, in 7m 25s

    ⠋ now    [ 6/19] Wait until acme-crm-pg-1f2e3d is at most 100 commits behind
             acme-crm-pg-1f2e3d is 1204 commits behind; waiting for at most 100
             █▇▇▅▄▂▁▁  1,204 commits behind, falling
             for 2m 25s; usually 5m; you are asked after 30m

    next     [ 7/19] Scale everything but web of acme-crm to 0  (usually 30s)
             [ 8/19] Scale everything but web of acme-jobs to 0  (usually 30s)
             [ 9/19] Scale everything but web of acme-web to 0  (usually 30s)
             and 10 more; POINT OF NO RETURN in 7 steps

    writes on; they will be off for about 22m
    abort undoes 1 step: Destroy the follower acme-crm-pg-1f2e3d
    Ctrl-C stops at a safe point  Ctrl-Z pauses
    ");
}

#[test]
fn the_same_on_a_small_terminal() {
    insta::assert_snapshot!(picture_at(&catching_up(), 445, 60, 12), @r"
    Upgrade postgresql-curved-12345 from 16 to 17 through a fol…
    █████████░░░░░░░░░░░░░░░░░░░░░░░░░░  5 of 19 done, in 7m 25s
    ⠋ now    [ 6/19] Wait until acme-crm-pg-1f2e3d is at most 1…
             acme-crm-pg-1f2e3d is 1204 commits behind; waiting
             for at most 100
             █▇▇▅▄▂▁▁  1,204 commits behind, falling
             for 2m 25s; usually 5m; you are asked after 30m
    next     [ 7/19] Scale everything but web of acme-crm to 0
    writes on; they will be off for about 22m
    ");
}

#[test]
fn the_same_where_there_is_much_room() {
    insta::assert_snapshot!(picture_at(&catching_up(), 445, 200, 50), @r"

    Upgrade postgresql-curved-12345 from 16 to 17 through a follower
    app acme-crm, connection herokuconnect-swiftly-54348
    ███████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  5 of 19 done, in 7m 25s

    ⠋ now    [ 6/19] Wait until acme-crm-pg-1f2e3d is at most 100 commits behind
             acme-crm-pg-1f2e3d is 1204 commits behind; waiting for at most 100
             █▇▇▅▄▂▁▁  1,204 commits behind, falling
             for 2m 25s; usually 5m; you are asked after 30m

    next     [ 7/19] Scale everything but web of acme-crm to 0  (usually 30s)
             [ 8/19] Scale everything but web of acme-jobs to 0  (usually 30s)
             [ 9/19] Scale everything but web of acme-web to 0  (usually 30s)
             [10/19] Scale everything but web of acme-api to 0  (usually 30s)
             [11/19] Upgrade acme-crm-pg-1f2e3d to Postgres 17  (usually 15m)
             [12/19] Compare the two databases row by row  (usually 5m)
             [13/19] POINT OF NO RETURN in 7 steps: Make acme-crm-pg-1f2e3d the database of acme-crm
             [14/19] Resume sync on herokuconnect-swiftly-54348  (usually 1m)
             [15/19] Restore the formation of acme-crm  (usually 30s)
             [16/19] Restore the formation of acme-jobs  (usually 30s)
             [17/19] Restore the formation of acme-web  (usually 30s)
             [18/19] Restore the formation of acme-api  (usually 30s)
             [19/19] Say what is left of postgresql-curved-12345  (usually 5s)

    writes on; they will be off for about 22m
    abort undoes 1 step: Destroy the follower acme-crm-pg-1f2e3d
    Ctrl-C stops at a safe point  Ctrl-Z pauses
    ");
}

/// A comparison while writes are off, longer than usual and longer than estimated.
fn over_the_estimate() -> Board {
    let mut board = up_to("compare");
    let note = "comparing public.orders\u{1b}[2J";
    board.hear(&waiting(2400, "compare", 660, note, part(3 << 29, 6 << 30, "bytes")));
    board
}

#[test]
fn a_downtime_over_its_estimate() {
    insta::assert_snapshot!(picture_at(&over_the_estimate(), 2405, 80, 24), @r"

    Upgrade postgresql-curved-12345 from 16 to 17 through a follower
    app acme-crm, connection herokuconnect-swiftly-54348
    ███████████████████████████████░░░░░░░░░░░░░░░░░░░░░░░  11 of 19 done, in 40m 5s

    ⠋ now    [12/19] Compare the two databases row by row
             comparing public.orders
             █████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░  1.50 GiB of 6.00 GiB (25%)
             for 29m 5s, longer than the usual 5m; you are asked after 30m

    next     [13/19] POINT OF NO RETURN: Make acme-crm-pg-1f2e3d the database of ac…
             [14/19] Resume sync on herokuconnect-swiftly-54348  (usually 1m)
             [15/19] Restore the formation of acme-crm  (usually 30s)
             and 4 more

    writes off for 34m 5s, 12m longer than estimated; about 7m left
    abort undoes 5 steps: Restore the formation of acme-api; Restore the formation …
    Ctrl-C stops at a safe point  Ctrl-Z pauses
    ");
}

fn side_by_side() -> Board {
    let mut board = up_to("scale-down@acme-crm");
    for (second, app) in [(360, "acme-crm"), (361, "acme-jobs"), (362, "acme-web"), (363, "acme-api")] {
        let step = format!("scale-down@{app}");
        board.hear(&intended(second, &step));
        board.hear(&waiting(second + 9, &step, second, "2 of 8 processes still answer", part(6, 8, "processes")));
    }
    board
}

#[test]
fn many_steps_side_by_side_are_told_on_a_line_each() {
    insta::assert_snapshot!(picture_at(&side_by_side(), 380, 80, 24), @r"

    Upgrade postgresql-curved-12345 from 16 to 17 through a follower
    app acme-crm, connection herokuconnect-swiftly-54348
    █████████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  6 of 19 done, in 6m 20s

    ⠋ now    [ 7/19] Scale everything but web of acme-crm to…  6 of 8 processes  20s
    ⠋ now    [ 8/19] Scale everything but web of acme-jobs t…  6 of 8 processes  19s
    ⠋ now    [ 9/19] Scale everything but web of acme-web to…  6 of 8 processes  18s
    ⠋ now    [10/19] Scale everything but web of acme-api to…  6 of 8 processes  17s

    next     [11/19] Upgrade acme-crm-pg-1f2e3d to Postgres 17  (usually 15m)
             [12/19] Compare the two databases row by row  (usually 5m)
             [13/19] POINT OF NO RETURN in 3 steps: Make acme-crm-pg-1f2e3d the dat…
             and 6 more

    writes off for 20s of about 22m; about 22m left
    abort undoes 5 steps: Restore the formation of acme-api; Restore the formation …
    Ctrl-C stops at a safe point  Ctrl-Z pauses
    ");
    insta::assert_snapshot!(picture_at(&side_by_side(), 380, 60, 8), @r"
    Upgrade postgresql-curved-12345 from 16 to 17 through a fol…
    ███████████░░░░░░░░░░░░░░░░░░░░░░░░  6 of 19 done, in 6m 20s
    ⠋ now    [ 7/19] Scale everything bu…  6 of 8 processes  20s
             and 3 more at the same time
    next     [11/19] Upgrade acme-crm-pg-1f2e3d to Postgres 17
    writes off for 20s of about 22m; about 22m left
    ");
}

fn after_the_crossing() -> Board {
    let mut board = up_to("promote");
    board.hear(&intended(800, "promote"));
    let (step, name) = (StepId::from("promote"), "acme-crm-pg-1f2e3d".to_owned());
    board.hear(&fact(801, Entry::Crossed { step, name, lost: "The old leader is out of date.".into() }));
    board
}

#[test]
fn after_the_crossing_there_is_only_forward() {
    insta::assert_snapshot!(picture_at(&after_the_crossing(), 803, 80, 24), @r"

    Upgrade postgresql-curved-12345 from 16 to 17 through a follower
    app acme-crm, connection herokuconnect-swiftly-54348
    █████████████████████████████████░░░░░░░░░░░░░░░░░░░░  12 of 19 done, in 13m 23s

    ⠋ now    [13/19] Make acme-crm-pg-1f2e3d the database of acme-crm
             for 3s; usually 10s

    next     [14/19] Resume sync on herokuconnect-swiftly-54348  (usually 1m)
             [15/19] Restore the formation of acme-crm  (usually 30s)
             [16/19] Restore the formation of acme-jobs  (usually 30s)
             [17/19] Restore the formation of acme-web  (usually 30s)
             [18/19] Restore the formation of acme-api  (usually 30s)
             [19/19] Say what is left of postgresql-curved-12345  (usually 5s)

    writes off for 7m 23s of about 22m; about 1m 40s left
    no way back any more, only forward
    Ctrl-C stops at a safe point  Ctrl-Z pauses
    ");
}

fn on_the_way_back() -> Board {
    let mut board = up_to("upgrade");
    let back = |id: &str, title: &str, edge| {
        let mut step = step(id, title);
        step.downtime = edge;
        step
    };
    let steps = vec![
        back("undo:scale-down@acme-jobs", "Restore the formation of acme-jobs", Some(DowntimeEdge::Ends)),
        back("undo:scale-down@acme-crm", "Restore the formation of acme-crm", Some(DowntimeEdge::Ends)),
        back("undo:follow", "Destroy the follower acme-crm-pg-1f2e3d", None),
    ];
    let plan = Plan { title: format!("Abort: {}", plan().title), steps, ..plan() };
    board.hear(&fact(700, Entry::Aborted { by: "ada".into(), digest: plan.digest(), plan: Box::new(plan) }));
    board.hear(&settled(710, "undo:scale-down@acme-jobs"));
    board.hear(&intended(711, "undo:scale-down@acme-crm"));
    board
}

#[test]
fn the_way_back_is_told_as_such() {
    insta::assert_snapshot!(picture_at(&on_the_way_back(), 715, 80, 24), @r"

    Abort: Upgrade postgresql-curved-12345 from 16 to 17 through a follower
    app acme-crm, connection herokuconnect-swiftly-54348
    ██████████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  1 of 3 done, in 11m 55s

    ⠋ now    [2/3] Restore the formation of acme-crm
             for 4s; usually 30s

    next     [3/3] Destroy the follower acme-crm-pg-1f2e3d  (usually 30s)

    writes off for 5m 55s; about 30s left
    on the way back: what was before is being restored
    Ctrl-C stops at a safe point  Ctrl-Z pauses
    ");
}

#[test]
fn who_comes_later_sees_what_was_done_before() {
    let mut board = Board::default();
    board.hear(&opened(upgrade()));
    let steps = ["check-1", "check-2", "check-3", "check-4"];
    let lines: Vec<_> = (10..).step_by(10).zip(steps).map(|(second, step)| line(&settled(second, step))).collect();
    board.catch_up(&lines);
    board.hear(&intended(99, "follow"));
    insta::assert_snapshot!(picture_at(&board, 100, 80, 24), @r"

    Upgrade postgresql-curved-12345 from 16 to 17 through a follower
    app acme-crm, connection herokuconnect-swiftly-54348
    ███████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  4 of 19 done, in 1m 40s

    done     [ 2/19] Check condition 2 of acme-crm
    done     [ 3/19] Check condition 3 of acme-crm
    done     [ 4/19] Check condition 4 of acme-crm
    ⠋ now    [ 5/19] Create the follower acme-crm-pg-1f2e3d of postgresql-curved-12…
             for 1s; usually 20m

    next     [ 6/19] Wait until acme-crm-pg-1f2e3d is at most 100 commits behind
             [ 7/19] Scale everything but web of acme-crm to 0  (usually 30s)
             and 12 more; POINT OF NO RETURN in 8 steps

    writes on; they will be off for about 22m
    abort undoes 1 step: Destroy the follower acme-crm-pg-1f2e3d
    Ctrl-C stops at a safe point  Ctrl-Z pauses
    ");
}

fn line(event: &Event) -> hcops_model::Line {
    match &event.happening {
        hcops_model::Happening::Fact(line) => (**line).clone(),
        hcops_model::Happening::Progress { .. } => panic!("progress is in no journal"),
    }
}

#[test]
fn in_ascii_where_the_terminal_has_no_more() {
    let moment = Moment { now: at(445), turn: 1, rows: 24, at_least: 0 };
    let lines = live_lines(&catching_up(), &moment, KEYS, &Appearance::plain());
    assert!(lines.join("").is_ascii());
    insta::assert_snapshot!(seen(&lines), @r"

    Upgrade postgresql-curved-12345 from 16 to 17 through a follower
    app acme-crm, connection herokuconnect-swiftly-54348
    [#############........................................]  5 of 19 done, in 7m 25s

    / now    [ 6/19] Wait until acme-crm-pg-1f2e3d is at most 100 commits behind
             acme-crm-pg-1f2e3d is 1204 commits behind; waiting for at most 100
             #**=:.__  1,204 commits behind, falling
             for 2m 25s; usually 5m; you are asked after 30m

    next     [ 7/19] Scale everything but web of acme-crm to 0  (usually 30s)
             [ 8/19] Scale everything but web of acme-jobs to 0  (usually 30s)
             [ 9/19] Scale everything but web of acme-web to 0  (usually 30s)
             and 10 more; POINT OF NO RETURN in 7 steps

    writes on; they will be off for about 22m
    abort undoes 1 step: Destroy the follower acme-crm-pg-1f2e3d
    Ctrl-C stops at a safe point  Ctrl-Z pauses
    ");
}

#[test]
fn nothing_is_wider_or_higher_than_the_terminal_and_nothing_steers_it() {
    for board in [catching_up(), over_the_estimate(), side_by_side(), after_the_crossing(), on_the_way_back()] {
        for columns in [60, 61, 79, 80, 120, 200] {
            for rows in [5, 8, 12, 20, 24, 50, 100] {
                for colour in [false, true] {
                    let appearance = Appearance { columns, colour, unicode: true, ..Appearance::plain() };
                    let moment = Moment { now: at(99_000), turn: 3, rows, at_least: 0 };
                    let lines = live_lines(&board, &moment, KEYS, &appearance);
                    assert!(lines.len() < rows, "{} lines in {rows} rows", lines.len());
                    for line in &lines {
                        assert!(console::measure_text_width(line) <= columns, "{columns} columns: {line}");
                        assert!(!line.contains("\u{1b}[2J") && !line.contains('\n') && !line.is_empty(), "{line:?}");
                        assert!(colour || !line.contains('\u{1b}'), "{line:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn what_matters_most_stays_on_the_smallest_terminal() {
    let lines = picture_at(&over_the_estimate(), 2405, 60, 7);
    for part in ["11 of 19 done", "Compare the two databases", "POINT OF NO RETURN", "longer than estimated"] {
        assert!(lines.contains(part), "{part} is missing in\n{lines}");
    }
}

#[test]
fn while_the_same_steps_are_underway_the_height_stays() {
    let lines = |board: &Board, at_least| {
        let moment = Moment { now: at(900), turn: 0, rows: 50, at_least };
        live_lines(board, &moment, KEYS, &Appearance::plain())
    };
    let mut board = after_the_crossing();
    let before = lines(&board, 0).len();
    board.hear(&waiting(805, "promote", 800, "the release is running", part(1, 2, "steps")));
    let with_wait = lines(&board, before).len();
    board.hear(&waiting(806, "promote", 800, "the release is running", None));
    assert!(with_wait > before);
    let after = lines(&board, with_wait);
    assert_eq!(after.len(), with_wait);
    assert_eq!(after.last().map(String::as_str), Some(KEYS), "the foot stays at the bottom");
}

#[test]
fn a_run_that_is_over_or_unknown_shows_nothing() {
    let moment = Moment { now: at(1), turn: 0, rows: 24, at_least: 9 };
    assert!(live_lines(&Board::default(), &moment, KEYS, &Appearance::plain()).is_empty());
    let mut board = catching_up();
    board.hear(&fact(900, Entry::Closed { verdict: Verdict::Done }));
    assert!(live_lines(&board, &moment, KEYS, &Appearance::plain()).is_empty());
}
