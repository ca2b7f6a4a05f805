use serde::{Deserialize, Serialize};

use super::Discovered;
use crate::lenient;

/// What `POST /auth/APP` answers: who was added, and what is visible then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Access {
    /// The connections that are visible, of every app and region, and of every sort.
    #[serde(default, deserialize_with = "lenient::list")]
    pub connections: Vec<Discovered>,
}
