use super::super::testing::meaning;
use super::super::{Fragments, Runbook, Source, parse, parse_with, standalone};

const FRAGMENTS: &str = r#"# Silence.
[inputs.to]
kind = "integer"
help = "The version"

[holds.paused]
action = "connect.paused"
with   = { connection = "${connection.id}" }
why    = "Nothing may be written."
when   = [
  { fact = "connection.db_key", is = "DATABASE_URL" },
]

[step.pause]
action   = "connect.pause"
with     = { connection = "${connection.id}", region_url = "${connection.region_url}" }
title    = "Pause sync"
why      = "Nothing is written meanwhile."
expect   = { usual = "2m", limit = "30m" }
way_back = "Sync is resumed."
"#;

const BOOK: &str = r#"procedure = "own"
method    = "way"
title     = "My own"
sources   = ["none"]

[inputs.to]
use = "silence/to"

[holds.paused]
use = "silence/paused"
why = "My own reason."

# It stops here.
[[step]]
id  = "pause"
use = "silence/pause" # Pause sync

[[step]]
id    = "pause-again"
use   = "silence/pause"
title = "Pause sync again"
with  = { region_url = "https://own", more = 1 }
holds = ["paused"]
"#;

fn beside(text: &str) -> Fragments {
    Fragments::beside(vec![Source::new("mine/fragments/silence.toml", text)])
}

fn read(text: &str) -> Runbook {
    parse_with("own.toml", text, &beside(FRAGMENTS)).unwrap_or_else(|problems| panic!("{problems}"))
}

fn refusal(text: &str, fragments: &str) -> String {
    parse_with("own.toml", text, &beside(fragments)).expect_err("this should have been refused").to_string()
}

#[track_caller]
fn says(said: &str, lines: &[&str]) {
    for line in lines {
        assert!(said.contains(line), "no {line:?} in:\n{said}");
    }
}

#[test]
fn a_use_brings_the_keys_that_the_table_lacks() {
    let book = read(BOOK);
    let [pause, again] = &book.steps[..] else { panic!("{:?}", book.steps) };
    assert_eq!((pause.id.value.as_str(), pause.title.value.as_str()), ("pause", "Pause sync"));
    assert_eq!((again.id.value.as_str(), again.title.value.as_str()), ("pause-again", "Pause sync again"));
    assert_eq!(again.expect.value, pause.expect.value);
    assert_eq!(book.inputs[0].help, "The version");
    assert_eq!((book.holds[0].why.as_str(), book.holds[0].when.len()), ("My own reason.", 1));
}

#[test]
fn with_is_merged_key_by_key() {
    let book = read(BOOK);
    let merged = serde_json::json!({ "connection": "${connection.id}", "region_url": "https://own", "more": 1 });
    assert_eq!(book.steps[1].call.with.value, merged);
}

#[test]
fn written_out_it_means_the_same_and_keeps_its_comments() {
    let whole = standalone("own.toml", BOOK, &beside(FRAGMENTS)).expect("it reads");
    let again = parse("own.toml", &whole).unwrap_or_else(|problems| panic!("{problems}\n{whole}"));
    assert_eq!(meaning(&again), meaning(&read(BOOK)), "{whole}");
    assert!(whole.contains("# It stops here.\n[[step]]\nid  = \"pause\"\naction   = \"connect.pause\"\n"), "{whole}");
    assert!(whole.contains("when     = [\n  { fact ="), "as it is written in the fragment: {whole}");
    assert!(whole.contains("way_back = \"Sync is resumed.\"\n") && !whole.contains("silence/"), "{whole}");
}

#[test]
fn every_way_to_write_a_table_can_be_written_out() {
    for (from, to) in [
        (
            "[inputs.to]\nuse = \"silence/to\"",
            "[inputs]\nto = { use = \"silence/to\", kind = \"text\", help = \"All of it.\" }",
        ),
        (
            "[holds.paused]\nuse = \"silence/paused\"\nwhy = \"My own reason.\"",
            "[holds]\npaused = { use = \"silence/paused\" }",
        ),
        (
            "[holds.paused]\nuse = \"silence/paused\"\nwhy = \"My own reason.\"",
            "[holds]\npaused.use = \"silence/paused\"",
        ),
        ("with  = { region_url = \"https://own\", more = 1 }", "with.region_url = \"https://own\""),
        ("with  = { region_url = \"https://own\", more = 1 }", "with = {}"),
        ("with  = { region_url = \"https://own\", more = 1 }", "with = { region_url = \"b\", connection = \"a\" }"),
        (
            "with  = { region_url = \"https://own\", more = 1 }\nholds = [\"paused\"]",
            "[step.with]\nregion_url = \"https://own\"",
        ),
    ] {
        assert!(BOOK.contains(from), "{from}");
        let text = BOOK.replace(from, to);
        let whole = standalone("own.toml", &text, &beside(FRAGMENTS)).unwrap_or_else(|problems| panic!("{problems}"));
        let again = parse("own.toml", &whole).unwrap_or_else(|problems| panic!("{problems}\n{whole}"));
        assert_eq!(meaning(&again), meaning(&read(&text)), "{whole}");
    }
}

