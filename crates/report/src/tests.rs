use super::*;
use hcops_model::{Entry, Line, Question, QuestionKind, RequestMark, Seen, StepId, Verdict};

const DONE: &str = include_str!("../../journal/src/golden/1.0-done.jsonl");
const TURNED_BACK: &str = include_str!("../../journal/src/golden/1.0-turned-back.jsonl");

fn lines(text: &str) -> Vec<Line> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_done_run_is_told_with_its_answers_its_crossing_and_its_downtime() {
    let account = account(&lines(DONE), &Kept::new()).unwrap();
    assert_eq!(account.verdict, Some(Verdict::Done));
    let answers: Vec<(&str, &str)> =
        account.confirmations.iter().map(|said| (said.id.as_str(), said.answer.as_str())).collect();
    assert_eq!(answers[1..], [("outside", "yes"), ("promote", "follower-1")]);
    assert_eq!(account.confirmations[0].asked, "Carry out this plan for acme-crm?");
    assert_eq!(account.crossings[0].name, "follower-1");
    assert_eq!(account.parked, None, "it was taken up again");
    assert_eq!(account.failures.len(), 1);
    let downtime = account.downtime.unwrap();
    assert_eq!(downtime.until.unwrap().duration_since(downtime.from).as_secs().unsigned_abs(), downtime.seconds);
    let pause = account.steps.iter().find(|step| step.id.as_str() == "pause").unwrap();
    assert_eq!((pause.acts, pause.evidence.as_ref().map(|kept| kept.name.as_str())), (2, Some("0006-pause.json")));
    assert_eq!(account.steps.iter().filter(|step| matches!(step.end, StepEnd::LeftOut { .. })).count(), 1);
    assert!(account.exchanges.iter().all(|exchange| exchange.request.request_id.is_some()));
}

#[test]
fn a_refused_crossing_is_not_told_as_passed() {
    let mut refused = lines(DONE);
    let crossed = refused.iter().position(|line| matches!(line.entry, Entry::Crossed { .. })).unwrap();
    refused.truncate(crossed + 1);
    assert_eq!(account(&refused, &Kept::new()).unwrap().crossings.len(), 1);
    let Entry::Crossed { step, .. } = refused[crossed].entry.clone() else { unreachable!() };
    let fault = hcops_model::Fault::new(hcops_model::FaultKind::Refused, "403", "", "")
        .with_happened(hcops_model::Happened::No);
    let entry = Entry::Faulted { step, acting: true, fault };
    refused.push(Line { entry, ..refused[crossed].clone() });
    assert_eq!(account(&refused, &Kept::new()).unwrap().crossings.len(), 0);
}

#[test]
fn a_page_of_a_done_run() {
    let page = markdown(&lines(DONE), &Kept::new()).unwrap();
    for part in [
        "# Upgrade acme-crm",
        "| Ended | done, and seen to be done |",
        "| Step pause | done, tried 2 times |",
        "| Step caught-up | seen to be so: name caught-up-1 |",
        "| Step upgrade | found to be done |",
        "| Step left-out | left out: not needed here |",
        "## Points of no return",
        "**follower-1**. The old one.",
        "**yes** (ann@example.com, typed)",
        "request id id-of-sync",
        "- The old leader is kept.",
    ] {
        assert!(page.contains(part), "{part} is not in:\n{page}");
    }
}

#[test]
fn a_page_of_a_run_that_was_turned_back_says_what_is_not_restored() {
    let account = account(&lines(TURNED_BACK), &Kept::new()).unwrap();
    assert_eq!(account.turned_back.as_ref().unwrap().by, "ann@example.com");
    assert!(account.downtime.as_ref().unwrap().until.is_some());
    let page = markdown(&lines(TURNED_BACK), &Kept::new()).unwrap();
    for part in [
        "turned back; what was skipped is not restored",
        "| Set workers back to true | skipped by ann@example.com: a reason |",
        "| Step promote | not begun |",
        "Taken back together with create-follower: Step upgrade",
    ] {
        assert!(page.contains(part), "{part} is not in:\n{page}");
    }
}

