//! The database itself, what was set for it, its extensions and schemas.

use super::{OURS, own, quoted, role};

pub(super) fn queries(major: u32) -> Vec<String> {
    vec![server(major), extensions(), schemas(), settings(), prepared_transactions(), replication_slots()]
}

fn server(major: u32) -> String {
    // These functions came with 15.
    let actual = if major >= 15 { "pg_database_collation_actual_version(d.oid)" } else { "null" };
    format!(
        "select 'server' as kind, current_database() as name, json_build_object(
            'version', current_setting('server_version'), 'encoding', pg_encoding_to_char(d.encoding),
            'collation', d.datcollate, 'character type', d.datctype,
            'collation provider', coalesce(to_jsonb(d) ->> 'datlocprovider', 'c'),
            'locale', coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'),
            'collation rules', to_jsonb(d) ->> 'daticurules',
            'collation version', to_jsonb(d) ->> 'datcollversion', 'collation version of the system', {actual},
            'connection limit', d.datconnlimit::text, 'allows connections', d.datallowconn::text,
            'is a template', d.datistemplate::text,
            'tablespace', (select spcname from pg_tablespace where oid = d.dattablespace),
            'owner', {},
            'data checksums', current_setting('data_checksums'), 'bytes', pg_database_size(d.oid)::text,
            'large objects', (select count(*) from pg_largeobject_metadata)::text) as facts
         from pg_database d where d.datname = current_database()",
        role("d.datdba")
    )
}

/// The configuration of an extension are its tables whose rows are the app's. It comes with the version.
fn extensions() -> String {
    "select 'extension' as kind, x.extname as name,
            json_build_object('version', x.extversion, 'schema', n.nspname,
                'version that the server gives', (select a.default_version from pg_available_extensions a where a.name = x.extname),
                'configuration', (select string_agg(c.id::regclass || ' ' || c.condition, ', ' order by c.place)
                    from unnest(x.extconfig, x.extcondition) with ordinality c (id, condition, place))) as facts
     from pg_extension x join pg_namespace n on n.oid = x.extnamespace"
        .to_owned()
}

fn schemas() -> String {
    format!(
        "select 'schema' as kind, {} as name, json_build_object('owner', {}) as facts
         from pg_namespace n where {OURS} and {}",
        quoted("n.nspname"),
        role("n.nspowner"),
        own("pg_namespace", "n.oid")
    )
}

/// What was set for the database, for a role in it, and for its owner wherever it connects: it changes how the app's
/// sessions behave. Settings of other roles in all databases are the server's, which others may share.
fn settings() -> String {
    format!(
        "select 'setting' as kind, split_part(v, '=', 1)
                || case when s.setrole <> 0 then ' for ' || {role} else '' end
                || case when s.setdatabase = 0 then ' in all databases' else '' end as name,
                json_build_object('value', substr(v, strpos(v, '=') + 1)) as facts
         from pg_db_role_setting s cross join lateral unnest(s.setconfig) v
         where s.setdatabase = (select oid from pg_database where datname = current_database())
            or (s.setdatabase = 0 and s.setrole = (select datdba from pg_database where datname = current_database()))",
        role = role("s.setrole")
    )
}

fn prepared_transactions() -> String {
    "select 'prepared transaction' as kind, p.gid as name, json_build_object('prepared', p.prepared::text) as facts
     from pg_prepared_xacts p where p.database = current_database()"
        .to_owned()
}

fn replication_slots() -> String {
    "select 'replication slot' as kind, s.slot_name as name,
            json_build_object('sort', s.slot_type, 'plugin', s.plugin, 'active', s.active::text) as facts
     from pg_replication_slots s where s.database is null or s.database = current_database()"
        .to_owned()
}
