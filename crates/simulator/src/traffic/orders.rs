//! The app's own table: what a row holds is worked out from its number and from the change that it is at, so that a row
//! that was damaged can be told from one that is as its last change left it.

/// The table, as it is shown and noted.
pub(super) const TABLE: &str = "orders_ledger";
/// Its schema.
pub(super) const SCHEMA: &str = "public";

/// The columns that a change writes, each with its value as an expression of `c.record`, `c.change` and `c.moment`.
const CHANGED: [(&str, &str); 9] = [
    ("change", "c.change"),
    ("status", "(array['placed', 'paid', 'packed', 'closed'])[1 + c.change % 4]"),
    ("amount", "(c.change % 1000000)::numeric(14, 2) + 0.25"),
    ("discount", "case when c.change % 3 = 0 then null else (c.change % 97)::float8 / 7 end"),
    (
        "details",
        "jsonb_build_object('change', c.change, 'gift', c.change % 2 = 0, 'weight', (c.change % 100)::numeric / 4)",
    ),
    ("tags", "array['row ' || c.record, 'change ' || c.change]"),
    (
        "note",
        "case when c.change % 5 = 0 then '' when c.change % 5 = 1 then null else 'left by change ' || c.change end",
    ),
    ("changed_at", "c.moment"),
    ("due_on", "date '2026-01-01' + (c.change % 365)::int"),
];

/// Columns of a change that say when and cannot be worked out again.
const NOT_JUDGED: &str = "changed_at";

/// Inserts the rows of `source`, a query with `record`, `change` and `moment`.
pub(super) fn insert(source: &str) -> String {
    let (columns, values) = (joined(|(column, _)| column), joined(|(_, value)| value));
    format!(
        "insert into {SCHEMA}.{TABLE} (number, invoice, customer, placed_at, {columns})
         select c.record, nextval('public.invoice_numbers'), 'Customer ' || c.record % 211, c.moment, {values}
         from ({source}) c"
    )
}

/// Changes the rows that `source` names.
pub(super) fn update(source: &str) -> String {
    let assignments: Vec<String> = CHANGED.iter().map(|(column, value)| format!("{column} = {value}")).collect();
    format!("update {SCHEMA}.{TABLE} o set {} from ({source}) c where o.number = c.record", assignments.join(", "))
}

/// Every row that is newer than the first `$1` with its number, its change, and whether it holds what that change wrote.
pub(super) fn select() -> String {
    let judged = CHANGED.iter().filter(|(column, _)| *column != NOT_JUDGED);
    let agree: Vec<String> = judged.map(|(column, value)| format!("o.{column} is not distinct from {value}")).collect();
    format!(
        "select o.number, o.change, {}
         from {SCHEMA}.{TABLE} o cross join lateral (select o.number as record, o.change) c
         where o.number > $1 order by o.id",
        agree.join(" and ")
    )
}

/// The rows that were there from the beginning: how many numbers up to `$1` are there once and unchanged, and how many
/// rows there are in all.
pub(super) fn count() -> &'static str {
    "select count(*) filter (where n = 1 and whole), coalesce(sum(n), 0)::bigint from (
       select count(*) as n, bool_and(o.change = o.number and o.details ->> 'change' = o.number::text) as whole
       from public.orders_ledger o where o.number between 1 and $1 group by o.number) counted"
}

fn joined(part: impl Fn(&(&'static str, &'static str)) -> &'static str) -> String {
    CHANGED.iter().map(part).collect::<Vec<_>>().join(", ")
}
