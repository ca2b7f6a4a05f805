//! The simulator, served over real HTTP as `hcops simulator --scenario conformance` serves it.

use std::net::SocketAddr;

use hcops_simulator::{ClockMode, Simulator};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A simulator on a free port of loopback. Ends when it is dropped.
pub(crate) struct Serving {
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl Serving {
    /// Starts one in the world of the recordings. Its clock stands still but for the requests, each of which takes some
    /// seconds in this scenario, so that a client which polls sees the same however slow this machine is.
    pub(crate) async fn start() -> Self {
        let simulator = Simulator::from_scenario("conformance", ClockMode::Paused, 1).unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move { simulator.serve(listener, std::future::pending()).await.unwrap() });
        Self { address, server }
    }

    /// Where it listens.
    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.server.abort();
    }
}
