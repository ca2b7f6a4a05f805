use std::io::Read as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::case::Case;
use crate::house::House;
use crate::stage::APP;
use crate::silent::Silent;

/// Seconds within which a look has to end, with room for a busy machine.
const END: Duration = Duration::from_secs(45);

#[expect(clippy::disallowed_methods, reason = "how long a look takes on a real clock is what is tested")]
fn timed(words: &[&str], origin: &str) -> (i32, String, Duration) {
    let house = House::new().with("HEROKU_HOST", origin).with("HEROKU_API_KEY", "x");
    let begun = Instant::now();
    let mut process = house.command(words).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut told = String::new();
    process.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    (process.wait().unwrap().code().unwrap_or(-1), told, begun.elapsed())
}

#[test]
fn an_api_that_never_answers_is_told_and_given_up() {
    let Some(_case) = Case::open("api-hangs") else { return };
    let silent = Silent::start();
    let looks: [(&[&str], Option<i32>); 3] =
        [(&["status", "-a", APP], Some(32)), (&["doctor", "-a", APP], Some(32)), (&["windows", "-a", APP], None)];
    let running: Vec<_> = looks
        .map(|(words, exit)| {
            let origin = silent.origin();
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            std::thread::spawn(move || {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                (format!("{words:?}"), exit, timed(&words, &origin))
            })
        })
        .into_iter()
        .collect();
    for look in running {
        let (words, expected, (exit, told, took)) = look.join().unwrap();
        assert!(took < END, "{words} took {took:?}: {told}");
        assert!(expected.is_none_or(|expected| expected == exit) && exit != 0, "{words} ended with {exit}: {told}");
        assert!(!told.is_empty(), "{words}");
    }
}
