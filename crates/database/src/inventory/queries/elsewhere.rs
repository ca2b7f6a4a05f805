//! Replication, foreign data, and what is said about objects: comments, labels.

use super::{FIRST_OWN_OID, own, qualified, quoted, role, sorted};

pub(super) fn queries(major: u32) -> Vec<String> {
    vec![
        publications(major),
        subscriptions(major),
        foreign_data_wrappers(),
        foreign_servers(),
        user_mappings(),
        large_objects(),
        comments(),
        comments_of_database(),
        security_labels(),
    ]
}

/// Options with the values of those that may be secret left out. Their names are still compared.
fn masked(options: &str) -> String {
    sorted(&format!(
        "array(select regexp_replace(s, '^([^=]*(pass|secret|token|key|credential)[^=]*)=.*$', '\\1=(hidden)', 'i') from unnest({options}) s)"
    ))
}

fn publications(major: u32) -> String {
    // Conditions, lists of columns and whole schemas came with 15.
    let (in_list, condition, schemas) = if major >= 15 {
        (
            "a.attnum = any(r.prattrs::int2[])",
            "' where ' || pg_get_expr(r.prqual, r.prrelid)",
            "(select string_agg(s.pnnspid::regnamespace::text, ', ' order by s.pnnspid::regnamespace::text collate \"C\")
              from pg_publication_namespace s where s.pnpubid = p.oid)",
        )
    } else {
        ("false", "null", "null")
    };
    format!(
        "select 'publication' as kind, {name} as name, json_build_object('owner', {owner}, 'all tables', p.puballtables::text,
                'publishes', concat_ws(' ', case when p.pubinsert then 'insert' end, case when p.pubupdate then 'update' end,
                    case when p.pubdelete then 'delete' end, case when p.pubtruncate then 'truncate' end),
                'through the root', p.pubviaroot::text, 'generated columns', coalesce(to_jsonb(p) ->> 'pubgencols', 'n'),
                'schemas', {schemas},
                'tables', (select string_agg(t.it, ', ' order by t.it collate \"C\") from (
                    select concat({table},
                            (select ' (' || string_agg({column}, ', ' order by a.attnum) || ')' from pg_attribute a
                             where a.attrelid = r.prrelid and {in_list}),
                            {condition}) as it
                    from pg_publication_rel r join pg_class c on c.oid = r.prrelid join pg_namespace n on n.oid = c.relnamespace
                    where r.prpubid = p.oid) t)) as facts
         from pg_publication p where {own}",
        name = quoted("p.pubname"),
        owner = role("p.pubowner"),
        table = qualified("c.relname"),
        column = quoted("a.attname"),
        own = own("pg_publication", "p.oid")
    )
}

/// All but how the publisher is reached, which only a superuser may read.
fn subscriptions(major: u32) -> String {
    let since = |first: u32, column: &str, fact: &str| {
        if major >= first { format!(", '{fact}', s.{column}::text") } else { String::new() }
    };
    format!(
        "select 'subscription' as kind, {name} as name, json_build_object('owner', {owner}, 'enabled', s.subenabled::text,
                'binary', s.subbinary::text, 'streams', case s.substream::text when 'false' then 'f' when 'true' then 't' else s.substream::text end,
                'slot', s.subslotname, 'commits', s.subsynccommit, 'publications', {publications}{}{}{}{}{}{}) as facts
         from pg_subscription s where s.subdbid = (select oid from pg_database where datname = current_database())",
        since(15, "subtwophasestate", "two phases"),
        since(15, "subdisableonerr", "stops on errors"),
        since(16, "suborigin", "origin"),
        since(16, "subpasswordrequired", "needs a password"),
        since(16, "subrunasowner", "runs as its owner"),
        since(17, "subfailover", "failover"),
        name = quoted("s.subname"),
        owner = role("s.subowner"),
        publications = sorted("s.subpublications"),
    )
}

