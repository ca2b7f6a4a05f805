//! What is said of a schema that is in the database before a new connection gets it.

use postgres_protocol::escape::escape_identifier;

use crate::connect::pointer::options;
use hcops_heroku::connect::Connection;
use hcops_model::{Fault, FaultKind};

/// Longest name of a schema in Postgres, bytes.
const LONGEST: usize = 63;

/// The command that renames a schema by hand, in the database that `db_key` of `app` means.
pub(super) fn renaming(app: &str, db_key: &str, schema: &str) -> String {
    let (from, to) = (escape_identifier(schema), escape_identifier(&followed_by(schema, "_before")));
    let sql = format!("alter schema {from} rename to {to}").replace('\'', r"'\''");
    format!("heroku pg:psql {db_key} -a {app} -c '{sql}'")
}

/// Another name that a schema could have.
pub(super) fn another(schema: &str) -> String {
    followed_by(schema, "_2")
}

fn followed_by(schema: &str, ending: &str) -> String {
    let mut end = schema.len().min(LONGEST - ending.len());
    while !schema.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{ending}", &schema[..end])
}

/// The same fault with the ways on where Connect does not take a schema that exists already: another one only where it is
/// being `chosen`.
pub(super) fn with_ways_on(
    mut fault: Fault,
    connection: &Connection,
    (db_key, schema): (&str, &str),
    chosen: bool,
) -> Fault {
    if fault.kind != FaultKind::Refused {
        return fault;
    }
    let app = connection.app_name.as_deref().unwrap_or("APP");
    let renaming = renaming(app, db_key, schema);
    let other = format!(
        " Or give the connection another schema (`heroku connect:db:set --db {db_key} --schema {} {}`), resume the run, and \
         answer yes.",
        another(schema),
        options(connection)
    );
    fault.remedy = format!(
        "Where Connect does not take the schema because it exists: rename it by hand (`{renaming}`) and resume the run. \
         Its tables are then made anew and loaded from Salesforce; the old ones stay under the new name.{} Otherwise: {}",
        if chosen { &other } else { "" },
        fault.remedy
    );
    fault.with_command(renaming)
}

#[cfg(test)]
mod tests {
    use super::{another, renaming};

    #[test]
    fn a_schema_is_renamed_under_whatever_name_it_has() {
        let plain =
            r#"heroku pg:psql DATABASE_URL -a crm -c 'alter schema "salesforce" rename to "salesforce_before"'"#;
        assert_eq!(renaming("crm", "DATABASE_URL", "salesforce"), plain);
        let odd = renaming("crm", "X_URL", "it's \"mine\"");
        assert!(odd.ends_with(r#"-c 'alter schema "it'\''s ""mine""" rename to "it'\''s ""mine""_before"'"#), "{odd}");
        let long = another(&"ä".repeat(31));
        assert!(long.len() <= 63 && long.ends_with("ä_2"), "{long}");
    }
}
