//! Every catalog of every installed major is walked: what no query reads is on a list, with the reason.

use crate::testing::{majors, server_of};

/// Catalogs that no query reads.
const CATALOGS_LEFT: &[(&str, &str)] = &[
    ("pg_authid", "roles belong to the server: credentials, told by Heroku"),
    ("pg_auth_members", "as the roles"),
    ("pg_largeobject", "its contents are compared like rows"),
    ("pg_replication_origin", "belongs to the server; a follower and a copy have none"),
    ("pg_shdepend", "follows from the objects"),
    ("pg_statistic", "made by ANALYZE; tables without are told apart"),
    ("pg_statistic_ext_data", "made by ANALYZE"),
    ("pg_subscription_rel", "how far a subscription is; no dump has it"),
    ("pg_user_mapping", "only a superuser may read it; the view pg_user_mappings is read"),
];

/// Columns that no query names.
const COLUMNS_LEFT: &[(&str, &[&str], &str)] = &[
    ("pg_amop", &["amoplefttype", "amoprighttype", "amopmethod"], "told by operator and family"),
    ("pg_attribute", &["attlen", "attbyval", "attalign"], "told by the type"),
    ("pg_attribute", &["attndims"], "how many dimensions were written; nothing keeps to it"),
    ("pg_attribute", &["atthasdef"], "told by the default"),
    ("pg_attribute", &["atthasmissing", "attmissingval"], "how a column that was added is stored"),
    ("pg_attribute", &["attcacheoff"], "of no meaning on disk"),
    (
        "pg_class",
        &[
            "relallfrozen",
            "relallvisible",
            "relfilenode",
            "relfrozenxid",
            "relminmxid",
            "relpages",
            "relrewrite",
            "reltuples",
        ],
        "how it is stored, and statistics",
    ),
    (
        "pg_class",
        &[
            "relchecks",
            "relhasindex",
            "relhasrules",
            "relhassubclass",
            "relhastriggers",
            "relnatts",
            "reltype",
            "relisshared",
        ],
        "follows from what is compared",
    ),
    ("pg_collation", &["collencoding"], "told by the provider and the database's encoding"),
    ("pg_collation", &["collversion"], "the system's; compared apart"),
    (
        "pg_constraint",
        &[
            "conbin",
            "condeferrable",
            "condeferred",
            "conenforced",
            "conexclop",
            "confdelsetcols",
            "confdeltype",
            "conffeqop",
            "confkey",
            "confmatchtype",
            "confrelid",
            "confupdtype",
            "conkey",
            "connoinherit",
            "conperiod",
            "conpfeqop",
            "conppeqop",
        ],
        "printed by pg_get_constraintdef",
    ),
    ("pg_constraint", &["conindid"], "the index is compared; a foreign key may use another one that is as good"),
    ("pg_constraint", &["coninhcount", "conislocal", "conparentid"], "follows from parents and partitions"),
    ("pg_database", &["datfrozenxid", "datminmxid", "datlastsysoid", "dathasloginevt"], "the server's own bookkeeping"),
    ("pg_extension", &["extowner"], "no dump can set it"),
    ("pg_extension", &["extrelocatable"], "comes with the version"),
    (
        "pg_index",
        &[
            "indclass",
            "indcollation",
            "indexprs",
            "indimmediate",
            "indisexclusion",
            "indisprimary",
            "indisunique",
            "indkey",
            "indnatts",
            "indnkeyatts",
            "indnullsnotdistinct",
            "indoption",
            "indpred",
        ],
        "printed by pg_get_indexdef and pg_get_constraintdef",
    ),
    ("pg_index", &["indcheckxmin"], "since when old snapshots may use it"),
    ("pg_init_privs", &["privtype"], "who made the object"),
    ("pg_opclass", &["opcmethod", "opcname"], "part of its identity"),
    ("pg_operator", &["oprkind", "oprleft", "oprname", "oprright"], "part of its identity"),
    ("pg_opfamily", &["opfmethod", "opfname"], "part of its identity"),
    (
        "pg_partitioned_table",
        &["partattrs", "partclass", "partcollation", "partdefid", "partexprs", "partnatts", "partrelid", "partstrat"],
        "printed by pg_get_partkeydef and with the default partition",
    ),
    (
        "pg_proc",
        &[
            "proallargtypes",
            "proargdefaults",
            "proargmodes",
            "proargnames",
            "proargtypes",
            "pronargdefaults",
            "pronargs",
            "proretset",
            "prorettype",
            "prosqlbody",
            "provariadic",
        ],
        "printed by pg_get_function_arguments, _result and _sqlbody",
    ),
    ("pg_rewrite", &["ev_action", "ev_qual", "ev_type", "is_instead"], "printed by pg_get_ruledef and pg_get_viewdef"),
    ("pg_statistic_ext", &["stxexprs", "stxkeys", "stxkind"], "printed by pg_get_statisticsobjdef"),
    ("pg_subscription", &["subconninfo"], "only a superuser may read it; told as not compared"),
    ("pg_subscription", &["subskiplsn"], "a place in the publisher's log; no dump has it"),
    ("pg_tablespace", &["spcacl", "spcoptions", "spcowner"], "belongs to the server"),
    (
        "pg_trigger",
        &[
            "tgargs",
            "tgattr",
            "tgconstrindid",
            "tgconstrrelid",
            "tgdeferrable",
            "tginitdeferred",
            "tgnargs",
            "tgnewtable",
            "tgoldtable",
            "tgqual",
            "tgtype",
        ],
        "printed by pg_get_triggerdef",
    ),
    ("pg_type", &["typdefaultbin", "typsubscript"], "told by the default and the element"),
    ("pg_type", &["typndims"], "how many dimensions were written; nothing keeps to it"),
];

#[test]
fn every_catalog_of_every_major_is_read_or_left_with_a_reason() {
    let mut trouble = Vec::new();
    for major in majors() {
        let Some(server) = server_of(major) else { continue };
        let queries = super::all(major).join("\n");
        let words: std::collections::BTreeSet<&str> =
            queries.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect();
        let columns = server
            .run(
                "postgres",
                "select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
                 where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r' order by 1, a.attnum",
            )
            .unwrap();
        for line in columns.lines() {
            let (catalog, column) = line.split_once('|').unwrap();
            let is_left = CATALOGS_LEFT.iter().any(|(left, _)| *left == catalog)
                || COLUMNS_LEFT.iter().any(|(left, columns, _)| *left == catalog && columns.contains(&column));
            let is_read = words.contains(column) && (words.contains(catalog) || catalog == "pg_user_mapping");
            if !is_left && !is_read {
                trouble.push(format!("{major} {catalog} {column}"));
            }
        }
    }
    assert!(trouble.is_empty(), "{}", trouble.join("\n"));
}
