//! The Platform API: docs/heroku/platform.md, "Hosts".

mod account;
mod addons;
mod apps;
mod attachments;
mod catalogue;
mod releases;
mod shapes;
mod surroundings;

use axum::Router;

use super::router::Routes;

pub(super) use attachments::shown as shown_attachment;

pub(super) fn routes() -> Routes {
    Router::new()
        .merge(account::routes())
        .merge(apps::routes())
        .merge(releases::routes())
        .merge(addons::routes())
        .merge(attachments::routes())
        .merge(catalogue::routes())
        .merge(surroundings::routes())
}
