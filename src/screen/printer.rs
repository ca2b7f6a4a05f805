use std::io::{self, ErrorKind, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// The only door to standard output and standard error.
///
/// A reader that has gone away (`hcops runs | head -1`) is no error: the rest is dropped in silence. Other failures to
/// print are dropped as well, because a broken screen never breaks a run.
#[derive(Clone)]
pub struct Printer {
    data: Arc<Mutex<Stream>>,
    notes: Arc<Mutex<Stream>>,
}

enum Stream {
    Out,
    Err,
    Memory(Vec<u8>),
    Gone,
}

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

    fn over(data: Stream, notes: Stream) -> Self {
        Self { data: Arc::new(Mutex::new(data)), notes: Arc::new(Mutex::new(notes)) }
    }

    /// One line of data.
    pub fn data(&self, line: &str) {
        write_line(&self.data, line);
    }

    /// One line for people.
    pub fn note(&self, line: &str) {
        write_line(&self.notes, line);
    }

    /// Several lines of data.
    pub fn data_lines<'a>(&self, lines: impl IntoIterator<Item = &'a String>) {
        lines.into_iter().for_each(|line| self.data(line));
    }

    /// Several lines for people.
    pub fn note_lines<'a>(&self, lines: impl IntoIterator<Item = &'a String>) {
        lines.into_iter().for_each(|line| self.note(line));
    }

    /// Prints nothing more at a terminal that is gone; what goes into a file or a pipe still does.
    pub fn leave_terminal(&self) {
        for (stream, is_terminal) in
            [(&self.data, console::Term::stdout().is_term()), (&self.notes, console::Term::stderr().is_term())]
        {
            if is_terminal {
                *stream.lock().unwrap_or_else(PoisonError::into_inner) = Stream::Gone;
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

fn write_line(stream: &Mutex<Stream>, line: &str) {
    let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
    let written = match &mut *stream {
        Stream::Out => put(io::stdout().lock(), line),
        Stream::Err => put(io::stderr().lock(), line),
        Stream::Memory(bytes) => put(bytes, line),
        Stream::Gone => Ok(()),
    };
    if written.is_err_and(|error| error.kind() == ErrorKind::BrokenPipe) {
        *stream = Stream::Gone;
    }
}

/// One write for the whole line, so that lines of two processes in one log do not mix.
fn put(mut to: impl Write, line: &str) -> io::Result<()> {
    to.write_all(format!("{line}\n").as_bytes())?;
    to.flush()
}

fn contents(stream: &Mutex<Stream>) -> String {
    match &*stream.lock().unwrap_or_else(PoisonError::into_inner) {
        Stream::Memory(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Stream::Out | Stream::Err | Stream::Gone => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::Printer;

    #[test]
    fn data_and_notes_do_not_mix() {
        let printer = Printer::memory();
        printer.data("a fact");
        printer.note("a remark");
        assert_eq!(printer.printed_data(), "a fact\n");
        assert_eq!(printer.printed_notes(), "a remark\n");
    }
}
