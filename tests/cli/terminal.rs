//! At a pseudo-terminal: the same procedure with its prompts.

#![cfg(unix)]

use std::time::{Duration, Instant};

use expectrl::process::unix::WaitStatus;
use expectrl::session::OsSession;
use expectrl::{Eof, Expect, Regex, Session};

use super::house::House;

/// A pause that Heroku accepts and never carries out: after its limit a person is asked.
const STUCK: [&str; 9] = [
    "rehearse",
    "sync-pause",
    "--reason",
    "a test",
    "--databases",
    "none",
    "--fault",
    "stuck-state@POST /actions/pause",
    "--speed=20000",
];

fn at_terminal(house: &House, arguments: &[&str]) -> OsSession {
    let mut terminal = Session::spawn(house.command(arguments)).unwrap();
    terminal.set_expect_timeout(Some(Duration::from_secs(60)));
    terminal
}

/// Waits until the program reads single keys: before that a control character is the terminal's.
#[expect(clippy::disallowed_methods, reason = "it waits for another process")]
fn until_it_reads(terminal: &OsSession) {
    let began = Instant::now();
    while terminal.get_process().get_echo().unwrap() {
        assert!(began.elapsed() < Duration::from_secs(60), "no key is read");
        std::thread::yield_now();
    }
}

fn exit_of(terminal: &OsSession) -> i32 {
    match terminal.get_process().wait().unwrap() {
        WaitStatus::Exited(_, code) => code,
        other => panic!("{other:?}"),
    }
}

/// What came up to and with this text.
fn read_to(terminal: &mut OsSession, text: &str) -> String {
    let found = terminal.expect(text).unwrap();
    String::from_utf8_lossy(found.as_bytes()).into_owned()
}

fn read_to_end(terminal: &mut OsSession) -> String {
    let found = terminal.expect(Eof).unwrap();
    String::from_utf8_lossy(found.as_bytes()).into_owned()
}