#[test]
fn every_prefix_of_a_journal_can_be_told() {
    for text in [DONE, TURNED_BACK] {
        let lines = lines(text);
        for length in 1..=lines.len() {
            let page = markdown(&lines[..length], &Kept::new()).unwrap();
            assert_eq!(page.contains("not ended: it"), length < lines.len(), "{length}");
            assert!(json(&lines[..length], &Kept::new()).unwrap()["steps"].is_array());
            assert!(html(&lines[..length], &Kept::new()).unwrap().ends_with("</html>\n"));
        }
    }
}

#[test]
fn a_parked_run_is_told_with_the_commands_that_go_on() {
    let lines = lines(DONE);
    let parked = lines.iter().position(|line| matches!(line.entry, Entry::Parked { .. })).unwrap();
    let page = markdown(&lines[..=parked], &Kept::new()).unwrap();
    assert!(page.contains("it waits for a person"), "{page}");
    assert!(page.contains("  - `hcops resume 01987000-0000-7000-8000-000000000001 --approve "), "{page}");
    assert!(page.contains("- To be done: Step promote"), "{page}");
}

#[test]
fn without_an_opening_there_is_nothing_to_tell() {
    assert!(account(&[], &Kept::new()).unwrap_err().saw.contains("opening"));
    assert!(markdown(&lines(DONE)[1..], &Kept::new()).unwrap_err().remedy.contains("hcops run"));
}

#[test]
fn what_others_wrote_becomes_neither_markup_nor_terminal_control() {
    let mut lines = lines(DONE);
    if let Entry::Opened { plan, .. } = &mut lines[0].entry {
        plan.title = "a | \u{1b}[31m<script> `x` *y*\nz".to_owned();
        plan.steps[0].title.clone_from(&plan.title);
    }
    let page = markdown(&lines, &Kept::new()).unwrap();
    assert!(page.starts_with("# a | \\[31m&lt;script> `x` \\*y\\* z\n"), "{page}");
    assert!(page.contains("| 1 | a \\| \\[31m&lt;script>"), "{page}");
}

#[test]
fn what_stood_in_the_way_and_what_was_attested_are_told() {
    let question = |sort, text: &str| Question {
        id: "upgrade".to_owned(),
        step: Some("upgrade".into()),
        sort,
        text: text.to_owned(),
        shown: vec!["Seen: the upgrade failed".to_owned()],
        picture: None,
        in_words: false,
    };
    let mut lines = lines(DONE);
    let trouble = question(QuestionKind::Trouble { choices: Vec::new() }, "Something must be changed first.");
    let statements = vec!["Nothing else writes.".to_owned()];
    let attest = question(QuestionKind::Attest { statements }, "Is this so?");
    let (by, how) = ("ann@example.com".to_owned(), "typed".to_owned());
    let answer = Entry::Answered { question: "upgrade".to_owned(), answer: "yes".to_owned(), by, how, picture: None };
    let last = lines.last().unwrap().clone();
    for entry in [Entry::Asked { question: trouble.clone() }, Entry::Asked { question: trouble }]
        .into_iter()
        .chain([Entry::Asked { question: attest }, answer])
    {
        lines.insert(lines.len() - 1, Line { entry, ..last.clone() });
    }
    let told = account(&lines, &Kept::new()).unwrap();
    assert_eq!(told.troubles.len(), 1, "what is asked again is told once");
    let page = markdown(&lines, &Kept::new()).unwrap();
    assert!(page.contains("## What stood in the way\n") && page.contains("shown: Seen: the upgrade failed"), "{page}");
    assert!(page.contains("  - shown: Nothing else writes."), "{page}");
}

#[test]
fn what_was_seen_is_told_beside_how_a_step_ended() {
    let mut lines = lines(DONE);
    let of_last = lines.iter_mut().rev().find_map(|line| match &mut line.entry {
        Entry::Settled { output, .. } => Some(output),
        _ => None,
    });
    *of_last.unwrap() = serde_json::json!({ "seen": "It costs 50 dollars a month.", "removed_by": null });
    let page = markdown(&lines, &Kept::new()).unwrap();
    assert!(page.contains("seen to be so: It costs 50 dollars a month. |"), "{page}");
    assert!(page.contains("## What is left\n\n- It costs 50 dollars a month.\n"), "{page}");
}

