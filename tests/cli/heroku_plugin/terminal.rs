//! At a pseudo-terminal, and apart from any: keys and signals.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use expectrl::process::unix::WaitStatus;
use expectrl::{Eof, Expect, Session};

use super::props::with_program;
use crate::cli::heroku_command::Heroku;
use crate::cli::house::House;

fn at_a_terminal(heroku: &Heroku, house: &House, words: &[&str]) -> expectrl::session::OsSession {
    let mut terminal = Session::spawn(heroku.command(house, words)).unwrap();
    terminal.set_expect_timeout(Some(Duration::from_secs(60)));
    terminal
}

/// Reads the terminal to its end, and tells how the command ended.
fn exit_code(mut terminal: expectrl::session::OsSession) -> Option<i32> {
    terminal.expect(Eof).unwrap();
    match terminal.get_process().wait().unwrap() {
        WaitStatus::Exited(_, code) => Some(code),
        _ => None,
    }
}

#[test]
fn ctrl_c_leaves_a_run_that_can_be_resumed() {
    let Some(heroku) = Heroku::with_plugin() else { return };
    let house = heroku.furnished(House::new()).with("TERM", "xterm");
    let mut terminal = at_a_terminal(heroku, &house, &["connect:ops:rehearse", "version-upgrade", "--speed", "1000"]);
    terminal.expect("Carry out this plan for acme-crm?").unwrap();
    terminal.send_line("y").unwrap();
    terminal.expect("Do you attest this?").unwrap();
    terminal.send_line("y").unwrap();
    terminal.expect("answered outside-writers").unwrap();
    terminal.send("\u{3}").unwrap();
    terminal.expect("is not finished (exit 130)").unwrap();
    assert_eq!(exit_code(terminal), Some(130));
    let told = heroku.run(&house, &["connect:ops:resume", "--non-interactive", "--json"]);
    assert_eq!(told.exit, 10, "it goes on to the crossing: {told}");
}

#[test]
fn a_terminal_is_handed_over_whole() {
    let Some(heroku) = Heroku::with_plugin() else { return };
    let house = heroku.furnished(House::new());
    let house =
        with_program(house, "[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && read typed && echo \"heard $typed\" && exit 7");
    let mut terminal = at_a_terminal(heroku, &house, &["connect:ops:show"]);
    terminal.send_line("a word").unwrap();
    terminal.expect("heard a word").unwrap();
    assert_eq!(exit_code(terminal), Some(7));
}

/// Works until a signal comes, and then ends with a code of its own. A shell waits for a program of its background without
/// missing a signal; that the wait is bounded keeps a test that fails from leaving something behind.
const STOPPING_SAFELY: &str = r#"
for name in INT TERM HUP; do trap "echo stopped by $name; kill \$waiting; exit 42" $name; done
sleep 30 & waiting=$!
echo under way
wait"#;

/// Whoever comes back with the code of the trap has waited for it.
#[test]
fn ctrl_c_waits_for_the_safe_stop() {
    let Some(heroku) = Heroku::with_plugin() else { return };
    let house = with_program(heroku.furnished(House::new()), STOPPING_SAFELY);
    let mut terminal = at_a_terminal(heroku, &house, &["connect:ops:show"]);
    terminal.expect("under way").unwrap();
    terminal.send("\u{3}").unwrap();
    terminal.expect("stopped by INT").unwrap();
    assert_eq!(exit_code(terminal), Some(42));
}

/// Out of the terminal's reach it only hears of an interrupt that is sent on; its code tells how many were.
#[cfg(target_os = "linux")]
const OUT_OF_REACH: &str = r#"
[ "$OUT" ] || OUT=yes exec setsid "$0" "$@"
times=0
trap 'times=$((times + 1))' INT
echo under way
read word && echo heard $word
read word && echo heard $word
exit $((41 + times))"#;

/// The terminal sends an interrupt to everybody in it. Sent on, it would be a second one, which means "stop now".
#[test]
#[cfg(target_os = "linux")]
fn at_a_terminal_ctrl_c_is_not_sent_on() {
    let Some(heroku) = Heroku::with_plugin() else { return };
    let house = with_program(heroku.furnished(House::new()), OUT_OF_REACH);
    let mut terminal = at_a_terminal(heroku, &house, &["connect:ops:show"]);
    terminal.expect("under way").unwrap();
    terminal.send("\u{3}").unwrap();
    for word in ["once", "again"] {
        terminal.send_line(word).unwrap();
        terminal.expect(format!("heard {word}")).unwrap();
    }
    assert_eq!(exit_code(terminal), Some(41));
}

/// Without a terminal nobody but this process hears of an interrupt, so it is sent on.
#[test]
#[cfg(target_os = "linux")]
fn without_a_terminal_signals_are_sent_on() {
    let Some(heroku) = Heroku::with_plugin() else { return };
    let house = with_program(heroku.furnished(House::new()), STOPPING_SAFELY);
    for name in ["INT", "TERM", "HUP"] {
        let (mut process, mut lines) = apart_from_any_terminal(heroku.command(&house, &["connect:ops:show"]));
        assert_eq!(next_line(&mut lines), "under way\n");
        let pid = process.id().to_string();
        assert!(Command::new("kill").args([format!("-{name}"), pid]).status().unwrap().success());
        assert_eq!(next_line(&mut lines), format!("stopped by {name}\n"));
        assert_eq!(process.wait().unwrap().code(), Some(42), "{name}");
    }
}

#[cfg(target_os = "linux")]
fn apart_from_any_terminal(command: Command) -> (Child, BufReader<ChildStdout>) {
    let mut apart = Command::new("setsid");
    apart.arg(command.get_program()).args(command.get_args()).current_dir(command.get_current_dir().unwrap());
    apart.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let mut process = apart.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap());
    (process, lines)
}

#[cfg(target_os = "linux")]
fn next_line(lines: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    line
}
