//! Tables and what is built on them.

use super::{OURS, depends, own, qualified, quoted, role, sorted};

pub(super) fn queries() -> Vec<String> {
    vec![
        relations(),
        constraints(),
        not_null_constraints(),
        indexes(),
        triggers(),
        rules(),
        policies(),
        sequences(),
        statistics(),
    ]
}

/// A type's name. One that an extension brought along goes by the extension, not by the schema, which may be another.
pub(super) const TYPE: &str = "coalesce((select t.typname || ' (extension ' || x.extname || ')'
            || case when a.atttypmod >= 0 then ' modifier ' || a.atttypmod else '' end from pg_depend e
        join pg_extension x on x.oid = e.refobjid
        where e.classid = 'pg_type'::regclass and e.deptype = 'e'
          and e.objid = case when t.typcategory = 'A' and t.typelem <> 0 then t.typelem else t.oid end),
        format_type(a.atttypid, a.atttypmod))";

/// Tables, partitions, views, materialised and foreign tables, each with its columns. A dropped column leaves a gap in the
/// numbers that a copy does not have, so positions are counted anew.
fn relations() -> String {
    format!(
        "select case c.relkind when 'v' then 'view' when 'm' then 'materialised view' when 'f' then 'foreign table'
                     else 'table' end as kind,
                {name} as name,
                (jsonb_build_object('owner', {owner}, 'persistence', c.relpersistence::text,
                    'row security', case when c.relrowsecurity then 'on' else 'off' end,
                    'row security for the owner', case when c.relforcerowsecurity then 'forced' else 'not forced' end,
                    'replica identity', c.relreplident::text, 'options', {options},
                    'options of its toast table', (select {toast_options} from pg_class t where t.oid = c.reltoastrelid),
                    'populated', case when c.relkind = 'm' then c.relispopulated::text end,
                    'access method', (select am.amname from pg_am am where am.oid = c.relam),
                    'tablespace', (select ts.spcname from pg_tablespace ts where ts.oid = c.reltablespace),
                    'of type', (select format_type(c.reloftype, null) where c.reloftype <> 0),
                    'partitioned', pg_get_partkeydef(c.oid), 'partition', pg_get_expr(c.relpartbound, c.oid),
                    'parents', (select string_agg((pg_identify_object('pg_class'::regclass, i.inhparent, 0)).identity
                                       || case when i.inhdetachpending then ' (detach pending)' else '' end, ', ' order by i.inhseqno)
                                from pg_inherits i where i.inhrelid = c.oid),
                    'server', (select s.srvname from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver where f.ftrelid = c.oid),
                    'foreign options', (select {foreign_options} from pg_foreign_table f where f.ftrelid = c.oid),
                    'definition', case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end,
                    'depends on', (select {depends} from pg_rewrite w where w.ev_class = c.oid and w.rulename = '_RETURN'))
                 || coalesce((select jsonb_object_agg('column ' || k.name, k.described) from ({columns}) k), '{{}}')
                )::json as facts
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relpersistence <> 't' and {OURS} and {own}",
        name = qualified("c.relname"),
        owner = role("c.relowner"),
        options = sorted("c.reloptions"),
        toast_options = sorted("t.reloptions"),
        foreign_options = sorted("f.ftoptions"),
        depends = depends("pg_rewrite", "w.oid", "c.oid"),
        columns = columns(),
        own = own("pg_class", "c.oid"),
    )
}

/// Storage and compression are told where they are not the type's own; a statistics target where one was set, which is
/// NULL or -1 otherwise, depending on the major.
fn columns() -> String {
    format!(
        "select {name} as name, concat_ws(' ', row_number() over (order by a.attnum) || '.', {TYPE},
                case when a.attcollation <> t.typcollation then 'collate ' || a.attcollation::regcollation::text end,
                case when a.attnotnull then 'not null' end,
                case when a.attidentity <> '' then 'identity ' || a.attidentity::text end,
                case when a.attgenerated <> '' then 'generated ' || a.attgenerated::text end,
                case when a.attstorage <> t.typstorage then 'storage ' || a.attstorage::text end,
                case when a.attcompression <> '' then 'compression ' || a.attcompression::text end,
                'statistics ' || nullif(a.attstattarget, -1),
                'options ' || {options}, 'foreign options ' || {foreign_options},
                case when a.attinhcount > 0 and a.attislocal and not c.relispartition then 'defined here too' end,
                'default ' || pg_get_expr(f.adbin, f.adrelid),
                'depends on ' || {depends}) as described
         from pg_attribute a join pg_type t on t.oid = a.atttypid
              left join pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped",
        name = quoted("a.attname"),
        options = sorted("a.attoptions"),
        foreign_options = sorted("a.attfdwoptions"),
        depends = depends("pg_attrdef", "f.oid", "a.attrelid"),
    )
}

/// A foreign key, and a constraint that is checked late, work by triggers of the server's own, which `alter table … disable
/// trigger all` and a broken restore switch off.
fn constraints() -> String {
    format!(
        "select 'constraint' as kind, {name} || ': ' || {constraint} as name,
                json_build_object('definition', pg_get_constraintdef(k.oid), 'validated', k.convalidated::text,
                    'triggers switched off', (select string_agg(g.it, ', ' order by g.it collate \"C\") from (
                        select concat(p.proname, ' of ', i.identity, ': ', t.tgenabled) as it
                        from pg_trigger t join pg_proc p on p.oid = t.tgfoid
                             cross join lateral pg_identify_object('pg_class'::regclass, t.tgrelid, 0) i
                        where t.tgconstraint = k.oid and t.tgisinternal and t.tgenabled <> 'O') g),
                    'depends on', {depends}) as facts
         from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
         where k.contype <> 'n' and {OURS} and {own}",
        name = qualified("c.relname"),
        constraint = quoted("k.conname"),
        depends = depends("pg_constraint", "k.oid", "k.conrelid"),
        own = own("pg_class", "c.oid")
    )
}

