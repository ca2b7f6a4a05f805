use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use hcops_model::DatabaseUrl;
use hcops_simulator::postgres::Cluster;

/// The network between us and a server, which can be cut.
pub(crate) struct Relay {
    port: u16,
    state: Arc<State>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    cut: Notify,
    frozen: Notify,
    down: AtomicBool,
}

impl Relay {
    pub(crate) async fn to(server: &Cluster) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State::default());
        let task = tokio::spawn(accept(listener, server.port(), Arc::clone(&state)));
        Self { port, state, task }
    }

    pub(crate) fn url(&self, server: &Cluster, database: &str) -> DatabaseUrl {
        let behind = server.url(database);
        DatabaseUrl::new(behind.open().replace(&format!(":{}/", server.port()), &format!(":{}/", self.port)))
    }

    /// Something that cuts all connections there are; new ones can be made at once.
    pub(crate) fn cutter(&self) -> impl Fn() + Send + Sync + use<> {
        let state = Arc::clone(&self.state);
        move || state.cut.notify_waiters()
    }

    /// Holds back whatever is sent from now on, on the connections there are.
    pub(crate) fn freeze(&self) {
        self.state.frozen.notify_waiters();
    }

    /// Something that cuts all connections and lets no new one through.
    pub(crate) fn breaker(&self) -> impl Fn() + Send + Sync + use<> {
        let state = Arc::clone(&self.state);
        move || {
            state.down.store(true, Ordering::SeqCst);
            state.cut.notify_waiters();
        }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, behind: u16, state: Arc<State>) {
    while let Ok((client, _)) = listener.accept().await {
        if !state.down.load(Ordering::SeqCst) {
            tokio::spawn(carry(client, behind, Arc::clone(&state)));
        }
    }
}

async fn carry(mut client: TcpStream, behind: u16, state: Arc<State>) {
    let (cut, frozen) = (state.cut.notified(), state.frozen.notified());
    let Ok(mut server) = TcpStream::connect(("127.0.0.1", behind)).await else { return };
    tokio::select! {
        _ = copy_bidirectional(&mut client, &mut server) => {}
        () = cut => {}
        () = frozen => std::future::pending().await,
    }
}
