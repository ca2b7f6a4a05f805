use serde::{Deserialize, Serialize};

use crate::windows::{Ongoing, Window, announcements};
use hcops_heroku::Clients;
use hcops_model::Clock;

/// What the status sites say, for every app that is looked at: it is asked for once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notices {
    /// Announced maintenance; nothing when neither site answered.
    pub windows: Option<Vec<Window>>,
    /// Incidents that go on.
    pub incidents: Vec<Ongoing>,
    /// What could not be read, in sentences.
    pub missing: Vec<String>,
}

impl Notices {
    /// Asks both sites.
    pub async fn read(clients: &Clients, clock: &dyn Clock) -> Self {
        let announced = announcements(clients, clock.now()).await;
        Self { windows: announced.windows, incidents: announced.ongoing, missing: announced.missing }
    }
}
