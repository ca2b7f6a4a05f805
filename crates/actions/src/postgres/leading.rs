//! What still leads to a database that was replaced: attachments, and config vars that hold its address by hand.

use std::collections::BTreeSet;

use crate::Context;
use crate::leads;
use hcops_heroku::if_found;
use hcops_heroku::platform::{Attachment, ConfigVars};
use hcops_model::{Fault, FaultKind, Place};

/// What leads to a database.
#[derive(Debug, Default)]
pub(super) struct Leading {
    /// Its attachments, of every app.
    pub(super) attachments: Vec<Attachment>,
    /// Config vars that no attachment supplies and that hold its address: the app and the variable.
    pub(super) by_hand: Vec<(String, String)>,
    /// Apps whose config vars this account may not read.
    pub(super) unread: Vec<String>,
}

impl Leading {
    /// Looks at the attachments of `database` and at the config vars of `apps` and of every app that has it attached.
    ///
    /// # Errors
    /// As every look.
    pub(super) async fn to(context: &Context, database: &str, apps: &[String]) -> Result<Self, Fault> {
        let attachments = if_found(context.clients.platform.addon_attachments(database).await)?.unwrap_or_default();
        let mut leading = Self { attachments, ..Self::default() };
        let Some(place) = leads::place_of(context, database).await? else { return Ok(leading) };
        let attached = leading.attachments.iter().map(|attachment| attachment.app.name.clone());
        let apps: BTreeSet<String> = apps.iter().cloned().chain(attached).collect();
        for app in apps {
            let vars = match context.clients.platform.config_vars(&app).await {
                Err(fault) if matches!(fault.kind, FaultKind::NotFound | FaultKind::Unauthorized) => {
                    leading.unread.push(app);
                    continue;
                }
                looked => looked?,
            };
            leading.add_by_hand(&app, &vars, &place);
        }
        Ok(leading)
    }

    fn add_by_hand(&mut self, app: &str, vars: &ConfigVars, place: &Place) {
        let supplied: BTreeSet<String> =
            self.attachments.iter().filter(|one| one.app.name == app).map(Attachment::url_var).collect();
        let holding = vars.holding(place).into_iter().filter(|name| !supplied.contains(*name));
        self.by_hand.extend(holding.map(|name| (app.to_owned(), name.to_owned())));
    }

    /// The attachments that are more than a name of the database's own on the app that owns it: somebody uses it by them.
    pub(super) fn in_use<'a>(&'a self, owner: &'a str) -> impl Iterator<Item = &'a Attachment> {
        let spare = move |one: &Attachment| {
            let own_name = ["HEROKU_POSTGRESQL_", "HCOPS_"].iter().any(|begins| one.name.starts_with(begins));
            one.app.name == owner && own_name && one.is_default_credential()
        };
        self.attachments.iter().filter(move |one| !spare(one))
    }

    /// What leads there beside its own names, each with the command that brings it to `successor`; nothing when nothing does.
    pub(super) fn spoken(&self, owner: &str, successor: &str) -> Vec<String> {
        let attached = self.in_use(owner).map(|one| {
            let (app, name) = (&one.app.name, &one.name);
            let through = one.namespace.as_deref().filter(|_| !one.is_default_credential());
            let through = through.map(|namespace| format!(" ({namespace})")).unwrap_or_default();
            format!("the attachment {name} of {app}{through}: `heroku addons:attach {successor} --as {name} -a {app} --confirm {app}`")
        });
        let by_hand = self.by_hand.iter().map(|(app, name)| {
            format!("{name} of {app}, set by hand: `heroku config:set {name}=NEW_ADDRESS -a {app}`, with the address of {successor}")
        });
        let unread =
            self.unread.iter().map(|app| format!("unknown for {app}, whose config vars this account may not read"));
        attached.chain(by_hand).chain(unread).collect()
    }
}
