//! Functions and what the server is taught by them: aggregates, operators, casts, languages …

use super::{FIRST_OWN_OID, OURS, depends, identity, own, qualified, quoted, role, sorted};

pub(super) fn queries(major: u32) -> Vec<String> {
    vec![
        functions(major),
        aggregates(),
        operators(),
        operator_families(),
        operator_classes(),
        casts(),
        conversions(),
        transforms(),
        languages(),
        access_methods(),
        event_triggers(),
    ]
}

/// The source is told by its digest: it is long, and may hold what is not to be shown.
fn functions(major: u32) -> String {
    // Since 14 a function's body may be stored parsed.
    let body = if major >= 14 { "pg_get_function_sqlbody(p.oid)" } else { "null" };
    format!(
        "select 'function' as kind, {name} || '(' || pg_get_function_identity_arguments(p.oid) || ')' as name,
                json_build_object('owner', {owner}, 'arguments', pg_get_function_arguments(p.oid),
                    'result', pg_get_function_result(p.oid), 'sort', p.prokind::text,
                    'language', (select lanname from pg_language l where l.oid = p.prolang), 'source', md5(p.prosrc),
                    'library', p.probin, 'definition', {body},
                    'volatility', p.provolatile::text, 'strict', p.proisstrict::text, 'parallel', p.proparallel::text,
                    'leakproof', p.proleakproof::text, 'cost', p.procost::text, 'rows', p.prorows::text,
                    'support', nullif(p.prosupport::oid, 0)::regprocedure::text,
                    'transforms', (select string_agg(format_type(t, null), ', ') from unnest(p.protrftypes) t),
                    'security definer', p.prosecdef::text, 'settings', {settings}, 'depends on', {depends}) as facts
         from pg_proc p join pg_namespace n on n.oid = p.pronamespace where {OURS} and {own}",
        name = qualified("p.proname"),
        owner = role("p.proowner"),
        settings = sorted("p.proconfig"),
        depends = depends("pg_proc", "p.oid", "0"),
        own = own("pg_proc", "p.oid")
    )
}

/// What makes an aggregate; the rest of it is told as of any function.
fn aggregates() -> String {
    let step = |column: &str| format!("nullif(g.{column}::oid, 0)::regprocedure::text");
    format!(
        "select 'aggregate' as kind, {name} || '(' || pg_get_function_identity_arguments(p.oid) || ')' as name,
                json_build_object('sort', g.aggkind::text, 'direct arguments', g.aggnumdirectargs::text,
                    'transition', {}, 'final', {}, 'combine', {}, 'serialise', {}, 'deserialise', {},
                    'moving transition', {}, 'moving inverse', {}, 'moving final', {},
                    'final extra', g.aggfinalextra::text, 'moving final extra', g.aggmfinalextra::text,
                    'final modifies', g.aggfinalmodify::text, 'moving final modifies', g.aggmfinalmodify::text,
                    'sort operator', nullif(g.aggsortop, 0)::regoperator::text, 'state', format_type(g.aggtranstype, null),
                    'moving state', format_type(nullif(g.aggmtranstype, 0), null), 'space', g.aggtransspace::text,
                    'moving space', g.aggmtransspace::text, 'initial', g.agginitval, 'moving initial', g.aggminitval) as facts
         from pg_aggregate g join pg_proc p on p.oid = g.aggfnoid join pg_namespace n on n.oid = p.pronamespace
         where {OURS} and {own}",
        step("aggtransfn"),
        step("aggfinalfn"),
        step("aggcombinefn"),
        step("aggserialfn"),
        step("aggdeserialfn"),
        step("aggmtransfn"),
        step("aggminvtransfn"),
        step("aggmfinalfn"),
        name = qualified("p.proname"),
        own = own("pg_proc", "p.oid")
    )
}

fn operators() -> String {
    format!(
        "select 'operator' as kind, {identity} as name,
                json_build_object('owner', {owner}, 'function', nullif(o.oprcode::oid, 0)::regprocedure::text,
                    'result', format_type(o.oprresult, null), 'merges', o.oprcanmerge::text, 'hashes', o.oprcanhash::text,
                    'commutator', nullif(o.oprcom, 0)::regoperator::text, 'negator', nullif(o.oprnegate, 0)::regoperator::text,
                    'restrict', nullif(o.oprrest::oid, 0)::regprocedure::text,
                    'join', nullif(o.oprjoin::oid, 0)::regprocedure::text) as facts
         from pg_operator o join pg_namespace n on n.oid = o.oprnamespace where {OURS} and {own}",
        identity = identity("pg_operator", "o.oid"),
        owner = role("o.oprowner"),
        own = own("pg_operator", "o.oid")
    )
}

