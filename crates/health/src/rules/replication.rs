//! Leaders and followers (docs/heroku/procedures.md, "Upgrade by follower" and "Followers").

use crate::advice::counted_grouped;
use crate::{Case, Finding, Grade, Rule};
use hcops_heroku::data::Role;
use hcops_survey::checkup::{DatabaseCheckup, FollowerCheckup};

pub(super) const LEADER: Rule = Rule {
    id: "database-role",
    looks_at: "whether the connection's database is a leader",
    why: "A follower can't be written to: Connect neither captures nor brings changes there. A promotion does not end the \
          following.",
    source: "Dev Center: Heroku Postgres Follower Databases",
};

pub(super) const LAG: Rule = Rule {
    id: "follower-lag",
    looks_at: "how far followers are behind",
    why: "A follower that is far behind shows readers the past, and is no basis for a changeover until it has caught up.",
    source: "Dev Center: Heroku Postgres Follower Databases",
};

/// Commits that a follower is usually behind at most while the leader is written to.
const FAR: u64 = 10_000;

pub(super) fn judge(case: &Case<'_>, findings: &mut Vec<Finding>) {
    for database in &case.checkup.databases {
        findings.push(role(case, database));
        findings.extend(database.followers.iter().filter_map(|follower| lag(database, follower)));
    }
}

fn role(case: &Case<'_>, database: &DatabaseCheckup) -> Finding {
    let name = &database.name;
    match database.role {
        Role::Leader => LEADER.well(name, format!("{name} is a leader")),
        Role::Follower if case.checkup.connections_of(database).next().is_some() => LEADER
            .found(Grade::Broken, name, format!("{name} is a follower, and a connection uses it"))
            .remedy("Make it a database of its own, or point the connection at the leader.")
            .command(format!("heroku pg:unfollow {name} -a {}", database.owner_app)),
        Role::Follower => LEADER.found(Grade::Note, name, format!("{name} is a follower")),
    }
}

fn lag(database: &DatabaseCheckup, follower: &FollowerCheckup) -> Option<Finding> {
    let name = &follower.name;
    let saw = match (follower.behind_by, &follower.behind_by_text) {
        (Some(behind), _) if behind < FAR => {
            return Some(
                LAG.well(name, format!("{name} is {} behind {}", counted_grouped(behind, "commit"), database.name)),
            );
        }
        (Some(behind), _) => format!("{name} is {} behind {}", counted_grouped(behind, "commit"), database.name),
        (None, Some(text)) => format!("{name} says of its lag behind {}: \"{text}\"", database.name),
        // A follower that no attachment of the app leads to was not asked.
        (None, None) => return None,
    };
    Some(
        LAG.found(Grade::Attention, name, saw)
            .remedy("Look for long queries on the follower and for heavy writing on the leader.")
            .command(format!("heroku pg:info {name} -a {}", database.owner_app)),
    )
}
