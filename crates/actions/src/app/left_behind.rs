use schemars::JsonSchema;
use serde::Deserialize;

use crate::Context;
use crate::sight::blocked;
use hcops_model::{Fault, Seen};

/// The database that was replaced, and the attachments that had to leave it. An app of which one is still there is not
/// woken: it would write to the old database.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LeftBehind {
    /// The old database's add-on, by name.
    old: String,
    /// The new database's add-on, by name.
    new: String,
    /// The attachments that had to leave it.
    attachments: Vec<Moved>,
}

/// An attachment, as the survey lists it; of each only these are used.
#[derive(Debug, Deserialize, JsonSchema)]
struct Moved {
    app: String,
    name: String,
    credential: String,
}

impl LeftBehind {
    /// What keeps this app silent, if anything does.
    pub(super) async fn of<T>(&self, context: &Context, app: &str) -> Result<Option<Seen<T>>, Fault> {
        let moved: Vec<&Moved> = self.attachments.iter().filter(|one| one.app == app).collect();
        if moved.is_empty() {
            return Ok(None);
        }
        let attached = context.clients.platform.app_attachments(app).await?;
        let on_old =
            |one: &&&Moved| attached.iter().any(|other| other.name == one.name && other.addon.name == self.old);
        let left: Vec<&&Moved> = moved.iter().filter(on_old).collect();
        Ok((!left.is_empty()).then(|| self.refusal(app, &left)))
    }

    fn refusal<T>(&self, app: &str, left: &[&&Moved]) -> Seen<T> {
        let Self { old, new, .. } = self;
        let names: Vec<&str> = left.iter().map(|one| one.name.as_str()).collect();
        let commands: Vec<String> = left
            .iter()
            .flat_map(|one| {
                let Moved { name, credential, .. } = one;
                [
                    format!("`heroku pg:credentials:create {new} --name {credential} -a {app}`"),
                    format!(
                        "`heroku addons:attach {new} --credential {credential} --as {name} -a {app} --confirm {app}`"
                    ),
                ]
            })
            .collect();
        blocked(
            format!(
                "{} of {app} still leads to {old}: if {app} were turned on, it would write to the old database, and that \
                 would be lost. It stays silent.",
                names.join(", ")
            ),
            format!(
                "Give {new} the credential with its rights, and the attachment to {new}: {}. Then take the run up again.",
                commands.join(", ")
            ),
        )
    }
}
