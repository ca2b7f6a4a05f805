//! The Data API: docs/heroku/data.md, "Endpoints".

mod credentials;
mod databases;
mod maintenances;
mod settings;
mod shapes;
mod transfers;

use axum::Router;

use super::router::Routes;

pub(super) fn routes() -> Routes {
    Router::new()
        .merge(databases::routes())
        .merge(transfers::routes())
        .merge(credentials::routes())
        .merge(maintenances::routes())
        .merge(settings::routes())
}
