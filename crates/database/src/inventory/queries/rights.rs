//! Who may do what, apart from what an owner may do anyway.

use super::{FIRST_OWN_OID, OURS, own, qualified, quoted, role};

pub(super) fn queries(major: u32) -> Vec<String> {
    vec![grants(major), changed_grants(), default_privileges()]
}

/// One sort of object: how it is called, and where it and its grants are. Without grants those count that every such object
/// begins with.
fn objects(label: &str, from: &str, acl: &str, owner: &str) -> String {
    format!("select {label} as object, g.*, {owner} as owner from {from} cross join lateral aclexplode({acl}) g")
}

fn begun_with(acl: &str, sort: &str, owner: &str) -> String {
    format!("coalesce({acl}, acldefault({sort}, {owner}))")
}

fn grants(major: u32) -> String {
    let in_schema = |catalog: &str, alias: &str, schema: &str| {
        format!(
            "{catalog} {alias} join pg_namespace n on n.oid = {schema} and {OURS} and {}",
            own(catalog, &format!("{alias}.oid"))
        )
    };
    let sort = "case c.relkind when 'S' then 's' else 'r' end::\"char\"";
    let mut sorts = vec![
        objects(
            &format!("case c.relkind when 'S' then 'sequence ' else 'table ' end || {}", qualified("c.relname")),
            &format!(
                "{} and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and c.relpersistence <> 't'",
                in_schema("pg_class", "c", "c.relnamespace")
            ),
            &begun_with("c.relacl", sort, "c.relowner"),
            "c.relowner",
        ),
        objects(
            &format!("'column ' || {} || '.' || {}", qualified("c.relname"), quoted("a.attname")),
            &format!(
                "{} join pg_attribute a on a.attrelid = c.oid and a.attacl is not null",
                in_schema("pg_class", "c", "c.relnamespace")
            ),
            "a.attacl",
            "c.relowner",
        ),
        objects(
            &format!("'function ' || {} || '(' || pg_get_function_identity_arguments(p.oid) || ')'", qualified("p.proname")),
            &in_schema("pg_proc", "p", "p.pronamespace"),
            &begun_with("p.proacl", "'f'", "p.proowner"),
            "p.proowner",
        ),
        objects(
            &format!("'type ' || {}", qualified("t.typname")),
            &format!("{} and t.typacl is not null", in_schema("pg_type", "t", "t.typnamespace")),
            "t.typacl",
            "t.typowner",
        ),
        // That somebody may not use a type any more is told by the grant to everybody that is missing.
        objects(
            &format!("'type ' || {}", qualified("t.typname")),
            &format!(
                "{} and t.typacl is null and t.typtype in ('e', 'd', 'r', 'b', 'c') and (t.typelem = 0 or t.typtype = 'd')
                 and not exists (select from pg_class o where o.oid = t.typrelid and o.relkind <> 'c')",
                in_schema("pg_type", "t", "t.typnamespace")
            ),
            "acldefault('T', t.typowner)",
            "t.typowner",
        ),
        objects(
            &format!("'schema ' || {}", quoted("n.nspname")),
            &format!("(select * from pg_namespace n where {OURS}) n"),
            &begun_with("n.nspacl", "'n'", "n.nspowner"),
            "n.nspowner",
        ),
        objects("'language ' || l.lanname", "pg_language l", &begun_with("l.lanacl", "'l'", "l.lanowner"), "l.lanowner"),
        objects(
            "'database'",
            "(select * from pg_database where datname = current_database()) d",
            &begun_with("d.datacl", "'d'", "d.datdba"),
            "d.datdba",
        ),
        objects("'foreign data wrapper ' || w.fdwname", "pg_foreign_data_wrapper w", "w.fdwacl", "w.fdwowner"),
        objects("'foreign server ' || s.srvname", "pg_foreign_server s", "s.srvacl", "s.srvowner"),
    ];
    if major >= 15 {
        // They belong to the server; nobody owns them.
        sorts.push(objects("'parameter ' || r.parname", "pg_parameter_acl r", "r.paracl", "10::oid"));
    }
    format!(
        "select 'grant' as kind, o.object || ' to ' || {role} as name, json_build_object('privileges',
                string_agg(distinct o.privilege_type || case when o.is_grantable then ' with grant option' else '' end, ', ')) as facts
         from ({objects}) o where o.grantee <> o.owner group by 2",
        objects = sorts.join(" union all "),
        role = role("o.grantee")
    )
}

