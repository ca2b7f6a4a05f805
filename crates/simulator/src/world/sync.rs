//! The states of a connection and what leads from one to the next: docs/heroku/connect.md, "Connection states".

use serde_json::{Value, json};

use super::{Due, MissingObject, Refusal, World};

impl World {
    /// Asks for a pause. It takes effect once the work under way is done, some time after it was accepted.
    ///
    /// # Errors
    /// 404; a configurable status (409) when the connection is not `IDLE`.
    pub fn pause(&mut self, id: &str) -> Result<(), Refusal> {
        let connection = self.connection(id)?;
        if connection.state != "IDLE" || connection.pausing {
            let message = format!("The connection can only be paused when it is IDLE; it is {}.", connection.state);
            return Err(Refusal::connect(self.behaviour.pause_refused_with, message));
        }
        self.cancel(id);
        self.connection_mut(id)?.pausing = true;
        self.schedule(self.latency.connect_pause, Due::Paused { connection: id.to_owned() });
        Ok(())
    }

    /// Asks for a resume.
    ///
    /// # Errors
    /// 404; 409 when there is nothing to resume from.
    pub fn resume(&mut self, id: &str) -> Result<(), Refusal> {
        let connection = self.connection_mut(id)?;
        let stopped = ["PAUSED", "SYSTEM_ERROR", "DB_UNAVAILABLE"].contains(&connection.state.as_str());
        if !stopped || connection.resuming {
            let message = format!("The connection can't be resumed; it is {}.", connection.state);
            return Err(Refusal::connect(409, message));
        }
        connection.resuming = true;
        self.schedule(self.latency.connect_resume, Due::Resumed { connection: id.to_owned() });
        Ok(())
    }

    /// Restarts a connection (`connect:recover`): `RECOVERY`, then `IDLE`.
    ///
    /// # Errors
    /// 404.
    pub fn restart(&mut self, id: &str) -> Result<(), Refusal> {
        self.connection(id)?;
        self.leave_for(id, "RECOVERY", self.latency.connect_recovery);
        Ok(())
    }

    /// Imports a configuration: an upsert of mappings by object, asynchronous (docs/heroku/connect.md,
    /// "Export and import").
    ///
    /// # Errors
    /// 404; 409 when the connection is not `IDLE`; 422 for a document without mappings, and where [`MissingObject`] says so.
    pub fn import(&mut self, id: &str, document: &Value) -> Result<(), Refusal> {
        let connection = self.connection(id)?;
        if connection.state != "IDLE" {
            return Err(Refusal::connect(409, format!("The connection is {}, not IDLE.", connection.state)));
        }
        let Some(mappings) = document["mappings"].as_array() else {
            return Err(Refusal::connect(422, "The document has no mappings."));
        };
        let missing = |mapping: &&Value| {
            let object = mapping["object_name"].as_str().unwrap_or_default();
            self.behaviour.missing_objects.iter().any(|missing| missing == object)
        };
        let conduct = self.behaviour.missing_object;
        let (missing, there): (Vec<&Value>, Vec<&Value>) = mappings.iter().partition(missing);
        if let Some(first) = missing.first().filter(|_| conduct == MissingObject::Refused) {
            return Err(Refusal::connect(422, format!("Salesforce has no object {}.", first["object_name"])));
        }
        let kept = if conduct == MissingObject::Broken { &missing[..] } else { &[] };
        for mapping in there.into_iter().chain(kept.iter().copied()) {
            let mut config = mapping["config"].clone();
            if self.behaviour.import_leaves_out_acceleration
                && let Some(config) = config.as_object_mut()
            {
                config.remove("sf_notify_enabled");
            }
            self.put_mapping(id, mapping["object_name"].as_str().unwrap_or(""), &config)?;
        }
        self.leave_for(id, "IMPORT_CONFIGURATION", self.latency.connect_import);
        self.send_to_the_dashboard(id);
        Ok(())
    }

    /// Changes the Salesforce API version of a paused connection, which stays paused.
    ///
    /// # Errors
    /// 404; 409 when it is not paused, a mapping would change unsafely, or one is still syncing.
    pub fn change_api_version(&mut self, id: &str, version: &str) -> Result<(), Refusal> {
        let connection = self.connection_mut(id)?;
        if connection.state != "PAUSED" {
            return Err(Refusal::connect(409, "The connection must be paused."));
        }
        let named = |chosen: &dyn Fn(&super::Mapping) -> bool| -> Vec<String> {
            let mappings = connection.mappings.iter().filter(|mapping| chosen(mapping));
            mappings.map(|mapping| mapping.object_name.clone()).collect()
        };
        let syncing = named(&|mapping| !mapping.is_synced());
        if !syncing.is_empty() {
            let body = json!({ "error": "Some mappings are still syncing", "syncing_mappings": syncing });
            return Err(Refusal { status: 409, headers: Vec::new(), body });
        }
        if !named(&|mapping| mapping.api_change_is_unsafe).is_empty() {
            return Err(Refusal::connect(409, "Some mappings have unsafe changes"));
        }
        version.clone_into(&mut connection.salesforce.api_version);
        Ok(())
    }

    /// Ends the Salesforce login: a connection that waited for it becomes `IDLE`, every other one shows when it was.
    ///
    /// # Errors
    /// 404.
    pub fn authenticate(&mut self, id: &str) -> Result<(), Refusal> {
        let (now, connection) = (self.settled_at, self.connection_mut(id)?);
        connection.authorized_at = Some(now);
        let waits = ["NEED_AUTHENTICATION", "UNAUTHORIZED"].contains(&connection.state.as_str());
        if waits {
            self.name_the_organisation(id);
            self.leave_for(id, "RECOVERY", self.latency.connect_resume);
        }
        Ok(())
    }

