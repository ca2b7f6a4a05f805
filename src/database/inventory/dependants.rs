use serde::{Deserialize, Serialize};

use crate::database::Session;
use crate::database::connect::literal;
use crate::model::Fault;

/// Something that is built on a table of a schema and would break, or block, when the table is changed or reloaded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Dependant {
    /// The table, with its schema.
    pub table: String,
    /// The column, where it depends on one.
    pub column: Option<String>,
    /// What it is: `view`, `materialised view`, `foreign key`, `trigger`, `policy`.
    pub kind: String,
    /// Its name, with its schema or its table.
    pub name: String,
}

/// What depends by SQL on the tables of `schema`: views from anywhere, foreign keys, triggers and policies. Foreign keys and
/// views on mapped tables can make a reload or a change of a column fail (`reference/procedures.md` section 3.2).
///
/// # Errors
/// As the server refuses.
pub async fn dependants(session: &Session, schema: &str) -> Result<Vec<Dependant>, Fault> {
    session.rows(&QUERY.replace("SCHEMA", &literal(schema))).await
}

const QUERY: &str = "
    with mapped as (select c.oid, n.nspname || '.' || c.relname as name from pg_class c
                    join pg_namespace n on n.oid = c.relnamespace
                    where n.nspname = SCHEMA and c.relkind in ('r', 'p', 'm', 'f'))
    select distinct m.name as table, a.attname as column,
           case v.relkind when 'm' then 'materialised view' else 'view' end as kind, vn.nspname || '.' || v.relname as name
    from pg_depend d join pg_rewrite r on r.oid = d.objid join pg_class v on v.oid = r.ev_class
         join pg_namespace vn on vn.oid = v.relnamespace join mapped m on m.oid = d.refobjid and m.oid <> v.oid
         left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid and d.refobjsubid > 0
    where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass
    union all
    select m.name, null, 'foreign key', k.conrelid::regclass::text || ': ' || k.conname
    from pg_constraint k join mapped m on m.oid in (k.confrelid, k.conrelid) where k.contype = 'f'
    union all
    select m.name, null, 'trigger', g.tgname from pg_trigger g join mapped m on m.oid = g.tgrelid where not g.tgisinternal
    union all
    select m.name, null, 'policy', p.polname from pg_policy p join mapped m on m.oid = p.polrelid
    order by 1, 3, 4, 2";
