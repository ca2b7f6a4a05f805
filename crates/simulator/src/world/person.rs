//! The person whom a procedure sends to a browser: logs in to Salesforce, and sets by hand what an import leaves
//! (docs/heroku/procedures.md, "Recreate the connection").

use super::{Connection, Due, Refusal, SalesforceInfo, World};
use crate::fault::Fault;

/// Who logs in where nobody has before.
const USERNAME: &str = "integration@acme.example";
/// The organisation of a login where none is known.
const ORGANISATION: &str = "00D5e000001XYzQEAW";

impl World {
    /// Whether a person who is sent to a browser goes there.
    pub(crate) fn is_anybody_there(&mut self) -> bool {
        self.behaviour.meet(Fault::AbsentPerson, self.behaviour.absent_person);
        !self.behaviour.absent_person
    }

    /// The person is given the address of the login, and comes back some time later, if there is one.
    ///
    /// # Errors
    /// 404.
    pub fn send_to_the_login(&mut self, id: &str) -> Result<(), Refusal> {
        let connection = self.connection(id)?.id.clone();
        if self.is_anybody_there() {
            self.schedule(self.latency.person, Due::LoggedIn { connection });
        }
        Ok(())
    }

    pub(crate) fn end_login(&mut self, id: &str) {
        let _gone_meanwhile = self.authenticate(id);
    }

    /// After an import the person goes to the dashboard with what was noted before.
    pub(crate) fn send_to_the_dashboard(&mut self, id: &str) {
        if self.predecessor(id).is_some() && self.is_anybody_there() {
            self.schedule(self.latency.person, Due::SetByHand { connection: id.to_owned() });
        }
    }

    pub(crate) fn set_by_hand(&mut self, id: &str) {
        let Some(features) = self.predecessor(id).map(|old| old.features.clone()) else { return };
        if let Ok(connection) = self.connection_mut(id) {
            connection.features = features;
        }
    }

    /// The login says which organisation it is.
    pub(crate) fn name_the_organisation(&mut self, id: &str) {
        let known = self.predecessor(id).map(|old| old.salesforce.clone()).unwrap_or_default();
        let Ok(connection) = self.connection_mut(id) else { return };
        let current = std::mem::take(&mut connection.salesforce);
        connection.salesforce = SalesforceInfo {
            username: current.username.or(known.username).or_else(|| Some(USERNAME.to_owned())),
            organization_id: current
                .organization_id
                .or(known.organization_id)
                .or_else(|| Some(ORGANISATION.to_owned())),
            ..current
        };
    }

    /// The newest connection of the same app that is no more.
    pub(crate) fn predecessor(&self, id: &str) -> Option<&Connection> {
        let app = &self.connection(id).ok()?.app;
        self.removed_connections.iter().rev().find(|old| &old.app == app)
    }
}
