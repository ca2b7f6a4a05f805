//! One query for each kind of thing. Every one returns `kind`, `name` and `facts`, an object whose values are texts; what is
//! NULL is left out. Columns that only some majors have are asked for by `to_jsonb(row) ->> 'column'`.
//!
//! All of it is read under [`PINS`], so that every server prints names with their schemas and values in one form. What
//! belongs to an extension is left to the extension, whose version and schema are compared.

mod database;
mod elsewhere;
mod programs;
mod relations;
mod rights;
mod search;
#[cfg(test)]
mod tests;
mod types;

/// What changes how a server prints a definition. Under this search path every name but the server's own has its schema.
pub(super) const PINS: &str = "set local search_path = pg_catalog; set local quote_all_identifiers = off;
    set local timezone = 'UTC'; set local datestyle = 'ISO, MDY'; set local intervalstyle = 'iso_8601';
    set local extra_float_digits = 1; set local bytea_output = 'hex'; set local lc_monetary = 'C';
    set local standard_conforming_strings = on; set local xmlbinary = 'base64';";

/// Schemas that do not belong to the server.
const OURS: &str = "n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'";

/// Objects with a lower number were made with the cluster.
const FIRST_OWN_OID: u32 = 16_384;

/// All queries for a server of this major.
pub(super) fn all(major: u32) -> Vec<String> {
    [
        database::queries(major),
        relations::queries(),
        programs::queries(major),
        types::queries(),
        search::queries(),
        elsewhere::queries(major),
        rights::queries(major),
    ]
    .concat()
}

/// A role's name, or `(owner)` for the role that owns the database or reads it. Since 15 there is a role of the server's own
/// that stands for it.
fn role(id: &str) -> String {
    format!(
        "case when {id} = 0 then 'public' when {id} = (select datdba from pg_database where datname = current_database()) \
         or {id} = (select oid from pg_roles where rolname = current_user) or pg_get_userbyid({id}) = 'pg_database_owner' then '(owner)' else pg_get_userbyid({id}) end"
    )
}

/// True for what no extension brought along.
fn own(catalog: &str, id: &str) -> String {
    format!(
        "not exists (select from pg_depend e where e.classid = '{catalog}'::regclass and e.objid = {id} and e.deptype = 'e')"
    )
}

/// A name, quoted where it could be mistaken. `quote_ident` would also quote keywords, and each major has others.
fn quoted(name: &str) -> String {
    format!(
        "case when {name} ~ '^[a-z_][a-z0-9_$]*$' then {name}::text else '\"' || replace({name}::text, '\"', '\"\"') || '\"' end"
    )
}

/// A name with that of its schema `n`.
fn qualified(name: &str) -> String {
    format!("({} || '.' || {})", quoted("n.nspname"), quoted(name))
}

/// What the server calls an object, with its schema and arguments.
fn identity(catalog: &str, id: &str) -> String {
    format!("(pg_identify_object('{catalog}'::regclass, {id}, 0)).identity")
}

/// The objects that a definition depends on, by name: two definitions can read alike and mean others. Left out are the
/// relation `own` that it is part of, and indexes, of which the server chooses one.
fn depends(catalog: &str, id: &str, own: &str) -> String {
    format!(
        "(select string_agg(known.it, ', ' order by known.it collate \"C\") from (
            select distinct needed.identity as it from pg_depend dep
                cross join lateral pg_identify_object(dep.refclassid, dep.refobjid, dep.refobjsubid) needed
            where dep.classid = '{catalog}'::regclass and dep.objid = {id} and dep.deptype = 'n'
              and dep.refclassid <> 'pg_namespace'::regclass and needed.type <> 'index'
              and not (dep.refclassid = 'pg_class'::regclass and dep.refobjid = {own})) known)"
    )
}

/// The elements of an array of `name=value` texts, in an order of their own.
fn sorted(options: &str) -> String {
    format!("(select string_agg(o, ', ' order by o collate \"C\") from unnest({options}) o)")
}
