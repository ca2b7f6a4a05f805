//! The rules of `docs/architecture.md`, read off the source: which crate may use which, how large the model may grow, and at
//! which doors the program touches the world. And what the code says of Heroku is followed to the pages where those facts
//! stand.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A crate: its name, the crates of this workspace that it may use, and what another arrow would break. That no two use each
/// other is Cargo's to say.
struct Crate {
    name: &'static str,
    may_use: &'static [&'static str],
    why: &'static str,
}

const fn may_use(name: &'static str, may_use: &'static [&'static str], why: &'static str) -> Crate {
    Crate { name, may_use, why }
}

const CRATES: [Crate; 18] = [
    may_use("text", &[], "what acts on texts knows nothing of what they are about"),
    may_use("programs", &[], "a program is found the same way for everybody"),
    may_use("secrets", &[], "a secret masks itself, whoever holds it"),
    may_use("model", &["secrets"], "everybody speaks the words of the model, so they lean on nothing"),
    may_use(
        "heroku",
        &["model", "programs", "secrets", "text"],
        "a client knows the service and nothing of what it is used for",
    ),
    may_use("database", &["model", "text"], "looking into a database needs no other part of the program"),
    may_use("survey", &["model", "heroku", "database"], "a survey reads the world and plans nothing"),
    may_use(
        "health",
        &["model", "heroku", "survey", "text"],
        "a judgement is made of what was surveyed, and asks nobody, so that it is tested without an account",
    ),
    may_use(
        "actions",
        &["model", "heroku", "database", "survey", "secrets", "text"],
        "an action looks and acts; it does not know who runs it, from which file, or who watches",
    ),
    may_use(
        "runbook",
        &["model"],
        "a runbook names actions and never holds one, so it can be checked without an account",
    ),
    may_use("journal", &["model"], "what a journal says is read by everybody, so it depends on none of its readers"),
    may_use(
        "engine",
        &["model", "journal"],
        "the engine holds actions as trait objects, so a new step never touches it",
    ),
    may_use(
        "report",
        &["model", "journal", "text"],
        "a report is made from a journal alone, on a machine that has nothing else",
    ),
    may_use(
        "simulator",
        &["model", "heroku", "programs"],
        "the simulated service shares the wire types with the clients and must not depend on how it is used",
    ),
    may_use("i18n", &[], "a language knows texts and nothing of what they are about"),
    may_use(
        "terminal",
        &["model", "journal", "i18n", "programs", "secrets", "text"],
        "delete the terminal and the engine still compiles; it hears events and asks questions",
    ),
    may_use(
        "notify",
        &["model", "journal", "heroku", "text"],
        "who is told hears what everybody hears; it uses the one HTTP door and knows nothing of the account",
    ),
    may_use("testing", &["model", "simulator"], "what tests share; no crate uses it but for its tests"),
];

/// A way to touch the world, and the only places that may.
struct Door {
    what: &'static str,
    marks: &'static [&'static str],
    only_in: &'static [&'static str],
    why: &'static str,
}

const DOORS: [Door; 6] = [
    Door {
        what: "printing",
        marks: &["println!", "print!(", "eprintln!", "eprint!(", "io::stdout", "io::stderr", "clippy::print_std"],
        only_in: &["crates/terminal/src/", "src/cli/trace.rs", "crates/testing/src/lib.rs"],
        why: "one crate decides what is said on which stream; the trace of `-v` has a file of its own, and a test that is \
              skipped says so past the runner",
    },
    Door {
        what: "ending the process",
        marks: &["process::exit", "process::abort", "clippy::exit"],
        only_in: &[],
        why: "only `main` ends the process, with the exit code that the command returns",
    },
    Door {
        what: "reading or waiting on the machine's clock",
        marks: &["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now", "thread::sleep", "time::sleep"],
        only_in: &["src/cli/clock.rs", "crates/simulator/src/clock.rs"],
        why: "time comes from the clock that was handed in, so that a rehearsal takes milliseconds",
    },
    Door {
        what: "reading the environment",
        marks: &["env::var"],
        only_in: &["src/cli/environment.rs", "crates/programs/src/lib.rs", "crates/testing/src/lib.rs"],
        why: "each variable is one documented constant in one file; the PATH is for finding programs, the tests have theirs",
    },
    Door {
        what: "talking HTTP",
        marks: &["reqwest::"],
        only_in: &["crates/heroku/src/transport/"],
        why: "authorisation, retries, limits and redaction happen in one place",
    },
    Door {
        what: "lifting a fence",
        marks: &["clippy::disallowed_"],
        only_in: &[
            "src/cli/clock.rs",
            "src/cli/environment.rs",
            "crates/heroku/src/transport/",
            "crates/programs/src/lib.rs",
            "crates/simulator/src/clock.rs",
            "crates/testing/src/lib.rs",
        ],
        why: "a fence with a hole anywhere is none: go through the door, or make the new door known here",
    },
];

