//! The way from a step to a database: by the config var of an attachment, past every pooler.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Context;
use super::postgres::Subject;
use hcops_database::connect::Sessions;
use hcops_database::{Manner, Session, backlog};
use hcops_model::{DatabaseUrl, Fault};

/// The sessions that the actions of one registry share, by app and add-on. They stay open from one look to the next: a
/// look that has to be cheap must not begin with a connection.
///
/// An add-on is one database for as long as it lives, so an open session never leads elsewhere; one that was cut is made
/// anew from the config var as it is then.
#[derive(Default)]
pub(super) struct Databases {
    asking: Mutex<Kept>,
    listening: Mutex<Kept>,
}

type Kept = BTreeMap<(String, String), Arc<Session>>;

/// For notifications: a server process of its own.
const LISTENING: Manner = Manner { sessions: Sessions::Own, ..Manner::QUESTION };

impl Databases {
    /// A session for short questions.
    ///
    /// # Errors
    /// As the address cannot be found or the server refuses.
    pub(super) async fn session(&self, context: &Context, database: Subject<'_>) -> Result<Arc<Session>, Fault> {
        let known = locked(&self.asking).get(&key(database)).cloned();
        if let Some(session) = known
            && session.lines("select 1").await.is_ok()
        {
            note(context, database);
            return Ok(session);
        }
        let session = Arc::new(open(context, database, Manner::QUESTION).await?);
        locked(&self.asking).insert(key(database), Arc::clone(&session));
        Ok(session)
    }

    /// A session that hears of every row that the trigger log of `schema` gets; nothing where that does not work.
    pub(super) async fn listener(
        &self,
        context: &Context,
        database: Subject<'_>,
        schema: &str,
    ) -> Option<Arc<Session>> {
        let known = locked(&self.listening).get(&key(database)).cloned();
        if let Some(session) = known.filter(|session| !session.is_closed()) {
            note(context, database);
            return Some(session);
        }
        let session = open(context, database, LISTENING).await.ok()?;
        backlog::listen(&session, schema).await.ok()?;
        let session = Arc::new(session);
        locked(&self.listening).insert(key(database), Arc::clone(&session));
        Some(session)
    }
}

/// The address of a database as it is now.
///
/// # Errors
/// When no config var holds it, or Heroku cannot be asked.
pub(super) async fn address(context: &Context, database: Subject<'_>) -> Result<DatabaseUrl, Fault> {
    context.clients.platform.direct_address(database.app, database.database).await
}

/// A session that is not shared.
///
/// # Errors
/// As the address cannot be found or the server refuses; the fault names the database.
pub(super) async fn open(context: &Context, database: Subject<'_>, manner: Manner) -> Result<Session, Fault> {
    let url = address(context, database).await?;
    let session = Session::open(&url, manner).await.map_err(|mut fault| {
        fault.saw = format!("{}: {}", database.database, fault.saw);
        fault
    })?;
    note(context, database);
    Ok(session)
}

/// Keeps in the journal that this look read the database.
pub(super) fn note(context: &Context, database: Subject<'_>) {
    context.clients.note_read(database.app, database.database);
}

fn key(database: Subject<'_>) -> (String, String) {
    (database.app.to_owned(), database.database.to_owned())
}

fn locked(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
