//! Who else has the database (docs/heroku/procedures.md, "Promotion").

use crate::{Case, Finding, Grade, Rule};
use hcops_survey::checkup::{AttachedAs, DatabaseCheckup};

pub(super) const OTHER_APPS: Rule = Rule {
    id: "other-apps",
    looks_at: "which other apps have the database",
    why: "A promotion moves `DATABASE` on one app only: the others stay on the old database, and keep writing to it, until \
          their attachments are moved too.",
    source: "the heroku command, pg:promote",
};

pub(super) const POOLERS: Rule = Rule {
    id: "poolers",
    looks_at: "which connection poolers the database has",
    why: "A promotion moves a pooler only if its name is exactly DATABASE_CONNECTION_POOL; any other stays on the old \
          database.",
    source: "the heroku command, pg:promote",
};

pub(super) const BY_HAND: Rule = Rule {
    id: "held-by-hand",
    looks_at: "which config vars hold the database's address by hand",
    why: "No promotion, rotation or plan change changes a copy of an address: whatever reads it goes on with a database that \
          others have left, or with a password that is none any more.",
    source: "Dev Center: Sharing Heroku Postgres between applications",
};

pub(super) fn judge(case: &Case<'_>, findings: &mut Vec<Finding>) {
    for database in &case.checkup.databases {
        findings.push(other_apps(case, database));
        findings.extend(poolers(database));
        findings.push(by_hand(database));
    }
}

fn other_apps(case: &Case<'_>, database: &DatabaseCheckup) -> Finding {
    let name = &database.name;
    let others = listed(database.attachments.iter().filter(|one| one.app != case.checkup.app));
    if others.is_empty() {
        return OTHER_APPS.well(name, format!("no other app has {name}"));
    }
    OTHER_APPS
        .found(Grade::Note, name, format!("{name} is attached to other apps, too: {others}"))
        .remedy("hcops silences and moves them with the others; whoever owns them has to know of it.")
}

fn poolers(database: &DatabaseCheckup) -> Option<Finding> {
    let left = database.attachments.iter().filter(|one| one.is_pooler && one.name != "DATABASE_CONNECTION_POOL");
    let left = listed(left);
    (!left.is_empty()).then(|| {
        POOLERS
            .found(
                Grade::Note,
                &database.name,
                format!("{} has poolers that a promotion leaves behind: {left}", database.name),
            )
            .remedy("hcops moves those of the default credential; the others have to be made anew.")
    })
}

fn by_hand(database: &DatabaseCheckup) -> Finding {
    let name = &database.name;
    if database.by_hand.is_empty() {
        return BY_HAND.well(name, format!("no config var holds the address of {name} by hand"));
    }
    let held: Vec<String> = database.by_hand.iter().map(|one| format!("{} of {}", one.name, one.app)).collect();
    let app = database.by_hand.first().map_or("APP", |one| one.app.as_str());
    BY_HAND
        .found(Grade::Attention, name, format!("the address of {name} is held by hand in {}", held.join(", ")))
        .remedy(format!(
            "Attach the database under a name of its own and read that (`heroku addons:attach {name} --as NAME -a {app}`), then \
             remove the variable (`heroku config:unset VARIABLE -a {app}`)."
        ))
}

fn listed<'a>(attachments: impl Iterator<Item = &'a AttachedAs>) -> String {
    attachments.map(|one| format!("{}::{}", one.app, one.name)).collect::<Vec<_>>().join(", ")
}
