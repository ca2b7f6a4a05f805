//! A reader that stands still: a stopped terminal, a pipe that nobody reads. The run goes on, and can be stopped.

#![cfg(unix)]

use std::io::{PipeReader, Read, Write, pipe};
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use expectrl::process::unix::WaitStatus;
use expectrl::{Expect, Regex, Session};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::house::House;
use super::stopping::{Rehearsing, UNHURRIED, journal};

/// What a pipe holds on Linux; on other systems less, and then nothing fits beside the first line.
const FULL: usize = 65_536;

/// A pipe that is full, and the end at which nobody reads.
fn full_pipe() -> (PipeReader, Stdio) {
    let (reader, mut writer) = pipe().unwrap();
    if cfg!(target_os = "linux") {
        writer.write_all(&vec![b'\n'; FULL]).unwrap();
    }
    (reader, writer.into())
}

/// The exit code, if it comes in time.
fn end_of(mut process: Child) -> Option<i32> {
    let pid = process.id();
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || tell.send(process.wait().unwrap().code()));
    told.recv_timeout(Duration::from_secs(60)).unwrap_or_else(|_| {
        signal(pid, Signal::KILL);
        panic!("it stands still in a write")
    })
}

fn signal(process: u32, signal: Signal) {
    kill_process(Pid::from_raw(i32::try_from(process).unwrap()).unwrap(), signal).unwrap();
}

fn last_entry(house: &House) -> Value {
    journal(house).pop().unwrap()
}

#[test]
fn with_pipes_that_nobody_reads_the_run_goes_on_until_it_needs_a_person() {
    for form in [&["--json"][..], &["--plain", "-vv"]] {
        let house = House::new();
        let ((out_end, out), (err_end, err)) = (full_pipe(), full_pipe());
        let arguments =
            [&["rehearse", "version-upgrade", "--databases", "none", "--speed", "1000", "--non-interactive"][..], form];
        let process = house.command(&arguments.concat()).stdout(out).stderr(err).spawn().unwrap();
        assert_eq!(end_of(process), Some(10), "{form:?}");
        assert_eq!(last_entry(&house)["kind"], "parked");
        drop((out_end, err_end));
    }
}

#[test]
fn a_run_whose_lines_nobody_reads_ends_by_sigterm_and_by_hcops_stop() {
    for by_signal in [true, false] {
        let house = House::new();
        let (mut reader, out) = full_pipe();
        let arguments = [&UNHURRIED[..], &["--non-interactive", "--json"]].concat();
        let process = house.command(&arguments).stdout(out).stderr(Stdio::null()).spawn().unwrap();
        wait_for_a_run(&house);
        Rehearsing::watching(&house).until("waiting").kill();
        if by_signal {
            signal(process.id(), Signal::TERM);
        } else {
            let told = house.hcops(&["stop"]);
            assert_eq!(told.exit, 0, "{told}");
        }
        // Whoever reads again within the last seconds gets what is left, whole.
        let reading = std::thread::spawn(move || {
            let mut read = String::new();
            reader.read_to_string(&mut read).unwrap();
            read
        });
        assert_eq!(end_of(process), Some(130));
        assert_eq!(last_entry(&house)["kind"], "stopped");
        let read = reading.join().unwrap();
        let events: Vec<Value> = read.trim_start().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(events.last().unwrap()["kind"], "left");
    }
}

#[test]
fn whoever_watches_into_a_full_pipe_can_be_ended() {
    let house = House::new();
    let running = Rehearsing::begun(&house).until("waiting");
    let (reader, out) = full_pipe();
    let watching = house.command(&["watch", "--json"]).stdout(out).stderr(Stdio::null()).spawn().unwrap();
    Rehearsing::watching(&house).until("waiting").kill();
    signal(watching.id(), Signal::TERM);
    let ended = end_of(watching);
    assert!(matches!(ended, Some(130) | None), "{ended:?}: by its own doing, or by the signal before it listened");
    drop(reader);
    running.kill();
}

/// Ctrl-S stops the terminal: nothing can be written to it until Ctrl-Q.
#[test]
fn at_a_stopped_terminal_the_run_goes_on_and_can_be_ended() {
    let house = House::new().with("TERM", "xterm").with("NO_COLOR", "1");
    // It goes on by itself, so that it is no slower than it has to be to be seen at work.
    let words = ["rehearse", "version-upgrade", "--databases", "none", "--speed", "60"];
    let mut terminal = Session::spawn(house.command(&words)).unwrap();
    terminal.set_expect_timeout(Some(Duration::from_secs(60)));
    terminal.expect("Carry out this plan for acme-crm?").unwrap();
    terminal.send_line("y").unwrap();
    terminal.expect("is provisioning").unwrap();
    terminal.send("\u{13}").unwrap();
    let settled = journal(&house).iter().filter(|line| line["kind"] == "settled").count();
    let watching = (0..=settled).fold(Rehearsing::watching(&house), |watching, _| watching.until("settled"));
    watching.kill();
    signal(u32::try_from(terminal.get_process().pid().as_raw()).unwrap(), Signal::TERM);
    assert!(matches!(terminal.get_process().wait().unwrap(), WaitStatus::Exited(_, 130)));
    let stopped = last_entry(&house);
    assert_eq!((&stopped["kind"], &stopped["cause"]), (&"stopped".into(), &"terminate".into()), "{stopped}");
}

/// Whatever is asked for while nobody can see it is not answered by what is typed meanwhile.
#[test]
fn a_question_that_cannot_be_seen_is_not_answered() {
    let house = House::new().with("TERM", "xterm").with("NO_COLOR", "1");
    let hurried = ["rehearse", "version-upgrade", "--databases", "none", "--speed", "100"];
    let mut terminal = Session::spawn(house.command(&hurried)).unwrap();
    terminal.set_expect_timeout(Some(Duration::from_secs(60)));
    terminal.expect("Carry out this plan for acme-crm?").unwrap();
    terminal.send_line("y").unwrap();
    // Seconds later it may have come further on a loaded machine, but not as far as the question.
    terminal.expect(Regex("is provisioning|commits behind")).unwrap();
    terminal.send("\u{13}").unwrap();
    Rehearsing::watching(&house).until("asked").kill();
    terminal.send_line("yes").unwrap();
    terminal.send("\u{11}").unwrap();
    terminal.expect("Do you attest this?").unwrap();
    terminal.expect("Answer").unwrap();
    assert_eq!(last_entry(&house)["kind"], "asked", "the word that was typed before the question was seen is nobody's");
    terminal.send("\u{3}").unwrap();
    terminal.expect(expectrl::Eof).unwrap();
}

fn wait_for_a_run(house: &House) {
    let told = |run: std::fs::DirEntry| run.path().join("progress.json").exists();
    while !std::fs::read_dir(house.path("state/runs")).is_ok_and(|runs| runs.flatten().any(told)) {
        std::thread::yield_now();
    }
}
