//! A stub in front of the simulator that leaves out what the Data API may leave out.

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Method, Request, Response, Uri, header};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::house::House;
use crate::stage::Stage;

/// Keys that the official client's type of a database calls optional: left out where they are null or false.
const OPTIONAL: [&str; 6] =
    ["following", "hot_standby?", "standalone?", "is_in_recovery?", "forked_from", "target_transaction"];
/// All that the official client's type names of an Essential database.
const TENANT: [&str; 11] = [
    "addon_id",
    "created_at",
    "database_name",
    "database_user",
    "following",
    "info",
    "name",
    "num_bytes",
    "plan",
    "resource_url",
    "waiting?",
];

/// The same stage, whose commands meet the Data API's database object without what is optional in it.
pub(crate) fn without_optional_keys(mut stage: Stage) -> Stage {
    let listener = stage.runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let (behind, before) = (stage.origin.clone(), origin.clone());
    let handler = move |request: Request<Body>| {
        let (behind, before) = (behind.clone(), before.clone());
        async move { passed_on(request, &behind, &before).await }
    };
    let router = axum::Router::new().fallback(handler);
    stage.runtime.spawn(async move { axum::serve(listener, router).await });
    stage.house = House::new().with("HEROKU_HOST", &origin).with("HEROKU_API_KEY", "simulated");
    stage.origin = origin;
    stage
}

async fn passed_on(request: Request<Body>, behind: &str, before: &str) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 24).await.unwrap();
    let (method, path) = (parts.method.clone(), parts.uri.clone());
    let mut headers = parts.headers;
    headers.insert(header::HOST, before.trim_start_matches("http://").parse().unwrap());
    headers.remove(header::CONTENT_LENGTH);
    let url = format!("{behind}{path}");
    let answer = client().request(method.clone(), url).headers(headers).body(body).send().await.unwrap();
    let mut response = Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        if ![header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION].contains(name) {
            response = response.header(name, value);
        }
    }
    let ok = answer.status().is_success();
    let body = answer.bytes().await.unwrap();
    response.body(Body::from(if ok { thinned(&method, &path, body) } else { body })).unwrap()
}

fn thinned(method: &Method, path: &Uri, body: Bytes) -> Bytes {
    let is_database = path.path().strip_prefix("/client/v11/databases/").is_some_and(|rest| !rest.contains('/'));
    if method != Method::GET || !is_database {
        return body;
    }
    let mut document: serde_json::Map<String, Value> = serde_json::from_slice(&body).unwrap();
    document
        .retain(|key, value| !OPTIONAL.contains(&key.as_str()) || !(value.is_null() || *value == Value::Bool(false)));
    if document["plan"].as_str().is_some_and(|plan| plan.contains("essential")) {
        document.retain(|key, _| TENANT.contains(&key.as_str()));
    }
    serde_json::to_vec(&document).unwrap().into()
}

#[expect(clippy::disallowed_methods, reason = "a stub passes on what our own transport has sent")]
fn client() -> reqwest::Client {
    // Loopback needs no TLS, but the library asks for a provider when it is built. A second installation is fine.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}
