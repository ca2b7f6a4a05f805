use std::fs::OpenOptions;
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;

use super::desk::Desk;
use super::environment;

/// With `-v`, traces to standard error: once for what hcops does, twice for each request. Nothing secret is traced.
pub(super) fn to_standard_error(desk: &Desk) {
    if desk.verbose == 0 {
        return;
    }
    let printer = desk.printer.clone();
    let lines = move || printer.lines();
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter(desk)).with_writer(lines).finish();
    // A second subscriber in the same process is refused; the first goes on.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// Traces into the run's directory, unless the trace already goes to standard error. Failing to trace is no reason not
/// to run.
pub(super) fn to_run(directory: &Path, desk: &Desk) {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let Ok(file) = options.open(directory.join("trace.log")) else { return };
    let writer = Mutex::new(file);
    let subscriber =
        tracing_subscriber::fmt().with_env_filter(filter(desk)).with_ansi(false).with_writer(writer).finish();
    let _ = tracing::subscriber::set_global_default(subscriber);
}

fn filter(desk: &Desk) -> EnvFilter {
    let usual = if desk.verbose == 1 { "hcops=info" } else { "hcops=debug" };
    EnvFilter::try_new(desk.environment.get(environment::LOG).unwrap_or(usual))
        .unwrap_or_else(|_| EnvFilter::new(usual))
}
