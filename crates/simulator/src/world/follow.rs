//! Following and ceasing to follow.

use super::{Due, PlanName, Refusal, World};

impl World {
    /// Whether a database may be followed or forked under a new one's plan. `text` names it in any of the ways of
    /// docs/heroku/platform.md, "Naming a database". Returns its add-on's id.
    ///
    /// # Errors
    /// 422 when it does not exist, is of the Essential tier, follows another one, or is not available yet. The exact
    /// errors are unknown.
    pub(crate) fn check_source(&self, app: &str, text: &str, plan: &str, follows: bool) -> Result<String, Refusal> {
        let verb = if follows { "follow" } else { "fork" };
        let refusal = |why: String| Refusal::unprocessable(format!("You can't {verb} {text}: {why}"));
        let id = self.find_source(app, text).ok_or_else(|| refusal("no such database.".to_owned()))?;
        let (addon, database) = (self.addon(&id)?, self.database(&id)?);
        if addon.plan.is_essential() || plan.is_essential() {
            return Err(refusal(format!("{verb} isn't supported on the Essential tier.")));
        }
        if follows && database.following.is_some() {
            return Err(refusal("it is a follower itself.".to_owned()));
        }
        if !database.fork_follow_available {
            return Err(refusal(format!("Fork/Follow is {}.", database.fork_follow(&addon.plan))));
        }
        Ok(id)
    }

    fn find_source(&self, app: &str, text: &str) -> Option<String> {
        let (app, name) = text.split_once("::").unwrap_or((app, text));
        if name.contains("://") {
            return self.databases.iter().find(|database| database.is_at(name)).map(|d| d.addon.clone());
        }
        let found = self.resolve_addon(name, Some(app)).or_else(|_| self.resolve_addon(name, None)).ok()?;
        found.first().filter(|addon| addon.is_postgres()).map(|addon| addon.id.clone())
    }

    /// Makes a follower an independent database.
    ///
    /// # Errors
    /// 404 for an unknown database; 422 when it does not follow or an upgrade is in progress.
    pub fn unfollow(&mut self, key: &str) -> Result<(), Refusal> {
        self.check_no_upgrade(key)?;
        let (now, seconds) = (self.settled_at, self.latency.unfollow);
        let database = self.database_mut(key)?;
        if database.following.is_none() {
            return Err(Refusal::unprocessable("The database is not following another one."));
        }
        database.stop_following(now);
        database.wait("unfollowing", None);
        let addon = database.addon.clone();
        self.schedule(seconds, Due::DatabaseReady { addon });
        Ok(())
    }
}
