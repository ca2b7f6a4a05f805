//! Steps about loading the tables of mappings again (docs/heroku/connect.md, "Reload").

mod budget;
mod counts;
mod losses;
mod mapping;
mod mark_sent;

pub(in crate::actions) use budget::ReloadBudget;
pub(in crate::actions) use counts::Counts;
pub(in crate::actions) use losses::Losses;
pub(in crate::actions) use mapping::Reload;
pub(in crate::actions) use mark_sent::MarkSent;
