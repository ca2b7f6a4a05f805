use serde::{Deserialize, Serialize};

use crate::Session;
use crate::connect::literal;
use hcops_model::Fault;

/// Something that is built on a table of a schema and would break, block or be gone when the table or a column of it is
/// changed or loaded again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Dependant {
    /// The table, with its schema.
    pub table: String,
    /// The column, where it depends on one.
    pub column: Option<String>,
    /// What it is: `view`, `materialised view`, `foreign key`, `constraint`, `index`, `trigger`, `policy`, `generated
    /// column`, `statistics`, `function`.
    pub kind: String,
    /// Its name, with its schema or its table.
    pub name: String,
    /// How it was made, as the server says it.
    pub definition: Option<String>,
    /// Whether it keeps a column from being dropped, unless it is dropped too: what depends on it otherwise goes with it.
    pub blocks: bool,
    /// Whether it has one of the names that Connect gives: `hc_…`, `hcu_…`, or the primary key.
    pub of_connect: bool,
}

/// What of a schema is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// The schema.
    pub schema: &'a str,
    /// One table of it; every table when absent.
    pub table: Option<&'a str>,
    /// One column of that table; without it also what depends on the table as a whole.
    pub column: Option<&'a str>,
}

/// What depends by SQL on a part of a schema, by what the server knows (`pg_depend`) and, for functions written as text, by
/// the names that they mention. Foreign keys and views on mapped tables can make a reload or a change of a column fail
/// (docs/heroku/connect.md, "Reload").
///
/// # Errors
/// As the server refuses.
pub async fn dependants(session: &Session, part: Part<'_>) -> Result<Vec<Dependant>, Fault> {
    let is = |name: &str, wanted: Option<&str>| {
        wanted.map_or_else(String::new, |it| format!(" and {name} = {}", literal(it)))
    };
    let query = QUERY
        .replace("SCHEMA", &literal(part.schema))
        .replace("ONE_COLUMN", if part.column.is_some() { "true" } else { "false" })
        .replace("AND_TABLE", &is("c.relname", part.table))
        .replace("AND_COLUMN", &is("d.\"column\"", part.column));
    session.rows(&query).await
}

/// The text of functions is searched for one column only: for all of them it would take too long.
const QUERY: &str = r#"
    with mapped as (select c.oid, c.relname, n.nspname || '.' || c.relname as name from pg_class c
                    join pg_namespace n on n.oid = c.relnamespace
                    where n.nspname = SCHEMA and c.relkind in ('r', 'p', 'm', 'f') and c.relname !~ '^_' AND_TABLE),
    columns as (select m.oid, m.name, m.relname, a.attnum, a.attname from mapped m
                join pg_attribute a on a.attrelid = m.oid and a.attnum > 0 and not a.attisdropped),
    found as (
    select m.name as "table", a.attname as "column",
           case v.relkind when 'm' then 'materialised view' else 'view' end as kind,
           vn.nspname || '.' || v.relname as name, pg_get_viewdef(v.oid) as definition, true as blocks
    from pg_depend d join pg_rewrite r on r.oid = d.objid join pg_class v on v.oid = r.ev_class
         join pg_namespace vn on vn.oid = v.relnamespace join mapped m on m.oid = d.refobjid and m.oid <> v.oid
         left join columns a on a.oid = d.refobjid and a.attnum = d.refobjsubid and d.refobjsubid > 0
    where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass
    union all
    select a.name, a.attname, case k.contype when 'f' then 'foreign key' else 'constraint' end,
           k.conrelid::regclass::text || ': ' || k.conname, pg_get_constraintdef(k.oid), k.conrelid <> a.oid
    from pg_constraint k join columns a
      on (k.conrelid = a.oid and a.attnum = any(k.conkey)) or (k.confrelid = a.oid and a.attnum = any(k.confkey))
    where k.contype in ('f', 'c', 'u', 'p', 'x')
    union all
    select a.name, a.attname, 'index', i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), false
    from pg_index i join columns a on a.oid = i.indrelid
    where (a.attnum = any(i.indkey::int2[]) or exists (select from pg_depend d
             where d.classid = 'pg_class'::regclass and d.objid = i.indexrelid and d.refclassid = 'pg_class'::regclass
               and d.refobjid = a.oid and d.refobjsubid = a.attnum))
      and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
    union all
    select m.name, a.attname, 'trigger', g.tgname, pg_get_triggerdef(g.oid), a.attname is not null
    from pg_trigger g join mapped m on m.oid = g.tgrelid
         left join pg_depend d on d.classid = 'pg_trigger'::regclass and d.objid = g.oid
              and d.refclassid = 'pg_class'::regclass and d.refobjid = m.oid and d.refobjsubid > 0
         left join columns a on a.oid = m.oid and a.attnum = d.refobjsubid
    where not g.tgisinternal
    union all
    select m.name, a.attname, 'policy', p.polname, pg_get_expr(p.polqual, p.polrelid), a.attname is not null
    from pg_policy p join mapped m on m.oid = p.polrelid
         left join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid
              and d.refclassid = 'pg_class'::regclass and d.refobjid = m.oid and d.refobjsubid > 0
         left join columns a on a.oid = m.oid and a.attnum = d.refobjsubid
    union all
    select a.name, a.attname, 'generated column', a.name || '.' || other.attname, pg_get_expr(f.adbin, f.adrelid), true
    from pg_depend d join pg_attrdef f on f.oid = d.objid
         join pg_attribute other on other.attrelid = f.adrelid and other.attnum = f.adnum
         join columns a on a.oid = d.refobjid and a.attnum = d.refobjsubid and other.attnum <> a.attnum
    where d.classid = 'pg_attrdef'::regclass and d.refclassid = 'pg_class'::regclass
    union all
    select a.name, a.attname, 'statistics', s.stxname::text, null, false
    from pg_statistic_ext s join columns a on a.oid = s.stxrelid and a.attnum = any(s.stxkeys::int2[])
    union all
    select a.name, a.attname, 'function', p.oid::regprocedure::text, pg_get_functiondef(p.oid), false
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         join columns a on p.prosrc ~* ('\m' || a.relname || '\M') and p.prosrc ~* ('\m' || a.attname || '\M')
    where p.prokind in ('f', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
      and p.proname !~ '^hc_' and ONE_COLUMN
      and not exists (select from pg_depend e where e.classid = 'pg_proc'::regclass and e.objid = p.oid and e.deptype = 'e'))
    select distinct d."table", d."column", d.kind, d.name, d.definition, d.blocks,
           split_part(reverse(split_part(reverse(d.name), '.', 1)), ': ', 2) ~ '(^hcu?_|_pkey$)'
             or reverse(split_part(reverse(d.name), '.', 1)) ~ '(^hcu?_|_pkey$)' as of_connect
    from found d where true AND_COLUMN
    order by 1, 3, 4, 2"#;
