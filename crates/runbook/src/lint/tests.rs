use hcops_model::DowntimeEdge;

use super::super::testing::{EXAMPLE, Scripted, example};
use super::super::{
    Diagnostics, Hold, Runbook, Severity, Step, Subject, Test, operation_books, parse, procedure_books,
};
use super::lint;

/// What the lint finds in the example after each of these replacements, each of which must change something.
fn found_after(edits: &[(&str, &str)]) -> Diagnostics {
    let mut text = EXAMPLE.to_owned();
    for (from, to) in edits {
        assert!(text.contains(from), "the example holds no {from:?}");
        text = text.replacen(from, to, 1);
    }
    let book = parse("example.toml", &text).unwrap_or_else(|problems| panic!("{problems}"));
    lint(&book, &Scripted::all())
}

/// Exactly one thing is found after this replacement: this, with this severity.
fn one_after(from: &str, to: &str, severity: Severity, message: &str) {
    let found = found_after(&[(from, to)]);
    let messages: Vec<_> = found.iter().map(|finding| (finding.severity, finding.message.as_str())).collect();
    assert_eq!(messages, [(severity, message)], "after {from:?} became {to:?}:\n{found}");
    assert!(found.iter().all(|finding| finding.span.is_some()), "no place: {found}");
}

fn error_after(from: &str, to: &str, message: &str) {
    one_after(from, to, Severity::Error, message);
}

#[test]
fn nothing_is_found_in_the_example() {
    let found = lint(&example(), &Scripted::all());
    assert!(found.is_empty(), "{found}");
}

