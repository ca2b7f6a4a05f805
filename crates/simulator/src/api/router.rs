use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts as _, Query, RawPathParams, Request, State};
use axum::http::Response;
use axum::routing::{MethodFilter, MethodRouter, on};
use serde_json::Value;

use super::auth::Access;
use super::exchange::{Ending, Handler, Shared};
use super::{Call, Injected, Reply, connect, control, data, platform, status};
use crate::world::{Refusal, World};

/// Larger bodies are read as nothing, in bytes.
const BODY_LIMIT: usize = 4 << 20;

/// An answer to come.
type Answered = Pin<Box<dyn Future<Output = Response<Body>> + Send>>;

/// The routes of one API.
pub(super) type Routes = Router<Arc<Shared>>;

/// All APIs under one origin; their paths do not collide (docs/heroku/platform.md, "Hosts").
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .merge(platform::routes())
        .merge(data::routes())
        .merge(connect::routes())
        .merge(status::routes())
        .merge(control::routes())
        .fallback(answer(Access::Public, nothing_here))
        .method_not_allowed_fallback(answer(Access::Public, nothing_here))
        .with_state(shared)
}

fn nothing_here(_: &mut World, _: &Call) -> Result<Reply, Refusal> {
    Err(Refusal::new(404, "not_found", "The requested resource does not exist."))
}

pub(super) fn get(access: Access, handler: Handler) -> MethodRouter<Arc<Shared>> {
    on(MethodFilter::GET, answer(access, handler))
}

pub(super) fn post(access: Access, handler: Handler) -> MethodRouter<Arc<Shared>> {
    on(MethodFilter::POST, answer(access, handler))
}

pub(super) fn put(access: Access, handler: Handler) -> MethodRouter<Arc<Shared>> {
    on(MethodFilter::PUT, answer(access, handler))
}

pub(super) fn patch(access: Access, handler: Handler) -> MethodRouter<Arc<Shared>> {
    on(MethodFilter::PATCH, answer(access, handler))
}

pub(super) fn delete(access: Access, handler: Handler) -> MethodRouter<Arc<Shared>> {
    on(MethodFilter::DELETE, answer(access, handler))
}

fn answer(
    access: Access,
    handler: Handler,
) -> impl Fn(State<Arc<Shared>>, Request) -> Answered + Clone + Send + Sync + 'static {
    move |State(shared), request| {
        Box::pin(async move {
            let call = read(&shared, request).await;
            respond(shared.exchange(access, handler, &call), &call)
        })
    }
}

async fn read(shared: &Shared, request: Request) -> Call {
    let (mut parts, body) = request.into_parts();
    let params = RawPathParams::from_request_parts(&mut parts, &()).await;
    let params = params.map(|params| params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect());
    let query = Query::<HashMap<String, String>>::try_from_uri(&parts.uri).map(|Query(query)| query);
    let bytes = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    Call {
        method: parts.method.to_string(),
        path: parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
        params: params.unwrap_or_default(),
        query: query.unwrap_or_default(),
        headers: parts.headers,
        body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        now: shared.arrive(),
    }
}

fn respond(ending: Ending, call: &Call) -> Response<Body> {
    match ending {
        Ending::Answer(reply) => reply.into_response(call.now),
        Ending::Broken(injected) => broken(injected),
    }
}

/// Stands for an answer that is never sent: the transports look for the mark.
fn broken(injected: Injected) -> Response<Body> {
    let mut response = Reply::empty(500).into_response(jiff::Timestamp::UNIX_EPOCH);
    response.extensions_mut().insert(injected);
    response
}
