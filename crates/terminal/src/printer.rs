use std::io::{self, ErrorKind, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use console::Term;
use serde_json::json;

use super::outlet::{Kind, Outlet, Target, streams};
use hcops_model::EVENT_VERSION;
use hcops_text::plain::{escaped_json, is_plain};

/// The only door to standard output and standard error.
///
/// A reader that has gone away (`hcops runs | head -1`) is no error: the rest is dropped in silence. Other failures to
/// print are dropped as well, because a broken screen never breaks a run. A reader that is slow is waited for, until
/// [`Printer::never_wait`]: from then on a thread of its own writes, and whoever prints goes on.
#[derive(Clone)]
pub struct Printer {
    data: Arc<Mutex<Stream>>,
    notes: Arc<Mutex<Stream>>,
    /// Whether data is JSON lines.
    json_data: bool,
}

enum Stream {
    Out,
    Err,
    Memory(Vec<u8>),
    Queued(Outlet),
    Gone,
}

/// How long the process stays at its end for a reader that does not keep up, where it does not wait for one.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// How long nothing may be read of a question before its reader counts as one that does not see it.
const NOT_SEEN: Duration = Duration::from_secs(5);

impl Printer {
    /// Data on standard output, notes on standard error.
    #[must_use]
    pub fn standard() -> Self {
        Self::over(Stream::Out, Stream::Err)
    }

    /// Both kept in memory, for tests.
    #[must_use]
    pub fn memory() -> Self {
        Self::over(Stream::Memory(Vec::new()), Stream::Memory(Vec::new()))
    }

    /// The same printer for data that is JSON lines: that some were left out is an event there, `gap`, and what is not
    /// plain is escaped, so that each event is one line for every reader.
    #[must_use]
    pub fn with_json_data(mut self) -> Self {
        self.json_data = true;
        self
    }

    fn over(data: Stream, notes: Stream) -> Self {
        Self { data: Arc::new(Mutex::new(data)), notes: Arc::new(Mutex::new(notes)), json_data: false }
    }

    /// From here on no reader is waited for: a terminal that was stopped (Ctrl-S), a connection that hangs or a pipe that
    /// nobody reads must not stop a process that holds a run, or that hears signals. What is not read is left out from the
    /// oldest, and later it is said how much that was. All clones do the same.
    pub fn never_wait(&self) {
        let (mut data, mut notes) = (locked(&self.data), locked(&self.notes));
        let direct = |stream: &Stream| matches!(stream, Stream::Out | Stream::Err);
        if !direct(&data) && !direct(&notes) {
            return;
        }
        let (out, err, together) = streams();
        let notices = [if self.json_data { json_gap } else { gap }, gap];
        let (for_data, for_notes) = if together {
            let both = Outlet::open(Some(out), Some(err), notices);
            (both.clone(), both)
        } else {
            (Outlet::open(Some(out), None, notices), Outlet::open(None, Some(err), notices))
        };
        if direct(&data) {
            *data = Stream::Queued(for_data);
        }
        if direct(&notes) {
            *notes = Stream::Queued(for_notes);
        }
    }

    /// The end of the process: what still waits to be written is written, for some seconds at most.
    pub fn finish(&self) {
        self.flush_within(LAST_WORDS);
    }

    /// Waits until everything is written, at most for `limit` for each stream.
    pub fn flush_within(&self, limit: Duration) {
        for outlet in [&self.data, &self.notes].into_iter().filter_map(|stream| outlet_of(stream)) {
            outlet.drain(Some(limit));
        }
    }

    /// Waits until everything that was printed for people is written, however long that takes; says whether it took so
    /// long that nobody can have seen it at first. Never to be called where a run is driven.
    pub(super) fn wait_until_shown(&self) -> bool {
        let Some(outlet) = outlet_of(&self.notes) else { return false };
        let late = !outlet.drain(Some(NOT_SEEN));
        if late {
            outlet.drain(None);
        }
        late
    }

    /// One line of data.
    pub fn data(&self, line: &str) {
        let line = if self.json_data { escaped_json(line) } else { shown(line) };
        put(&self.data, Target::Data, Kind::Lines, format!("{line}\n"));
    }

    /// Data that a program asked for in a form of its own, to the byte.
    pub fn as_it_is(&self, data: &str) {
        put(&self.data, Target::Data, Kind::Lines, format!("{data}\n"));
    }

    /// One line for people.
    pub fn note(&self, line: &str) {
        put(&self.notes, Target::Notes, Kind::Lines, format!("{}\n", shown(line)));
    }

    /// Several lines of data.
    pub fn data_lines<'a>(&self, lines: impl IntoIterator<Item = &'a String>) {
        lines.into_iter().for_each(|line| self.data(line));
    }

    /// Several lines for people.
    pub fn note_lines<'a>(&self, lines: impl IntoIterator<Item = &'a String>) {
        lines.into_iter().for_each(|line| self.note(line));
    }

    /// A picture for people that the next one replaces.
    pub(super) fn picture(&self, drawn: String) {
        put(&self.notes, Target::Notes, Kind::Picture, drawn);
    }

    /// Something that moves the cursor of people's terminal.
    pub(super) fn drawing(&self, drawn: String) {
        put(&self.notes, Target::Notes, Kind::Drawing, drawn);
    }

    /// Whether the last picture still waits to be written.
    pub(super) fn has_picture(&self) -> bool {
        outlet_of(&self.notes).is_some_and(|outlet| outlet.has_picture())
    }

    /// How often something drawn was left out: what is on the screen is not known then.
    pub(super) fn drawings_lost(&self) -> u64 {
        outlet_of(&self.notes).map_or(0, |outlet| outlet.drawings_lost())
    }

    /// Standard error's terminal, for prompts: what they write keeps its place among the lines.
    #[cfg(unix)]
    pub(super) fn terminal(&self) -> Term {
        Term::read_write_pair(io::stdin(), Notes(self.clone()))
    }

    /// Standard error's terminal, for prompts.
    #[cfg(not(unix))]
    pub(super) fn terminal(&self) -> Term {
        Term::stderr()
    }

    /// A writer of whole lines for people.
    #[must_use]
    pub fn lines(&self) -> impl Write + use<> {
        NoteLines(self.clone())
    }

    /// Prints nothing more at a terminal that is gone; what goes into a file or a pipe still does.
    pub fn leave_terminal(&self) {
        for (stream, target, is_terminal) in [
            (&self.data, Target::Data, Term::stdout().is_term()),
            (&self.notes, Target::Notes, Term::stderr().is_term()),
        ] {
            if is_terminal {
                let left = std::mem::replace(&mut *locked(stream), Stream::Gone);
                if let Stream::Queued(outlet) = left {
                    outlet.leave(target);
                }
            }
        }
    }

    /// What was printed as data; empty unless this is a printer of [`Printer::memory`].
    #[must_use]
    pub fn printed_data(&self) -> String {
        contents(&self.data)
    }

    /// What was printed for people; empty unless this is a printer of [`Printer::memory`].
    #[must_use]
    pub fn printed_notes(&self) -> String {
        contents(&self.notes)
    }
}

