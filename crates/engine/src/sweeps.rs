//! Whole runs over the scripted world: straight through, cut at every point, turned back from every point.

mod aborts;
mod confirmations;
mod crashes;
mod drifts;
mod finality;
mod gate;
mod journals;
mod runs;
mod troubles;
