//! Steps about the Salesforce login of a connection that exists (`reference/connect-api.md` sections 3 and 4).

mod authorized;
mod before;

pub(in crate::actions) use authorized::Authorized;
pub(in crate::actions) use before::Authorization;
