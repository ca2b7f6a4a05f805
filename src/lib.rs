//! hcops: maintenance of Heroku Connect and of the Heroku Postgres database under it, as interactive and resumable
//! procedures.
//!
//! This package is the command; the crates that it is made of, with who may use whom, are in `docs/architecture.md`.

pub mod cli;