/// What the model must not touch, being a dictionary.
const INPUT_AND_OUTPUT: [&str; 7] = ["std::fs", "std::net", "std::io", "std::process", "std::env", "tokio", "reqwest"];

const LARGEST_MODEL: usize = 2_100;

// --- The source as it is judged ----------------------------------------------------------------------------------

/// A source file, its comments blanked, with the line from which on it is test code.
struct File {
    path: String,
    lines: Vec<String>,
    tests_from: usize,
}

impl File {
    fn read(path: String, text: &str, is_test: bool) -> Self {
        let lines: Vec<String> = text.lines().map(without_comment).collect();
        let tests_from = if is_test { 0 } else { tests_from(&lines) };
        Self { path, lines, tests_from }
    }

    /// The crate that it belongs to; nothing for the root package.
    fn home(&self) -> &str {
        let inside = self.path.strip_prefix("crates/").unwrap_or_default();
        inside.split_once('/').map_or("", |(name, _)| name)
    }
}

fn without_comment(line: &str) -> String {
    let comment = line.match_indices("//").find(|(at, _)| !line[..*at].ends_with(':'));
    comment.map_or(line, |(at, _)| &line[..at]).to_owned()
}

fn tests_from(lines: &[String]) -> usize {
    let opens = |at: &usize| {
        let next = lines.get(at + 1).map_or("", |line| line.trim());
        lines[*at].trim() == "#[cfg(test)]" && next.contains("mod ") && next.ends_with('{')
    };
    (0..lines.len()).find(opens).unwrap_or(lines.len())
}

/// The modules that a file declares for tests only, as paths without `.rs`.
fn test_modules(path: &Path, text: &str) -> Vec<PathBuf> {
    let folder = match path.file_stem().and_then(|stem| stem.to_str()) {
        Some("mod" | "lib" | "main") => path.with_file_name(""),
        _ => path.with_extension(""),
    };
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let declared = lines.windows(2).filter(|pair| pair[0] == "#[cfg(test)]");
    let names = declared.filter_map(|pair| pair[1].split("mod ").nth(1)?.strip_suffix(';'));
    names.map(|name| folder.join(name)).collect()
}

fn source() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = BTreeMap::new();
    collect(&root.join("src"), &mut texts);
    for name in folders() {
        collect(&root.join("crates").join(name).join("src"), &mut texts);
    }
    let tests: Vec<PathBuf> = texts.iter().flat_map(|(path, text)| test_modules(path, text)).collect();
    let read = |(path, text): (PathBuf, String)| {
        let is_test = tests.iter().any(|module| path.with_extension("").starts_with(module));
        let shown = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
        File::read(shown, &text, is_test)
    };
    texts.into_iter().map(read).collect()
}

/// The names of the folders in `crates/`.
fn folders() -> Vec<String> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates");
    let entries = fs::read_dir(crates).expect("the crates").map(|entry| entry.expect("an entry").file_name());
    entries.map(|name| name.to_string_lossy().into_owned()).collect()
}

fn collect(folder: &Path, texts: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(folder).expect("a folder of the source") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a source file");
            texts.insert(path, text);
        }
    }
}

// --- Who uses whom -----------------------------------------------------------------------------------------------

/// What is wrong with a crate's manifest: a crate of this workspace that it may not use. Those of its tests are left out.
fn forbidden_arrows(name: &str, manifest: &str) -> Vec<String> {
    let Some(known) = CRATES.iter().find(|known| known.name == name) else {
        return vec![format!("crates/{name}: no such crate is known here")];
    };
    let uses = manifest.split("[dependencies]").nth(1).unwrap_or_default();
    let uses = uses.split("\n[").next().unwrap_or_default().lines();
    let used = uses.filter_map(|line| line.strip_prefix("hcops-")?.split(['.', ' ']).next());
    let forbidden = used.filter(|used| !known.may_use.contains(used));
    forbidden.map(|used| format!("crates/{name}: must not use `{used}`: {}", known.why)).collect()
}

// --- Doors and the dictionary ------------------------------------------------------------------------------------

