mod beforehand;
mod broken;
mod connect_points;
mod formula;
mod limits;
mod planted;
mod resumed;
mod true_copies;
mod unseen;

use std::sync::Arc;

use crate::testing::VirtualClock;
use hcops_model::{Clock, DatabaseUrl};

use super::{Comparison, Options, Progress, compare};

fn clock() -> Arc<dyn Clock> {
    Arc::new(VirtualClock::default())
}

async fn compared(old: &DatabaseUrl, new: &DatabaseUrl, options: &Options) -> Comparison {
    compare(old, new, options, clock(), Arc::new(|_: &Progress| ())).await.unwrap()
}

fn told(comparison: &Comparison) -> String {
    serde_json::to_string_pretty(comparison).unwrap()
}
