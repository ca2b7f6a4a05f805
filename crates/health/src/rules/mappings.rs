//! How the mappings of a connection stand (docs/heroku/connect.md, "Mapping states").

use crate::{Case, Finding, Grade, Rule};
use hcops_heroku::connect::{Mapping, MappingClass};
use hcops_survey::checkup::ConnectionCheckup;

pub(super) const RULE: Rule = Rule {
    id: "mapping-state",
    looks_at: "whether each mapping is in sync",
    why: "A broken mapping stops alone: the connection stays IDLE, and the table quietly grows old.",
    source: "Dev Center: Managing Heroku Connect Mappings",
};

pub(super) fn judge(case: &Case<'_>, findings: &mut Vec<Finding>) {
    for connection in &case.checkup.connections {
        let before = findings.len();
        findings.extend(connection.connection.mappings.iter().filter_map(|mapping| of(case, connection, mapping)));
        let count = connection.connection.mappings.len();
        if findings.len() == before && count > 0 {
            let saw = match count {
                1 => format!("the one mapping of {} is well", connection.name),
                count => format!("all {count} mappings of {} are well", connection.name),
            };
            findings.push(RULE.well(&connection.name, saw));
        }
    }
}

fn of(case: &Case<'_>, connection: &ConnectionCheckup, mapping: &Mapping) -> Option<Finding> {
    let name = &connection.name;
    let saw = format!("the mapping {} of {name} is {}", mapping.object_name, mapping.state);
    let on = case.on(Some(connection));
    Some(match mapping.state.class() {
        MappingClass::Ok => return None,
        MappingClass::Transient => RULE
            .found(Grade::Note, name, format!("{saw}, which usually clears by itself"))
            .remedy("Look again in some minutes."),
        MappingClass::Broken => {
            let (remedy, command) = cure(&on, mapping);
            RULE.found(Grade::Broken, name, saw).remedy(remedy).command(command)
        }
        MappingClass::Unknown => RULE
            .found(Grade::Attention, name, format!("{saw}, a state that this version of hcops does not know"))
            .remedy("Look at it in Connect's dashboard. hcops takes no unknown state for success.")
            .command(format!("heroku connect:state {on}")),
    })
}

fn cure(on: &str, mapping: &Mapping) -> (&'static str, String) {
    let object = &mapping.object_name;
    match mapping.state.as_str() {
        "BAD_CONFIG" => (
            "Its configuration no longer fits Salesforce: a field was changed or taken away. See which; for a changed length \
             or type there is `hcops plan field-change`.",
            format!("heroku connect:diagnose {on}"),
        ),
        "SYNC_REMOVED" => (
            "The object can no longer be synced: see whether the integration's user may still read it, else remove the mapping.",
            format!("heroku connect:diagnose {on}"),
        ),
        "UNAUTHORIZED" | "INACTIVE_ORG" => ("Log in to Salesforce again.", format!("heroku connect:sf:auth {on}")),
        "BULK_LOAD_ERROR" => (
            "A bulk load failed. Look for the cause in its log, then reload the mapping.",
            format!("heroku connect:mapping:reload {object} {on}"),
        ),
        _ => (
            "See the cause in its log, remove it, then recover the connection.",
            format!("heroku connect:recover {on}"),
        ),
    }
}
