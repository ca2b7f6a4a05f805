//! What acts on texts and knows nothing of what they are about: what may reach a screen, and counts with their things.

mod counted;
pub mod plain;

pub use counted::counted;