/// What may be shown of a line: plain text, its breaks and its own colours (`ESC [ … m`); no other door is needed for what
/// nobody has made plain before.
fn shown(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(character) = rest.chars().next() {
        let colour = colour_at(rest);
        match character {
            _ if colour > 0 => shown.push_str(&rest[..colour]),
            '\n' | '\t' => shown.push(character),
            '\u{2028}' | '\u{2029}' | '\u{85}' => shown.push(' '),
            plain if is_plain(plain) => shown.push(plain),
            _ => {}
        }
        rest = &rest[colour.max(character.len_utf8())..];
    }
    shown
}

/// Bytes of the colour that the text begins with; 0 where it begins with none.
fn colour_at(text: &str) -> usize {
    let Some(after) = text.strip_prefix("\u{1b}[") else { return 0 };
    let digits =
        after.len() - after.trim_start_matches(|character: char| character.is_ascii_digit() || character == ';').len();
    if after[digits..].starts_with('m') { digits + 3 } else { 0 }
}

fn gap(lines: u64) -> String {
    let (lines, are) = if lines == 1 { ("1 line".to_owned(), "is") } else { (format!("{lines} lines"), "are") };
    format!("({lines} {are} left out here: the reader did not keep up. `hcops report` has everything.)")
}

/// The event that stands where others were left out: `{v, kind: "gap", lines}`.
fn json_gap(lines: u64) -> String {
    json!({ "v": EVENT_VERSION, "kind": "gap", "lines": lines }).to_string()
}

