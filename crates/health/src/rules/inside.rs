//! What only the database itself shows (docs/heroku/procedures.md, "Upgrade in place" and "Followers").

use crate::advice::counted_grouped;
use crate::{Case, Finding, Grade, Rule};

pub(super) const HSTORE: Rule = Rule {
    id: "hstore-schema",
    looks_at: "whether hstore is in the schema public (by SQL)",
    why: "Connect's trigger functions name public.hstore. A copy in which it lies elsewhere breaks them, and every write to \
          a mapped table with them.",
    source: "schema dumps of Connect databases",
};

pub(super) const OBJECTS: Rule = Rule {
    id: "many-objects",
    looks_at: "whether there are too many schemas or objects for an upgrade (by SQL)",
    why: "With more than 1,000 schemas or 10,000 objects a version upgrade may run out of memory.",
    source: "Dev Center: Upgrading the Version of a Heroku Postgres Database",
};

const SCHEMAS: u64 = 1_000;
const MANY_OBJECTS: u64 = 10_000;

pub(super) fn judge(case: &Case<'_>, findings: &mut Vec<Finding>) {
    for database in &case.checkup.databases {
        let Some(census) = &database.by_sql else { continue };
        let name = &database.name;
        findings.push(match census.hstore_schema.as_deref() {
            Some("public") => HSTORE.well(name, format!("hstore of {name} is in public")),
            Some(other) => HSTORE
                .found(Grade::Attention, name, format!("hstore of {name} is in {other}, not in public"))
                .remedy("See whether writes to mapped tables work; choose a copy target that has it in public.")
                .command(format!("heroku pg:psql {name} -a {} -c '\\dx hstore'", database.owner_app)),
            None if case.checkup.connections_of(database).next().is_some() => HSTORE
                .found(Grade::Attention, name, format!("{name} has no hstore, which Connect's triggers use"))
                .remedy("If Connect made its tables in this database, its triggers can't work: ask Heroku's support."),
            None => HSTORE.well(name, format!("{name} has no hstore, and no connection that needs it")),
        });
        let counts = format!(
            "{name} has {} and {}",
            counted_grouped(census.schemas, "schema"),
            counted_grouped(census.objects, "object")
        );
        findings.push(if census.schemas > SCHEMAS || census.objects > MANY_OBJECTS {
            OBJECTS
                .found(Grade::Attention, name, counts)
                .remedy("Try the upgrade first: a dry run shows whether it goes through. Or upgrade a follower, which can be thrown away.")
                .command(format!("heroku pg:upgrade:dryrun {name} -a {}", database.owner_app))
        } else {
            OBJECTS.well(name, counts)
        });
    }
}