    fn leave_for(&mut self, id: &str, state: &str, seconds: u64) {
        self.cancel(id);
        self.set_state(id, state);
        self.schedule(seconds, Due::BackToIdle { connection: id.to_owned() });
    }

    pub(crate) fn set_state(&mut self, id: &str, state: &str) {
        if let Ok(connection) = self.connection_mut(id) {
            state.clone_into(&mut connection.state);
            connection.pausing = false;
            connection.resuming = false;
        }
    }

    /// Whether the database behind the connection's config var takes writes. Connect follows the app's config var by
    /// itself (docs/heroku/procedures.md, "Upgrade by follower").
    pub(crate) fn can_write(&self, id: &str) -> bool {
        let target = self.connection(id).ok().and_then(|connection| {
            self.database_behind(&connection.app, connection.db_key.as_deref().unwrap_or_default())
        });
        target.is_some_and(super::Database::is_writable)
    }

    fn fail(&mut self, id: &str) {
        self.cancel(id);
        self.set_state(id, "SYSTEM_ERROR");
        let message = "The database is missing or read-only.".to_owned();
        self.notify(id, "postgres-connection", message);
    }

    pub(crate) fn begin_poll(&mut self, id: &str) {
        if !self.can_write(id) {
            return self.fail(id);
        }
        self.set_state(id, "POLLING_DB_CHANGES");
        let Ok(connection) = self.connection_mut(id) else { return };
        connection.trigger_log.in_flight += std::mem::take(&mut connection.trigger_log.open);
        let seconds = connection.poll_seconds;
        self.schedule(seconds, Due::PollEnds { connection: id.to_owned() });
    }

    pub(crate) fn end_poll(&mut self, id: &str) {
        self.become_idle(id);
        let now = self.settled_at;
        let Ok(connection) = self.connection_mut(id) else { return };
        let sent = std::mem::take(&mut connection.trigger_log.in_flight);
        connection.trigger_log.processed += sent;
        if sent > 0 {
            connection.last_write_at = Some(now);
        }
    }

    pub(crate) fn become_idle(&mut self, id: &str) {
        self.set_state(id, "IDLE");
        let Ok(connection) = self.connection(id) else { return };
        let seconds = connection.idle_seconds;
        self.schedule(seconds, Due::PollBegins { connection: id.to_owned() });
    }

    pub(crate) fn back_to_idle(&mut self, id: &str) {
        if self.can_write(id) { self.become_idle(id) } else { self.fail(id) }
    }

    /// The pause takes effect: polls of Salesforce under way are finished.
    pub(crate) fn become_paused(&mut self, id: &str) {
        self.set_state(id, "PAUSED");
        for mapping in self.mapping_ids(id) {
            let reloading = self.mapping(&mapping).is_ok_and(|(_, m)| m.state == "RELOAD_TABLE");
            if !reloading {
                self.cancel(&mapping);
            }
            if let Ok(mapping) = self.mapping_mut(&mapping)
                && mapping.state == "POLLING_SF_CHANGES"
            {
                "DATA_SYNCED".clone_into(&mut mapping.state);
            }
        }
    }

    /// The resume takes effect: the trigger log goes out and each mapping polls Salesforce, then all is as before.
    pub(crate) fn become_resumed(&mut self, id: &str) {
        if !self.can_write(id) {
            return self.fail(id);
        }
        self.take_salesforce_backlog(id);
        self.set_state(id, "POLLING_DB_CHANGES");
        let mappings = self.mapping_ids(id);
        for (seconds, mapping) in (self.latency.mapping_poll..).step_by(3).zip(&mappings) {
            let Ok(resumed) = self.mapping_mut(mapping) else { continue };
            if resumed.state == "RELOAD_TABLE" {
                self.sync_mapping_after(mapping, self.latency.mapping_reload);
            } else if !resumed.is_broken() {
                "POLLING_SF_CHANGES".clone_into(&mut resumed.state);
                self.sync_mapping_after(mapping, seconds);
            }
        }
        let least = self.latency.connect_catch_up;
        let Ok(connection) = self.connection_mut(id) else { return };
        connection.trigger_log.in_flight += std::mem::take(&mut connection.trigger_log.open);
        let seconds = connection.poll_seconds.max(least);
        self.schedule(seconds, Due::PollEnds { connection: id.to_owned() });
    }

    fn take_salesforce_backlog(&mut self, id: &str) {
        let now = self.settled_at;
        let Ok(connection) = self.connection_mut(id) else { return };
        let backlog = std::mem::take(&mut connection.salesforce_backlog);
        let (app, var) = (connection.app.clone(), connection.db_key.clone().unwrap_or_default());
        let Some(target) = self.database_behind(&app, &var).map(|database| database.addon.clone()) else { return };
        let writer = self.writer_name(id);
        self.add_to_followers(&target, backlog);
        if let Ok(database) = self.database_mut(&target) {
            database.record(&writer, backlog, now, now);
        }
    }

    pub(crate) fn writer_name(&self, id: &str) -> String {
        let name = self.connection(id).map(|connection| self.resource_name(connection)).unwrap_or_default();
        format!("connect:{name}")
    }

    fn mapping_ids(&self, id: &str) -> Vec<String> {
        self.connection(id)
            .map(|connection| connection.mappings.iter().map(|mapping| mapping.id.clone()).collect())
            .unwrap_or_default()
    }
}