fn foreign_data_wrappers() -> String {
    format!(
        "select 'foreign data wrapper' as kind, {name} as name,
                json_build_object('owner', {owner}, 'handler', nullif(w.fdwhandler, 0)::regprocedure::text,
                    'validator', nullif(w.fdwvalidator, 0)::regprocedure::text, 'options', {options}) as facts
         from pg_foreign_data_wrapper w where {own}",
        name = quoted("w.fdwname"),
        owner = role("w.fdwowner"),
        options = masked("w.fdwoptions"),
        own = own("pg_foreign_data_wrapper", "w.oid")
    )
}

fn foreign_servers() -> String {
    format!(
        "select 'foreign server' as kind, {name} as name,
                json_build_object('owner', {owner}, 'wrapper', w.fdwname, 'type', s.srvtype, 'version', s.srvversion,
                    'options', {options}) as facts
         from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw where {own}",
        name = quoted("s.srvname"),
        owner = role("s.srvowner"),
        options = masked("s.srvoptions"),
        own = own("pg_foreign_server", "s.oid")
    )
}

fn user_mappings() -> String {
    format!(
        "select 'user mapping' as kind, {name} || ' for ' || {role} as name, json_build_object('options', {options}) as facts
         from pg_user_mappings m",
        name = quoted("m.srvname"),
        role = role("m.umuser"),
        options = masked("m.umoptions"),
    )
}

/// Only those that others than the owner of the database own or may use: there can be millions, and their contents are
/// compared elsewhere.
fn large_objects() -> String {
    format!(
        "select 'large objects' as kind, g.label as name,
                json_build_object('count', count(*)::text, 'numbers', sum(hashint8extended(g.id::int8, 0)::numeric)::text) as facts
         from (select o.oid as id, 'of ' || {owner} || coalesce(' with ' || (
                    select string_agg(x.it, ', ' order by x.it collate \"C\") from (
                        select a.privilege_type || case when a.is_grantable then ' with grant option' else '' end || ' to ' || {grantee} as it
                        from aclexplode(o.lomacl) a where a.grantee <> o.lomowner) x), '') as label
               from pg_largeobject_metadata o) g
         where g.label <> 'of (owner)' group by g.label",
        owner = role("o.lomowner"),
        grantee = role("a.grantee")
    )
}

/// Comments on what an extension brought along come with it, and those on the server's own objects with the server. The
/// schema `public` is the app's.
fn comments() -> String {
    format!(
        "select 'comment' as kind, i.type || ' ' || i.identity as name, json_build_object('text', d.description) as facts
         from pg_description d cross join lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) i
         where (d.objoid >= {FIRST_OWN_OID} or d.classoid = 'pg_largeobject'::regclass or (d.classoid = 'pg_namespace'::regclass and d.objoid = (select oid from pg_namespace where nspname = 'public')))
           and d.classoid <> 'pg_extension'::regclass and i.identity is not null
           and not exists (select from pg_depend e where e.classid = d.classoid and e.objid = d.objoid and e.deptype = 'e')"
    )
}

fn comments_of_database() -> String {
    "select 'comment' as kind, 'database' as name, json_build_object('text', d.description) as facts
     from pg_shdescription d where d.classoid = 'pg_database'::regclass
       and d.objoid = (select oid from pg_database where datname = current_database())"
        .to_owned()
}

fn security_labels() -> String {
    "select 'security label' as kind, i.type || ' ' || i.identity || ' by ' || l.provider as name,
                json_build_object('label', l.label) as facts
         from pg_seclabel l cross join lateral pg_identify_object(l.classoid, l.objoid, l.objsubid) i
         union all
         select 'security label', 'database by ' || l.provider, json_build_object('label', l.label)
         from pg_shseclabel l where l.classoid = 'pg_database'::regclass
           and l.objoid = (select oid from pg_database where datname = current_database())"
        .to_owned()
}
