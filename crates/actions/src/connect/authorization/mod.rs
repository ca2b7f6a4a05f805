//! Steps about the Salesforce login of a connection that exists (docs/heroku/connect.md, "Login").

mod authorized;
mod before;

pub(crate) use authorized::Authorized;
pub(crate) use before::Authorization;
