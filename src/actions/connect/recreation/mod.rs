//! Steps about removing a connection and making it anew (`reference/procedures.md`, P7).

mod access;
mod api_version;
mod compare;
mod configure;
mod create;
mod destroy;
mod differences;
mod export;
mod export_unchanged;
mod features;
mod import;
mod logged_in;
mod login_address;
mod nothing_unsent;
mod recreatable;
mod settings;
mod unsent;
mod unsent_rows;
mod write_algorithm;

pub(in crate::actions) use access::Access;
pub(in crate::actions) use api_version::ApiVersion;
pub(in crate::actions) use compare::Compare;
pub(in crate::actions) use configure::Configure;
pub(in crate::actions) use create::Create;
pub(in crate::actions) use destroy::Destroy;
pub(in crate::actions) use export::Export;
pub(in crate::actions) use export_unchanged::ExportUnchanged;
pub(in crate::actions) use features::Features;
pub(in crate::actions) use import::Import;
pub(in crate::actions) use logged_in::LoggedIn;
pub(in crate::actions) use login_address::LoginAddress;
pub(in crate::actions) use nothing_unsent::NothingUnsent;
pub(in crate::actions) use recreatable::Recreatable;
pub(in crate::actions) use settings::{Settings, says_nothing};
pub(in crate::actions) use unsent::Unsent;
pub(in crate::actions) use write_algorithm::WriteAlgorithm;
