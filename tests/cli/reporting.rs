//! Reports of real runs: in a browser, as a document, in a file.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::browser::{Browser, View};
use super::house::House;
use super::schemas::Published;

const REHEARSE: [&str; 3] = ["rehearse", "version-upgrade", "--non-interactive"];
/// Loads a report in frames of several widths and tells what is wrong with it.
const PROBE: &str = include_str!("probe.html");
/// A screenshot of more is nothing that anybody looks at.
const TALLEST: u64 = 12_000;

fn parked() -> House {
    let house = House::new();
    let told = house.hcops(&REHEARSE);
    assert_eq!(told.exit, 10, "{told}");
    house
}

fn aborted() -> House {
    let house = parked();
    let told = house.hcops(&["abort", "--non-interactive"]);
    assert_eq!(told.exit, 20, "{told}");
    house
}

fn done() -> House {
    let house = parked();
    let shown: Value = serde_json::from_str(&house.hcops(&["show", "--json"]).stdout).unwrap();
    let name = shown["needs"]["question"]["name"].as_str().unwrap().to_owned();
    let told = house.hcops(&["resume", "--confirm", &name, "--non-interactive"]);
    assert_eq!(told.exit, 0, "{told}");
    house
}

fn three_runs() -> [(&'static str, House); 3] {
    [("done", done()), ("aborted", aborted()), ("parked", parked())]
}

/// The report of the only run, in a file of this name in its house.
fn report(house: &House, file: &str) -> PathBuf {
    let told = house.hcops(&["report", "--out", file]);
    assert_eq!(told.exit, 0, "{told}");
    assert!(told.stdout.is_empty() && told.stderr.contains(file), "{told}");
    house.path(file)
}

/// Where the screenshots are left to be looked at.
fn screens() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("report-screens");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The report, looked at in frames of several widths; each frame as the probe tells it.
fn probed(browser: &Browser, house: &House, dark: bool) -> Vec<Value> {
    std::fs::write(house.path("probe.html"), PROBE).unwrap();
    let view = View { width: 1400, height: 900, dark };
    let further = ["--allow-file-access-from-files".to_owned(), "--dump-dom".to_owned()];
    let dom = browser.visit(&house.path("probe.html"), view, &further).dom;
    let told = dom.split_once("<pre id=\"seen\">").and_then(|(_, rest)| rest.split_once("</pre>")).expect(&dom).0;
    serde_json::from_str(&told.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")).unwrap()
}

fn check(frames: &[Value], dark: bool) {
    assert_eq!(frames.len(), 4);
    for frame in frames {
        assert_eq!(frame["dark"], dark);
        assert_eq!(frame["scrollWidth"], frame["width"], "it overflows");
        assert!(frame["looked"].as_u64().unwrap() > 300, "{frame}");
        assert_eq!((&frame["faint"], &frame["faults"]), (&Value::Array(vec![]), &Value::Array(vec![])));
    }
}

/// Height of the page in the frame of this width.
fn height(frames: &[Value], width: u64) -> u64 {
    let frame = frames.iter().find(|frame| frame["width"] == width).unwrap();
    frame["scrollHeight"].as_u64().unwrap().min(TALLEST)
}

fn size_of_png(path: &Path) -> (u64, u64) {
    let bytes = std::fs::read(path).unwrap();
    assert!(bytes.starts_with(b"\x89PNG") && bytes.len() > 20_000, "{} shows next to nothing", path.display());
    let number = |at: usize| u64::from(u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()));
    (number(16), number(20))
}

#[test]
fn a_done_an_aborted_and_a_parked_run_are_readable_in_a_browser() {
    let Some(browser) = Browser::find() else { return };
    for (name, house) in three_runs() {
        let page = report(&house, "report.html");
        std::fs::copy(&page, screens().join(format!("{name}.html"))).unwrap();
        let frames = probed(&browser, &house, false);
        check(&frames, false);
        check(&probed(&browser, &house, true), true);
        let views = [("desktop", 1280, false), ("phone", 390, false), ("dark", 1280, true)];
        for (view, width, dark) in views {
            let view_of = View { width, height: height(&frames, width), dark };
            let picture = screens().join(format!("{name}-{view}.png"));
            let visit = browser.visit(&page, view_of, &[format!("--screenshot={}", picture.display())]);
            assert_eq!((visit.console, visit.requests), (Vec::new(), Vec::new()), "{name} {view}");
            assert_eq!(size_of_png(&picture), (width, view_of.height));
        }
    }
}

#[test]
fn it_prints() {
    let Some(browser) = Browser::find() else { return };
    let house = done();
    let page = report(&house, "report.html");
    let paper = screens().join("done.pdf");
    let view = View { width: 1280, height: 900, dark: true };
    let further = [format!("--print-to-pdf={}", paper.display()), "--no-pdf-header-footer".to_owned()];
    let visit = browser.visit(&page, view, &further);
    assert_eq!((visit.console, visit.requests), (Vec::new(), Vec::new()));
    assert!(std::fs::read(&paper).unwrap().starts_with(b"%PDF"));
}

#[test]
fn the_documents_fit_the_published_schema() {
    let published = Published::schema("report");
    for (name, house) in three_runs() {
        let text = std::fs::read_to_string(report(&house, "report.json")).unwrap();
        let document: Value = serde_json::from_str(&text).unwrap();
        published.accept_text(&text);
        let lags = document["curves"].as_array().unwrap().iter().filter(|curve| curve["unit"] == "commits").count();
        assert_eq!(lags, 1, "{name}: the follower's lag over time");
        let steps = document["steps"].as_array().unwrap();
        let mut evidence = steps.iter().map(|step| &step["evidence"]).filter(|evidence| !evidence.is_null());
        assert!(evidence.all(|evidence| evidence["file"] == "unchanged"), "{name}");
    }
}

#[test]
fn the_form_follows_the_ending_and_the_same_journal_gives_the_same_bytes() {
    let house = aborted();
    let page = std::fs::read_to_string(report(&house, "report.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>"), "{page}");
    assert!(std::fs::read_to_string(report(&house, "report.md")).unwrap().starts_with("# Upgrade "));
    let printed = house.command(&["report", "--format", "html"]).output().unwrap().stdout;
    assert!(printed == page.as_bytes(), "on standard output as in the file, and the second time as the first");
    let as_json = house.hcops(&["report", "--output", "json"]).stdout;
    assert_eq!(serde_json::from_str::<Value>(&as_json).unwrap()["kind"], "report");
}

#[test]
fn a_file_that_cannot_be_written_is_told() {
    let house = parked();
    let told = house.hcops(&["report", "--out", "missing/report.html"]);
    assert_eq!((told.exit, told.stdout.as_str()), (2, ""), "{told}");
    assert!(told.stderr.contains("missing/report.html"), "{told}");
}

#[test]
fn evidence_that_was_changed_or_is_gone_is_told() {
    let house = parked();
    let folder = house.path(&format!("state/runs/{}/evidence", house.only_run()));
    std::fs::write(folder.join("0001-check-database.json"), "{}").unwrap();
    let kept = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
    let created = kept.into_iter().find(|path| path.to_string_lossy().ends_with("-create-follower.json")).unwrap();
    std::fs::remove_file(created).unwrap();
    let text = std::fs::read_to_string(report(&house, "report.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let became = |step: &str| {
        let steps = document["steps"].as_array().unwrap();
        steps.iter().find(|known| known["id"] == step).unwrap()["evidence"]["file"].clone()
    };
    assert_eq!((became("check-database"), became("create-follower")), ("changed".into(), "not-at-hand".into()));
    let page = std::fs::read_to_string(report(&house, "report.html")).unwrap();
    assert!(page.contains("Changed afterwards") && page.contains("Not at hand"), "{page}");
}
