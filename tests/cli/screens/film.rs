//! A command at a pseudo-terminal of a certain size, and what a person in front of it sees.

use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use expectrl::Session;
use expectrl::session::OsSession;
use vt100::{Parser, Screen};

use crate::cli::house::House;

/// How long nothing new may be on a screen until that is told.
const QUIET: Duration = Duration::from_secs(3);
/// How often in a row that may be so before the test has failed.
const PATIENCE: u32 = 30;
/// Columns that an indentation or a label takes before a word.
const ROOM_FOR_A_LABEL: usize = 10;
/// Lines that are kept after they scrolled away.
const KEPT: usize = 5_000;

/// A terminal's size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) columns: u16,
    pub(super) rows: u16,
}

/// What came of reading on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reel {
    /// The screen shows something new.
    Running,
    /// Nothing new came for a while.
    Quiet,
    /// The command has ended.
    Ended,
}

/// A command at work in a terminal.
pub(super) struct Film {
    session: OsSession,
    keys: File,
    pieces: Receiver<Vec<u8>>,
    terminal: Parser,
    /// Each line that the terminal had to break because it was too wide.
    broken: Vec<String>,
    quiet: u32,
}

impl Film {
    /// Starts `hcops` in a terminal of this size.
    pub(super) fn of(house: &House, arguments: &[&str], size: Size) -> Self {
        let program = assert_cmd::cargo::cargo_bin("hcops");
        // The size is there before the command looks at it.
        let words = ["-c", "read -r go && exec \"$0\" \"$@\"", program.to_str().unwrap()];
        let mut command = house.command_of(Path::new("/bin/sh"), &[&words, arguments].concat());
        command.env("TERM", "xterm-256color").env("TZ", "UTC").env("LANG", "C.UTF-8");
        let mut session = Session::spawn(command).unwrap();
        session.get_process_mut().set_window_size(size.columns, size.rows).unwrap();
        let mut keys = session.get_process().get_raw_handle().unwrap();
        keys.write_all(b"\n").unwrap();
        let pieces = read_along(session.get_process().get_raw_handle().unwrap());
        let terminal = Parser::new(at_least_one(size.rows), at_least_one(size.columns), KEPT);
        Self { session, keys, pieces, terminal, broken: Vec::new(), quiet: 0 }
    }

    /// What is on the screen now.
    pub(super) fn screen(&self) -> &Screen {
        self.terminal.screen()
    }

    /// Types.
    pub(super) fn types(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    /// The terminal gets another size.
    pub(super) fn resize(&mut self, size: Size) {
        self.session.get_process_mut().set_window_size(size.columns, size.rows).unwrap();
        self.terminal.screen_mut().set_size(at_least_one(size.rows), at_least_one(size.columns));
    }

    /// Waits for the next piece of output.
    pub(super) fn roll(&mut self) -> Reel {
        match self.pieces.recv_timeout(QUIET) {
            Ok(piece) => {
                self.quiet = 0;
                self.terminal.process(&piece);
                self.note_broken_lines();
                Reel::Running
            }
            Err(RecvTimeoutError::Disconnected) => Reel::Ended,
            Err(RecvTimeoutError::Timeout) => {
                self.quiet += 1;
                assert!(self.quiet < PATIENCE, "nothing new on:\n{}", self.screen().contents());
                Reel::Quiet
            }
        }
    }

    /// Rolls until the screen shows what is looked for.
    pub(super) fn until(&mut self, what: &str, is_there: impl Fn(&Screen) -> bool) {
        while !is_there(self.screen()) {
            assert_ne!(self.roll(), Reel::Ended, "it ended without {what}:\n{}", self.screen().contents());
        }
    }

    /// Everything that was ever shown and stayed: what scrolled away, and what is on the screen.
    pub(super) fn everything(&mut self) -> String {
        let (rows, columns) = self.screen().size();
        let (rows, columns) = (usize::from(rows.get()), columns.get());
        let kept = self.screen().scrollback_len();
        let mut lines = Vec::new();
        for back in (1..=kept).rev() {
            self.terminal.screen_mut().set_scrollback(back);
            let (line, next) = self.first_two(columns);
            // What scrolled away was never part of the live area.
            if self.screen().row_wrapped(0) && !is_one_long_word(&line, &next) && !self.broken.contains(&line) {
                self.broken.push(line.clone());
            }
            lines.push(line);
        }
        self.terminal.screen_mut().set_scrollback(0);
        lines.extend(self.screen().rows(0, columns).take(rows));
        lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
    }

    /// Each line that was too wide for the terminal.
    pub(super) fn broken(&self) -> &[String] {
        &self.broken
    }

    /// The exit code, once the command has ended.
    pub(super) fn exit(&self) -> i32 {
        match self.session.get_process().wait().unwrap() {
            expectrl::process::unix::WaitStatus::Exited(_, code) => code,
            other => panic!("it ended by {other:?}"),
        }
    }

    fn first_two(&self, columns: u16) -> (String, String) {
        let mut rows = self.screen().rows(0, columns);
        (rows.next().unwrap_or_default(), rows.next().unwrap_or_default())
    }

    /// A line that goes on at the beginning of the next row. The live area fills its rows with blanks up to the edge, which
    /// the terminal takes for the same; there the edge is blank, or the next row begins with blanks.
    fn note_broken_lines(&mut self) {
        let (rows, columns) = self.screen().size();
        let lines: Vec<String> = self.screen().rows(0, columns.get()).collect();
        let blank = |row: u16, column: u16| {
            self.screen().cell(row, column).is_none_or(|cell| cell.contents().trim().is_empty())
        };
        let goes_on = |row: &u16| {
            let (row, next) = (*row, row + 1);
            let edge = !blank(row, columns.get() - 1) && !blank(next, 0);
            self.screen().row_wrapped(row)
                && edge
                && !is_one_long_word(&lines[usize::from(row)], &lines[usize::from(next)])
        };
        let broken = (0..rows.get() - 1).filter(goes_on).map(|row| lines[usize::from(row)].clone());
        let broken: Vec<String> = broken.filter(|line| !self.broken.contains(line)).collect();
        self.broken.extend(broken);
    }
}

/// A name or an address that fits no row of this terminal is folded by it and by nobody else, so that it can be copied.
fn is_one_long_word(row: &str, next: &str) -> bool {
    let (end, begin) = (row.rsplit(' ').next().unwrap_or_default(), next.split(' ').next().unwrap_or_default());
    end.chars().count() + begin.chars().count() + ROOM_FOR_A_LABEL > row.chars().count()
}

fn at_least_one(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).unwrap()
}

/// Reads in a thread of its own: the end of the command ends it.
fn read_along(mut terminal: File) -> Receiver<Vec<u8>> {
    let (send, pieces) = channel();
    std::thread::spawn(move || {
        let mut piece = [0; 4096];
        while let Ok(length) = terminal.read(&mut piece) {
            if length == 0 || send.send(piece[..length].to_vec()).is_err() {
                break;
            }
        }
    });
    pieces
}