#[test]
fn a_finding_shows_its_line_a_caret_and_the_word_that_was_meant() {
    let found = found_after(&[("\"connect.pause\"", "\"conect.pause\""), ("${connection.name}", "${connection.nane}")]);
    insta::assert_snapshot!(found, @r#"
    error: there is no action called `conect.pause`
      --> example.toml:92:12
       |
    92 | action   = "conect.pause"
       |            ^^^^^^^^^^^^^^ unknown action
       |
       = help: did you mean `connect.pause`?

    error: there is no `nane` in `connection`
      --> example.toml:94:27
       |
    94 | title    = "Pause sync on ${connection.nane}"
       |                           ^^^^^^^^^^^^^^^^^^ leads nowhere
       |
       = help: did you mean `name`?
    "#);
}

#[test]
fn parameters_must_fit_their_action() {
    error_after(
        "with      = { database = \"${database.name}\", to = \"${inputs.to}\" }",
        "with      = { database = \"${database.name}\", too = \"${inputs.to}\" }",
        "the parameters of `postgres.followable` do not fit: unknown field `too`",
    );
    error_after(
        "app = \"${app.name}\", on = true }",
        "app = \"${app.name}\", on = \"yes\" }",
        "the parameters of `app.maintenance` do not fit: `on` is \"yes\", expected boolean",
    );
    error_after(
        "undo     = { action = \"postgres.destroy\", with = { database = \"${inputs.follower_name}\" } }",
        "undo     = { action = \"postgres.destroy\" }",
        "the parameters of `postgres.destroy` do not fit: missing field `database`",
    );
}

#[test]
fn holds_and_preflight_checks_must_exist_and_only_look() {
    error_after(
        "holds     = [\"connection-paused\",",
        "holds     = [\"connection-pause\",",
        "no hold is called `connection-pause`",
    );
    error_after(
        "action = \"connect.paused\"",
        "action = \"connect.pause\"",
        "the hold `connection-paused` names `connect.pause`, which changes the world",
    );
    error_after(
        "may_skip = true",
        "preflight = true\n[[step]]\nid = \"x\"\naction = \"connect.resume\"\nwith = { connection = \"c\" }\ntitle = \"t\"\n\
         why = \"w\"\nexpect = { usual = \"1s\", limit = \"1s\" }\nway_back = \"b\"\npreflight = true\nundone_by = \"pause\"",
        "the preflight check names `connect.resume`, which changes the world",
    );
}

#[test]
fn references_must_lead_somewhere() {
    error_after(
        "${steps.create-follower.name}\", version",
        "${steps.create-folower.name}\", version",
        "no step is called `create-folower`",
    );
    error_after(
        "${steps.create-follower.name}\", version",
        "${steps.create-follower.nmae}\", version",
        "the output of `create-follower` does not fit: there is no `nmae` in it",
    );
    error_after("plan = \"${inputs.plan}\"", "plan = \"${inputs.plam}${inputs.plan}\"", "no input is called `plam`");
    error_after("Move ${attachment.name}", "Move ${attachment.nome}", "there is no `nome`");
    error_after("Move ${attachment.name}", "Move ${attachement.name}", "there is no `attachement`");
    error_after("Web requests write.", "Web requests ${write.", "a `${` is not closed by a `}`");
    error_after("with   = { apps = \"${apps}\" }", "with   = { apps = \"${apps.name}\" }", "`apps` is a list");
    error_after("default = \"${follower_name}\"", "default = \"${folower_name}\"", "there is no `folower_name`");
}

#[test]
fn outputs_can_not_be_used_before_they_are_known() {
    let late = "`pause` has no output yet";
    let own = "`create-follower` has no output yet";
    error_after("leader = \"${database.name}\"", "leader = \"${steps.create-follower.name}\"", own);
    error_after("Check that ${database.name} can", "${steps.pause.state}", "the output of `pause` can't be used here");
    error_after("leader = \"${database.name}\"", "leader = \"${steps.pause.state}\"", late);
    error_after("with     = { app = \"${app.name}\" }\n", "with     = { app = \"${steps.pause.state}\" }\n", late);
    error_after(
        "with     = { connection = \"${connection.id}\" }\ntitle    = \"Pause",
        "with     = { connection = \"${steps.pause.state}\" }\ntitle    = \"Pause",
        late,
    );
    error_after("apps = \"${apps}\"", "apps = \"${steps.pause.state}${steps.promote}\"", "`promote` has no output yet");
    error_after(
        "with = { database = \"${inputs.follower_name}\" } }",
        "with = { database = \"${steps.create-follower.name}\" } }",
        "an undo can't use the output of its own step",
    );
    error_after(
        "${steps.create-follower.name}\", version",
        "${steps.scale-down.formation}\", version",
        "`scale-down` is made for each of `apps`, so there is not one output",
    );
}

#[test]
fn what_changes_the_world_before_the_crossing_needs_a_way_back() {
    error_after(
        "undone_by = \"create-follower\"\n",
        "",
        "`upgrade` changes the world before the point of no return and has no way back",
    );
    error_after(
        "undone_by = \"create-follower\"",
        "undone_by = \"promote\"",
        "`promote` does not come before this step",
    );
    error_after("undone_by = \"create-follower\"", "undone_by = \"followable\"", "`followable` has no undo itself");
    error_after(
        "undone_by = \"create-follower\"",
        "undone_by = \"created-follower\"",
        "no step is called `created-follower`",
    );
    error_after(
        "undone_by = \"create-follower\"",
        "undone_by = \"scale-down\"",
        "`scale-down` is made for each of several things, so it is not clear which",
    );
    error_after(
        "way_back  = \"The follower is thrown away; the leader was never touched.\"\n",
        "",
        "`upgrade` does not say what the way back is",
    );
}

#[test]
fn ids_groups_and_crossings_must_be_clear() {
    error_after("id       = \"outside-writers\"", "id       = \"pause\"", "another step is called `pause` already");
    error_after(
        "id       = \"scale-down\"\ngroup    = \"silence\"\n",
        "id       = \"scale-down\"\n",
        "the group `silence` is torn apart",
    );
    error_after(
        "id       = \"move-attachment\"\n",
        "id       = \"move-attachment\"\ngroup = \"silence\"\n",
        "the group `silence` is torn apart",
    );
    let found = found_after(&[
        ("id       = \"promote\"\n", "id       = \"promote\"\ngroup = \"switch\"\n"),
        ("id       = \"move-attachment\"\n", "id       = \"move-attachment\"\ngroup = \"switch\"\n"),
    ]);
    assert!(found.to_string().contains("`promote` crosses the point of no return beside other steps"), "{found}");
    error_after(
        "crossing = { name = \"${inputs.follower_name}\"",
        "crossing = { name = \" \"",
        "the name that is typed at the crossing is empty",
    );
    let found = found_after(&[("action   = \"postgres.promote\"", "action   = \"person.attest\"")]);
    assert!(found.to_string().contains("`person.attest` only looks, so nothing is crossed here"), "{found}");
}

#[test]
fn what_others_rely_on_can_not_be_skipped() {
    let crossing = "crossing = { name = \"${inputs.follower_name}\"";
    error_after(
        crossing,
        &format!("may_skip = true\n{crossing}"),
        "`promote` makes the change, so it can't be skipped",
    );
    let undo = "undo     = { action = \"connect.resume\"";
    let found = found_after(&[
        (undo, &format!("may_skip = true\n{undo}")),
        ("Nothing outside Heroku writes to ${database.name}.", "${steps.pause.state}"),
    ]);
    assert!(found.to_string().contains("`pause` may be skipped, and then has no output"), "{found}");
}

#[test]
fn conditions_must_be_able_to_be_met() {
    error_after("fact = \"needs_alias\"", "fact = \"needs_allias\"", "there is no `needs_allias`");
    error_after(
        "one_of = [\"attach\", \"repoint\"] }",
        "one_of = [\"attach\", \"repiont\"] }",
        "\"repiont\" is not a choice of `switch`",
    );
    error_after("{ input = \"switch\"", "{ input = \"swich\"", "no input is called `swich`");
    error_after("where = { item = \"maintenance\"", "where = { item = \"maintained\"", "there is no `maintained`");
    error_after(
        "for_each = { fact = \"apps\", as = \"app\" }",
        "for_each = { fact = \"app\", as = \"app\" }",
        "the fact `app` is not a list",
    );
    let found =
        found_after(&[("{ fact = \"further\", as = \"attachment\" }", "{ fact = \"further\", as = \"steps\" }")]);
    assert!(found.to_string().contains("`steps` already means something else"), "{found}");
}

#[test]
fn inputs_must_fit_and_be_used() {
    error_after(
        "default = \"attach\"",
        "default = \"swap\"",
        "the default of `switch` is not one of `attach`, `repoint`",
    );
    error_after(
        "kind = \"integer\"",
        "kind = \"integer\"\ndefault = \"17\"",
        "the default of `to` is not a whole number",
    );
    error_after(
        "default = \"${follower_name}\"",
        "default = \"${inputs.to}\"",
        "a default can only be a value or a fact",
    );
    one_after(", plan = \"${inputs.plan}\"", "", Severity::Warning, "nothing uses the input `plan`");
}

#[test]
fn prose_and_times_must_make_sense() {
    error_after("why      = \"Workers write whatever maintenance says.\"", "why = \" \"", "`why` is empty");
    error_after(
        "usual = \"10m\", limit = \"4h\"",
        "usual = \"5h\", limit = \"4h\"",
        "what is usual can't be longer than the limit",
    );
    error_after(
        "usual = \"10m\", limit = \"4h\"",
        "usual = \"0s\", limit = \"0s\"",
        "a limit of nothing would ask a person at once",
    );
    error_after("downtime = \"ends\"\n", "", "writes go off at `maintenance-on` and never come back");
    one_after(
        "sources   = [\"heroku-connect-maintenance-operations\", \"upgrading-heroku-postgres-databases\"]",
        "sources   = []",
        Severity::Warning,
        "the runbook names no sources",
    );
    let unused = found_after(&[
        ("holds     = [\"connection-paused\", \"apps-silent\"]", "holds = [\"apps-silent\"]"),
        ("holds    = [\"connection-paused\", \"apps-silent\"]", "holds = [\"apps-silent\"]"),
    ]);
    assert!(!unused.has_errors(), "{unused}");
    assert!(unused.to_string().contains("no step names the hold `connection-paused`"), "{unused}");
}

const GATE: &str = r#"[[step]]
id     = "gate"
action = "person.gate"
title  = "Let the downtime begin"
why    = "Nobody else decides when writes go off."
expect = { usual = "0s", limit = "1h" }

"#;

#[test]
fn somebody_lets_the_downtime_begin() {
    let unasked = "writes go off at `maintenance-on` before anybody lets the downtime begin";
    error_after(GATE, "", unasked);
    let beside = GATE.replacen("id     = \"gate\"\n", "id = \"gate\"\ngroup = \"silence\"\n", 1);
    error_after(GATE, &beside, unasked);
    let after = "[[step]]\nid       = \"outside-writers\"\n";
    let found = found_after(&[(GATE, ""), (after, &format!("{GATE}{after}"))]);
    let messages: Vec<&str> = found.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages, [unasked], "a gate behind the downtime's start is none");
    let text = found_after(&[(GATE, "")]).to_string();
    assert!(text.contains("id       = \"maintenance-on\"") && text.contains("use = \"silence/gate\""), "{text}");
    let twice = format!("{GATE}{}", GATE.replacen("\"gate\"", "\"again\"", 1));
    error_after(GATE, &twice, "`again` is a second gate");
    let found = found_after(&[(GATE, ""), ("downtime = \"starts\"\n", ""), ("downtime = \"ends\"\n", "")]);
    assert!(found.is_empty(), "where writes stay on nobody is asked: {found}");
}

