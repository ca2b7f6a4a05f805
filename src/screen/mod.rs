//! The room `screen`.