/// With the operators and functions of the family, whether a class or the family itself holds them.
fn operator_families() -> String {
    format!(
        "select 'operator family' as kind, {identity} as name,
                json_build_object('owner', {owner},
                    'operators', (select string_agg(concat(a.amopstrategy, ' ', a.amopopr::regoperator, ' ', a.amoppurpose,
                            ' ' || (pg_identify_object('pg_opfamily'::regclass, nullif(a.amopsortfamily, 0), 0)).identity), ', '
                            order by a.amopstrategy, a.amopopr::regoperator::text collate \"C\") from pg_amop a where a.amopfamily = f.oid),
                    'functions', (select string_agg(concat(a.amprocnum, ' ', format_type(a.amproclefttype, null), ' ',
                            format_type(a.amprocrighttype, null), ' ', a.amproc::oid::regprocedure), ', '
                            order by a.amprocnum, a.amproc::oid::regprocedure::text collate \"C\",
                                     format_type(a.amproclefttype, null) collate \"C\", format_type(a.amprocrighttype, null) collate \"C\")
                        from pg_amproc a where a.amprocfamily = f.oid)) as facts
         from pg_opfamily f join pg_namespace n on n.oid = f.opfnamespace where {OURS} and {own}",
        identity = identity("pg_opfamily", "f.oid"),
        owner = role("f.opfowner"),
        own = own("pg_opfamily", "f.oid")
    )
}

fn operator_classes() -> String {
    format!(
        "select 'operator class' as kind, {identity} as name,
                json_build_object('owner', {owner}, 'type', format_type(c.opcintype, null), 'default', c.opcdefault::text,
                    'stored as', format_type(nullif(c.opckeytype, 0), null),
                    'family', {family}) as facts
         from pg_opclass c join pg_namespace n on n.oid = c.opcnamespace where {OURS} and {own}",
        identity = identity("pg_opclass", "c.oid"),
        family = identity("pg_opfamily", "c.opcfamily"),
        owner = role("c.opcowner"),
        own = own("pg_opclass", "c.oid")
    )
}

fn casts() -> String {
    format!(
        "select 'cast' as kind, format_type(c.castsource, null) || ' as ' || format_type(c.casttarget, null) as name,
                json_build_object('function', nullif(c.castfunc, 0)::regprocedure::text, 'context', c.castcontext::text,
                    'method', c.castmethod::text) as facts
         from pg_cast c where c.oid >= {FIRST_OWN_OID} and {}",
        own("pg_cast", "c.oid")
    )
}

fn conversions() -> String {
    format!(
        "select 'conversion' as kind, {name} as name,
                json_build_object('owner', {owner}, 'from', pg_encoding_to_char(c.conforencoding),
                    'to', pg_encoding_to_char(c.contoencoding), 'function', c.conproc::oid::regprocedure::text,
                    'default', c.condefault::text) as facts
         from pg_conversion c join pg_namespace n on n.oid = c.connamespace where {OURS} and {own}",
        name = qualified("c.conname"),
        owner = role("c.conowner"),
        own = own("pg_conversion", "c.oid")
    )
}

fn transforms() -> String {
    format!(
        "select 'transform' as kind, format_type(t.trftype, null) || ' for ' || l.lanname as name,
                json_build_object('from sql', nullif(t.trffromsql::oid, 0)::regprocedure::text,
                    'to sql', nullif(t.trftosql::oid, 0)::regprocedure::text) as facts
         from pg_transform t join pg_language l on l.oid = t.trflang where {}",
        own("pg_transform", "t.oid")
    )
}

fn languages() -> String {
    format!(
        "select 'language' as kind, {name} as name,
                json_build_object('owner', {owner}, 'trusted', l.lanpltrusted::text,
                    'handler', nullif(l.lanplcallfoid, 0)::regprocedure::text,
                    'inline', nullif(l.laninline, 0)::regprocedure::text,
                    'validator', nullif(l.lanvalidator, 0)::regprocedure::text) as facts
         from pg_language l where l.lanispl and l.oid >= {FIRST_OWN_OID} and {own}",
        name = quoted("l.lanname"),
        owner = role("l.lanowner"),
        own = own("pg_language", "l.oid")
    )
}

fn access_methods() -> String {
    format!(
        "select 'access method' as kind, {name} as name,
                json_build_object('sort', m.amtype::text, 'handler', m.amhandler::oid::regprocedure::text) as facts
         from pg_am m where m.oid >= {FIRST_OWN_OID} and {own}",
        name = quoted("m.amname"),
        own = own("pg_am", "m.oid")
    )
}

fn event_triggers() -> String {
    format!(
        "select 'event trigger' as kind, {name} as name,
                json_build_object('owner', {owner}, 'event', v.evtevent, 'function', v.evtfoid::regprocedure::text,
                    'enabled', v.evtenabled::text, 'tags', {tags}) as facts
         from pg_event_trigger v where {own}",
        name = quoted("v.evtname"),
        owner = role("v.evtowner"),
        tags = sorted("v.evttags"),
        own = own("pg_event_trigger", "v.oid")
    )
}
