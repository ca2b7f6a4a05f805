//! What a column of a mapped table holds, counted.

use serde::Deserialize;

use super::Session;
use super::connect::literal;
use hcops_model::Fault;

/// A column at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its type, as the server writes it.
    pub kind: String,
    /// Rows of the table.
    pub rows: u64,
    /// Rows in which it has a value.
    pub values: u64,
}

/// Whether a column of this type, as the server writes it, is what Connect makes of a field that Salesforce has as
/// `defined_as` (`string(120)`, `double`); nothing where that is not known (Dev Center: Mapped data types).
#[must_use]
pub fn is_of(kind: &str, defined_as: &str) -> Option<bool> {
    let (salesforce, length) = match defined_as.split_once('(') {
        Some((name, rest)) => (name, rest.trim_end_matches(')').trim().parse::<u64>().ok()),
        None => (defined_as, None),
    };
    let is_number = kind == "double precision" || kind.starts_with("numeric");
    let salesforce = salesforce.trim().to_ascii_lowercase();
    let salesforce = salesforce.as_str();
    Some(match salesforce {
        "boolean" | "checkbox" => kind == "boolean",
        "double" | "currency" | "percent" => is_number,
        "int" | "integer" => is_number || matches!(kind, "integer" | "bigint"),
        "date" => kind == "date",
        "datetime" => kind.starts_with("timestamp"),
        "string" | "picklist" | "multipicklist" | "combobox" | "email" | "phone" | "url" | "textarea" | "reference"
        | "id" | "encryptedstring" => {
            let holds =
                kind.strip_prefix("character varying(").and_then(|rest| rest.trim_end_matches(')').parse::<u64>().ok());
            // Connect makes columns of picklists longer than their values (thermondo/django-heroku-connect, pull request 24).
            let is_list = matches!(salesforce, "picklist" | "multipicklist" | "combobox");
            match (holds, length) {
                (Some(holds), Some(length)) if is_list && holds > length => return None,
                (Some(holds), Some(length)) => holds == length,
                (Some(_), None) => return None,
                (None, _) => kind == "text" || kind == "character varying",
            }
        }
        _ => return None,
    })
}

/// How a column stands to its field in Salesforce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// It is what the field is.
    None,
    /// The field holds longer texts than the column.
    Longer,
    /// The field holds only shorter texts.
    Shorter,
    /// The field has another type.
    Type,
}

/// How a column of this type stands to a field that Salesforce has as `defined_as`; nothing where that is not known.
#[must_use]
pub fn difference(kind: &str, defined_as: &str) -> Option<Difference> {
    let length = |text: &str| text.split_once('(')?.1.trim_end_matches(')').trim().parse::<u64>().ok();
    Some(match (is_of(kind, defined_as)?, length(kind), length(defined_as)) {
        (true, ..) => Difference::None,
        (false, Some(holds), Some(needs)) if kind.starts_with("character varying") && holds < needs => {
            Difference::Longer
        }
        (false, Some(_), Some(_)) if kind.starts_with("character varying") => Difference::Shorter,
        (false, ..) => Difference::Type,
    })
}

#[derive(Debug, Deserialize)]
struct Kind {
    kind: String,
}

#[derive(Debug, Deserialize)]
struct Counted {
    rows: u64,
    values: u64,
}

/// The type of a column as the server writes it; nothing where the table or the column is not there.
///
/// # Errors
/// As the server refuses.
pub async fn kind(session: &Session, schema: &str, table: &str, column: &str) -> Result<Option<String>, Fault> {
    let kind = format!(
        "select format_type(a.atttypid, a.atttypmod) as kind from pg_attribute a join pg_class c on c.oid = a.attrelid
         join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = {} and c.relname = {} and a.attname = {} and not a.attisdropped",
        literal(schema),
        literal(table),
        literal(column)
    );
    Ok(session.rows::<Kind>(&kind).await?.pop().map(|found| found.kind))
}

/// Counts the values of a column; nothing where the table or the column is not there. Reads the whole table.
///
/// # Errors
/// As the server refuses; the session's statement limit must be a long one for a large table.
pub async fn read(session: &Session, schema: &str, table: &str, column: &str) -> Result<Option<Column>, Fault> {
    let Some(kind) = kind(session, schema, table, column).await? else { return Ok(None) };
    let quoted = postgres_protocol::escape::escape_identifier;
    let select = format!(
        "select count(*) as rows, count({}) as values from {}.{}",
        quoted(column),
        quoted(schema),
        quoted(table)
    );
    let Counted { rows, values } = session.row(&select).await?;
    Ok(Some(Column { kind, rows, values }))
}

#[cfg(test)]
mod tests {
    use super::{Column, Difference, read};
    use crate::testing::shared_old_and_copy;
    use crate::{Manner, Session};

    #[test]
    fn a_column_is_held_against_what_salesforce_has() {
        for (kind, defined_as, is) in [
            ("character varying(120)", "string(120)", Some(true)),
            ("character varying(80)", "string(120)", Some(false)),
            ("character varying(120)", "string(80)", Some(false)),
            ("text", "textarea(32000)", Some(true)),
            ("character varying(40)", "double", Some(false)),
            ("double precision", "double", Some(true)),
            ("numeric(18,2)", "currency", Some(true)),
            ("boolean", "string(80)", Some(false)),
            ("timestamp without time zone", "datetime", Some(true)),
            ("date", "datetime", Some(false)),
            ("character varying(80)", "string", None),
            ("bytea", "base64", None),
            ("character varying(255)", "picklist(40)", None),
            ("character varying(20)", "picklist(40)", Some(false)),
        ] {
            assert_eq!(super::is_of(kind, defined_as), is, "{kind} of {defined_as}");
        }
    }

    #[test]
    fn a_longer_field_a_shorter_one_and_another_type_are_told_apart() {
        for (kind, defined_as, is) in [
            ("character varying(80)", "string(120)", Some(Difference::Longer)),
            ("character varying(120)", "string(80)", Some(Difference::Shorter)),
            ("character varying(80)", "string(80)", Some(Difference::None)),
            ("character varying(40)", "double", Some(Difference::Type)),
            ("double precision", "string(40)", Some(Difference::Type)),
            ("numeric(18,2)", "string(40)", Some(Difference::Type)),
            ("character varying(255)", "picklist(40)", None),
            ("character varying(80)", "string", None),
            ("text", "textarea(32000)", Some(Difference::None)),
        ] {
            assert_eq!(super::difference(kind, defined_as), is, "{kind} of {defined_as}");
        }
    }

    #[tokio::test]
    async fn values_are_counted_and_a_missing_column_is_none() {
        let Some((old, _)) = shared_old_and_copy() else { return };
        let session = Session::open(&old.url("app"), Manner::LONG_READ).await.unwrap();
        let found = read(&session, "salesforce", "account", "description").await.unwrap();
        assert_eq!(found, Some(Column { kind: "text".to_owned(), rows: 3_000, values: 2_000 }));
        assert_eq!(read(&session, "salesforce", "account", "gone__c").await.unwrap(), None);
        assert_eq!(read(&session, "salesforce", "gone__c", "id").await.unwrap(), None);
    }
}
