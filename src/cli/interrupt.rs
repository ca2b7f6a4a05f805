//! Ctrl-C, and the polite request to end.

use crate::engine::Stop;

/// Turns each interrupt into a wish to stop: once for the next safe point, twice for now. The journal makes both safe.
/// Where signals cannot be heard the process simply ends by them, which the journal makes safe as well.
pub(super) fn listen(stop: &Stop) {
    let Ok(mut interrupts) = Interrupts::new() else { return };
    let stop = stop.clone();
    tokio::spawn(async move {
        while interrupts.next().await {
            stop.request();
        }
    });
}

#[cfg(unix)]
struct Interrupts {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Interrupts {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) -> bool {
        tokio::select! {
            heard = self.interrupt.recv() => heard.is_some(),
            heard = self.terminate.recv() => heard.is_some(),
        }
    }
}

#[cfg(not(unix))]
struct Interrupts;

#[cfg(not(unix))]
impl Interrupts {
    #[expect(clippy::unnecessary_wraps, reason = "the same form as on Unix")]
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> bool {
        tokio::signal::ctrl_c().await.is_ok()
    }
}
