//! Each action against a world that a test writes down: what it sees, what it would do, what it sends.

mod app;
mod attachments;
mod connection;
mod copying;
mod databases;
mod edges;
mod fields;
mod follower;
mod frame;
mod in_place;
mod pausing;
mod person;
mod plan_change;
mod recreation;
mod rollback;
mod runbooks;
mod single_steps;
mod world;
