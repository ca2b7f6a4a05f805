//! The canonical row hash (`reference/postgres.md` section 2): each column in a form whose bytes are equal on two servers
//! exactly when the values are the same, hashed on the server.

use serde::{Deserialize, Serialize};

use super::catalog::Column;

/// How a table's content is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// A 64-bit hash of each row's canonical form, mixed and summed on the server. Two different tables have the same sum
    /// with a probability of about 1 in 2^64.
    CanonicalRowHash,
    /// A 64-bit hash of each row's text form, for servers older than 14, which cannot hash a record.
    RowTextHash,
    /// Rows are counted, contents are not looked at.
    Count,
}

impl Method {
    /// The words for a verdict.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::CanonicalRowHash => "canonical row hash",
            Self::RowTextHash => "hash of the row's text",
            Self::Count => "row count",
        }
    }
}

/// The form in which a column enters the hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Equal values have equal bytes already.
    AsIs,
    /// Text whose collation must not decide what is equal.
    Bytes,
    /// Through the type's binary form, because values that compare equal may differ: a numeric's scale, a negative zero.
    Sent(&'static str),
    /// Through the text form: the binary one holds object ids or versions that differ between databases.
    Text,
}

/// The first major whose servers can hash a record and read a range of blocks.
pub(super) const CAN_HASH_RECORDS: u32 = 14;

/// The alias of the table in every statement. Columns are always qualified by it, so none can capture it.
pub(super) const ALIAS: &str = "hcops_table";

pub(super) fn form_of(column: &Column) -> Form {
    if !column.built_in {
        return Form::Text;
    }
    if !column.element.is_empty() {
        // `int2vector` has elements too, but is no array to `array_send`.
        let array = column.kind.starts_with('_') && column.element_built_in;
        let plain = array && scalar_form(&column.element) != Form::Text;
        return if plain { Form::Sent("array_send") } else { Form::Text };
    }
    scalar_form(&column.kind)
}

fn scalar_form(kind: &str) -> Form {
    match kind {
        "int2" | "int4" | "int8" | "bool" | "uuid" | "oid" | "date" | "time" | "timetz" | "timestamp"
        | "timestamptz" => Form::AsIs,
        "bytea" | "inet" | "cidr" | "macaddr" | "name" | "char" | "pg_lsn" => Form::AsIs,
        "text" | "varchar" => Form::Bytes,
        "numeric" => Form::Sent("numeric_send"),
        "float4" => Form::Sent("float4send"),
        "float8" => Form::Sent("float8send"),
        "interval" => Form::Sent("interval_send"),
        "jsonb" => Form::Sent("jsonb_send"),
        "json" => Form::Sent("json_send"),
        "bit" => Form::Sent("bit_send"),
        "varbit" => Form::Sent("varbit_send"),
        "bpchar" => Form::Sent("bpcharsend"),
        "tsvector" => Form::Sent("tsvectorsend"),
        "int4range" | "int8range" | "numrange" | "tsrange" | "tstzrange" | "daterange" => Form::Sent("range_send"),
        "int4multirange" | "int8multirange" | "nummultirange" | "tsmultirange" | "tstzmultirange"
        | "datemultirange" => Form::Sent("multirange_send"),
        _ => Form::Text,
    }
}

/// The column's canonical form as an SQL expression.
pub(super) fn expression(column: &Column) -> String {
    let reference = reference(&column.name);
    match form_of(column) {
        Form::AsIs => reference,
        Form::Bytes => format!("{reference} collate \"C\""),
        Form::Sent(function) => format!("pg_catalog.{function}({reference})"),
        Form::Text => format!("{reference}::text collate \"C\""),
    }
}

/// A 64-bit hash of these columns together, as an SQL expression.
pub(super) fn hash_of(columns: &[&Column], method: Method) -> String {
    match method {
        Method::CanonicalRowHash => {
            let forms: Vec<String> = columns.iter().map(|column| expression(column)).collect();
            format!("hash_record_extended(row({}), 0)", forms.join(", "))
        }
        Method::RowTextHash | Method::Count => {
            let texts: Vec<String> =
                columns.iter().map(|column| format!("{}::text", reference(&column.name))).collect();
            format!("hashtextextended(row({})::text collate \"C\", 0)", texts.join(", "))
        }
    }
}

/// The hash of a whole row, ready to be summed. Mixed once more, because the record's hash is a sum itself: without it a
/// value that two rows swapped would go unseen.
pub(super) fn summable_hash(columns: &[&Column], method: Method) -> String {
    format!("hashint8extended({}, 1)", hash_of(columns, method))
}

/// The column, quoted and qualified.
pub(super) fn reference(name: &str) -> String {
    format!("{ALIAS}.{}", quoted(name))
}

/// A name as an SQL identifier.
pub(super) fn quoted(name: &str) -> String {
    postgres_protocol::escape::escape_identifier(name)
}

#[cfg(test)]
mod tests {
    use super::{Column, Form, Method, expression, form_of, hash_of};

    fn column(kind: &str) -> Column {
        Column { name: "c".into(), kind: kind.into(), built_in: true, ..Column::default() }
    }

    #[test]
    fn representation_counts_where_equal_values_may_differ() {
        assert_eq!(form_of(&column("int8")), Form::AsIs);
        assert_eq!(form_of(&column("numeric")), Form::Sent("numeric_send"));
        assert_eq!(form_of(&column("varchar")), Form::Bytes);
        assert_eq!(form_of(&column("xml")), Form::Text);
    }

    #[test]
    fn types_of_extensions_and_their_arrays_go_by_text() {
        let foreign = Column { built_in: false, ..column("int4") };
        assert_eq!(form_of(&foreign), Form::Text);
        let of =
            |element: &str, built_in| Column { element: element.into(), element_built_in: built_in, ..column("_x") };
        assert_eq!(form_of(&of("float8", true)), Form::Sent("array_send"));
        assert_eq!(form_of(&of("hstore", false)), Form::Text);
        assert_eq!(form_of(&of("regclass", true)), Form::Text);
    }

    #[test]
    fn names_cannot_break_out_of_their_quotes() {
        let sly = Column { name: "a\"; drop".into(), ..column("int4") };
        assert_eq!(expression(&sly), "hcops_table.\"a\"\"; drop\"");
    }

    #[test]
    fn a_table_without_columns_still_has_a_hash() {
        assert_eq!(hash_of(&[], Method::CanonicalRowHash), "hash_record_extended(row(), 0)");
    }
}
