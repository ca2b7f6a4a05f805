use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::live::live_lines;
use super::{Appearance, Board};
use crate::model::Clock;

/// The live area at the bottom of a terminal, shared by the renderer that fills it and the prompts that need it out of
/// their way.
#[derive(Clone)]
pub struct Stage {
    board: Arc<Mutex<Board>>,
    style: Option<ProgressStyle>,
    /// Absent while the live area is down.
    bar: Arc<Mutex<Option<ProgressBar>>>,
}

impl Stage {
    /// A live area on standard error, redrawn several times a second by the run's clock.
    #[must_use]
    pub fn new(appearance: Appearance, clock: Arc<dyn Clock>) -> Self {
        let board = Arc::new(Mutex::new(Board::default()));
        let style = picture(Arc::clone(&board), appearance, clock);
        Self { board, style: Some(style), bar: Arc::default() }
    }

    /// A stage that draws nothing: prompts then simply follow the lines before them.
    #[must_use]
    pub fn absent() -> Self {
        Self { board: Arc::default(), style: None, bar: Arc::default() }
    }

    /// Prints with the live area taken away for a moment.
    pub(super) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        match &*self.bar() {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    /// Changes the board; the live area follows at its next draw.
    pub(super) fn with_board<T>(&self, change: impl FnOnce(&mut Board) -> T) -> T {
        change(&mut self.board.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Shows the live area.
    pub(super) fn raise(&self) {
        let (Some(style), mut bar) = (&self.style, self.bar()) else { return };
        if bar.is_none() {
            let new = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style.clone());
            new.enable_steady_tick(Duration::from_millis(120));
            *bar = Some(new);
        }
    }

    /// Takes the live area away, and says whether it was there. Nothing is locked afterwards: a person may take hours to
    /// answer, and a stop must get through meanwhile.
    pub(super) fn lower(&self) -> bool {
        let bar = self.bar().take();
        if let Some(bar) = &bar {
            bar.disable_steady_tick();
            bar.finish_and_clear();
        }
        bar.is_some()
    }

    fn bar(&self) -> MutexGuard<'_, Option<ProgressBar>> {
        self.bar.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A style whose only part is the whole live area, drawn anew from the board each time.
fn picture(board: Arc<Mutex<Board>>, appearance: Appearance, clock: Arc<dyn Clock>) -> ProgressStyle {
    let turn = Arc::new(AtomicUsize::new(0));
    let draw = move |_: &ProgressState, to: &mut dyn std::fmt::Write| {
        let columns = usize::from(console::Term::stderr().size().1);
        let appearance = Appearance { columns, ..appearance.clone() };
        let board = board.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = live_lines(&board, clock.now(), turn.fetch_add(1, Ordering::Relaxed), &appearance);
        // A screen that cannot be drawn is no reason to stop a run.
        let _ = to.write_str(&lines.join("\n"));
    };
    ProgressStyle::with_template("{live}").unwrap_or_else(|_| ProgressStyle::default_spinner()).with_key("live", draw)
}