fn side_doors(file: &File) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in file.lines.iter().enumerate().take(file.tests_from) {
        for door in &DOORS {
            let open = door.only_in.iter().any(|place| file.path.starts_with(place));
            if let Some(mark) = door.marks.iter().find(|mark| !open && has_mark(line, mark)) {
                let places = if door.only_in.is_empty() { "nowhere".to_owned() } else { door.only_in.join(", ") };
                let where_ = format!("{}:{}", file.path, number + 1);
                found.push(format!("{where_}: {} (`{mark}`) is allowed in {places}: {}", door.what, door.why));
            }
        }
    }
    found
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn has_mark(line: &str, mark: &str) -> bool {
    line.match_indices(mark).any(|(at, _)| !line[..at].ends_with(is_word))
}

/// The simulator shares the wire with the clients, and is not made of them: what both got wrong would fit.
fn simulated_by_clients(file: &File) -> Vec<String> {
    let lines = file.lines.iter().enumerate().take(file.tests_from).filter(|_| file.home() == "simulator");
    let found = lines.filter(|(_, line)| has_mark(line, "Clients"));
    found.map(|(number, _)| format!("{}:{}: the simulator must not use the clients", file.path, number + 1)).collect()
}

fn dictionary_touching_the_world(file: &File) -> Vec<String> {
    if file.home() != "model" {
        return Vec::new();
    }
    let lines = file.lines.iter().enumerate();
    let touching = lines.filter_map(|(number, line)| {
        let name = INPUT_AND_OUTPUT.iter().find(|name| has_mark(line, name))?;
        Some(format!("{}:{}: the model must not use `{name}`: no I/O happens in a dictionary", file.path, number + 1))
    });
    touching.collect()
}

fn report(broken: &[String]) {
    assert!(broken.is_empty(), "\n\nThe rules of the house are broken:\n\n{}\n", broken.join("\n"));
}

#[test]
fn every_arrow_between_crates_is_an_allowed_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = folders();
    assert_eq!(folders.len(), CRATES.len());
    let manifest =
        |name: &str| fs::read_to_string(root.join("crates").join(name).join("Cargo.toml")).expect("a manifest");
    report(&folders.iter().flat_map(|name| forbidden_arrows(name, &manifest(name))).collect::<Vec<_>>());
    report(&source().iter().flat_map(simulated_by_clients).collect::<Vec<_>>());
}

#[test]
fn the_world_is_touched_at_the_doors_only() {
    report(&source().iter().flat_map(side_doors).collect::<Vec<_>>());
}

#[test]
fn the_model_is_a_dictionary_and_not_a_drawer() {
    let files = source();
    report(&files.iter().flat_map(dictionary_touching_the_world).collect::<Vec<_>>());
    let lines: usize = files.iter().filter(|file| file.home() == "model").map(|file| file.lines.len()).sum();
    assert!(lines > 0 && lines < LARGEST_MODEL, "crates/model has {lines} lines, and may have {LARGEST_MODEL} at most");
}

// --- Can these tests fail? ---------------------------------------------------------------------------------------

fn planted(path: &str, text: &str) -> File {
    File::read(path.to_owned(), text, false)
}

#[test]
fn a_planted_arrow_is_found() {
    let found = |name: &str, line: &str| {
        let manifest = format!(
            "[package]\n\n[dependencies]\nhcops-model.workspace = true\n{line}\n\n[dev-dependencies]\nhcops-simulator = {{}}\n"
        );
        forbidden_arrows(name, &manifest)
    };
    assert_eq!(found("engine", "jiff.workspace = true"), Vec::<String>::new());
    for line in ["hcops-terminal.workspace = true", "hcops-heroku = { path = \"../heroku\" }"] {
        assert!(matches!(&found("engine", line)[..], [only] if only.contains("must not use")), "{line}");
    }
    assert_eq!(found("drawer", "").len(), 1);
    let planted = planted("crates/simulator/src/world.rs", "use hcops_heroku::Clients;");
    assert_eq!(simulated_by_clients(&planted).len(), 1);
}

