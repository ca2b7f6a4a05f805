use std::collections::HashMap;

use serde::Deserialize;

use crate::Session;
use hcops_model::Fault;

use super::canonical::quoted;

/// A table or materialised view as one side's catalog has it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Table {
    pub(super) id: i64,
    pub(super) schema: String,
    pub(super) name: String,
    /// `r` a table or partition, `m` a materialised view, `f` a foreign table.
    pub(super) sort: String,
    /// `p` permanent, `u` unlogged.
    pub(super) persistence: String,
    pub(super) populated: bool,
    pub(super) readable: bool,
    /// Blocks of the table itself.
    pub(super) blocks: u64,
    /// Bytes with what is stored out of line.
    pub(super) bytes: u64,
    #[serde(skip)]
    pub(super) columns: Vec<Column>,
    /// Columns of the primary key, else of a unique index over columns that cannot be NULL; empty without one.
    #[serde(skip)]
    pub(super) key: Vec<String>,
    /// The extension that brought the table along, if one did.
    #[serde(skip)]
    pub(super) extension: Option<Belonging>,
}

/// How a table belongs to an extension.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Belonging {
    pub(super) table: i64,
    /// The extension's name.
    pub(super) name: String,
    /// The version that is installed.
    pub(super) version: String,
    /// Whether a dump carries rows of it (`pg_extension_config_dump`).
    pub(super) configured: bool,
    /// Which of its rows a dump carries, as the extension wrote it: `where …`; empty means all.
    pub(super) condition: String,
}

impl Table {
    /// Whether it is a materialised view.
    pub(super) fn is_view(&self) -> bool {
        self.sort == "m"
    }

    pub(super) fn is_unlogged(&self) -> bool {
        self.persistence == "u"
    }

    pub(super) fn quoted(&self) -> String {
        format!("{}.{}", quoted(&self.schema), quoted(&self.name))
    }

    /// Schema and name, for people.
    pub(super) fn title(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }
}

/// A column, with what decides its canonical form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Column {
    pub(super) table: i64,
    pub(super) name: String,
    /// The type's name without its schema.
    pub(super) kind: String,
    pub(super) built_in: bool,
    /// The length or precision that was declared, in the catalog's coding; -1 without one.
    pub(super) modifier: i32,
    /// The element's type where this is an array, else empty.
    pub(super) element: String,
}

#[derive(Debug, Deserialize)]
struct Key {
    table: i64,
    columns: Vec<String>,
}

const TABLES: &str = "
    select c.oid::int8 as id, n.nspname as schema, c.relname as name, c.relkind::text as sort,
           c.relpersistence::text as persistence, c.relispopulated as populated,
           has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select') as readable,
           coalesce(pg_relation_size(c.oid), 0) / current_setting('block_size')::int8 as blocks,
           coalesce(pg_table_size(c.oid), 0) as bytes
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'm', 'f') and c.relpersistence <> 't'
      and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'
    order by n.nspname, c.relname";

const COLUMNS: &str = "
    select a.attrelid::int8 as table, a.attname as name, t.typname as kind, t.typnamespace = 'pg_catalog'::regnamespace as built_in,
           a.atttypmod as modifier, coalesce(e.typname, '') as element
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
         join pg_type t on t.oid = a.atttypid
         left join pg_type e on e.oid = t.typelem and t.typcategory = 'A'
    where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'm', 'f')
      and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'
    order by a.attrelid, a.attnum";

/// The best key of a table comes first: the primary key, then the one of fewest columns.
const KEYS: &str = "
    select i.indrelid::int8 as table, array_agg(a.attname::text order by k.place) as columns
    from pg_index i
         cross join lateral unnest(i.indkey::int2[]) with ordinality k (number, place)
         join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
    where i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null and k.place <= i.indnkeyatts
    group by i.indexrelid, i.indrelid, i.indisprimary
    having bool_and(a.attnotnull)
    order by i.indrelid, i.indisprimary desc, count(*), i.indexrelid";

const BELONGINGS: &str = "
    select d.objid::int8 as table, e.extname as name, e.extversion as version,
           coalesce(d.objid = any (e.extconfig), false) as configured,
           coalesce(e.extcondition[array_position(e.extconfig, d.objid)], '') as condition
    from pg_depend d join pg_extension e on e.oid = d.refobjid
    where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_extension'::regclass and d.deptype = 'e'
      and d.objsubid = 0";

/// Every table and materialised view of the database with columns and key.
pub(super) async fn read(session: &Session) -> Result<Vec<Table>, Fault> {
    let mut tables: Vec<Table> = session.rows(TABLES).await?;
    let mut columns = HashMap::<i64, Vec<Column>>::new();
    for column in session.rows::<Column>(COLUMNS).await? {
        columns.entry(column.table).or_default().push(column);
    }
    let mut keys = HashMap::<i64, Vec<String>>::new();
    for key in session.rows::<Key>(KEYS).await? {
        keys.entry(key.table).or_insert(key.columns);
    }
    let of_extensions = session.rows::<Belonging>(BELONGINGS).await?;
    let mut of_extensions: HashMap<i64, Belonging> = of_extensions.into_iter().map(|it| (it.table, it)).collect();
    for table in &mut tables {
        table.columns = columns.remove(&table.id).unwrap_or_default();
        table.key = keys.remove(&table.id).unwrap_or_default();
        table.extension = of_extensions.remove(&table.id);
    }
    Ok(tables)
}
