//! Types and collations.

use super::relations::TYPE;
use super::{FIRST_OWN_OID, OURS, own, qualified, quoted, role};

pub(super) fn queries() -> Vec<String> {
    vec![types(), collations()]
}

/// Enumerations with their labels, domains, ranges, base types, and composite types that are not a table's. Arrays and
/// multiranges come with their elements.
fn types() -> String {
    let function = |column: &str| format!("nullif(t.{column}::oid, 0)::regprocedure::text");
    format!(
        "select 'type' as kind, {name} as name,
                json_build_object('owner', {owner}, 'sort', t.typtype::text, 'defined', t.typisdefined::text,
                    'labels', (select string_agg(quote_literal(l.enumlabel), ', ' order by l.enumsortorder) from pg_enum l where l.enumtypid = t.oid),
                    'base', case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end,
                    'collation', (select {collation} from pg_collation o where o.oid = t.typcollation and t.typtype in ('d', 'b')),
                    'default', t.typdefault, 'not null', t.typnotnull::text,
                    'checks', (select string_agg({check_name} || ' ' || pg_get_constraintdef(k.oid)
                                   || case when k.convalidated then '' else ' (not validated)' end, ', ' order by k.conname collate \"C\")
                               from pg_constraint k where k.contypid = t.oid and k.contype <> 'n'),
                    'attributes', (select string_agg(concat_ws(' ', {attribute}, {TYPE},
                                       case when a.attcollation <> t.typcollation then 'collate ' || a.attcollation::regcollation::text end),
                                       ', ' order by a.attnum)
                                   from pg_attribute a join pg_type t on t.oid = a.atttypid
                                   where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped),
                    'range', (select concat_ws(' ', format_type(g.rngsubtype, null),
                                  (pg_identify_object('pg_opclass'::regclass, g.rngsubopc, 0)).identity,
                                  (pg_identify_object('pg_collation'::regclass, nullif(g.rngcollation, 0), 0)).identity,
                                  nullif(g.rngcanonical::oid, 0)::regprocedure, nullif(g.rngsubdiff::oid, 0)::regprocedure,
                                  format_type(g.rngmultitypid, null))
                              from pg_range g where g.rngtypid = t.oid),
                    'functions', case when t.typtype = 'b' then concat_ws(' ', {functions}) end,
                    'form', case when t.typtype = 'b' then concat_ws(' ', t.typlen, t.typbyval, t.typalign, t.typstorage, t.typcategory,
                        t.typispreferred, t.typdelim, format_type(nullif(t.typelem, 0), null)) end) as facts
         from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class r on r.oid = t.typrelid
         where (t.typtype in ('e', 'd', 'r', 'b', 'p') or (t.typtype = 'c' and r.relkind = 'c'))
           and not exists (select from pg_type e where e.oid = t.typelem and e.typarray = t.oid) and {OURS} and {own}",
        name = qualified("t.typname"),
        owner = role("t.typowner"),
        collation = "(pg_identify_object('pg_collation'::regclass, o.oid, 0)).identity",
        check_name = quoted("k.conname"),
        attribute = quoted("a.attname"),
        functions = ["typinput", "typoutput", "typreceive", "typsend", "typmodin", "typmodout", "typanalyze"]
            .map(function)
            .join(", "),
        own = own("pg_type", "t.oid")
    )
}

/// Their versions are compared apart: they are the system's.
fn collations() -> String {
    format!(
        "select 'collation' as kind, {name} as name,
                json_build_object('owner', {owner}, 'provider', c.collprovider::text,
                    'locale', coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale', c.collcollate),
                    'character type', case c.collprovider when 'c' then c.collctype end, 'deterministic', c.collisdeterministic::text,
                    'rules', to_jsonb(c) ->> 'collicurules') as facts
         from pg_collation c join pg_namespace n on n.oid = c.collnamespace
         where c.oid >= {FIRST_OWN_OID} and {OURS} and {own}",
        name = qualified("c.collname"),
        owner = role("c.collowner"),
        own = own("pg_collation", "c.oid")
    )
}
