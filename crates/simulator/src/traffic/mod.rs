//! What happens in the databases of the data plane: Connect's schema, an app that writes, a Connect that carries changes
//! between the databases and a simulated Salesforce, the ledgers of both, and the audit that counts afterwards.
//!
//! Everything is numbered from one counter, and each number is stored in the row that the change made. So *nothing lost,
//! nothing twice* is found by counting rows and not by belief. Facts about Connect's side of a database:
//! docs/heroku/connect.md, "Trigger log" and "Triggers".

mod app_writer;
mod audit;
mod connect_brings;
mod connect_drains;
mod contents;
mod field;
mod ledger;
mod lines;
mod mark;
mod orders;
mod prepare;
mod rollback;
mod salesforce;
mod schema;
mod shape;
mod target;
mod traffic_fault;
mod writers;

#[cfg(test)]
mod tests;

pub use app_writer::Written;
pub use audit::{Audit, Counted, Elsewhere, Sent, Trouble, TroubleKind};
pub use connect_brings::Brought;
pub use connect_drains::Drained;
pub use contents::{Access, ConnectSchema, Contents, DEFAULT_ROWS, MappedTable};
pub use salesforce::Rejections;
pub use traffic_fault::TrafficFault;
pub use writers::Traffic;