/// Ctrl-Z does nothing while a question is open; who did not notice types what is meant for the shell.
#[test]
fn a_command_for_the_shell_attests_nothing() {
    let house = House::new().with("TERM", "xterm");
    let upgrade = ["rehearse", "version-upgrade", "--databases", "none", "--speed", "1000"];
    let mut terminal = at_terminal(&house, &upgrade);
    terminal.expect("Carry out this plan for acme-crm?").unwrap();
    terminal.send_line("y").unwrap();
    terminal.expect("Answer").unwrap();
    until_it_reads(&terminal);
    terminal.send("\u{1a}").unwrap();
    terminal.send_line("fg").unwrap();
    terminal.expect("That is a command for a shell").unwrap();
    terminal.expect("Answer").unwrap();
    terminal.send_line("").unwrap();
    assert!(read_to_end(&mut terminal).contains("outside-writers"));
    assert_eq!(exit_of(&terminal), 10);
    let journal =
        std::fs::read_to_string(house.path(&format!("state/runs/{}/journal.jsonl", house.only_run()))).unwrap();
    assert!(!journal.contains(r#""fg""#), "{journal}");
}

#[test]
fn the_whole_procedure_with_its_prompts() {
    let house = House::new().with("TERM", "xterm");
    let mut terminal = at_terminal(&house, &["rehearse", "version-upgrade", "--speed", "1000"]);
    terminal.expect("POINT OF NO RETURN").unwrap();
    terminal.expect("Carry out this plan for acme-crm?").unwrap();
    terminal.send_line("y").unwrap();
    terminal.expect("Do you attest this?").unwrap();
    terminal.send_line("y").unwrap();
    terminal.expect("Writes stay on until then").unwrap();
    now(&mut terminal);
    let asked = terminal.expect(Regex("Type ([a-zA-Z0-9-]+) for it")).unwrap();
    let name = String::from_utf8(asked.get(1).unwrap().to_vec()).unwrap();
    terminal.expect("Type the name, or `there`").unwrap();
    terminal.send_line(&name).unwrap();
    terminal.expect("writes were off for").unwrap();
    terminal.expect("Not rehearsed").unwrap();
    terminal.expect(Eof).unwrap();
}

/// Lets writes go off at once.
fn now(terminal: &mut OsSession) {
    terminal.expect("When may writes go off?").unwrap();
    terminal.expect("Choose with a key or the arrows, then Return.").unwrap();
    terminal.send("n\r").unwrap();
}

/// Writes stay on until a window comes, however absent-mindedly the question is answered.
#[test]
fn at_the_gate_a_return_lets_nothing_begin_and_a_window_is_waited_for() {
    let house = House::new().with("TERM", "xterm").with("NO_COLOR", "1").with("TZ", "Europe/Berlin");
    let upgrade = ["rehearse", "version-upgrade", "--databases", "none", "--speed", "20000"];
    let mut terminal = at_terminal(&house, &upgrade);
    terminal.expect("Carry out this plan for acme-crm?").unwrap();
    terminal.send_line("y").unwrap();
    terminal.expect("Do you attest this?").unwrap();
    terminal.send_line("y").unwrap();
    terminal.expect("Choose with a key or the arrows, then Return.").unwrap();
    terminal.send("\r").unwrap();
    let left = read_to_end(&mut terminal);
    assert!(left.contains("Not now: leave, and resume later") && left.contains("This run needs a person."), "{left}");
    assert_eq!(exit_of(&terminal), 10);
    let mut terminal = at_terminal(&house, &["resume", "--budget", "2h"]);
    terminal.expect("Choose with a key or the arrows, then Return.").unwrap();
    terminal.send("w\r").unwrap();
    terminal.expect("Between which hours?").unwrap();
    terminal.send_line("midnight").unwrap();
    terminal.expect("Not taken:").unwrap();
    terminal.expect("Choose with a key or the arrows, then Return.").unwrap();
    terminal.send("w\r").unwrap();
    terminal.expect("Between which hours?").unwrap();
    terminal.send_line("22:00-02:00").unwrap();
    terminal.expect("Type the name, or `there`").unwrap();
    terminal.send_line("there").unwrap();
    terminal.expect("writes stay on until").unwrap();
    terminal.send("\u{3}").unwrap();
    terminal.expect(Eof).unwrap();
    assert_eq!(exit_of(&terminal), 130);
    let run = house.only_run();
    let journal = std::fs::read_to_string(house.path(&format!("state/runs/{run}/journal.jsonl"))).unwrap();
    assert!(journal.contains("window 22:00-02:00@Europe/Berlin budget 2h"), "{journal}");
    let shown = house.hcops(&["show"]).to_string().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        shown.contains("waits for: when writes may go off: `window 22:00-02:00@Europe/Berlin budget 2h`"),
        "{shown}"
    );
    assert!(!journal.contains(r#""step":"maintenance-on:acme-crm","action""#), "writes are on: {journal}");
}

/// The crossing has the screen to itself, as wide as it is by then; what was there before is kept in the scrollback.
#[test]
fn the_crossing_fills_a_screen_that_was_resized_meanwhile() {
    let house = House::new().with("TERM", "xterm").with("NO_COLOR", "1");
    let mut terminal = at_terminal(&house, &["rehearse", "version-upgrade", "--databases", "none", "--speed", "1000"]);
    terminal.get_process_mut().set_window_size(80, 24).unwrap();
    terminal.expect("Carry out this plan for acme-crm?").unwrap();
    terminal.send_line("y").unwrap();
    terminal.expect("Do you attest this?").unwrap();
    terminal.get_process_mut().set_window_size(100, 40).unwrap();
    terminal.send_line("y").unwrap();
    now(&mut terminal);
    terminal.expect("Type the name, or `there`").unwrap();
    terminal.send_line("there").unwrap();
    let before = read_to(&mut terminal, "+-- POINT OF NO RETURN ");
    assert!(before.contains("\r\n".repeat(40).as_str()), "40 rows scroll away before it");
    let screen = read_to(&mut terminal, "Type acme-crm");
    let framed: Vec<&str> = screen.lines().map(str::trim_end).filter(|line| line.starts_with('|')).collect();
    assert!(framed.len() >= 30, "{} rows of 40 are filled", framed.len());
    assert!(framed.iter().all(|line| line.len() == 100), "{framed:#?}");
    for part in
        ["What becomes impossible:", "observed just now", "Done so far: ", "writes off for ", "The name to type:"]
    {
        assert!(screen.contains(part), "{part} is missing in\n{screen}");
    }
    terminal.send_line("").unwrap();
    terminal.expect("This run needs a person.").unwrap();
    terminal.expect(Eof).unwrap();
    assert_eq!(exit_of(&terminal), 10);
}

#[test]
fn the_live_area_follows_the_terminal() {
    let house = House::new().with("TERM", "xterm").with("NO_COLOR", "1");
    let mut terminal = at_terminal(&house, &["rehearse", "version-upgrade", "--databases", "none", "--speed", "600"]);
    terminal.get_process_mut().set_window_size(80, 24).unwrap();
    terminal.expect("Carry out this plan for acme-crm?").unwrap();
    terminal.send_line("y").unwrap();
    terminal.expect("app acme-crm, connection ").unwrap();
    terminal.expect("writes on; they will be off for about ").unwrap();
    terminal.expect("Ctrl-C stops at a safe point").unwrap();
    terminal.get_process_mut().set_window_size(60, 12).unwrap();
    let narrow = |line: &str| line.chars().count() <= 60;
    // What is drawn while the size changes may still be as wide as it was.
    terminal.expect(Regex("2K\\[[#.]{20,35}\\]  ")).unwrap();
    let drawn = read_to(&mut terminal, "Do you attest this?");
    let live = drawn.split("\u{1b}[2K").map(|part| part.split(['\r', '\n', '\u{1b}']).next().unwrap());
    let live: Vec<&str> = live.collect();
    assert!(live.len() > 10, "it was drawn");
    assert!(live.iter().all(|line| narrow(line)), "{live:#?}");
    terminal.send("\u{3}").unwrap();
    terminal.expect(Eof).unwrap();
    assert_eq!(exit_of(&terminal), 130);
}

#[test]
fn a_menu_has_its_keys_and_the_evidence_comes_back_to_it() {
    let house = House::new().with("TERM", "xterm").with("NO_COLOR", "1");
    let mut terminal = at_terminal(&house, &STUCK);
    terminal.expect("Carry out this plan for acme-crm?").unwrap();
    terminal.send_line("y").unwrap();
    let menu = read_to(&mut terminal, "Press a key, or choose with the arrows and Return.");
    for choice in ["> [w] Keep waiting", "[r] Try again", "[e] Show the evidence", "[a] Abort", "[l] Leave"] {
        assert!(menu.contains(choice), "{choice} is missing in\n{menu}");
    }
    terminal.send("e").unwrap();
    terminal.expect("Receipt: the pause was accepted").unwrap();
    let again = read_to(&mut terminal, "Press a key");
    assert!(again.contains("[w] Keep waiting") && !again.contains("[e]"), "{again}");
    terminal.send("\u{1b}[B").unwrap();
    terminal.expect("> [r] Try again").unwrap();
    terminal.send("l").unwrap();
    let chosen = read_to(&mut terminal, "What now? Leave; resume later");
    assert!(chosen.contains("\u{1b}[?25h"), "the cursor is there again");
    terminal.expect("This run needs a person.").unwrap();
    terminal.expect(Eof).unwrap();
    assert_eq!(exit_of(&terminal), 11);
}

#[test]
fn an_interrupt_in_a_menu_leaves_a_run_that_can_be_resumed() {
    let house = House::new().with("TERM", "xterm");
    let mut terminal = at_terminal(&house, &STUCK);
    terminal.expect("Carry out this plan for acme-crm?").unwrap();
    terminal.send_line("y").unwrap();
    terminal.expect("Press a key").unwrap();
    terminal.send("\u{3}").unwrap();
    let rest = read_to_end(&mut terminal);
    assert!(rest.contains("\u{1b}[?25h"), "the cursor is there again");
    assert!(rest.contains("hcops resume "), "{rest}");
    assert_eq!(exit_of(&terminal), 130);
}

#[test]
fn plainly_there_are_only_lines() {
    let arguments = [&["--plain"][..], &STUCK].concat();
    plain(&House::new().with("TERM", "xterm").with("NO_COLOR", "1"), &arguments);
}

#[test]
fn a_dumb_terminal_gets_only_lines() {
    plain(&House::new().with("TERM", "dumb").with("NO_COLOR", "1"), &STUCK);
}

fn plain(house: &House, arguments: &[&str]) {
    let mut terminal = at_terminal(house, arguments);
    let mut told = read_to(&mut terminal, "y or n: ");
    assert!(told.contains("Carry out this plan for acme-crm?"), "{told}");
    terminal.send_line("y").unwrap();
    told += &read_to(&mut terminal, "A number or a letter: ");
    assert!(told.contains("  1. [w] Keep waiting"), "{told}");
    terminal.send_line("nothing that is offered").unwrap();
    told += &read_to(&mut terminal, "A number or a letter: ");
    terminal.send_line("3").unwrap();
    told += &read_to(&mut terminal, "Receipt: the pause was accepted");
    told += &read_to(&mut terminal, "A number or a letter: ");
    terminal.send_line("l").unwrap();
    told += &read_to_end(&mut terminal);
    assert!(told.contains("This run needs a person."), "{told}");
    let strange = told.chars().find(|character| character.is_control() && !matches!(character, '\r' | '\n'));
    assert_eq!(strange, None, "{told:?}");
    assert_eq!(exit_of(&terminal), 11);
}
