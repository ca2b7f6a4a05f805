//! What is said to people, in their language.
//!
//! English lives where it is written: in the sources and in the runbooks. This room knows the other languages: it finds
//! which English sentence a text is an instance of, and says the same in the person's language. `docs/language.md` tells how
//! the catalogues are kept.

mod catalogue;
#[cfg(test)]
mod extract;
mod language;
mod sentence;
mod template;

pub use catalogue::Catalogue;
pub use language::Language;