#[test]
fn of_two_fragments_with_one_name_the_first_file_is_used() {
    let files = ["First", "Second"].map(|title| FRAGMENTS.replace("Pause sync", title));
    let files = files.iter().map(|text| Source::new("silence.toml", text)).collect();
    let book = parse_with("own.toml", BOOK, &Fragments::beside(files)).expect("it reads");
    assert_eq!(book.steps[0].title.value, "First");
}

#[test]
fn an_unknown_fragment_is_refused_with_what_was_meant() {
    let said = refusal(&BOOK.replace("silence/pause\" #", "silence/pausse\" #"), FRAGMENTS);
    says(
        &said,
        &[
            "there is no step in the fragment `silence/pausse`",
            "own.toml:16:7",
            "^ unknown fragment",
            "did you mean `silence/pause`?",
        ],
    );
    assert!(!said.contains("has no"), "what it would have brought is not missed: {said}");
    let said = refusal(&BOOK.replace("silence/pause\" #", "pause\" #"), FRAGMENTS);
    says(&said, &["did you mean `silence/pause`?"]);
    let said = refusal(&BOOK.replace("silence/pause\" #", "silence/compare-everything\" #"), FRAGMENTS);
    says(&said, &["`silence` holds: `pause`"]);
    let said = refusal(&BOOK.replace("use = \"silence/to\"", "use = 1\nkinnd = \"text\""), FRAGMENTS);
    says(&said, &["a string is needed here, not an integer", "the input `to` has no key `kinnd`"]);
}

#[test]
fn a_mistake_in_a_fragment_is_told_once_with_its_file_and_who_uses_it() {
    let said = refusal(BOOK, &FRAGMENTS.replace("limit = \"30m\"", "limit = \"30 m\""));
    says(
        &said,
        &[
            "`30 m` is not a duration",
            "mine/fragments/silence.toml:19:36",
            "note: used by the step `pause`, own.toml:16",
        ],
    );
    assert_eq!(said.matches("error").count(), 1, "{said}");
    let said = refusal(BOOK, &FRAGMENTS.replace("way_back", "wayback"));
    says(&said, &["the step `pause` has no key `wayback`", "silence.toml:20:1", "did you mean `way_back`?"]);
    let said = refusal(BOOK, &FRAGMENTS.replace("[step.pause]", "[steps.pause]"));
    says(
        &said,
        &[
            "a file of fragments has no key `steps`",
            "silence.toml:14:2",
            "did you mean `step`?",
            "used by the step `pause`",
        ],
    );
    let said = refusal(BOOK, "[step.pause\n");
    says(&said, &["not TOML", "silence.toml:1:", "used by the step `pause`, own.toml:16"]);
    let said = refusal(BOOK, "step.pause = 1\nholds = 2\n");
    says(&said, &["`holds` holds fragments by their names"]);
}

#[test]
fn a_fragment_uses_no_other_and_has_no_id() {
    let said = refusal(BOOK, &FRAGMENTS.replace("[step.pause]", "[step.pause]\nuse = \"silence/other\"\nid = \"a\""));
    says(
        &said,
        &[
            "the fragment `silence/pause` uses another one",
            "the fragment `silence/pause` has an `id`",
            "silence.toml:15:1",
        ],
    );
}

#[test]
fn whoever_uses_a_fragment_still_says_what_is_missing() {
    let said = refusal(&BOOK.replace("id  = \"pause\"\n", ""), &FRAGMENTS.replace("why      =", "# why    ="));
    says(&said, &["step 1 has no `id`, `why`", "own.toml:14:1"]);
}

#[test]
fn no_text_makes_the_expansion_panic() {
    for end in 0..BOOK.len() {
        let _ = parse_with("torn.toml", &BOOK[..end], &beside(FRAGMENTS)).map_err(|problems| problems.to_string());
        let _ = standalone("torn.toml", &BOOK[..end], &beside(FRAGMENTS));
    }
    for end in 0..FRAGMENTS.len() {
        let _ = parse_with("own.toml", BOOK, &beside(&FRAGMENTS[..end])).map_err(|problems| problems.to_string());
    }
}