fn ids<'a>(steps: impl Iterator<Item = &'a Step>) -> Vec<&'a str> {
    steps.map(|step| step.id.value.as_str()).collect()
}

/// The embedded procedures that have a gate, each with the place of it.
fn gated() -> Vec<(&'static Runbook, usize)> {
    let books = procedure_books().unwrap_or_else(|problems| panic!("{problems}"));
    let place = |book: &Runbook| book.steps.iter().position(|step| step.call.action.value == "person.gate");
    let gated: Vec<_> = books.into_iter().filter_map(|book| Some((book, place(book)?))).collect();
    assert!(gated.len() >= 7, "{}", gated.len());
    gated
}

fn name(book: &Runbook) -> (&str, &str) {
    (&book.procedure.value, &book.method.value)
}

#[test]
fn sync_is_paused_while_writes_are_still_on() {
    for (book, gate) in gated() {
        let is_pausing = |step: &&Step| matches!(step.call.action.value.as_str(), "connect.idle" | "connect.pause");
        let expected: (&[&str], &[&str]) = match name(book) {
            // What is still to be sent goes out after the apps fall silent, so sync has to run until then.
            ("connection-recreate", "import") => (&[], &["pause", "pause-new"]),
            _ => (&["connection-idle", "pause"], &[]),
        };
        let (before, after) = book.steps.split_at(gate);
        let found = (ids(before.iter().filter(is_pausing)), ids(after.iter().filter(is_pausing)));
        assert_eq!(found, (expected.0.to_vec(), expected.1.to_vec()), "{:?}", name(book));
    }
}

