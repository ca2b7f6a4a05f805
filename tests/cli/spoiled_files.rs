//! Files that are spoiled by a seed, given to the command: it takes them, or refuses with words and a documented exit code.

use std::path::Path;

use serde_json::Value;

use super::house::House;
use super::simulated::{Simulator, planned};
use crate::harm::{Dice, HARMS, harm_text, harm_value, seeds};

/// The codes that the help documents; `watch` ends as the run ended, and with 130 where nobody drives it.
const DOCUMENTED: [i32; 14] = [0, 1, 2, 10, 11, 12, 13, 14, 15, 20, 30, 31, 32, 130];

struct Stage {
    _simulator: Simulator,
    house: House,
    /// A journal, and the run that it is of.
    journal: (std::path::PathBuf, String),
    /// File names with what is in them.
    whole: Vec<(&'static str, String)>,
}

impl Stage {
    fn set() -> Self {
        let simulator = Simulator::start("standard");
        let house = simulator.house();
        planned(&house);
        let exported = house.hcops(&["connect", "export", "-a", "acme-crm", "--json"]);
        assert_eq!(exported.exit, 0, "{exported}");
        let run = house.only_run();
        let journal = house.path("state/runs").join(&run).join("journal.jsonl");
        let read = |path: &Path| std::fs::read_to_string(path).unwrap();
        let configuration = r#"{"version": 1, "mappings": [{"object_name": "User", "config": {"access": "read_only",
            "fields": {"Id": {}, "Email": {}, "SystemModstamp": {}}, "indexes": {}}}]}"#;
        let whole = vec![
            ("plan.json", read(&house.path("plan.json"))),
            ("book.toml", read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("runbooks/version-upgrade-follower.toml"))),
            (
                "config.toml",
                "app = \"acme-crm\"\noutput = \"text\"\nnotify = [\"https://hooks.example/canary\"]\n".to_owned(),
            ),
            ("mappings.json", configuration.to_owned()),
            (".netrc", "machine 127.0.0.1\n  login x\n  password canary-netrc\n".to_owned()),
            ("journal", read(&journal)),
        ];
        Self { _simulator: simulator, house, journal: (journal, run), whole }
    }

    fn commands(&self, file: &str) -> Vec<Vec<&str>> {
        let run = self.journal.1.as_str();
        match file {
            "plan.json" => vec![vec!["run", "plan.json", "--approve", "00", "--non-interactive"]],
            "book.toml" => vec![
                vec!["runbook", "lint", "book.toml"],
                vec!["plan", "--runbook", "book.toml", "-a", "acme-crm", "--to", "17", "--compare", "none"],
            ],
            "config.toml" => vec![vec!["runs"]],
            "mappings.json" => vec![vec!["connect", "import", "mappings.json", "-a", "acme-crm", "--non-interactive"]],
            ".netrc" => vec![vec!["windows", "-a", "acme-crm"]],
            _ => vec![
                vec!["show", run],
                vec!["watch", run],
                vec!["report", run],
                vec!["resume", run, "--non-interactive"],
            ],
        }
    }

    fn give(&self, file: &str, bytes: &[u8]) {
        let path = if file == "journal" { self.journal.0.clone() } else { self.house.path(file) };
        std::fs::write(path, bytes).unwrap();
    }
}

#[test]
fn a_spoiled_file_is_taken_or_refused_with_words() {
    let stage = Stage::set();
    for seed in seeds(1, 3) {
        for (file, whole) in &stage.whole {
            let mut dice = Dice::for_thing(seed, file);
            let mut bytes = harm_text(whole, &mut dice);
            if let (Ok(mut value), 0) = (serde_json::from_str::<Value>(whole), dice.below(2)) {
                harm_value(&mut value, *dice.one_of(HARMS), &mut dice);
                bytes = value.to_string().into_bytes();
            }
            stage.give(file, &bytes);
            for words in stage.commands(file) {
                let mut command = stage.house.command(&words);
                match *file {
                    "config.toml" => drop(command.env("HCOPS_CONFIG", "config.toml")),
                    ".netrc" => drop(command.env_remove("HEROKU_API_KEY")),
                    _ => (),
                }
                let output = command.output().unwrap();
                let told = stage.house.told(&output);
                let about = || format!("seed {seed}, {file}, {words:?}: {told}\n{}", String::from_utf8_lossy(&bytes));
                assert!(DOCUMENTED.contains(&told.exit), "{}", about());
                assert!(!told.stderr.contains("panicked") && !told.stderr.contains("canary"), "{}", about());
                assert!(told.exit == 0 || !told.stderr.is_empty() || !told.stdout.is_empty(), "{}", about());
            }
            stage.give(file, whole.as_bytes());
        }
    }
}
