//! The Data API: `reference/platform-and-data-api.md` section 3.

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