#[test]
fn a_planted_side_door_is_found() {
    for (path, text) in [
        ("crates/engine/src/drive.rs", "    println!(\"{}\", 1);"),
        ("src/cli/run.rs", "std::process::exit(1)"),
        ("crates/engine/src/drive.rs", "let now = Timestamp::now();"),
        ("crates/heroku/src/token.rs", "std::env::var(\"HEROKU_API_KEY\")"),
        ("crates/survey/src/lib.rs", "reqwest::get(url)"),
        ("crates/engine/src/drive.rs", "#[expect(clippy::disallowed_methods, reason = \"quicker\")]"),
    ] {
        assert_eq!(side_doors(&planted(path, text)).len(), 1, "{path}: {text}");
    }
    let inside = planted("src/cli/clock.rs", "#[expect(clippy::disallowed_methods, reason = \"\")]\nTimestamp::now()");
    assert_eq!(side_doors(&inside), Vec::<String>::new());
    assert_eq!(dictionary_touching_the_world(&planted("crates/model/src/plan.rs", "use std::fs;")).len(), 1);
    assert_eq!(dictionary_touching_the_world(&planted("crates/engine/src/a.rs", "use std::fs;")), Vec::<String>::new());
}

#[test]
fn modules_for_tests_are_told_from_others() {
    let text =
        "mod a;\n#[cfg(test)]\nmod tests;\n#[cfg(test)]\npub(crate) mod scripted;\n#[cfg(test)]\nmod inside {\n}";
    let found = test_modules(Path::new("crates/engine/src/lib.rs"), text);
    assert_eq!(found, [PathBuf::from("crates/engine/src/tests"), PathBuf::from("crates/engine/src/scripted")]);
    assert_eq!(
        test_modules(Path::new("crates/engine/src/abort.rs"), text)[0],
        PathBuf::from("crates/engine/src/abort/tests")
    );
}

// --- The judge asks nobody ---------------------------------------------------------------------------------------

/// What a judgement must not do: wait, ask a client, or look at a clock.
const ASKING: [&str; 4] = ["async", ".await", "Clients", "Clock"];

fn asking_judges(file: &File) -> Vec<String> {
    let lines = file.lines.iter().enumerate().take(file.tests_from).filter(|_| file.home() == "health");
    let asking = lines.filter_map(|(number, line)| {
        let mark = ASKING.iter().find(|mark| has_mark(line, mark))?;
        Some(format!("{}:{}: a judgement must not use `{mark}`: it is made of facts alone", file.path, number + 1))
    });
    asking.collect()
}

#[test]
fn judgements_are_made_of_facts_alone() {
    report(&source().iter().flat_map(asking_judges).collect::<Vec<_>>());
    assert_eq!(asking_judges(&planted("crates/health/src/rules/x.rs", "pub async fn judge() {}")).len(), 1);
    assert_eq!(asking_judges(&planted("crates/survey/src/take.rs", "pub async fn survey() {}")), Vec::<String>::new());
}

// --- What is said of Heroku --------------------------------------------------------------------------------------

/// Where the facts about Heroku stand.
const FACTS: &str = "docs/heroku/";

/// A folder that no reader of this repository has; facts were cited from there once.
const NOT_HERE: &str = concat!("refer", "ence/");

/// Every text below some folders, with its path from the root.
fn texts(folders: &[&str]) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut waiting: Vec<PathBuf> = folders.iter().map(|folder| root.join(folder)).collect();
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else if let Ok(text) = fs::read_to_string(&path) {
            let shown = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
            found.push((shown, text));
        }
    }
    found.sort();
    found
}

/// The headings of each page of facts, by the page's name.
fn headings() -> BTreeMap<String, Vec<String>> {
    let pages = texts(&[FACTS]).into_iter();
    let of = |text: &str| text.lines().filter_map(|line| line.strip_prefix("## ")).map(str::to_owned).collect();
    pages.map(|(path, text)| (path.trim_start_matches(FACTS).to_owned(), of(&text))).collect()
}

/// A comment over several lines as one: without the marks that begin its lines.
fn unfolded(text: &str) -> String {
    let bare = |line: &str| line.trim().trim_start_matches(['/', '!', '#', '-']).trim_start().to_owned();
    text.lines().map(bare).collect::<Vec<_>>().join(" ")
}

