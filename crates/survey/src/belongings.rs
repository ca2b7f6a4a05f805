//! What belongs to a database's add-on and does not go with its data: backup schedules, settings, the maintenance window,
//! links. No procedure carries it over; it is named, each with the command that does.

use hcops_heroku::Clients;
use hcops_heroku::data::{BackupSchedule, DatabaseLink, Setting};
use hcops_model::{Fault, FaultKind};

/// What was found. What could not be read is a sentence and never nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Belongings {
    schedules: Result<Vec<BackupSchedule>, String>,
    settings: Result<Vec<(String, Setting)>, String>,
    window: Result<Option<String>, String>,
    links: Result<Vec<DatabaseLink>, String>,
}

/// Reads it, by the add-on's id. A refusal is kept as what it is.
pub async fn belongings(clients: &Clients, addon_id: &str) -> Belongings {
    let refused = |fault: Fault| why(&fault).to_owned();
    let data = &clients.data;
    let changed = |(_, setting): &(String, Setting)| setting.value != setting.default;
    Belongings {
        schedules: data.backup_schedules(addon_id).await.map_err(refused),
        settings: data.settings(addon_id).await.map_err(refused).map(|all| all.into_iter().filter(changed).collect()),
        window: data.maintenance(addon_id).await.map_err(refused).map(|maintenance| maintenance.window),
        links: data.links(addon_id).await.map_err(refused),
    }
}

/// Whose belongings they are, and where they should go.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    /// The old database's add-on, by name.
    pub old: &'a str,
    /// The new database's add-on, by name.
    pub new: &'a str,
    /// The app that owns them.
    pub app: &'a str,
}

impl Places<'_> {
    /// What no API shows, and is looked for by hand.
    #[must_use]
    pub fn shown_by_no_api(&self) -> String {
        format!(
            "No API shows these of {}; look for them by hand: dataclips (https://data.heroku.com/dataclips), labels (`heroku \
             data:labels`).",
            self.old
        )
    }

    /// The same of what SQL would show.
    #[must_use]
    pub fn shown_by_sql(&self) -> String {
        format!(
            "Logical replication slots, publications and subscriptions of {0} are looked for by SQL, and not with `--compare none`; \
             then look by hand: `select * from pg_replication_slots`, `pg_publication`, `pg_subscription` in `heroku pg:psql {0} -a \
             {1}`.",
            self.old, self.app
        )
    }
}

impl Belongings {
    /// One sentence for each thing, with the command that carries it over.
    #[must_use]
    pub fn sentences(&self, places: Places<'_>) -> Vec<String> {
        let mut all = self.backups(places);
        all.extend(self.changed_settings(places));
        all.extend(self.maintenance_window(places));
        all.extend(self.linked(places));
        all
    }

    fn backups(&self, Places { old, new, app }: Places<'_>) -> Vec<String> {
        match &self.schedules {
            Err(why) => vec![unread("The backup schedules", old, &format!("heroku pg:backups:schedules -a {app}"), why)],
            Ok(schedules) => schedules
                .iter()
                .map(|schedule| {
                    let hour = schedule.hour.map_or_else(|| "HH:00".to_owned(), |hour| format!("{hour:02}:00"));
                    let zone = schedule.timezone.as_deref().unwrap_or("UTC");
                    let name = schedule.name.as_deref().unwrap_or("a name that is not shown");
                    format!(
                        "{old} is backed up daily at {hour} {zone} ({name}); a schedule stays with its database: `heroku \
                         pg:backups:schedule {new} --at '{hour} {zone}' -a {app}`."
                    )
                })
                .collect(),
        }
    }

    fn changed_settings(&self, Places { old, new, app }: Places<'_>) -> Vec<String> {
        match &self.settings {
            Err(why) => vec![unread("The settings", old, &format!("heroku pg:settings {old} -a {app}"), why)],
            Ok(settings) => settings
                .iter()
                .map(|(name, setting)| {
                    let (value, command) = (plain(&setting.value), name.replace('_', "-"));
                    format!("{old} has {name} = {value}: `heroku pg:settings:{command} {value} {new} -a {app}`.")
                })
                .collect(),
        }
    }

    fn maintenance_window(&self, Places { old, new, app }: Places<'_>) -> Option<String> {
        match &self.window {
            Err(why) => {
                Some(unread("The maintenance window", old, &format!("heroku pg:maintenance {old} -a {app}"), why))
            }
            Ok(window) => window.as_ref().map(|window| {
                format!(
                    "The maintenance window of {old} is {window}; the new database has one of its own: `heroku \
                     pg:maintenance:window {new} 'DAY HH:MM' -a {app}`."
                )
            }),
        }
    }

    fn linked(&self, Places { old, new, app }: Places<'_>) -> Vec<String> {
        match &self.links {
            Err(why) => vec![unread("The links", old, &format!("heroku pg:links {old} -a {app}"), why)],
            Ok(links) => links
                .iter()
                .map(|link| {
                    format!(
                        "{old} has the link {}: `heroku pg:links:create REMOTE {new} --as {} -a {app}`.",
                        link.name, link.name
                    )
                })
                .collect(),
        }
    }
}

/// Without the request's id: two surveys of the same world are equal.
const fn why(fault: &Fault) -> &'static str {
    match fault.kind {
        FaultKind::Unauthorized => "this account may not see it",
        FaultKind::NotFound => "Heroku does not know it",
        FaultKind::Refused => "Heroku refuses it",
        _ => "the request failed",
    }
}

fn unread(what: &str, old: &str, command: &str, why: &str) -> String {
    format!("{what} of {old} could not be read ({why}): look with `{command}`.")
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