#[test]
fn a_run_without_a_look_into_the_databases_says_so() {
    let mut lines = lines(DONE);
    assert_eq!(account(&lines, &Kept::new()).unwrap().compared, None, "a plan without the input says nothing");
    let Entry::Opened { plan, .. } = &mut lines[0].entry else { panic!("the first line opens the run") };
    plan.inputs.insert("compare".to_owned(), serde_json::json!("none"));
    let page = markdown(&lines, &Kept::new()).unwrap();
    assert!(page.contains("| Compared | none: hcops made no connection to the databases |"), "{page}");
}

/// The lines with this word on comparing, and with a session in every look at this step.
fn reading(word: &str, step: &str) -> Vec<Line> {
    let mut lines = lines(DONE);
    for line in &mut lines {
        match &mut line.entry {
            Entry::Opened { plan, .. } => _ = plan.inputs.insert("compare".to_owned(), serde_json::json!(word)),
            Entry::Observed { step: of, requests, .. } | Entry::Settled { step: of, requests, .. }
                if of.as_str() == step =>
            {
                requests.push(RequestMark::by_sql("acme-crm", "acme-pg"));
            }
            _ => {}
        }
    }
    lines
}

#[test]
fn a_run_in_which_any_look_read_a_database_does_not_say_that_none_did() {
    for word in ["none", "counts", "full"] {
        for step in ["caught-up", "promote", "closing", "create-follower"] {
            let lines = reading(word, step);
            let told = account(&lines, &Kept::new()).unwrap();
            let wanted = format!("{word}: no two databases were compared; read by SQL: acme-crm/acme-pg ({step})");
            assert_eq!(told.compared.as_ref(), Some(&wanted));
            assert!(told.exchanges.iter().all(|exchange| exchange.request.method != "SQL"), "that is no request");
            for page in [markdown(&lines, &Kept::new()).unwrap(), html(&lines, &Kept::new()).unwrap()] {
                assert!(page.contains(&wanted) && !page.contains("made no connection"), "{page}");
            }
        }
        let untouched = account(&reading(word, "no-step"), &Kept::new()).unwrap().compared.unwrap();
        assert_eq!(untouched.contains("made no connection"), word == "none", "{untouched}");
    }
}

#[test]
fn a_comparison_that_was_skipped_or_not_reached_is_told_as_that() {
    let with = |end: Option<Entry>| {
        let mut lines = reading("full", "no-step");
        if let Entry::Opened { plan, .. } = &mut lines[0].entry {
            let compare = plan.steps.iter_mut().find(|step| step.id.as_str() == "left-out").unwrap();
            (compare.action, compare.omitted) = ("postgres.compare".to_owned(), None);
        }
        let last = lines.last().unwrap().clone();
        let at = lines.len() - 1;
        lines.splice(at..at, end.map(|entry| Line { entry, ..last }));
        account(&lines, &Kept::new()).unwrap().compared.unwrap()
    };
    let step = || StepId::from("left-out");
    assert_eq!(with(None), "full: not begun");
    let waived = Entry::Waived { step: step(), by: "ann@example.com".to_owned(), reason: "no time".to_owned() };
    assert_eq!(with(Some(waived)), "full: skipped by ann@example.com: no time");
    let output = serde_json::json!({ "seen": "4 tables are the same" });
    let how = hcops_model::Settlement::AlreadyTrue;
    let settled = Entry::Settled { step: step(), how, output, evidence: None, requests: Vec::new() };
    assert_eq!(with(Some(settled)), "full: 4 tables are the same");
}

