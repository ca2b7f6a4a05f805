//! Signals: Ctrl-C and the polite request to end, Ctrl-Z, and a terminal that was closed.

use std::sync::Arc;

use hcops_engine::Stop;
use hcops_model::{StopCause, StopWish};
use hcops_terminal::Printer;

/// What is on a screen, and how it gets out of the way when the process does.
pub(super) trait Scene: Send + Sync {
    /// An act is in flight: the process is suspended as soon as that is over.
    fn will_suspend(&self) {}
    /// The process is about to be suspended: the terminal belongs to the shell now.
    fn suspend(&self);
    /// The process goes on.
    fn go_on(&self);
    /// The terminal is gone: nothing is printed any more.
    fn leave_terminal(&self);
}

/// Turns each interrupt into a wish to stop: once for the next safe point, twice for now. The journal makes both safe.
/// Where signals cannot be heard the process simply ends by them, which the journal makes safe as well.
///
/// Whoever hears signals must not stand still in a write: from here on no reader of `printer` is waited for.
pub(super) fn listen(stop: &Stop, printer: &Printer) {
    printer.never_wait();
    system::listen_for_ends(stop, None);
}

/// The same for a command with something on the screen, which can be suspended, and whose terminal may be closed.
pub(super) fn listen_at(stop: &Stop, printer: &Printer, scene: Arc<dyn Scene>) {
    printer.never_wait();
    system::listen_for_suspensions(stop, Arc::clone(&scene));
    system::listen_for_ends(stop, Some(scene));
}

#[cfg(unix)]
mod system {
    use rustix::process::{Signal, getpid, kill_process};
    use tokio::signal::unix::{Signal as Signals, SignalKind, signal};

    use super::{Arc, Scene, Stop, StopCause, StopWish};

    pub(super) fn listen_for_ends(stop: &Stop, scene: Option<Arc<dyn Scene>>) {
        let Ok(mut ends) = Ends::new(scene.is_some()) else { return };
        let stop = stop.clone();
        tokio::spawn(async move {
            while let Some(cause) = ends.next().await {
                if let (StopCause::TerminalClosed, Some(scene)) = (cause, &scene) {
                    scene.leave_terminal();
                }
                stop.request_by(StopWish::of(cause));
            }
        });
    }

    struct Ends {
        interrupt: Signals,
        terminate: Signals,
        hang_up: Option<Signals>,
    }

    impl Ends {
        /// A process without a terminal was perhaps told by `nohup` to ignore that one is closed; it keeps to that.
        fn new(has_scene: bool) -> std::io::Result<Self> {
            use std::io::IsTerminal;
            let at_a_terminal = std::io::stdin().is_terminal() || console::Term::stderr().is_term();
            let hang_up = (has_scene && at_a_terminal).then(|| signal(SignalKind::hangup())).transpose()?;
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
                hang_up,
            })
        }

        async fn next(&mut self) -> Option<StopCause> {
            tokio::select! {
                heard = self.interrupt.recv() => heard.map(|()| StopCause::Interrupt),
                heard = self.terminate.recv() => heard.map(|()| StopCause::Terminate),
                heard = heard(self.hang_up.as_mut()) => heard.map(|()| StopCause::TerminalClosed),
            }
        }
    }

    async fn heard(signals: Option<&mut Signals>) -> Option<()> {
        match signals {
            Some(signals) => signals.recv().await,
            None => std::future::pending().await,
        }
    }

    pub(super) fn listen_for_suspensions(stop: &Stop, scene: Arc<dyn Scene>) {
        // Ctrl-Z, as terminals send it (SIGTSTP).
        let suspended = signal(SignalKind::from_raw(Signal::TSTP.as_raw()));
        let continued = signal(SignalKind::from_raw(Signal::CONT.as_raw()));
        let (Ok(suspended), Ok(continued)) = (suspended, continued) else { return };
        tokio::spawn(Suspensions { stop: stop.clone(), scene, suspended, continued }.follow());
    }

    struct Suspensions {
        stop: Stop,
        scene: Arc<dyn Scene>,
        suspended: Signals,
        continued: Signals,
    }

    impl Suspensions {
        async fn follow(mut self) {
            loop {
                tokio::select! {
                    heard = self.suspended.recv() => match heard {
                        Some(()) => self.suspend().await,
                        None => return,
                    },
                    // Somebody else had stopped the process (`kill -STOP`).
                    _ = self.continued.recv() => self.stop.went_on(),
                }
            }
        }

        /// An act in flight is finished first, so that none is cut off for hours; a second Ctrl-Z does not wait for it.
        async fn suspend(&mut self) {
            if self.stop.is_acting() {
                self.scene.will_suspend();
                tokio::select! {
                    () = self.stop.between_acts() => {}
                    _ = self.suspended.recv() => {}
                }
            }
            self.scene.suspend();
            // Before the process stands still: whatever is being looked at then is old when it goes on.
            self.stop.went_on();
            if kill_process(getpid(), Signal::STOP).is_ok() {
                self.continued.recv().await;
            }
            self.stop.went_on();
            self.scene.go_on();
        }
    }
}

#[cfg(not(unix))]
mod system {
    use super::{Arc, Scene, Stop, StopCause, StopWish};

    pub(super) fn listen_for_ends(stop: &Stop, _: Option<Arc<dyn Scene>>) {
        let stop = stop.clone();
        tokio::spawn(async move {
            while tokio::signal::ctrl_c().await.is_ok() {
                stop.request_by(StopWish::of(StopCause::Interrupt));
            }
        });
    }

    pub(super) fn listen_for_suspensions(_: &Stop, _: Arc<dyn Scene>) {}
}