fn locked(stream: &Mutex<Stream>) -> MutexGuard<'_, Stream> {
    stream.lock().unwrap_or_else(PoisonError::into_inner)
}

fn outlet_of(stream: &Mutex<Stream>) -> Option<Outlet> {
    match &*locked(stream) {
        Stream::Queued(outlet) => Some(outlet.clone()),
        _ => None,
    }
}

/// One write for the whole line, so that lines of two processes in one log do not mix.
fn put(stream: &Mutex<Stream>, target: Target, kind: Kind, text: String) {
    let mut stream = locked(stream);
    let written = match &mut *stream {
        Stream::Out => write(io::stdout().lock(), &text),
        Stream::Err => write(io::stderr().lock(), &text),
        Stream::Memory(bytes) => write(bytes, &text),
        Stream::Queued(outlet) => {
            outlet.push(target, kind, text.into_bytes());
            Ok(())
        }
        Stream::Gone => Ok(()),
    };
    if written.is_err_and(|error| error.kind() == ErrorKind::BrokenPipe) {
        *stream = Stream::Gone;
    }
}

fn write(mut to: impl Write, text: &str) -> io::Result<()> {
    to.write_all(text.as_bytes())?;
    to.flush()
}

fn contents(stream: &Mutex<Stream>) -> String {
    match &*locked(stream) {
        Stream::Memory(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Stream::Out | Stream::Err | Stream::Queued(_) | Stream::Gone => String::new(),
    }
}

/// What a prompt writes through.
#[cfg(unix)]
struct Notes(Printer);

#[cfg(unix)]
impl Write for Notes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.drawing(String::from_utf8_lossy(bytes).into_owned());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(unix)]
impl std::fmt::Debug for Notes {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("standard error")
    }
}

#[cfg(unix)]
impl std::os::fd::AsRawFd for Notes {
    fn as_raw_fd(&self) -> std::os::fd::RawFd {
        io::stderr().as_raw_fd()
    }
}

struct NoteLines(Printer);

impl Write for NoteLines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        put(&self.0.notes, Target::Notes, Kind::Lines, String::from_utf8_lossy(bytes).into_owned());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Printer, gap, json_gap};
    use hcops_text::plain::is_plain;

    #[test]
    fn data_and_notes_do_not_mix() {
        let printer = Printer::memory();
        printer.data("a fact");
        printer.note("a remark");
        assert_eq!(printer.printed_data(), "a fact\n");
        assert_eq!(printer.printed_notes(), "a remark\n");
    }

    /// Whatever a server called something: on a line for people nothing of it is unseen, and JSON keeps it, escaped.
    #[test]
    fn no_line_brings_what_is_not_plain() {
        let hostile = "acme\u{202e}\u{200b}\u{e0041}\u{ad}\u{9b}2J\u{2028}\u{1b}]0;x\u{7}\u{1b}[31mred\u{1b}[0m";
        let printer = Printer::memory();
        printer.data(hostile);
        printer.note(hostile);
        for printed in [printer.printed_data(), printer.printed_notes()] {
            assert_eq!(printed, "acme2J ]0;x\u{1b}[31mred\u{1b}[0m\n");
        }
        let printer = Printer::memory().with_json_data();
        printer.data(&serde_json::json!({ "name": hostile }).to_string());
        let printed = printer.printed_data();
        assert!(printed.trim_end().chars().all(is_plain), "{printed}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&printed).unwrap()["name"], hostile);
    }

    #[test]
    fn what_was_left_out_is_told_in_each_form() {
        assert_eq!(json_gap(12), r#"{"v":1,"kind":"gap","lines":12}"#);
        assert!(gap(1).starts_with("(1 line is left out here"));
        assert!(gap(12).starts_with("(12 lines are left out here"));
    }
}
