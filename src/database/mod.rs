//! Read-only SQL: lag, sessions, silence, trigger-log backlog, inventory, comparison.
//!
//! The room is built; the checks that live in it come with the real data plane.