#[test]
fn what_the_plan_rests_on_is_looked_at_again_at_each_gate() {
    for (book, gate) in gated() {
        let held: Vec<&str> = book.steps[gate].holds.iter().map(|hold| hold.value.as_str()).collect();
        let rests = |hold: &&Hold| hold.call.action.value == "app.world-as-planned";
        let found = book.holds.iter().filter(rests).any(|hold| held.contains(&hold.name.value.as_str()));
        assert!(found, "{:?}: {held:?}", name(book));
    }
}

#[test]
fn nobody_is_asked_while_writes_are_off_for_what_can_be_said_before() {
    for (book, gate) in gated() {
        let end = book.steps.iter().rposition(|step| step.downtime == Some(DowntimeEdge::Ends)).expect("an end");
        let asks = |step: &&Step| step.call.action.value.starts_with("person.");
        let found = ids(book.steps[gate + 1..end].iter().filter(asks));
        let expected: &[&str] = match name(book) {
            // It is about rows of a database that is made while writes are off, and about what was captured until then.
            ("rollback-recovery", "reload") => &["losses-by-hand"],
            _ => &[],
        };
        assert_eq!(found, expected, "{:?}", name(book));
    }
}

#[test]
fn sync_is_seen_to_work_before_the_apps_are_back_or_after() {
    for (book, _) in gated() {
        let is_end = |step: &Step| step.downtime == Some(DowntimeEdge::Ends);
        let end = book.steps.iter().position(is_end).expect("an end");
        let (before, after) = book.steps.split_at(end);
        let seen = |steps: &[Step]| -> Vec<Option<String>> {
            let looks = steps.iter().filter(|step| step.call.action.value == "connect.resumed");
            looks.map(live).collect()
        };
        assert_eq!(seen(before), [Some("synced".to_owned())], "{:?}", name(book));
        assert_eq!(seen(after), [Some("resumed".to_owned())], "{:?}", name(book));
        let live = after.iter().find(|step| step.call.action.value == "connect.resumed").expect("seen there");
        assert_eq!(live.call.with.value["live"], true, "{:?}", name(book));
    }
}

/// The choice of `live` that the step hangs on.
fn live(step: &Step) -> Option<String> {
    step.when.iter().find_map(|condition| match (&condition.subject, &condition.test) {
        (Subject::Input(input), Test::Is(choice)) if input == "live" => choice.as_str().map(str::to_owned),
        _ => None,
    })
}

#[test]
fn no_single_operation_takes_writes_off() {
    // So none of them needs a gate: whoever asks for a single step lets it begin.
    for book in operation_books() {
        assert_eq!(
            ids(book.steps.iter().filter(|step| step.downtime.is_some())),
            Vec::<&str>::new(),
            "{:?}",
            name(book)
        );
    }
}

#[test]
fn the_embedded_runbooks_hold_without_looking_at_their_actions() {
    // Their actions are checked where the registry is at hand; here is everything that can be said without it.
    for embedded in super::super::library() {
        let book = parse(embedded.file_name, embedded.text).unwrap_or_else(|problems| panic!("{problems}"));
        let found = lint(&book, &Scripted::none());
        let own = found.iter().filter(|finding| !finding.message.starts_with("there is no action called"));
        let own: Vec<&str> = own.map(|finding| finding.message.as_str()).collect();
        assert_eq!(own, Vec::<&str>::new(), "{}", embedded.file_name);
    }
}

#[test]
fn a_break_is_final_from_an_act_that_looks_at_the_hold() {
    let why = "why    = \"What is written to the old database now is lost.\"";
    let with = |finality: &str| format!("{why}\nfinal  = {finality}");
    let fits = with(r#"{ from = "upgrade", lost = "What ${database.name} has.", proves = true }"#);
    assert!(found_after(&[(why, &fits)]).is_empty());
    for (finality, message) in [
        (r#"{ from = "upgarde", lost = "All." }"#, "no step is called `upgarde`"),
        (r#"{ from = "keep-alias", lost = "All." }"#, "the step `keep-alias` does not name the hold `apps-silent`"),
    ] {
        error_after(why, &with(finality), message);
    }
}