/// What was granted or taken on objects of the server and of extensions, beyond what they were made with.
fn changed_grants() -> String {
    let changed = |catalog: &str, acl: &str, sort: &str, owner: &str, label: &str, alias: &str| {
        let made_with = format!(
            "coalesce((select i.initprivs from pg_init_privs i where i.classoid = '{catalog}'::regclass
                       and i.objoid = {alias}.oid and i.objsubid = 0), acldefault({sort}, {owner}))"
        );
        let lines = |one: &str, other: &str, what: &str| {
            format!(
                "select {label} as object, x.grantee, '{what}' || x.privilege_type as privilege, {owner} as owner
                 from {catalog} {alias} cross join lateral (
                    select e.grantee, e.privilege_type from aclexplode({one}) e
                    except select e.grantee, e.privilege_type from aclexplode({other}) e) x
                 where {acl} is not null and ({alias}.oid < {FIRST_OWN_OID} or not {own})",
                own = own(catalog, &format!("{alias}.oid"))
            )
        };
        [lines(acl, &made_with, ""), lines(&made_with, acl, "no ")].join(" union all ")
    };
    let sort = "case c.relkind when 'S' then 's' else 'r' end::\"char\"";
    let identity = |catalog: &str, alias: &str| {
        format!(
            "'built-in ' || (select i.type || ' ' || i.identity from pg_identify_object('{catalog}'::regclass, {alias}.oid, 0) i)"
        )
    };
    let objects = [
        changed("pg_class", "c.relacl", sort, "c.relowner", &identity("pg_class", "c"), "c"),
        changed("pg_proc", "p.proacl", "'f'", "p.proowner", &identity("pg_proc", "p"), "p"),
        changed("pg_type", "t.typacl", "'T'", "t.typowner", &identity("pg_type", "t"), "t"),
    ]
    .join(" union all ");
    format!(
        "select 'grant' as kind, o.object || ' to ' || {role} as name,
                json_build_object('privileges', string_agg(distinct o.privilege, ', ')) as facts
         from ({objects}) o where o.grantee <> o.owner group by 2",
        role = role("o.grantee")
    )
}

/// What objects that are made later begin with. Where it was set for all schemas it takes the place of what they begin with
/// otherwise, so that a grant to everybody can be missing from it.
fn default_privileges() -> String {
    format!(
        "select 'default privileges' as kind,
                concat('of ', {role}, ' on ', case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions'
                        when 'T' then 'types' when 'n' then 'schemas' else 'large objects' end,
                       ' in schema ' || {schema}, ' to ', {grantee}) as name,
                json_build_object('privileges', coalesce(string_agg(distinct g.privilege_type
                    || case when g.is_grantable then ' with grant option' else '' end, ', '), 'none')) as facts
         from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace
              cross join lateral (
                select e.grantee, e.privilege_type, e.is_grantable from aclexplode(d.defaclacl) e
                union all
                select 0, null, null where d.defaclnamespace = 0 and d.defaclobjtype in ('f', 'T')
                    and not exists (select from aclexplode(d.defaclacl) e where e.grantee = 0)) g
         where g.grantee <> d.defaclrole
         group by d.defaclrole, d.defaclobjtype, n.nspname, g.grantee",
        role = role("d.defaclrole"),
        schema = quoted("n.nspname"),
        grantee = role("g.grantee")
    )
}