#[test]
fn what_is_left_is_told_in_sentences_and_not_as_programs_put_it_out() {
    let last_output = |output: serde_json::Value| {
        let mut lines = lines(DONE);
        let of_last = lines.iter_mut().rev().find_map(|line| match &mut line.entry {
            Entry::Settled { output, .. } => Some(output),
            _ => None,
        });
        *of_last.unwrap() = output;
        account(&lines, &Kept::new()).unwrap().left
    };
    for output in [
        serde_json::json!({ "state": "IDLE", "mappings": 4 }),
        serde_json::json!({ "shown": "Plan: Standard 0\nStatus: Available\nTables: 12" }),
        serde_json::json!({ "seen": "4 mappings in sync; no new write error" }),
        serde_json::json!([{ "id": 1 }]),
    ] {
        assert_eq!(last_output(output.clone()), [], "{output}");
    }
    let failed = lines(DONE).iter().position(|line| matches!(line.entry, Entry::Faulted { .. })).unwrap();
    for raw in ["it says {\"id\": \"x\"}", "one\ntwo\nthree", &"a word ".repeat(400)] {
        let mut lines = lines(DONE);
        lines.truncate(failed + 1);
        let Entry::Faulted { fault, .. } = &mut lines[failed].entry else { unreachable!() };
        fault.saw = raw.to_owned();
        let told = account(&lines, &Kept::new()).unwrap();
        assert!(told.left[0].text.contains(&told.failures[0].remedy) && told.left[0].text.len() < 400, "{told:?}");
        assert!(
            !told.left[0].text.contains(raw) && told.failures[0].saw.contains(raw),
            "word for word where it failed"
        );
    }
}

