use serde::{Deserialize, Serialize};

use hcops_heroku::data::{Database, Role};

/// A follower of a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowerCheckup {
    /// The add-on's name, or host, port and database where no attachment of the app leads to it.
    pub name: String,
    /// Transactions that it still has to replay, where that can be told.
    pub behind_by: Option<u64>,
    /// `Behind By` as it came.
    pub behind_by_text: Option<String>,
}

/// The followers of a database: those among the app's other databases with their lag, the rest by their place.
pub(super) fn of(leader: &Database, others: &[Database]) -> Vec<FollowerCheckup> {
    let place = leader.resource_url.as_ref().map(|url| url.place());
    let follows = |other: &&Database| {
        other.role() == Role::Follower && other.following().map(|url| url.place()) == place && place.is_some()
    };
    let known: Vec<&Database> = others.iter().filter(follows).collect();
    let places: Vec<String> =
        known.iter().filter_map(|other| other.resource_url.as_ref().map(|url| url.place())).collect();
    let told = leader.info.iter().find(|item| item.name == "Followers").map(|item| item.values.as_slice());
    let is_known = |value: &&String| places.iter().any(|place| value.ends_with(place));
    let elsewhere = told.unwrap_or_default().iter().filter(|value| !is_known(value)).map(|value| FollowerCheckup {
        name: value.rsplit('@').next().unwrap_or(value).to_owned(),
        behind_by: None,
        behind_by_text: None,
    });
    let near = known.iter().map(|other| FollowerCheckup {
        name: other.name.clone().unwrap_or_else(|| "a follower without a name".to_owned()),
        behind_by: other.behind_by(),
        behind_by_text: other.behind_by_text().map(str::to_owned),
    });
    near.chain(elsewhere).collect()
}
