//! The account as one HTML file: no script, no request, readable printed, in the dark, on a phone and read aloud.

mod chart;
mod page;
mod scale;
mod sections;
mod summary;
mod table;
#[cfg(test)]
mod tests;
mod timeline;
mod visible;

pub use page::html;
