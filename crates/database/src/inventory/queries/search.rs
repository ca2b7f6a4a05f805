//! Text search.

use super::{OURS, identity, own, qualified, role};

pub(super) fn queries() -> Vec<String> {
    vec![configurations(), dictionaries(), parsers(), templates()]
}

fn configurations() -> String {
    format!(
        "select 'text search configuration' as kind, {name} as name,
                json_build_object('owner', {owner}, 'parser', {parser},
                    'mapping', (select string_agg(m.maptokentype || ' ' || {dictionary}, ', ' order by m.maptokentype, m.mapseqno)
                                from pg_ts_config_map m where m.mapcfg = c.oid)) as facts
         from pg_ts_config c join pg_namespace n on n.oid = c.cfgnamespace where {OURS} and {own}",
        name = qualified("c.cfgname"),
        owner = role("c.cfgowner"),
        parser = identity("pg_ts_parser", "c.cfgparser"),
        dictionary = identity("pg_ts_dict", "m.mapdict"),
        own = own("pg_ts_config", "c.oid")
    )
}

fn dictionaries() -> String {
    format!(
        "select 'text search dictionary' as kind, {name} as name,
                json_build_object('owner', {owner}, 'template', {template}, 'options', d.dictinitoption) as facts
         from pg_ts_dict d join pg_namespace n on n.oid = d.dictnamespace where {OURS} and {own}",
        name = qualified("d.dictname"),
        owner = role("d.dictowner"),
        template = identity("pg_ts_template", "d.dicttemplate"),
        own = own("pg_ts_dict", "d.oid")
    )
}

fn parsers() -> String {
    format!(
        "select 'text search parser' as kind, {name} as name,
                json_build_object('functions', concat_ws(' ', p.prsstart, p.prstoken, p.prsend, p.prsheadline, p.prslextype)) as facts
         from pg_ts_parser p join pg_namespace n on n.oid = p.prsnamespace where {OURS} and {own}",
        name = qualified("p.prsname"),
        own = own("pg_ts_parser", "p.oid")
    )
}

fn templates() -> String {
    format!(
        "select 'text search template' as kind, {name} as name,
                json_build_object('functions', concat_ws(' ', t.tmplinit, t.tmpllexize)) as facts
         from pg_ts_template t join pg_namespace n on n.oid = t.tmplnamespace where {OURS} and {own}",
        name = qualified("t.tmplname"),
        own = own("pg_ts_template", "t.oid")
    )
}
