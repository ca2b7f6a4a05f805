//! One query for each kind of thing. Every one returns `kind`, `name` and `facts`, an object whose values are texts; what is
//! NULL is left out. Columns that only some majors have are asked for by `to_jsonb(row) ->> 'column'`.
//!
//! What belongs to an extension is left to the extension, whose version and schema are compared.

/// Schemas that belong to the server.
const OURS: &str = "n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'";

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

/// A type's name. One that an extension brought along goes by the extension, not by the schema, which may be another.
const TYPE: &str = "coalesce((select t.typname || ' (extension ' || x.extname || ')' from pg_depend e
        join pg_extension x on x.oid = e.refobjid
        where e.classid = 'pg_type'::regclass and e.deptype = 'e'
          and e.objid = case when t.typcategory = 'A' and t.typelem <> 0 then t.typelem else t.oid end),
        format_type(a.atttypid, a.atttypmod))";

/// All queries for a server of this major.
pub(super) fn all(major: u32) -> Vec<String> {
    vec![
        server(major),
        extensions(),
        schemas(),
        relations(),
        constraints(),
        indexes(),
        triggers(),
        policies(),
        functions(),
        types(),
        sequences(),
        grants(),
        settings(),
        publications(),
        event_triggers(),
        prepared_transactions(),
        replication_slots(),
    ]
}

fn server(major: u32) -> String {
    // These functions came with 15.
    let actual = if major >= 15 { "pg_database_collation_actual_version(d.oid)" } else { "null" };
    format!(
        "select 'server' as kind, current_database() as name, json_build_object(
            'version', current_setting('server_version'), 'encoding', pg_encoding_to_char(d.encoding),
            'collation', d.datcollate, 'character type', d.datctype,
            'collation provider', coalesce(to_jsonb(d) ->> 'datlocprovider', 'c'),
            'collation version', to_jsonb(d) ->> 'datcollversion', 'collation version of the system', {actual},
            'data checksums', current_setting('data_checksums'), 'bytes', pg_database_size(d.oid)::text,
            'large objects', (select count(*) from pg_largeobject_metadata)::text) as facts
         from pg_database d where d.datname = current_database()"
    )
}

fn extensions() -> String {
    "select 'extension' as kind, x.extname as name,
            json_build_object('version', x.extversion, 'schema', n.nspname) as facts
     from pg_extension x join pg_namespace n on n.oid = x.extnamespace order by 2"
        .to_owned()
}

fn schemas() -> String {
    format!(
        "select 'schema' as kind, n.nspname as name, json_build_object('owner', {}) as facts
         from pg_namespace n where {OURS} and {} order by 2",
        role("n.nspowner"),
        own("pg_namespace", "n.oid")
    )
}

/// Tables, partitions, views, materialised and foreign tables, each with its columns. A dropped column leaves a gap in the
/// numbers that a copy does not have, so positions are counted anew.
fn relations() -> String {
    format!(
        "select case c.relkind when 'v' then 'view' when 'm' then 'materialised view' when 'f' then 'foreign table'
                     else 'table' end as kind,
                n.nspname || '.' || c.relname as name,
                (jsonb_build_object('owner', {owner}, 'persistence', c.relpersistence::text,
                    'row security', (c.relrowsecurity or c.relforcerowsecurity)::text,
                    'replica identity', c.relreplident::text, 'options', c.reloptions::text,
                    'populated', case when c.relkind = 'm' then c.relispopulated::text end,
                    'partitioned', pg_get_partkeydef(c.oid), 'partition', pg_get_expr(c.relpartbound, c.oid),
                    'parents', (select string_agg(i.inhparent::regclass::text, ', ' order by i.inhseqno)
                                from pg_inherits i where i.inhrelid = c.oid),
                    'definition', case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end)
                 || coalesce((select jsonb_object_agg('column ' || k.name, k.described) from ({columns}) k), '{{}}')
                )::json as facts
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relpersistence <> 't' and {OURS} and {own} order by 1, 2",
        owner = role("c.relowner"),
        columns = columns(),
        own = own("pg_class", "c.oid"),
    )
}

