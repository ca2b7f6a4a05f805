use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use console::Term;
use indicatif::TermLike;

use super::Printer;

/// Where the live area is painted: only the lines that have changed, in one write, so that nothing flickers; and over
/// what a terminal makes of the old lines when it is resized.
///
/// The drawing above it asks to clear and write everything; what it wrote last is known here.
#[derive(Clone)]
pub(super) struct Canvas {
    term: Term,
    printer: Printer,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// What is on the screen.
    painted: Vec<String>,
    /// The columns that it was painted for.
    columns: usize,
    /// What was written since.
    written: Vec<String>,
    /// Whether the next write is only the blanks that fill a line.
    filler: bool,
    /// What the printer had lost when this was painted.
    lost: u64,
}

/// What is to be done to the terminal.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    /// Rows from the last painted line up to the first.
    up: usize,
    /// Whether everything from there on is cleared first.
    clear: bool,
    /// Each line, or nothing where it stays as it is.
    lines: Vec<Option<String>>,
    /// Whether old lines are left below.
    surplus: bool,
}

impl Canvas {
    /// On standard error, through this printer.
    pub(super) fn new(printer: Printer) -> Self {
        Self { term: Term::stderr(), printer, state: Arc::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Change {
    /// As a terminal understands it, in one write (ECMA-48: CUU, EL, ED).
    fn drawn(&self) -> String {
        let mut drawn = if self.up > 0 { format!("\u{1b}[{}A", self.up) } else { String::new() };
        if self.clear {
            drawn.push_str("\r\u{1b}[2K\r\u{1b}[0J");
        }
        for (index, line) in self.lines.iter().enumerate() {
            if index > 0 {
                drawn.push('\n');
            }
            if let Some(line) = line {
                drawn.push_str("\r\u{1b}[2K");
                drawn.push_str(line);
            }
        }
        if self.surplus {
            drawn.push_str("\r\u{1b}[0J");
        }
        drawn
    }
}

impl State {
    fn change_to(&self, lines: &[String], columns: usize) -> Change {
        let rows = |line: &String| console::measure_text_width(line).div_ceil(columns.max(1)).max(1);
        let resized = columns != self.columns && !self.painted.is_empty();
        let painted_rows: usize = if resized { self.painted.iter().map(rows).sum() } else { self.painted.len() };
        let same = |index: usize, line: &String| !resized && self.painted.get(index) == Some(line);
        Change {
            up: painted_rows.saturating_sub(1),
            clear: resized || (lines.is_empty() && !self.painted.is_empty()),
            lines: lines.iter().enumerate().map(|(index, line)| (!same(index, line)).then(|| line.clone())).collect(),
            surplus: !lines.is_empty() && lines.len() < painted_rows,
        }
    }
}

impl std::fmt::Debug for Canvas {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Canvas").finish_non_exhaustive()
    }
}

impl TermLike for Canvas {
    fn width(&self) -> u16 {
        self.term.size().1
    }

    fn height(&self) -> u16 {
        self.term.size().0
    }

    fn move_cursor_up(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_down(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn write_line(&self, line: &str) -> io::Result<()> {
        self.state().written.push(line.to_owned());
        Ok(())
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        let mut state = self.state();
        if !std::mem::replace(&mut state.filler, true) {
            state.written.push(text.to_owned());
        } else {
            state.filler = false;
        }
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        Ok(())
    }

    fn flush(&self) -> io::Result<()> {
        let mut state = self.state();
        state.filler = false;
        let lines = std::mem::take(&mut state.written);
        if !lines.is_empty() && self.printer.has_picture() {
            // A reader that is slow misses this picture; the next one is drawn over what was painted last.
            return Ok(());
        }
        let lost = self.printer.drawings_lost();
        if lost != state.lost {
            // Whatever is on the screen now, it is not what was painted last.
            (state.painted, state.lost) = (Vec::new(), lost);
        }
        let columns = usize::from(self.width());
        let drawn = state.change_to(&lines, columns).drawn();
        if drawn.is_empty() {
            // Nothing has changed.
        } else if lines.is_empty() {
            self.printer.drawing(drawn);
        } else {
            self.printer.picture(drawn);
        }
        (state.painted, state.columns) = (lines, columns);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::State;

    fn painted(lines: &[&str], columns: usize) -> State {
        State { painted: owned(lines), columns, ..State::default() }
    }

    fn owned(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    #[test]
    fn only_what_has_changed_is_painted() {
        let change = painted(&["title", "| 1s", "foot"], 80).change_to(&owned(&["title", "/ 2s", "foot"]), 80);
        assert_eq!((change.up, change.clear, change.surplus), (2, false, false));
        assert_eq!(change.lines, [None, Some("/ 2s".to_owned()), None]);
    }

    #[test]
    fn a_smaller_picture_leaves_nothing_behind() {
        let change = painted(&["a", "b", "c"], 80).change_to(&owned(&["a"]), 80);
        assert!(change.surplus);
        let change = painted(&["a", "b", "c"], 80).change_to(&[], 80);
        assert_eq!((change.up, change.clear), (2, true));
    }

    #[test]
    fn a_narrower_terminal_has_broken_the_old_lines() {
        let wide = "x".repeat(70);
        let change = painted(&[&wide, "short", "\u{1b}[2mdim\u{1b}[0m"], 80).change_to(&owned(&[&wide[..30], "s"]), 40);
        assert_eq!((change.up, change.clear), (3, true), "the first line takes two rows now");
        assert!(change.lines.iter().all(Option::is_some), "everything is painted anew");
    }

    #[test]
    fn the_first_picture_begins_where_the_cursor_is() {
        let change = State::default().change_to(&owned(&["a", "b"]), 80);
        assert_eq!((change.up, change.clear, change.surplus), (0, false, false));
    }
}
