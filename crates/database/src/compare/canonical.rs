//! The canonical row hash (docs/heroku/postgres.md, "Row hash"): each column in a form whose bytes are equal on two
//! servers exactly when the values are the same, hashed on the server.

use serde::{Deserialize, Serialize};

use super::catalog::Column;

/// How a table's content is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// A 64-bit hash of each row's canonical form, summed on the server. A table that differs has the same sum with a
    /// probability of about 1 in 2^64.
    CanonicalRowHash,
    /// A 64-bit hash of each row's text form, for servers older than 14, which lack functions that the other way needs.
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
///
/// A type's own hash function is used only where equal hashes mean equal bytes. Those of the servers are made for joins and
/// leave out what does not matter to equality: a numeric's sign and scale, the sign of zero, an array's bounds, and of a
/// 64-bit integer all but the exclusive or of its halves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `int2` and `int4`: the function takes in every bit.
    Integer,
    /// `int8`: the function folds the halves into one, so the upper half enters apart.
    LongInteger,
    /// `bool`, by its number: the server has no callable hash for it before 18.
    Boolean,
    /// `float4` and `float8`: equal hashes mean equal bytes except for zero, whose sign only the text shows.
    Float(&'static str),
    /// `timestamp`: a 64-bit integer of microseconds, folded like `int8`; the upper half is the bin of 2^32 microseconds.
    Moment,
    /// `timestamptz`, as the `timestamp` that it is in UTC.
    ZonedMoment,
    /// `uuid`: all 16 bytes.
    Uuid,
    /// Text whose collation must not decide what is equal.
    Bytes,
    /// `char(n)`, whose trailing blanks follow from its length.
    Padded,
    /// Bytes, the column's own or those of this send function. Only a record of them can be hashed before 18.
    Sent(Option<&'static str>),
    /// Through the text form, which tells every value of the type apart under the settings that are pinned; see
    /// [`printed`].
    Text,
}

/// The first major whose servers can put a timestamp into bins and read a range of blocks.
pub(super) const CAN_HASH_CANONICALLY: u32 = 14;

/// The alias of the table in every statement. Columns are always qualified by it, so none can capture it.
pub(super) const ALIAS: &str = "hcops_table";

pub(super) fn form_of(column: &Column) -> Form {
    if !column.built_in {
        return Form::Text;
    }
    match column.kind.as_str() {
        "int2" | "int4" => Form::Integer,
        "int8" => Form::LongInteger,
        "bool" => Form::Boolean,
        "float4" => Form::Float("hashfloat4extended"),
        "float8" => Form::Float("hashfloat8extended"),
        "timestamp" => Form::Moment,
        "timestamptz" => Form::ZonedMoment,
        "uuid" => Form::Uuid,
        "text" | "varchar" => Form::Bytes,
        "bpchar" if column.modifier > 0 => Form::Padded,
        // Without a length its blanks count, and the text form loses them.
        "bpchar" => Form::Sent(Some("bpcharsend")),
        "bytea" => Form::Sent(None),
        _ => Form::Text,
    }
}

/// Whether the column is compared through a text form that is not its own.
pub(super) fn is_by_text(column: &Column) -> bool {
    form_of(column) == Form::Text && !has_text_of_its_own(column)
}

/// Whether its cast to text is its text form. A type of one's own may have the name of a built-in one.
fn has_text_of_its_own(column: &Column) -> bool {
    column.built_in && TEXT_OF_ITS_OWN.contains(&column.kind.as_str())
}

/// Built-in types whose cast to text is their text form and holds all that they are; other text forms are named in the
/// result.
const TEXT_OF_ITS_OWN: [&str; 9] = ["numeric", "json", "jsonb", "date", "time", "timetz", "interval", "inet", "name"];

/// A 64-bit hash of the column's value, never NULL. `place` gives each column of a row a seed of its own, so that a value
/// that moves from one column to another is another row.
fn term(column: &Column, place: usize) -> String {
    let (value, seed) = (reference(&column.name), place + 1);
    let text = |value: &str| format!("hashtextextended({value} collate \"C\", {seed})");
    let hash = match form_of(column) {
        Form::Integer => format!("hashint4extended({value}, {seed})"),
        Form::LongInteger => format!("hashint8extended({value}, hashint8extended({value} >> 32, {seed}))"),
        Form::Boolean => format!("hashint4extended({value}::int4, {seed})"),
        Form::Float(function) => format!(
            "case when {value} <> 0 then {function}({value}, {seed}) else {} end",
            text(&format!("{value}::text"))
        ),
        Form::Moment => moment(&value, seed),
        Form::ZonedMoment => moment(&format!("{value}::timestamp"), seed),
        Form::Uuid => format!("uuid_hash_extended({value}, {seed})"),
        Form::Bytes => text(&value),
        Form::Padded => format!("hashbpcharextended({value} collate \"C\", {seed})"),
        Form::Sent(function) => {
            let bytes = function.map_or_else(|| value.clone(), |function| format!("{function}({value})"));
            format!("case when {value} is not null then hash_record_extended(row({bytes}), {seed}) end")
        }
        Form::Text => text(&printed(column)),
    };
    format!("coalesce({hash}, {})", stand_in(place))
}

/// Bins are counted from 2^32 microseconds times 14,000,000 before 2000, so that times before 2000 are rounded down too.
const FIRST_BIN: &str = "timestamp '0094-07-27 05:24:16'";

fn moment(value: &str, seed: usize) -> String {
    let bin = format!("date_bin(interval '4294.967296 s', {value}, {FIRST_BIN})");
    format!("timestamp_hash_extended({value}, timestamp_hash_extended({bin}, {seed}))")
}

/// What stands for NULL in a column: a number that is as good as random, another one for each column.
const fn stand_in(place: usize) -> i64 {
    // The mixing of SplitMix64.
    let mut mixed = (place as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    // Half of the numbers, because the smallest one cannot be written as a literal.
    ((mixed ^ (mixed >> 31)) >> 1) as i64
}

/// Terms that are joined without parentheses: a server's parser goes one level deeper with each.
const JOINED_AT_ONCE: usize = 40;

/// A 64-bit hash of these columns together, as an SQL expression.
///
/// The terms are joined by exclusive or, and the result is mixed once more with all its 64 bits as the seed: without that a
/// value that two rows swapped would go unseen in the sum. (`hashint8extended` of it would fold it to 32 bits first.)
pub(super) fn hash_of(columns: &[&Column], method: Method) -> String {
    match method {
        Method::CanonicalRowHash => {
            let terms: Vec<String> = columns.iter().enumerate().map(|(place, column)| term(column, place)).collect();
            let groups: Vec<String> =
                terms.chunks(JOINED_AT_ONCE).map(|group| format!("({})", group.join(" # "))).collect();
            format!("hashint4extended(1, {})", if groups.is_empty() { "0".to_owned() } else { groups.join(" # ") })
        }
        Method::RowTextHash | Method::Count => {
            let texts: Vec<String> = columns.iter().map(|column| text_of(column)).collect();
            format!("hashtextextended(row({})::text collate \"C\", 0)", texts.join(", "))
        }
    }
}

/// The column as text.
fn text_of(column: &Column) -> String {
    let value = reference(&column.name);
    match form_of(column) {
        Form::Sent(Some(function)) => format!("{function}({value})::text"),
        Form::Text => printed(column),
        _ => format!("{value}::text"),
    }
}

/// The value in the words of its type's output function, which are also those of a dump.
///
/// A cast to text is another function for some types, and loses what matters or keeps what a dump does not carry: that of
/// a domain over `bpchar` drops the blanks at the end, that of `xml` keeps the encoding of the declaration, and a type of
/// one's own may have any. `concat` prints by the output function, but takes NULL for an empty text.
pub(super) fn printed(column: &Column) -> String {
    let value = reference(&column.name);
    if has_text_of_its_own(column) {
        return format!("{value}::text");
    }
    format!("(case when {value} is distinct from null then concat({value}) end)")
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
    use std::collections::BTreeSet;

    use jiff::civil::{DateTime, date};

    use super::{Column, FIRST_BIN, Form, Method, form_of, hash_of, is_by_text, stand_in};

    fn column(kind: &str) -> Column {
        Column { name: "c".into(), kind: kind.into(), built_in: true, modifier: -1, ..Column::default() }
    }

    #[test]
    fn a_hash_function_is_used_only_where_it_takes_in_every_bit() {
        assert_eq!(form_of(&column("int4")), Form::Integer);
        assert_eq!(form_of(&column("varchar")), Form::Bytes);
        for by_text in ["numeric", "jsonb", "interval", "date", "xml"] {
            assert_eq!(form_of(&column(by_text)), Form::Text, "{by_text}");
        }
    }

    #[test]
    fn blanks_at_the_end_count_where_no_length_demands_them() {
        assert_eq!(form_of(&Column { modifier: 14, ..column("bpchar") }), Form::Padded);
        assert_eq!(form_of(&column("bpchar")), Form::Sent(Some("bpcharsend")));
    }

    #[test]
    fn types_of_extensions_and_arrays_go_by_text() {
        assert_eq!(form_of(&Column { built_in: false, ..column("int4") }), Form::Text);
        assert_eq!(form_of(&Column { element: "float8".into(), ..column("_float8") }), Form::Text);
        assert!(is_by_text(&column("xml")) && !is_by_text(&column("jsonb")) && !is_by_text(&column("text")));
        assert!(is_by_text(&Column { built_in: false, ..column("interval") }), "it only has the name of another one");
    }

    #[test]
    fn a_type_that_is_not_known_is_printed_by_its_own_output_function() {
        for column in [
            Column { built_in: false, ..column("code") },
            Column { element: "bpchar".into(), ..column("_bpchar") },
            column("xml"),
        ] {
            for method in [Method::CanonicalRowHash, Method::RowTextHash] {
                let hash = hash_of(&[&column], method);
                assert!(hash.contains("concat(hcops_table.\"c\")") && !hash.contains("\"c\"::text"), "{hash}");
            }
        }
        assert!(hash_of(&[&column("numeric")], Method::RowTextHash).contains("\"c\"::text"));
    }

    #[test]
    fn names_cannot_break_out_of_their_quotes() {
        let sly = Column { name: "a\"; drop".into(), ..column("int4") };
        assert!(hash_of(&[&sly], Method::CanonicalRowHash).contains("(hcops_table.\"a\"\"; drop\", 1)"));
    }

    #[test]
    fn a_table_without_columns_still_has_a_hash() {
        assert_eq!(hash_of(&[], Method::CanonicalRowHash), "hashint4extended(1, 0)");
    }

    #[test]
    fn every_column_has_a_stand_in_of_its_own() {
        let many: BTreeSet<i64> = (0..1_600).map(stand_in).collect();
        assert_eq!(many.len(), 1_600);
        assert!(many.iter().all(|it| *it > 1 << 32));
        assert!(many.iter().any(|it| *it > 1 << 62), "every bit but the sign may be set");
    }

    #[test]
    fn bins_of_moments_are_the_upper_halves_of_their_numbers() {
        let first = FIRST_BIN.split('\'').nth(1).unwrap().parse::<DateTime>().unwrap();
        let before = date(2000, 1, 1).at(0, 0, 0, 0).duration_since(first);
        assert_eq!(before.as_micros(), 14_000_000 << 32);
    }

    #[test]
    fn every_type_that_is_hashed_by_itself_goes_by_the_function_that_tells_its_values_apart() {
        let kinds = [
            ("int2", Form::Integer),
            ("int4", Form::Integer),
            ("int8", Form::LongInteger),
            ("bool", Form::Boolean),
            ("float4", Form::Float("hashfloat4extended")),
            ("float8", Form::Float("hashfloat8extended")),
            ("timestamp", Form::Moment),
            ("timestamptz", Form::ZonedMoment),
            ("uuid", Form::Uuid),
            ("text", Form::Bytes),
            ("varchar", Form::Bytes),
            ("bytea", Form::Sent(None)),
        ];
        for (kind, form) in kinds {
            assert_eq!(form_of(&column(kind)), form, "{kind}");
        }
        assert_eq!(form_of(&Column { modifier: 0, ..column("bpchar") }), Form::Sent(Some("bpcharsend")));
    }

    #[test]
    fn both_halves_of_a_long_value_and_its_place_enter_the_hash() {
        let of = |kinds: &[&str]| {
            let columns: Vec<Column> = kinds.iter().map(|kind| column(kind)).collect();
            hash_of(&columns.iter().collect::<Vec<_>>(), Method::CanonicalRowHash)
        };
        let long = of(&["int8"]);
        assert!(
            long.contains("hashint8extended(hcops_table.\"c\", hashint8extended(hcops_table.\"c\" >> 32, 1))"),
            "{long}"
        );
        let moment = of(&["timestamp"]);
        assert!(
            moment.contains("timestamp_hash_extended(hcops_table.\"c\", timestamp_hash_extended(date_bin("),
            "{moment}"
        );
        let zero = of(&["float8"]);
        assert!(zero.contains("case when hcops_table.\"c\" <> 0 then"), "{zero}");
        let two = of(&["int4", "int4"]);
        assert!(two.contains("(hcops_table.\"c\", 1)") && two.contains("(hcops_table.\"c\", 2)"), "{two}");
        assert!(two.starts_with("hashint4extended(1, (coalesce(") && two.contains(") # coalesce("), "{two}");
        for by_text in ["text", "bpchar"] {
            let padded = hash_of(&[&Column { modifier: 14, ..column(by_text) }], Method::CanonicalRowHash);
            assert!(padded.contains("collate \"C\""), "{padded}");
        }
        let many = of(&["int4"; 90]);
        assert_eq!(many.matches("(coalesce(").count(), 3, "groups of 40 at most");
        assert_eq!(many.matches(" # ").count(), 89, "every column is in it");
    }

    #[test]
    fn nothing_is_not_nought_and_no_type_of_ones_own_is_taken_for_a_built_in_one() {
        let two = [column("int4"), column("int4")];
        let hash = hash_of(&two.iter().collect::<Vec<_>>(), Method::CanonicalRowHash);
        for place in [0, 1] {
            assert!(hash.contains(&format!(", {})", stand_in(place))), "{hash}");
        }
        let blanks = hash_of(&[&column("bpchar")], Method::RowTextHash);
        assert!(blanks.contains("bpcharsend(hcops_table.\"c\")::text"), "{blanks}");
        let own = hash_of(&[&Column { built_in: false, ..column("numeric") }], Method::CanonicalRowHash);
        // A row of nothing but NULLs is not NULL, but `is not null` says so of neither.
        assert!(own.contains("is distinct from null then concat("), "{own}");
    }
}
