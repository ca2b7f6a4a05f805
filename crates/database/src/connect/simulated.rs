use tokio_postgres::Config;
use tokio_postgres::config::Host;

use hcops_model::{Fault, FaultKind, Happened};

/// The code of the fault that says that only the simulator knows a database: no server is behind it.
pub const SIMULATED_WITHOUT_SERVER: &str = "simulated_without_server";

/// Where the hosts of simulated databases end. The domain is reserved, so no lookup could ever find one.
const SIMULATED: &str = ".simulator.example";

/// Whether a fault means that the database is only simulated, so that no SQL can be asked of it.
#[must_use]
pub fn is_simulated_without_server(fault: &Fault) -> bool {
    fault.code.as_deref() == Some(SIMULATED_WITHOUT_SERVER)
}

/// Refuses a simulated database that says no address of a real server, before anybody looks its name up.
pub(super) fn refuse_without_server(config: &Config, place: &str) -> Result<(), Fault> {
    let simulated = |host: &Host| matches!(host, Host::Tcp(name) if name.ends_with(SIMULATED));
    if !config.get_hostaddrs().is_empty() || !config.get_hosts().iter().any(simulated) {
        return Ok(());
    }
    let mut fault = Fault::new(
        FaultKind::Refused,
        format!("{place} is a simulated database without a server behind it."),
        "Only a real PostgreSQL server has rows, sessions and a log that could be looked at.",
        "Start the simulator where PostgreSQL is installed (`scripts/postgres` fetches servers), or leave out whatever \
         looks into databases with `--compare none`.",
    )
    .with_happened(Happened::No);
    fault.code = Some(SIMULATED_WITHOUT_SERVER.to_owned());
    Err(fault)
}

#[cfg(test)]
mod tests {
    use super::{is_simulated_without_server, refuse_without_server};

    fn refused(url: &str) -> bool {
        let refused = refuse_without_server(&url.parse().unwrap(), "db");
        refused.is_err_and(|fault| is_simulated_without_server(&fault))
    }

    #[test]
    fn only_a_simulated_host_without_an_address_is_refused() {
        assert!(refused("postgres://u:p@postgresql-flat-1.db.simulator.example:5432/d"));
        assert!(!refused("postgres://u:p@postgresql-flat-1.db.simulator.example:5432/d?hostaddr=127.0.0.1"));
        assert!(!refused("postgres://u:p@db.simulator.example.com/d"));
        assert!(!refused("postgres://u:p@127.0.0.1/d"));
    }
}
