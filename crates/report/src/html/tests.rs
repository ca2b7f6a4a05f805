use super::html;
use crate::Kept;
use hcops_model::{Digest, Entry, Line, Seen};

const DONE: &str = include_str!("../../../journal/src/golden/1.0-done.jsonl");
const TURNED_BACK: &str = include_str!("../../../journal/src/golden/1.0-turned-back.jsonl");
const HOSTILE: &str =
    "</title></style><script>alert(1)</script><img src=x onerror=alert(2)> \" onload=\"x \u{1b}[31m\u{0}\u{202e}z";

fn lines(text: &str) -> Vec<Line> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn page(lines: &[Line]) -> String {
    html(lines, &Kept::new()).unwrap()
}

#[test]
fn a_done_run_is_told_whole() {
    let page = page(&lines(DONE));
    for part in [
        "<h1>Upgrade acme-crm</h1>",
        "<b>Done</b>",
        "id=\"left\"",
        "id=\"timeline\"",
        "id=\"steps\"",
        "id=\"answers\"",
        "id=\"crossings\"",
        "id=\"holds\"",
        "id=\"skipped\"",
        "id=\"failures\"",
        "id=\"evidence\"",
        "id=\"requests\"",
        "point of no return",
        "writes off ",
        "id-of-sync",
        "0006-pause.json",
        "The old leader is kept.",
    ] {
        assert!(page.contains(part), "{part} is not in:\n{page}");
    }
    for line in lines(DONE) {
        if let Entry::Settled { evidence: Some(mark), .. } = line.entry {
            assert!(page.contains(mark.digest.0.as_str()), "{mark:?}");
        }
    }
}

#[test]
fn a_run_that_was_turned_back_and_one_that_waits_say_so_first() {
    let page_of_turned = page(&lines(TURNED_BACK));
    assert!(page_of_turned.contains("<b>Turned back</b>") && page_of_turned.contains(">turned back</text>"));
    let lines = lines(DONE);
    let parked = lines.iter().position(|line| matches!(line.entry, Entry::Parked { .. })).unwrap();
    let page_of_parked = page(&lines[..=parked]);
    assert!(page_of_parked.contains("<b>Waits for a person</b>"));
    assert!(page_of_parked.contains("<pre><code>hcops resume 01987000-0000-7000-8000-000000000001 --approve "));
}

#[test]
fn the_same_journal_gives_the_same_bytes() {
    assert_eq!(page(&lines(DONE)), page(&lines(DONE)));
}

#[test]
fn nothing_is_fetched_or_run() {
    for text in [DONE, TURNED_BACK] {
        let page = page(&lines(text));
        for mark in ["<script", "<img", "<link", "<iframe", "src=", "@import", "url(", "javascript:"] {
            assert!(!page.contains(mark), "{mark}");
        }
        assert!(page.contains("default-src 'none'"));
        assert!(page.split("href=\"").skip(1).all(|rest| rest.starts_with('#')), "every link stays on the page");
    }
}

/// Every text of every line, replaced by what somebody hostile would write.
fn hostile(lines: &[Line]) -> Vec<Line> {
    lines.iter().map(|line| Line { entry: with_hostile_texts(&line.entry), ..line.clone() }).collect()
}

fn with_hostile_texts(entry: &Entry) -> Entry {
    let hostile = || HOSTILE.to_owned();
    let mut entry = entry.clone();
    match &mut entry {
        Entry::Opened { tool, by, plan, origin, .. } => {
            (*tool, *by, *origin) = (hostile(), hostile(), hostile());
            plan.resource = Some(hostile());
            (plan.title, plan.app, plan.procedure) = (hostile(), hostile(), hostile());
            plan.notices.push(hostile());
            plan.inputs.insert(hostile(), HOSTILE.into());
            for step in &mut plan.steps {
                (step.title, step.why) = (hostile(), hostile());
            }
        }
        Entry::Leased { by, holder, .. } => (*by, *holder) = (hostile(), hostile()),
        Entry::Asked { question } => (question.text, question.shown) = (hostile(), vec![hostile()]),
        Entry::Confirmed { by, how, given, shown, .. } => {
            (*by, *how, *given, *shown) = (hostile(), hostile(), hostile(), vec![hostile()]);
        }
        Entry::Intended { intent } => intent.will = vec![hostile()],
        Entry::Received { receipt, .. } => receipt.said = hostile(),
        Entry::Answered { answer, by, how, .. } => (*answer, *by, *how) = (hostile(), hostile(), hostile()),
        Entry::Faulted { fault, .. } => {
            (fault.saw, fault.remedy, fault.command) = (hostile(), hostile(), Some(hostile()));
            fault.requests.iter_mut().for_each(|request| request.request_id = Some(hostile()));
        }
        Entry::Observed { sight, requests, .. } => {
            *sight = Seen::Blocked { why: hostile(), remedy: hostile() };
            requests.iter_mut().for_each(|request| (request.target, request.request_id) = (hostile(), Some(hostile())));
        }
        Entry::Settled { output, evidence, .. } => {
            *output = serde_json::json!({ "seen": HOSTILE, "removed_by": HOSTILE });
            evidence.iter_mut().for_each(|mark| mark.name = hostile());
        }
        Entry::Waived { by, reason, .. } => (*by, *reason) = (hostile(), hostile()),
        Entry::Crossed { name, lost, .. } => (*name, *lost) = (hostile(), hostile()),
        Entry::Parked { needs } => {
            (needs.question.text, needs.commands) = (hostile(), vec![hostile()]);
        }
        Entry::Stopped { .. } | Entry::Resumed { .. } | Entry::Aborted { .. } | Entry::Closed { .. } => {}
    }
    entry
}

#[test]
fn what_others_wrote_comes_out_as_text() {
    for text in [DONE, TURNED_BACK] {
        let lines = hostile(&lines(text));
        for length in [lines.len(), lines.len() / 2] {
            let page = page(&lines[..length]);
            for mark in ["<script", "<img", "\" onload=\"x", "\u{1b}", "\u{0}", "\u{202e}"] {
                assert!(!page.contains(mark), "{mark:?}");
            }
            assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
            assert_eq!(
                page.matches("</title>").count() - page.matches("<title").count(),
                0,
                "every title is closed once"
            );
            assert_eq!(page.matches("</style>").count(), 1);
        }
    }
}

#[test]
fn evidence_is_shown_with_what_became_of_it() {
    let lines = lines(DONE);
    let mark = lines.iter().find_map(|line| match &line.entry {
        Entry::Settled { evidence, .. } => evidence.clone(),
        _ => None,
    });
    let name = mark.unwrap().name;
    let changed = html(&lines, &Kept::from([(name.clone(), b"another".to_vec())])).unwrap();
    assert!(changed.contains("Changed afterwards: its digest is another"), "{changed}");
    let mut lines = lines;
    for line in &mut lines {
        if let Entry::Settled { evidence: Some(mark), .. } = &mut line.entry {
            mark.digest = Digest::of_bytes(b"<b>seen</b>");
        }
    }
    let unchanged = html(&lines, &Kept::from([(name, b"<b>seen</b>".to_vec())])).unwrap();
    assert!(unchanged.contains("&lt;b&gt;seen&lt;/b&gt;") && unchanged.contains("Unchanged"));
    assert!(unchanged.contains("Not at hand when this was made"), "the others");
}