fn columns() -> String {
    format!(
        "select a.attname as name, concat_ws(' ', row_number() over (order by a.attnum) || '.', {TYPE},
                case when a.attcollation <> t.typcollation then 'collate ' || a.attcollation::regcollation::text end,
                case when a.attnotnull then 'not null' end,
                case when a.attidentity <> '' then 'identity ' || a.attidentity::text end,
                case when a.attgenerated <> '' then 'generated ' || a.attgenerated::text end,
                'default ' || pg_get_expr(f.adbin, f.adrelid)) as described
         from pg_attribute a join pg_type t on t.oid = a.atttypid
              left join pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
    )
}

/// Since 18 every NOT NULL is a constraint too; it is compared with its column.
fn constraints() -> String {
    format!(
        "select 'constraint' as kind, n.nspname || '.' || c.relname || ': ' || k.conname as name,
                json_build_object('definition', pg_get_constraintdef(k.oid), 'validated', k.convalidated::text) as facts
         from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
         where k.contype <> 'n' and {OURS} and {} order by 2",
        own("pg_class", "c.oid")
    )
}

fn indexes() -> String {
    format!(
        "select 'index' as kind, n.nspname || '.' || i.relname as name,
                json_build_object('definition', pg_get_indexdef(i.oid),
                    'valid', case when x.indisvalid and x.indisready then 'yes' else 'no' end,
                    'clustered', x.indisclustered::text, 'replica identity', x.indisreplident::text) as facts
         from pg_index x join pg_class i on i.oid = x.indexrelid join pg_namespace n on n.oid = i.relnamespace
         where {OURS} and {} order by 2",
        own("pg_class", "x.indrelid")
    )
}

fn triggers() -> String {
    format!(
        "select 'trigger' as kind, n.nspname || '.' || c.relname || ': ' || g.tgname as name,
                json_build_object('definition', pg_get_triggerdef(g.oid), 'enabled', case g.tgenabled
                    when 'O' then 'yes' when 'D' then 'no' when 'R' then 'on replicas' else 'always' end) as facts
         from pg_trigger g join pg_class c on c.oid = g.tgrelid join pg_namespace n on n.oid = c.relnamespace
         where not g.tgisinternal and {OURS} order by 2"
    )
}

fn policies() -> String {
    "select 'policy' as kind, p.schemaname || '.' || p.tablename || ': ' || p.policyname as name,
            json_build_object('permissive', p.permissive, 'roles', p.roles::text, 'command', p.cmd,
                'using', p.qual, 'check', p.with_check) as facts
     from pg_policies p order by 2"
        .to_owned()
}

fn functions() -> String {
    format!(
        "select 'function' as kind, n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as name,
                json_build_object('owner', {}, 'result', pg_get_function_result(p.oid), 'sort', p.prokind::text,
                    'language', (select lanname from pg_language l where l.oid = p.prolang), 'source', md5(p.prosrc),
                    'definition', case when to_jsonb(p) ->> 'prosqlbody' is not null then pg_get_functiondef(p.oid) end,
                    'volatility', p.provolatile::text, 'strict', p.proisstrict::text,
                    'security definer', p.prosecdef::text, 'settings', p.proconfig::text) as facts
         from pg_proc p join pg_namespace n on n.oid = p.pronamespace where {OURS} and {} order by 2",
        role("p.proowner"),
        own("pg_proc", "p.oid")
    )
}

/// Enumerations with their labels, domains, and composite types that are not a table's.
fn types() -> String {
    format!(
        "select 'type' as kind, n.nspname || '.' || t.typname as name,
                json_build_object('owner', {}, 'sort', t.typtype::text,
                    'labels', (select string_agg(l.enumlabel, ', ' order by l.enumsortorder) from pg_enum l where l.enumtypid = t.oid),
                    'base', case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end,
                    'not null', t.typnotnull::text, 'default', t.typdefault,
                    'checks', (select string_agg(pg_get_constraintdef(k.oid), ' ' order by k.conname)
                               from pg_constraint k where k.contypid = t.oid and k.contype = 'c'),
                    'attributes', (select string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum)
                                   from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped)) as facts
         from pg_type t join pg_namespace n on n.oid = t.typnamespace
         where {OURS} and {} and (t.typtype in ('e', 'd', 'r')
               or t.typtype = 'c' and exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c')) order by 2",
        role("t.typowner"),
        own("pg_type", "t.oid")
    )
}