/// What is wrong with the citations of a text: `docs/heroku/PAGE.md, "Heading"`, more headings behind `, ` or ` and `.
fn lost_citations(path: &str, text: &str, pages: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let text = unfolded(text);
    let mut lost = Vec::new();
    for (at, _) in text.match_indices(FACTS) {
        let mut rest = &text[at + FACTS.len()..];
        let name = &rest[..rest.find(|letter: char| !letter.is_ascii_lowercase()).unwrap_or(rest.len())];
        if !rest[name.len()..].starts_with(".md") {
            continue;
        }
        let page = format!("{name}.md");
        rest = &rest[page.len()..];
        let known = pages.get(&page);
        if known.is_none() {
            lost.push(format!("{path}: there is no {FACTS}{page}"));
        }
        let mut cited = 0;
        while let Some(quoted) = rest.strip_prefix(", \"").or_else(|| rest.strip_prefix(" and \"")) {
            let (heading, behind) = quoted.split_once('"').unwrap_or((quoted, ""));
            if known.is_some_and(|headings| !headings.iter().any(|known| known == heading)) {
                lost.push(format!("{path}: {FACTS}{page} has no heading \"{heading}\""));
            }
            (rest, cited) = (behind, cited + 1);
        }
        if cited == 0 {
            lost.push(format!("{path}: {FACTS}{page} is cited without a heading"));
        }
    }
    lost
}

#[test]
fn what_is_said_of_heroku_is_found_where_it_is_cited_from() {
    let pages = headings();
    let citing = texts(&["src", "crates", "tests", "benches", "runbooks", "docs"]);
    let citations: usize = citing.iter().map(|(_, text)| text.matches(FACTS).count()).sum();
    assert!(citations > 200, "only {citations} citations were read");
    report(&citing.iter().flat_map(|(path, text)| lost_citations(path, text, &pages)).collect::<Vec<_>>());
    let rules = citing.iter().find(|(path, _)| path == "tests/cli/rules.toml").expect("the rules of the procedures");
    let from = rules.1.lines().filter_map(|line| line.strip_prefix("from = \"")?.strip_suffix('"'));
    let unknown = from.filter(|heading| !pages["procedures.md"].iter().any(|known| known == heading));
    report(
        &unknown.map(|heading| format!("{}: procedures.md has no heading \"{heading}\"", rules.0)).collect::<Vec<_>>(),
    );
}

#[test]
fn nothing_is_cited_that_no_reader_has() {
    let texts = texts(&["src", "crates", "tests", "benches", "runbooks", "docs", "scripts"]);
    let stale = texts.iter().filter(|(_, text)| text.contains(NOT_HERE));
    report(&stale.map(|(path, _)| format!("{path}: cites `{NOT_HERE}`, which is not here")).collect::<Vec<_>>());
}

#[test]
fn links_between_the_facts_lead_to_headings() {
    let pages = headings();
    let anchor = |heading: &str| {
        let kept = heading.chars().filter(|letter| letter.is_alphanumeric() || " -".contains(*letter));
        kept.collect::<String>().to_lowercase().replace(' ', "-")
    };
    let mut broken = Vec::new();
    for (path, text) in texts(&[FACTS]) {
        for target in text.split("](").skip(1).filter_map(|behind| behind.split(')').next()) {
            let Some((page, wanted)) = target.split_once('#').filter(|_| !target.contains("://")) else { continue };
            let page = if page.is_empty() { path.trim_start_matches(FACTS) } else { page };
            if !pages.get(page).is_some_and(|known| known.iter().any(|heading| anchor(heading) == wanted)) {
                broken.push(format!("{path}: {target} leads nowhere"));
            }
        }
    }
    report(&broken);
}

#[test]
fn a_citation_that_leads_nowhere_is_found() {
    let pages = BTreeMap::from([("data.md".to_owned(), vec!["Upgrade".to_owned(), "Readiness".to_owned()])]);
    let lost = |text: &str| lost_citations("x.rs", &text.replace("FACTS/", FACTS), &pages);
    for found in [
        "/// It is so (FACTS/data.md, \"Upgrade\").",
        "//! It is so (FACTS/data.md,\n//! \"Upgrade\" and\n//! \"Readiness\"): said.",
        "    // FACTS/data.md, \"Upgrade\", \"Readiness\"; FACTS/data.md, \"Readiness\".",
        "-- The folder FACTS/ is no citation.",
    ] {
        assert_eq!(lost(found), Vec::<String>::new(), "{found}");
    }
    for (nowhere, why) in [
        ("/// It is so (FACTS/gone.md, \"Upgrade\").", "there is no "),
        ("# It is so (FACTS/data.md, \"Upgrades\").", "no heading \"Upgrades\""),
        ("/// It is so (FACTS/data.md, \"Upgrade\" and\n/// \"Gone\").", "no heading \"Gone\""),
        ("/// It is so (FACTS/data.md section 3).", "without a heading"),
    ] {
        assert!(matches!(&lost(nowhere)[..], [only] if only.contains(why)), "{nowhere}: {:?}", lost(nowhere));
    }
}
