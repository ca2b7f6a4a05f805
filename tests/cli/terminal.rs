//! At a pseudo-terminal: the same procedure with its prompts.

#![cfg(unix)]

use std::time::Duration;

use expectrl::{Eof, Expect, Regex, Session};

use super::house::House;

#[test]
fn the_whole_procedure_with_its_prompts() {
    let house = House::new().with("TERM", "xterm");
    let command = house.command(&["rehearse", "version-upgrade", "--speed", "20000"]);
    let mut terminal = Session::spawn(command).unwrap();
    terminal.set_expect_timeout(Some(Duration::from_secs(60)));
    terminal.expect("POINT OF NO RETURN").unwrap();
    terminal.expect("Carry out this plan for acme-crm?").unwrap();
    terminal.send_line("y").unwrap();
    terminal.expect("Do you attest this?").unwrap();
    terminal.send_line("y").unwrap();
    terminal.expect("What becomes impossible").unwrap();
    let asked = terminal.expect(Regex("Type ([a-zA-Z0-9-]+) to cross")).unwrap();
    let name = String::from_utf8(asked.get(1).unwrap().to_vec()).unwrap();
    terminal.send_line(&name).unwrap();
    terminal.expect("writes were off for").unwrap();
    terminal.expect("Not rehearsed").unwrap();
    terminal.expect(Eof).unwrap();
}
