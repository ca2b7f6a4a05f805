//! Which hcops it is: version, commit and date.

use super::house::House;

#[test]
fn a_build_from_a_checkout_names_its_commit_and_date() {
    let short = House::new().hcops(&["-V"]);
    assert_eq!((short.exit, short.stderr.as_str()), (0, ""));
    let rest = short.stdout.trim_end().strip_prefix("hcops ").unwrap();
    let (version, built) = rest.split_once(' ').map_or((rest, None), |(version, built)| (version, Some(built)));
    assert_eq!(version, env!("CARGO_PKG_VERSION"));
    // Without a repository, as in a release archive, there is the version alone.
    let Some(built) = built else { return };
    let (commit, date) = built.trim_matches(['(', ')']).split_once(' ').unwrap();
    assert!(commit.len() >= 7 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{short}");
    let shape: String = date.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect();
    assert_eq!(shape, "0000-00-00", "{short}");
}

#[test]
fn in_full_it_also_names_compiler_and_target() {
    let (short, long) = (House::new().hcops(&["-V"]), House::new().hcops(&["--version"]));
    let lines: Vec<&str> = long.stdout.lines().collect();
    assert_eq!((lines.len(), lines[0]), (3, short.stdout.trim_end()), "{long}");
    assert!(lines[1].starts_with("rustc ") && lines[2].contains(std::env::consts::ARCH), "{long}");
}

#[test]
fn journals_keep_the_bare_version() {
    let house = House::new();
    assert_eq!(house.hcops(&["rehearse", "sync-pause", "--non-interactive", "--databases", "none"]).exit, 0);
    let journal = house.path(&format!("state/runs/{}/journal.jsonl", house.only_run()));
    let journal = std::fs::read_to_string(journal).unwrap();
    let opened: serde_json::Value = serde_json::from_str(journal.lines().next().unwrap()).unwrap();
    let text = opened.to_string();
    assert!(text.contains(&format!("\"tool\":\"{}\"", env!("CARGO_PKG_VERSION"))), "{text}");
}
