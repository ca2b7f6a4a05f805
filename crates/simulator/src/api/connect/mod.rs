//! Heroku Connect: discovery and the API of a region, docs/heroku/connect.md, "Hosts and headers".

mod actions;
mod connections;
mod discovery;
mod mappings;
mod shapes;

use axum::Router;

use super::router::Routes;

pub(super) fn routes() -> Routes {
    Router::new()
        .merge(discovery::routes())
        .merge(connections::routes())
        .merge(actions::routes())
        .merge(mappings::routes())
}
