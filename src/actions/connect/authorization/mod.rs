//! Steps about the Salesforce login of a connection that exists (docs/heroku/connect.md, "Login").

mod authorized;
mod before;

pub(in crate::actions) use authorized::Authorized;
pub(in crate::actions) use before::Authorization;
