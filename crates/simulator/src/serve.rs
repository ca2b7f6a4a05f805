//! The simulator over real HTTP. Connections are served one by one rather than by axum, because a fault must be able to
//! close one without an answer.

use std::io;
use std::pin::pin;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use super::api::Injected;

pub(super) async fn serve(
    router: Router,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let mut shutdown = pin!(shutdown);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => {
                let (stream, _) = accepted?;
                connections.spawn(connection(router.clone(), stream));
            }
            Some(_) = connections.join_next() => (),
        }
    }
    connections.shutdown().await;
    Ok(())
}

async fn connection(router: Router, stream: TcpStream) {
    let _small_answers_at_once = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(router.clone(), request));
    // A client that goes away, and a fault that closes the connection, both end here: neither is our failure.
    let _ended = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// An error makes hyper close the connection without an answer.
async fn answer(router: Router, request: Request<Incoming>) -> Result<Response<Body>, io::Error> {
    let response = match router.oneshot(request.map(Body::new)).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    match response.extensions().get::<Injected>() {
        None => Ok(response),
        Some(Injected::Cut) => Err(io::Error::from(io::ErrorKind::ConnectionReset)),
        // Until the client gives up: then hyper drops this future with its connection.
        Some(Injected::Timeout) => std::future::pending().await,
    }
}
