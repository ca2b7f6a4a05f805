//! Steps about loading the tables of mappings again (docs/heroku/connect.md, "Reload").

mod budget;
mod counts;
mod losses;
mod mapping;
mod mark_sent;

pub(crate) use budget::ReloadBudget;
pub(crate) use counts::Counts;
pub(crate) use losses::Losses;
pub(crate) use mapping::Reload;
pub(crate) use mark_sent::MarkSent;
