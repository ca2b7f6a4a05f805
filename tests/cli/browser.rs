//! A real browser without a window, to look at pages as their readers do.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// Longer than any page takes, shorter than patience.
const AT_MOST: Duration = Duration::from_secs(90);

/// Names that a Chromium has on one system or another.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// A Chromium, each visit with a profile of its own.
pub(crate) struct Browser {
    program: PathBuf,
}

/// What came of looking at a page.
pub(crate) struct Visit {
    /// The page's elements after it was loaded, where they were asked for.
    pub(crate) dom: String,
    /// What the page wrote to the console, errors included.
    pub(crate) console: Vec<String>,
    /// What the page asked the network for. The browser's own calls home are left out; no name resolves here anyway.
    pub(crate) requests: Vec<String>,
}

/// How a page is looked at.
#[derive(Clone, Copy)]
pub(crate) struct View {
    pub(crate) width: u64,
    pub(crate) height: u64,
    pub(crate) dark: bool,
}

impl Browser {
    /// The machine's Chromium; nothing, with the reason printed, where there is none.
    #[expect(clippy::disallowed_methods, reason = "the browser is found where the machine has it")]
    pub(crate) fn find() -> Option<Self> {
        if let Some(named) = std::env::var_os("HCOPS_CHROMIUM").map(PathBuf::from) {
            return Some(Self { program: named });
        }
        let path = std::env::var_os("PATH").unwrap_or_default();
        let candidates = std::env::split_paths(&path).flat_map(|folder| NAMES.map(|name| folder.join(name)));
        let program = candidates.into_iter().find(|candidate| candidate.is_file());
        if program.is_none() {
            hcops_testing::missing("chromium", "there is no Chromium on the PATH; `scripts/chromium` installs it");
        }
        program.map(|program| Self { program })
    }

    /// Loads a file and does what the further arguments say. The browser ends by itself, or is ended.
    #[expect(clippy::disallowed_methods, reason = "the browser finds its own parts by the PATH")]
    pub(crate) fn visit(&self, page: &Path, view: View, further: &[String]) -> Visit {
        let house = TempDir::new().unwrap();
        let log = house.path().join("requests.json");
        // The pages are our own. Inside a container or as root Chromium has no sandbox to offer.
        let output = assert_cmd::Command::new(&self.program)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"])
            .args(["--no-first-run", "--disable-background-networking", "--disable-component-update"])
            .args(["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--enable-logging=stderr"])
            .arg(format!("--user-data-dir={}", house.path().join("profile").display()))
            .arg(format!("--log-net-log={}", log.display()))
            .arg(format!("--window-size={},{}", view.width, view.height))
            .arg(format!("--blink-settings=preferredColorScheme={}", u8::from(!view.dark)))
            .args(further)
            .arg(format!("file://{}", page.display()))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", house.path())
            .timeout(AT_MOST)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && !told.contains("Page load failed"), "{told}");
        Visit {
            dom: String::from_utf8_lossy(&output.stdout).into_owned(),
            console: told.lines().filter(|line| line.contains(":CONSOLE")).map(str::to_owned).collect(),
            requests: requests(&std::fs::read_to_string(log).unwrap()),
        }
    }
}

/// Addresses that a page asked for: what the browser asks for by itself has no origin.
fn requests(log: &str) -> Vec<String> {
    let log: Value = serde_json::from_str(log).expect("the browser has written its log to the end");
    let start = &log["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"];
    assert!(start.is_u64(), "the log names its kinds");
    let events = log["events"].as_array().unwrap().iter().filter(|event| event["type"] == *start);
    let of_page = events.filter(|event| event["params"]["initiator"] != "not an origin");
    of_page.filter_map(|event| event["params"]["url"].as_str()).map(str::to_owned).collect()
}

#[test]
fn a_page_that_fetches_and_fails_is_told() {
    let Some(browser) = Browser::find() else { return };
    let house = TempDir::new().unwrap();
    let page = house.path().join("bad.html");
    let text = "<!doctype html><img src='http://127.0.0.1:9/x.png'><script>console.error('told'); missing()</script>";
    std::fs::write(&page, text).unwrap();
    let view = View { width: 800, height: 600, dark: false };
    let visit = browser.visit(&page, view, &["--dump-dom".to_owned()]);
    assert_eq!(visit.requests, ["http://127.0.0.1:9/x.png"]);
    assert_eq!(visit.console.len(), 2, "{:?}", visit.console);
    assert!(visit.dom.contains("<img"), "{}", visit.dom);
}
