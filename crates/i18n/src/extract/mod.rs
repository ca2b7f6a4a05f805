//! Gathers every text for people from the sources and the runbooks, and writes the English catalogue from it. Test code:
//! the program itself reads only the catalogues.

mod holes;
mod listing;
mod prose;
mod runbooks;
mod sources;
mod written;