#[test]
fn the_document_has_a_version_and_fits_its_published_schema() {
    let schema = schema().to_value();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for text in [DONE, TURNED_BACK] {
        let lines = lines(text);
        for length in 1..=lines.len() {
            let document = json(&lines[..length], &Kept::new()).unwrap();
            let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{length}: {errors:#?}");
            assert_eq!((&document["v"], &document["kind"]), (&1.into(), &"report".into()));
        }
    }
    let stranger = serde_json::json!({ "v": 2, "kind": "report" });
    assert!(!validator.is_valid(&stranger), "the schema refuses what is no report");
}

#[test]
fn times_are_told_by_what_they_were_spent_with() {
    let lines = lines(DONE);
    let told = account(&lines, &Kept::new()).unwrap();
    for step in &told.steps {
        let inside =
            |span: &Span| step.began_at <= Some(span.from) && span.from < span.until && span.until <= told.newest_at;
        assert!(step.spans.iter().all(inside), "{step:?}");
        assert!(step.spans.windows(2).all(|pair| pair[0].until <= pair[1].from), "{step:?}");
    }
    let kinds: Vec<SpanKind> = told.steps.iter().flat_map(|step| &step.spans).map(|span| span.with).collect();
    assert!(kinds.contains(&SpanKind::Waiting), "{kinds:?}");
}

/// The lines with everything from the one at `index` on later by so many seconds.
fn delayed(mut lines: Vec<Line>, index: usize, seconds: i64) -> Vec<Line> {
    for line in &mut lines[index..] {
        line.at += jiff::SignedDuration::from_secs(seconds);
    }
    lines
}

#[test]
fn a_night_in_which_a_person_was_awaited_is_a_pause_and_what_went_on_is_none() {
    let lines = lines(DONE);
    let parked = lines.iter().position(|line| matches!(line.entry, Entry::Parked { .. })).unwrap();
    let told = account(&delayed(lines.clone(), parked + 1, 36_000), &Kept::new()).unwrap();
    let [pause] = &told.pauses[..] else { panic!("one pause: {:?}", told.pauses) };
    assert_eq!(pause.from, lines[parked].at);
    assert!(pause.until.duration_since(pause.from).as_secs() >= 36_000);
    let settled = lines.iter().position(|line| matches!(line.entry, Entry::Settled { .. })).unwrap();
    let told = account(&delayed(lines, settled + 1, 36_000), &Kept::new()).unwrap();
    assert!(told.pauses.iter().all(|pause| pause.until.duration_since(pause.from).as_secs() < 36_000));
}

#[test]
fn the_time_with_no_process_at_work_is_neither_the_persons_nor_a_steps() {
    let lines = lines(DONE);
    let leased = lines.iter().rposition(|line| matches!(line.entry, Entry::Leased { .. })).unwrap();
    let plain = account(&lines, &Kept::new()).unwrap();
    let told = account(&delayed(lines.clone(), leased, 3_600), &Kept::new()).unwrap();
    assert_eq!((told.spent.undriven, told.spent.person), (plain.spent.undriven + 3_600, plain.spent.person));
    assert_eq!((told.spent.driven, told.seconds), (plain.spent.driven, plain.seconds + 3_600));
    let upgrade = told.steps.iter().find(|step| step.id.as_str() == "upgrade").unwrap();
    let kinds: Vec<SpanKind> = upgrade.spans.iter().map(|span| span.with).collect();
    assert_eq!(kinds, [SpanKind::Undriven, SpanKind::Acting, SpanKind::Waiting], "it ended in its act: {upgrade:?}");
    let page = html(&delayed(lines, leased, 3_600), &Kept::new()).unwrap();
    assert!(page.contains("1 h 0 min of it with no process at work") && page.contains("bar undriven"), "{page}");
}

#[test]
fn a_clock_that_goes_back_neither_shortens_the_run_nor_hides_what_came_after() {
    let lines = lines(DONE);
    let leased = lines.iter().rposition(|line| matches!(line.entry, Entry::Leased { .. })).unwrap();
    let plain = account(&lines, &Kept::new()).unwrap();
    // Parked by a machine whose clock is an hour ahead, and taken up again by one that is right.
    let lines = delayed(delayed(lines, 4, 3_600), leased, -3_600);
    let told = account(&lines, &Kept::new()).unwrap();
    assert_eq!((told.seconds, told.spent.person + told.spent.undriven), (plain.seconds + 3_600, 3_600));
    assert_eq!(told.set_back.iter().map(|back| back.seconds).collect::<Vec<_>>(), [3_600]);
    let took = |told: &Account| told.steps.iter().map(|step| step.seconds).collect::<Vec<_>>();
    assert_eq!(took(&told), took(&plain));
    for page in [markdown(&lines, &Kept::new()).unwrap(), html(&lines, &Kept::new()).unwrap()] {
        assert!(page.contains("by 1 h 0 min; from there on times are told later"), "{page}");
    }
}

#[test]
fn who_worked_on_it_and_which_journal_it_was_are_told() {
    let lines = lines(DONE);
    let told = account(&lines, &Kept::new()).unwrap();
    let leases = lines.iter().filter(|line| matches!(line.entry, Entry::Leased { .. })).count();
    assert_eq!(told.processes.len(), leases);
    assert_eq!(told.journal.lines, lines.len() as u64);
    assert_eq!(told.journal.chain, lines.last().unwrap().chain.to_string());
    let looks = lines.iter().filter(|line| matches!(line.entry, Entry::Observed { hold: Some(_), .. })).count();
    assert_eq!(told.holds.len(), looks);
}

#[test]
fn what_a_person_skipped_is_left_to_do_and_what_the_plan_left_out_is_not() {
    let mut lines = lines(DONE);
    let settled = lines.iter().position(|line| matches!(line.entry, Entry::Settled { .. })).unwrap();
    let skip = |by: &str, step: &str| {
        let (by, reason) = (by.to_owned(), "not today".to_owned());
        Entry::Waived { step: step.into(), by, reason }
    };
    let at = lines[settled].clone();
    lines.insert(settled, Line { entry: skip("the plan", "by-plan"), ..at.clone() });
    lines.insert(settled, Line { entry: skip("ann@example.com", "by-ann"), ..at });
    let left = account(&lines, &Kept::new()).unwrap().left;
    let told: Vec<&str> =
        left.iter().map(|left| left.text.as_str()).filter(|text| text.contains("not today")).collect();
    assert_eq!(told, ["Skipped, so not done by this run: by-ann (not today)"]);
}

/// The reader of the next morning must not take a person's word for what was seen.
#[test]
fn a_run_with_a_step_that_was_attested_or_left_out_is_not_told_as_seen_to_be_done() {
    let first_settled =
        |lines: &[Line]| lines.iter().position(|line| matches!(line.entry, Entry::Settled { .. })).unwrap();
    let with = |seen: &[Entry]| {
        let mut lines = lines(DONE);
        let (at, step) = (first_settled(&lines), StepId::from("by-ann"));
        let waived = Entry::Waived { step, by: "ann@example.com".to_owned(), reason: "I saw it".to_owned() };
        let template = lines[at].clone();
        let added = seen.iter().chain([&waived]).map(|entry| Line { entry: entry.clone(), ..template.clone() });
        lines.splice(at..at, added.collect::<Vec<_>>());
        (markdown(&lines, &Kept::new()).unwrap(), html(&lines, &Kept::new()).unwrap())
    };
    let look = |sight: Seen<serde_json::Value>| {
        [Entry::Observed { step: StepId::from("by-ann"), hold: None, sight, requests: Vec::new(), proof: None }]
    };
    let blocked = Seen::Blocked { why: "17 rows differ".to_owned(), remedy: String::new() };
    let unclear = Seen::Unclear { why: "It says \"odd\"".to_owned(), ask: Vec::new() };
    for (text, page) in [with(&[]), with(&look(unclear))] {
        assert!(
            text.contains("done, except for what a person left out") && !text.contains("seen to be done"),
            "{text}"
        );
        assert!(page.contains("except for what a person left out"));
    }
    let (text, page) = with(&look(blocked));
    assert!(
        text.contains("something else was seen than a person attested") && text.contains("; something else was seen)"),
        "{text}"
    );
    assert!(page.contains("Something else was seen than a person attested") && !page.contains("is seen to be done"));
}

#[test]
fn what_failed_and_was_not_got_over_is_left_with_its_remedy() {
    let lines = lines(DONE);
    let failed = lines.iter().position(|line| matches!(line.entry, Entry::Faulted { .. })).unwrap();
    let told = account(&lines[..=failed], &Kept::new()).unwrap();
    let failure = &told.failures[0];
    assert!(told.left[0].text.contains(&failure.remedy), "{:?}", told.left);
    let over = account(&lines, &Kept::new()).unwrap();
    assert!(over.left.iter().all(|left| !left.text.contains(" failed: ")), "{:?}", over.left);
}

#[test]
fn of_what_a_way_back_does_not_reverse_only_what_stays_changed_is_left_to_do() {
    let mut lines = lines(TURNED_BACK);
    let kept = "Not taken back: Upgrade acme-crm (there is no way back)";
    for line in &mut lines {
        if let Entry::Aborted { plan, .. } = &mut line.entry {
            plan.notices = vec![kept.to_owned(), "Was so before the run and stays so: Pause".to_owned()];
        }
    }
    let told = account(&lines, &Kept::new()).unwrap();
    let left: Vec<&str> = told.left.iter().map(|left| left.text.as_str()).filter(|text| text.contains(": ")).collect();
    assert!(left.contains(&kept) && left.iter().all(|text| !text.starts_with("Was so")), "{left:?}");
    let page = markdown(&lines, &Kept::new()).unwrap();
    assert!(page.contains("## What the way back left as it was\n\n- Not taken back"), "{page}");
}

#[test]
fn evidence_that_was_changed_is_told_in_the_words_of_the_page() {
    let lines = lines(DONE);
    let name = lines.iter().find_map(|line| match &line.entry {
        Entry::Settled { evidence: Some(mark), .. } => Some(mark.name.clone()),
        _ => None,
    });
    let kept = Kept::from([(name.unwrap(), b"another".to_vec())]);
    for page in [markdown(&lines, &kept).unwrap(), html(&lines, &kept).unwrap()] {
        assert!(page.contains("Changed afterwards: its digest is another"), "{page}");
    }
}

/// The plan's title, and what a person was asked, are whatever somebody called things; a login's address holds a token.
#[test]
fn nothing_unseen_and_no_query_of_an_address_reaches_a_report() {
    let hostile = "Open https://login.example/authorize?state=canary \u{202e}\u{200b}\u{e0041}\u{2028}\u{9b}";
    let mut lines = lines(DONE);
    for line in &mut lines {
        match &mut line.entry {
            Entry::Opened { plan, .. } => plan.title = hostile.to_owned(),
            Entry::Asked { question } => {
                question.text = hostile.to_owned();
                question.shown = vec![hostile.to_owned()];
            }
            _ => {}
        }
    }
    let kept = Kept::new();
    let json = json(&lines, &kept).unwrap().to_string();
    for page in [markdown(&lines, &kept).unwrap(), html(&lines, &kept).unwrap(), json] {
        assert!(page.contains("https://login.example/authorize?…") && !page.contains("canary"), "{page}");
        let unseen = page.chars().find(|letter| *letter != '\n' && !hcops_text::plain::is_plain(*letter));
        assert_eq!(unseen, None);
    }
}
