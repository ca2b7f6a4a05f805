//! What a database consists of, apart from its rows, and how two of them differ (docs/heroku/procedures.md,
//! "Exact copy", points 1 to 3 and 6).

mod definition;
mod dependants;
mod difference;
mod item;
mod queries;
mod read;
mod uncopied;

#[cfg(test)]
mod tests;

pub use dependants::{Dependant, Part, dependants};
pub use difference::{Difference, Weight, differences, leave_roles, left_out};
pub use item::{Inventory, Item, quoted, unquoted};
pub use read::read;
pub use uncopied::{Uncopied, uncopied};