/// Since 18 every NOT NULL is a constraint with a name too. That a column has one is told with the column.
fn not_null_constraints() -> String {
    format!(
        "select 'not null constraint' as kind, {name} || ': ' || {constraint} as name,
                json_build_object('definition', pg_get_constraintdef(k.oid), 'validated', k.convalidated::text) as facts
         from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
         where k.contype = 'n' and {OURS} and {own}",
        name = qualified("c.relname"),
        constraint = quoted("k.conname"),
        own = own("pg_class", "c.oid")
    )
}

fn indexes() -> String {
    format!(
        "select 'index' as kind, {name} as name,
                json_build_object('definition', pg_get_indexdef(i.oid),
                    'valid', case when x.indisvalid and x.indisready and x.indislive then 'yes' else 'no' end,
                    'clustered', x.indisclustered::text, 'replica identity', x.indisreplident::text,
                    'tablespace', (select ts.spcname from pg_tablespace ts where ts.oid = i.reltablespace),
                    'part of', (select (pg_identify_object('pg_class'::regclass, h.inhparent, 0)).identity
                                from pg_inherits h where h.inhrelid = i.oid),
                    'statistics', (select string_agg(a.attnum || ': ' || a.attstattarget, ', ' order by a.attnum)
                                   from pg_attribute a where a.attrelid = i.oid and a.attstattarget <> -1),
                    'depends on', {depends}) as facts
         from pg_index x join pg_class i on i.oid = x.indexrelid join pg_namespace n on n.oid = i.relnamespace
         where {OURS} and {own}",
        name = qualified("i.relname"),
        depends = depends("pg_class", "i.oid", "x.indrelid"),
        own = own("pg_class", "x.indrelid")
    )
}

/// The copies that a trigger of a partitioned table has on the partitions count as the server's own in some majors.
fn triggers() -> String {
    format!(
        "select 'trigger' as kind, {name} || ': ' || {trigger} as name,
                json_build_object('definition', pg_get_triggerdef(g.oid), 'enabled', case g.tgenabled
                    when 'O' then 'yes' when 'D' then 'no' when 'R' then 'on replicas' else 'always' end,
                    'depends on', {depends}) as facts
         from pg_trigger g join pg_class c on c.oid = g.tgrelid join pg_namespace n on n.oid = c.relnamespace
              left join pg_constraint k on k.oid = g.tgconstraint
         where (not g.tgisinternal or (g.tgparentid <> 0 and coalesce(k.contype, 't') = 't')) and {OURS} and {own}",
        name = qualified("c.relname"),
        trigger = quoted("g.tgname"),
        depends = depends("pg_trigger", "g.oid", "g.tgrelid"),
        own = own("pg_trigger", "g.oid")
    )
}

fn rules() -> String {
    format!(
        "select 'rule' as kind, {name} || ': ' || {rule} as name,
                json_build_object('definition', pg_get_ruledef(w.oid), 'enabled', w.ev_enabled::text,
                    'depends on', {depends}) as facts
         from pg_rewrite w join pg_class c on c.oid = w.ev_class join pg_namespace n on n.oid = c.relnamespace
         where w.rulename <> '_RETURN' and {OURS} and {own}",
        name = qualified("c.relname"),
        rule = quoted("w.rulename"),
        depends = depends("pg_rewrite", "w.oid", "c.oid"),
        own = own("pg_class", "c.oid")
    )
}

fn policies() -> String {
    format!(
        "select 'policy' as kind, {name} || ': ' || {policy} as name,
                json_build_object('permissive', p.polpermissive::text, 'command', p.polcmd::text,
                    'roles', (select string_agg(r.it, ', ' order by r.it collate \"C\")
                              from (select distinct {role} as it from unnest(p.polroles) u (id)) r),
                    'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid),
                    'depends on', {depends}) as facts
         from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
         where {OURS} and {own}",
        name = qualified("c.relname"),
        policy = quoted("p.polname"),
        role = role("u.id"),
        depends = depends("pg_policy", "p.oid", "p.polrelid"),
        own = own("pg_class", "c.oid")
    )
}

fn sequences() -> String {
    format!(
        "select 'sequence' as kind, {name} as name,
                json_build_object('owner', {owner}, 'type', format_type(s.seqtypid, null), 'start', s.seqstart::text,
                    'step', s.seqincrement::text, 'minimum', s.seqmin::text, 'maximum', s.seqmax::text,
                    'cache', s.seqcache::text, 'cycles', s.seqcycle::text, 'persistence', c.relpersistence::text,
                    'owned by', (select (pg_identify_object(d.refclassid, d.refobjid, d.refobjsubid)).identity from pg_depend d
                        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')
                          and d.refclassid = 'pg_class'::regclass limit 1)) as facts
         from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_sequence s on s.seqrelid = c.oid
         where c.relpersistence <> 't' and {OURS} and {own}",
        name = qualified("c.relname"),
        owner = role("c.relowner"),
        own = own("pg_class", "c.oid")
    )
}

fn statistics() -> String {
    format!(
        "select 'statistics' as kind, {name} as name,
                json_build_object('owner', {owner}, 'definition', pg_get_statisticsobjdef(s.oid),
                    'target', nullif(s.stxstattarget, -1)::text, 'depends on', {depends}) as facts
         from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace where {OURS} and {own}",
        name = qualified("s.stxname"),
        owner = role("s.stxowner"),
        depends = depends("pg_statistic_ext", "s.oid", "s.stxrelid"),
        own = own("pg_statistic_ext", "s.oid")
    )
}