fn sequences() -> String {
    format!(
        "select 'sequence' as kind, n.nspname || '.' || c.relname as name,
                json_build_object('owner', {}, 'type', format_type(s.seqtypid, null), 'start', s.seqstart::text,
                    'step', s.seqincrement::text, 'minimum', s.seqmin::text, 'maximum', s.seqmax::text,
                    'cache', s.seqcache::text, 'cycles', s.seqcycle::text,
                    'owned by', (select d.refobjid::regclass::text || '.' || a.attname from pg_depend d
                        join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
                        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')
                          and d.refclassid = 'pg_class'::regclass limit 1)) as facts
         from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_sequence s on s.seqrelid = c.oid
         where c.relpersistence <> 't' and {OURS} and {} order by 2",
        role("c.relowner"),
        own("pg_class", "c.oid")
    )
}

/// Who may do what, apart from what an owner may do anyway.
fn grants() -> String {
    let objects = format!(
        "select case c.relkind when 'S' then 'sequence ' else 'table ' end || n.nspname || '.' || c.relname as object, g.*, c.relowner as owner
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
              cross join lateral aclexplode(coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::\"char\", c.relowner))) g
         where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and c.relpersistence <> 't' and {OURS} and {relation}
         union all
         select 'schema ' || n.nspname, g.*, n.nspowner from pg_namespace n
              cross join lateral aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) g where {OURS}
         union all
         select 'function ' || n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', g.*, p.proowner
         from pg_proc p join pg_namespace n on n.oid = p.pronamespace
              cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g where {OURS} and {function}",
        relation = own("pg_class", "c.oid"),
        function = own("pg_proc", "p.oid")
    );
    format!(
        "select 'grant' as kind, o.object || ' to ' || {} as name, json_build_object('privileges',
                string_agg(distinct o.privilege_type || case when o.is_grantable then ' with grant option' else '' end, ', ')) as facts
         from ({objects}) o where o.grantee <> o.owner group by 2, o.object, o.grantee order by 2",
        role("o.grantee")
    )
}

/// What was set for the database as a whole: it changes how the app's sessions behave.
fn settings() -> String {
    "select 'setting' as kind, split_part(v, '=', 1) as name, json_build_object('value', substr(v, strpos(v, '=') + 1)) as facts
     from pg_db_role_setting s cross join lateral unnest(s.setconfig) v
     where s.setrole = 0 and s.setdatabase = (select oid from pg_database where datname = current_database()) order by 2"
        .to_owned()
}

fn publications() -> String {
    "select 'publication' as kind, p.pubname as name, json_build_object('all tables', p.puballtables::text,
            'tables', (select string_agg(t.schemaname || '.' || t.tablename, ', ' order by 1) from pg_publication_tables t
                       where t.pubname = p.pubname)) as facts
     from pg_publication p order by 2"
        .to_owned()
}

fn event_triggers() -> String {
    format!(
        "select 'event trigger' as kind, v.evtname as name,
                json_build_object('event', v.evtevent, 'function', v.evtfoid::regproc::text, 'enabled', v.evtenabled::text,
                    'tags', v.evttags::text) as facts
         from pg_event_trigger v where {} order by 2",
        own("pg_event_trigger", "v.oid")
    )
}

fn prepared_transactions() -> String {
    "select 'prepared transaction' as kind, p.gid as name, json_build_object('prepared', p.prepared::text) as facts
     from pg_prepared_xacts p where p.database = current_database() order by 2"
        .to_owned()
}

fn replication_slots() -> String {
    "select 'replication slot' as kind, s.slot_name as name,
            json_build_object('sort', s.slot_type, 'plugin', s.plugin, 'active', s.active::text) as facts
     from pg_replication_slots s where s.database is null or s.database = current_database() order by 2"
        .to_owned()
}
