use crate::Context;
use hcops_heroku::data::Database;
use hcops_heroku::if_found;
use hcops_model::Fault;

/// What a database follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// It follows the expected leader.
    Follower,
    /// It follows another database; its name, or its host where only that is known.
    FollowerOf(String),
    /// It follows nothing.
    Alone,
}

impl Role {
    /// The role of `database` towards `leader` (an add-on's name or id).
    ///
    /// `following` is the test for a follower; which database is followed is said by `leader`, and where that says
    /// nothing by comparing the address with the expected leader's (docs/heroku/data.md, "Database").
    pub(super) async fn of(context: &Context, database: &Database, leader: &str) -> Result<Self, Fault> {
        let Some(following) = database.following() else { return Ok(Self::Alone) };
        if database.leader.as_ref().is_some_and(|told| told.is(leader)) {
            return Ok(Self::Follower);
        }
        let expected = if_found(context.clients.data.database(leader).await)?;
        let expected = expected.and_then(|leader| leader.resource_url);
        if expected.is_some_and(|url| url.place() == following.place()) {
            return Ok(Self::Follower);
        }
        let told = database.leader.as_ref().and_then(|leader| leader.name.clone());
        Ok(Self::FollowerOf(told.unwrap_or_else(|| following.place())))
    }

    /// The role in words, for a sentence that begins with the database's name.
    pub(super) fn spoken(&self, leader: &str) -> String {
        match self {
            Self::Follower => format!("follows {leader}"),
            Self::FollowerOf(other) => format!("follows {other}"),
            Self::Alone => "follows nothing".to_owned(),
        }
    }
}
