//! What a person in front of a terminal sees: real runs, at terminals of several sizes, and the pictures of `docs/screens/`.

#![cfg(unix)]

mod film;
mod operator;
mod pictures;
mod svg;
mod widths;
