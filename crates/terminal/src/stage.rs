use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use jiff::Timestamp;

use super::canvas::Canvas;
use super::live::{Moment, WIDEST, live_lines};
use super::{Appearance, Board, Printer};
use hcops_journal::run_state::Phase;
use hcops_model::{Clock, StepId};

/// The live area at the bottom of a terminal, shared by the renderer that fills it and the prompts that need it out of
/// their way.
#[derive(Clone)]
pub struct Stage {
    board: Arc<Mutex<Board>>,
    picture: Option<(Arc<Picture>, Canvas)>,
    /// Absent while the live area is down.
    bar: Arc<Mutex<Option<ProgressBar>>>,
}

/// What the live area is drawn with.
struct Picture {
    board: Arc<Mutex<Board>>,
    appearance: Appearance,
    clock: Arc<dyn Clock>,
    keys: &'static str,
    turn: AtomicUsize,
    steady: Mutex<Steady>,
}

/// What keeps the height of the live area while the same steps are underway: a wait whose sentence comes and goes must
/// not let everything jump.
#[derive(Default)]
struct Steady {
    underway: Vec<StepId>,
    rows: usize,
    lines: usize,
}

/// Time between two pictures.
const TICK: Duration = Duration::from_millis(150);
/// Pictures a second at most, when lines are printed in quick succession.
const MOST_A_SECOND: u8 = 20;
/// Columns below which no sentence is broken.
const NARROWEST: usize = 40;
/// What the person may press while a run is carried out.
const KEYS: &str = "Ctrl-C stops at a safe point  Ctrl-Z pauses";

impl Stage {
    /// A live area on standard error, redrawn several times a second by the run's clock.
    #[must_use]
    pub fn new(printer: Printer, appearance: Appearance, clock: Arc<dyn Clock>) -> Self {
        Self::with_keys(printer, appearance, clock, KEYS)
    }

    /// The same with another sentence on what the person may press.
    #[must_use]
    pub fn with_keys(printer: Printer, appearance: Appearance, clock: Arc<dyn Clock>, keys: &'static str) -> Self {
        let board = Arc::new(Mutex::new(Board::default()));
        let (turn, steady) = (AtomicUsize::new(0), Mutex::default());
        let picture = Picture { board: Arc::clone(&board), appearance, clock, keys, turn, steady };
        Self { board, picture: Some((Arc::new(picture), Canvas::new(printer))), bar: Arc::default() }
    }

    /// A stage that draws nothing: prompts then simply follow the lines before them.
    #[must_use]
    pub fn absent() -> Self {
        Self { board: Arc::default(), picture: None, bar: Arc::default() }
    }

    /// Whether it draws at all.
    pub(super) const fn is_live(&self) -> bool {
        self.picture.is_some()
    }

    /// The run's time, where the stage draws; else the moment of the last event.
    pub(super) fn now(&self) -> Option<Timestamp> {
        self.picture.as_ref().map(|(picture, _)| picture.clock.now()).or_else(|| self.with_board(|board| board.heard()))
    }

    /// `appearance` as wide as the terminal is now, up to what reads well; as it is where nothing is drawn.
    pub(super) fn fitted(&self, appearance: &Appearance) -> Appearance {
        let columns = if self.is_live() { columns_now().clamp(NARROWEST, WIDEST) } else { appearance.columns };
        Appearance { columns, ..appearance.clone() }
    }

    /// `appearance` over the whole width of the terminal.
    pub(super) fn whole_width(&self, appearance: &Appearance) -> Appearance {
        let columns = if self.is_live() { columns_now().max(NARROWEST) } else { appearance.columns };
        Appearance { columns, ..appearance.clone() }
    }

    /// Prints with the live area taken away for a moment.
    pub fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        match &*self.bar() {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    /// Changes the board; the live area follows at its next draw.
    pub(super) fn with_board<T>(&self, change: impl FnOnce(&mut Board) -> T) -> T {
        change(&mut locked(&self.board))
    }

    /// Shows the live area.
    pub fn raise(&self) {
        let (Some((picture, canvas)), mut bar) = (&self.picture, self.bar()) else { return };
        if bar.is_none() {
            let target = ProgressDrawTarget::term_like_with_hz(Box::new(canvas.clone()), MOST_A_SECOND);
            let new = ProgressBar::with_draw_target(None, target).with_style(style(Arc::clone(picture)));
            new.enable_steady_tick(TICK);
            *bar = Some(new);
        }
    }

    /// Takes the live area away, and says whether it was there. Nothing is locked afterwards: a person may take hours to
    /// answer, and a stop must get through meanwhile.
    pub fn lower(&self) -> bool {
        let bar = self.bar().take();
        if let Some(bar) = &bar {
            bar.disable_steady_tick();
            bar.finish_and_clear();
        }
        bar.is_some()
    }

    fn bar(&self) -> MutexGuard<'_, Option<ProgressBar>> {
        locked(&self.bar)
    }
}

impl Picture {
    fn lines(&self) -> Vec<String> {
        let (rows, columns) = console::Term::stderr().size();
        let appearance = Appearance { columns: usize::from(columns), ..self.appearance.clone() };
        let (board, mut steady) = (locked(&self.board), locked(&self.steady));
        let at_least = steady.lines_for(&board, usize::from(rows));
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let moment = Moment { now: self.clock.now(), turn, rows: usize::from(rows), at_least };
        let lines = live_lines(&board, &moment, self.keys, &appearance);
        steady.lines = lines.len();
        lines
    }
}

impl Steady {
    /// The lines that the picture had while these steps were underway.
    fn lines_for(&mut self, board: &Board, rows: usize) -> usize {
        let underway = board.steps().filter(|(_, phase)| *phase == Phase::Underway);
        let underway: Vec<StepId> = underway.map(|(step, _)| step.id.clone()).collect();
        if underway != self.underway || rows != self.rows {
            *self = Self { underway, rows, lines: 0 };
        }
        self.lines
    }
}

fn columns_now() -> usize {
    usize::from(console::Term::stderr().size().1)
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A style whose only part is the whole live area, drawn anew from the board each time.
fn style(picture: Arc<Picture>) -> ProgressStyle {
    let draw = move |_: &ProgressState, to: &mut dyn std::fmt::Write| {
        // A screen that cannot be drawn is no reason to stop a run.
        let _ = to.write_str(&picture.lines().join("\n"));
    };
    ProgressStyle::with_template("{live}").unwrap_or_else(|_| ProgressStyle::default_spinner()).with_key("live", draw)
}
