//! Each attribute of each kind of object that is changed shows, and what the two sample cases of loosened definitions and
//! kinds in no list once missed.

use super::super::{Difference, Inventory, Weight, differences};
use super::{inventory, structured};
use crate::testing::server;

/// A change, and what of it must be told: kind, name and fact; without a fact the thing is there on one side only.
const PLANTED: &[(&str, &str)] = &[
    ("alter table doc disable trigger all", "constraint public.part: fk triggers switched off"),
    ("alter table doc enable trigger all", "trigger public.doc: g3 enabled"),
    ("alter table doc disable trigger g", "trigger public.doc: g enabled"),
    ("alter table doc enable replica trigger g", "trigger public.doc: g enabled"),
    ("alter table parted_1 disable trigger g4", "trigger public.parted_1: g4 enabled"),
    (
        "drop trigger g on doc; create trigger g before update of a, b on doc for each row when (old.a is distinct from new.a) execute function s.stamp()",
        "trigger public.doc: g definition",
    ),
    (
        "drop trigger g on doc; create trigger g before update of a on doc for each row when (old.a is distinct from new.a) execute function s.stamp()",
        "trigger public.doc: g definition",
    ),
    ("drop trigger g2 on doc", "trigger public.doc: g2"),
    ("drop rule keep on doc", "rule public.doc: keep"),
    ("create or replace rule tell as on insert to other do also notify others", "rule public.other: tell definition"),
    ("alter table other enable rule tell", "rule public.other: tell enabled"),
    ("alter table doc no force row level security", "table public.doc row security for the owner"),
    ("alter table doc disable row level security", "table public.doc row security"),
    ("alter policy p on doc using (a = 1 or (b = 1 and c = 1))", "policy public.doc: p using"),
    ("alter policy p on doc with check (a > 1)", "policy public.doc: p check"),
    ("alter policy q on doc to clerk", "policy public.doc: q roles"),
    (
        "drop policy q on doc; create policy q on doc for select to clerk using (who = current_user)",
        "policy public.doc: q permissive",
    ),
    (
        "drop policy q on doc; create policy q on doc for update to clerk using (who = current_user)",
        "policy public.doc: q command",
    ),
    (
        "alter table part drop constraint fk; alter table part add constraint fk foreign key (doc_id) references s.doc on delete cascade on update set null deferrable",
        "constraint public.part: fk definition",
    ),
    ("alter table part alter constraint fk deferrable initially deferred", "constraint public.part: fk definition"),
    ("alter table part validate constraint not_checked", "constraint public.part: not_checked validated"),
    (
        "alter table doc drop constraint positive; alter table doc add constraint positive check (a > 0 and b between 1 and 9 or c is null and state in ('NEW', 'DONE'))",
        "constraint public.doc: positive definition",
    ),
    (
        "alter table doc drop constraint no_overlap; alter table doc add constraint no_overlap exclude using gist (c with =) where (c > 1)",
        "constraint public.doc: no_overlap definition",
    ),
    (
        "create or replace view price as select doc.a, doc.b as other_name from doc join other on doc.id = doc.id",
        "view public.price definition",
    ),
    ("alter view narrow set (security_barrier = false)", "view public.narrow options"),
    ("alter view narrow reset (check_option)", "view public.narrow options"),
    ("alter view single alter id set default 8", "view public.single column id"),
    (
        "create or replace view subtle as select doc.id from doc where exists (select from other where other.id = doc.id and price > other.id) or a in (select price from other)",
        "view public.subtle definition",
    ),
    ("refresh materialized view empty_one", "materialised view public.empty_one populated"),
    ("alter materialized view counted set (fillfactor = 71)", "materialised view public.counted options"),
    ("drop index u; create unique index u on doc ((who::varchar(9)))", "index public.u definition"),
    (
        "drop index by_collation; create index by_collation on doc (note, who text_pattern_ops)",
        "index public.by_collation definition",
    ),
    ("cluster doc using doc_pkey", "index public.doc_pkey clustered"),
    ("alter table doc set without cluster", "index public.doc_pkey clustered"),
    ("update pg_index set indisvalid = false where indexrelid = 'u'::regclass", "index public.u valid"),
    (
        "update pg_index set indislive = false where indexrelid = 'by_trigram'::regclass",
        "index public.by_trigram valid",
    ),
    ("alter index by_expression alter column 1 set statistics 78", "index public.by_expression statistics"),
    ("alter index by_trigram set (fastupdate = on)", "index public.by_trigram definition"),
    ("alter table doc replica identity default", "table public.doc replica identity"),
    ("alter table s.doc replica identity default", "index s.doc_pkey replica identity"),
    ("alter table doc alter a set statistics 501", "table public.doc column a"),
    ("alter table doc alter a set (n_distinct = 6)", "table public.doc column a"),
    ("alter table doc alter note set storage main", "table public.doc column note"),
    ("alter table doc alter note set compression default", "table public.doc column note"),
    ("alter table doc alter who set default 'it''s'", "table public.doc column who"),
    ("alter table doc alter who set not null", "table public.doc column who"),
    ("alter table doc alter num set generated always", "table public.doc column num"),
    ("alter table doc alter num set increment 4", "sequence public.doc_num_seq step"),
    ("alter table doc alter twice drop expression", "table public.doc column twice"),
    ("alter table part alter s_id type bigint", "table public.part column s_id"),
    ("alter table typed alter a drop default; alter table typed not of", "table public.typed of type"),
    ("alter table child no inherit parent", "table public.child parents"),
    ("alter table doc set (fillfactor = 81)", "table public.doc options"),
    ("alter table doc set (toast.autovacuum_enabled = on)", "table public.doc options of its toast table"),
    ("alter table loose set logged", "table public.loose persistence"),
    ("alter table parted detach partition parted_2", "table public.parted_2 parents"),
    (
        "alter table parted attach partition parted_2 for values from ('2026-07-01', 5) to ('2027-01-01', 8)",
        "table public.parted_2 partition",
    ),
    ("alter table \"My.Schema\".a rename column b to \"B\"", "table \"My.Schema\".a column \"B\""),
    ("alter table \"My.Schema\".\"a.b\" add y int", "table \"My.Schema\".\"a.b\" column y"),
    (
        "create or replace function f(a int default 2, b text default 'x', variadic c int[] default '{}') returns int language sql parallel safe stable cost 7 as 'select a'",
        "function public.f(a integer, b text, VARIADIC c integer[]) arguments",
    ),
    ("alter function f parallel unsafe", "function public.f(a integer, b text, VARIADIC c integer[]) parallel"),
    ("alter function f immutable", "function public.f(a integer, b text, VARIADIC c integer[]) volatility"),
    ("alter function f strict", "function public.f(a integer, b text, VARIADIC c integer[]) strict"),
    ("alter function f cost 8", "function public.f(a integer, b text, VARIADIC c integer[]) cost"),
    ("alter function f leakproof", "function public.f(a integer, b text, VARIADIC c integer[]) leakproof"),
    (
        "alter function f security definer",
        "function public.f(a integer, b text, VARIADIC c integer[]) security definer",
    ),
    ("alter function f set work_mem = '4MB'", "function public.f(a integer, b text, VARIADIC c integer[]) settings"),
    ("alter function rows_of() rows 8", "function public.rows_of() rows"),
    ("alter function f owner to clerk", "function public.f(a integer, b text, VARIADIC c integer[]) owner"),
    (
        "create or replace function body(a int) returns int language sql immutable begin atomic select a + 2; end",
        "function public.body(a integer) definition",
    ),
    (
        "create or replace procedure do_it(a int) language plpgsql as 'begin perform 1; end'",
        "function public.do_it(IN a integer) source",
    ),
    (
        "create or replace aggregate total(int) (sfunc = int4pl, stype = int, initcond = '1')",
        "aggregate public.total(integer) initial",
    ),
    (
        "create or replace aggregate moving(int) (sfunc = int4pl, stype = int, msfunc = int4pl, minvfunc = int4mi, mstype = int, parallel = safe)",
        "aggregate public.moving(integer) combine",
    ),
    ("alter operator ### (int, int) set (restrict = neqsel)", "operator public.###(integer,integer) restrict"),
    (
        "alter operator family own_ops using btree add operator 1 < (int, bigint)",
        "operator family public.own_ops USING btree operators",
    ),
    (
        "alter operator family own_ops using btree add function 1 (int, bigint) btint48cmp(int, bigint)",
        "operator family public.own_ops USING btree functions",
    ),
    ("drop cast (pair as text)", "cast public.pair as text"),
    ("create cast (pair as text) with function pair_as_text(pair)", "cast public.pair as text"),
    ("alter conversion own_conversion owner to clerk", "conversion public.own_conversion owner"),
    ("drop collation plain", "collation public.plain"),
    ("alter text search configuration words drop mapping for email", "text search configuration public.words mapping"),
    ("alter text search dictionary own_dict (accept = false)", "text search dictionary public.own_dict options"),
    ("drop text search parser own_parser", "text search parser public.own_parser"),
    ("alter language own_language owner to auditor", "language own_language owner"),
    ("alter event trigger watch enable", "event trigger watch enabled"),
    ("alter foreign data wrapper own_wrapper options (set a '2')", "foreign data wrapper own_wrapper options"),
    ("alter server far options (set host 'near.example')", "foreign server far options"),
    ("alter foreign table far_doc options (set schema_name 'y')", "foreign table public.far_doc foreign options"),
    ("alter foreign table far_doc alter id options (set column_name 'j')", "foreign table public.far_doc column id"),
    ("alter user mapping for clerk server far options (set user 'v')", "user mapping far for clerk options"),
    ("drop user mapping for public server far", "user mapping far for public"),
    ("alter type shade add value 'middle' before 'light'", "type public.shade labels"),
    ("alter type shade rename value 'a, b' to 'a'", "type public.shade labels"),
    ("alter type pair add attribute d int", "type public.pair attributes"),
    ("alter domain code set default 'y'", "type public.code default"),
    ("alter domain code drop not null", "type public.code not null"),
    ("alter domain code drop constraint short", "type public.code checks"),
    ("alter domain open_code add constraint full_one check (value <> 'b') not valid", "type public.open_code checks"),
    ("drop type span; create type span as range (subtype = float8)", "type public.span range"),
    ("drop statistics st; create statistics st (ndistinct) on a, b from doc", "statistics public.st definition"),
    ("alter statistics st set statistics 98", "statistics public.st target"),
    ("alter sequence seq cycle maxvalue 98", "sequence public.seq maximum"),
    ("alter sequence seq no cycle", "sequence public.seq cycles"),
    ("alter sequence seq cache 6", "sequence public.seq cache"),
    ("alter sequence owned_one owned by none", "sequence public.owned_one owned by"),
    ("revoke select on doc from public", "grant table public.doc to public"),
    ("revoke select (a) on doc from clerk", "grant column public.doc.a to clerk"),
    ("revoke grant option for insert on doc from clerk", "grant table public.doc to clerk privileges"),
    ("revoke usage on schema s from clerk", "grant schema s to clerk"),
    ("grant execute on function quiet() to public", "grant function public.quiet() to public"),
    ("grant usage on type shade to public", "grant type public.shade to public"),
    ("revoke usage on language own_language from clerk", "grant language own_language to clerk"),
    ("revoke usage on foreign server far from clerk", "grant foreign server far to clerk"),
    ("revoke usage on foreign data wrapper own_wrapper from clerk", "grant foreign data wrapper own_wrapper to clerk"),
    ("grant create on database DATABASE to clerk", "grant database to clerk"),
    (
        "grant execute on function hstore_in(cstring) to clerk",
        "grant built-in function public.hstore_in(pg_catalog.cstring) to clerk",
    ),
    (
        "alter default privileges in schema public revoke select on tables from public",
        "default privileges of (owner) on tables in schema public to public",
    ),
    (
        "alter default privileges grant execute on functions to public",
        "default privileges of (owner) on functions to public",
    ),
    (
        "alter default privileges for role clerk grant select on tables to auditor",
        "default privileges of clerk on tables to auditor",
    ),
    ("revoke select on large object 4712 from clerk", "large objects of (owner) with SELECT to clerk"),
    ("alter large object 4711 owner to clerk", "large objects of clerk"),
    ("comment on table doc is null", "comment table public.doc"),
    ("comment on column doc.a is 'another'", "comment table column public.doc.a text"),
    ("comment on policy p on doc is null", "comment policy p on public.doc"),
    ("comment on large object 4711 is 'alive'", "comment large object 4711 text"),
    ("alter publication pub drop table s.doc", "publication pub tables"),
    ("alter publication pub set (publish = 'insert')", "publication pub publishes"),
    ("alter publication pub set (publish_via_partition_root = false)", "publication pub through the root"),
    ("drop publication everything", "publication everything"),
    ("alter subscription sub set (binary = true)", "subscription sub binary"),
    ("alter subscription sub set publication elsewhere with (refresh = false)", "subscription sub publications"),
    ("alter database DATABASE set work_mem = '5MB'", "setting work_mem"),
    ("alter role clerk in database DATABASE set work_mem = '6MB'", "setting work_mem for clerk"),
    ("alter role postgres set work_mem = '7MB'", "setting work_mem for (owner) in all databases"),
    ("alter role postgres reset work_mem", "setting work_mem for (owner) in all databases"),
    ("alter extension citext set schema public", "extension citext schema"),
    ("drop extension pg_trgm cascade", "extension pg_trgm"),
    ("alter table doc owner to clerk", "table public.doc owner"),
    ("alter schema s owner to clerk", "schema s owner"),
    ("alter type shade owner to clerk", "type public.shade owner"),
    ("drop access method own_heap cascade", "access method own_heap"),
];

/// What came with a later major.
const PLANTED_SINCE_15: &[(&str, &str)] = &[
    ("alter publication a_few set table doc (id, a) where (a > 1 and (b > 2 or c = 3))", "publication a_few tables"),
    ("alter publication whole_schema drop tables in schema s", "publication whole_schema schemas"),
    ("drop index at_most_one; create unique index at_most_one on other (price)", "index public.at_most_one definition"),
    ("alter view as_caller set (security_invoker = false)", "view public.as_caller options"),
    ("alter subscription sub set (disable_on_error = true)", "subscription sub stops on errors"),
    ("grant set on parameter work_mem to clerk", "grant parameter work_mem to clerk"),
];

fn told(difference: &Difference) -> String {
    let fact = difference.fact.as_ref().map_or_else(String::new, |fact| format!(" {fact}"));
    format!("{} {}{fact}", difference.kind, difference.name)
}

/// The differences that matter.
fn mattering(old: &Inventory, new: &Inventory) -> Vec<String> {
    differences(old, new).iter().filter(|it| it.weight == Weight::Matters).map(told).collect()
}

#[tokio::test]
async fn every_attribute_that_is_changed_shows() {
    let Some(server) = structured("plantable") else { return };
    let mut before = inventory(&server, "plantable").await;
    let since_15 = if server.major() >= 15 { PLANTED_SINCE_15 } else { &[] };
    let (mut missed, mut found) = (Vec::new(), 0);
    for (script, expected) in since_15.iter().chain(PLANTED) {
        let script = format!("set allow_system_table_mods = on; {}", script.replace("DATABASE", "plantable"));
        server.run("plantable", &script).unwrap();
        let after = inventory(&server, "plantable").await;
        let told = mattering(&before, &after);
        if told.iter().any(|it| it == expected) {
            found += 1;
        } else {
            missed.push(format!("{script}: not {expected} but {told:#?}"));
        }
        before = after;
    }
    assert!(missed.is_empty(), "{found} found, {} missed: {}", missed.len(), missed.join("\n"));
}

/// Differences that once counted as other words for the same: parentheses, qualifiers and casts were dropped.
#[tokio::test]
async fn definitions_that_differ_in_parentheses_qualifiers_and_casts_matter() {
    let Some(server) = server() else { return };
    let both = "create schema s; create table doc(id int primary key, a int, b int, c int, who text);
        create table s.doc(id int primary key); alter table doc enable row level security; create table part(doc_id int);
        create table other(id int, price int);";
    let of = |policy: &str, fk: &str, view: &str, index: &str| {
        format!(
            "{both} create policy p on doc using ({policy}); alter table part add constraint fk foreign key (doc_id) references {fk};
             create view price as select doc.a from doc join other on doc.id = {view}.id;
             create unique index u on doc ((who::varchar({index})));"
        )
    };
    let scripts = [
        ("one", of("(a = 1 or b = 1) and c = 1", "doc", "other", "3")),
        ("two", of("a = 1 or (b = 1 and c = 1)", "s.doc", "doc", "9")),
    ];
    for (database, script) in &scripts {
        server.run("postgres", &format!("create database {database}")).unwrap();
        server.run(database, script).unwrap();
    }
    let told = mattering(&inventory(&server, "one").await, &inventory(&server, "two").await);
    for expected in [
        "policy public.doc: p using",
        "constraint public.part: fk definition",
        "view public.price definition",
        "view public.price depends on",
        "index public.u definition",
    ] {
        assert!(told.iter().any(|it| it == expected), "{expected}: {told:#?}");
    }
}

/// Two databases of different owners, each the default credential of its own: they are one and the same role.
#[tokio::test]
async fn the_owner_is_the_same_role_in_policies_as_in_grants_and_owners() {
    let Some(server) = server() else { return };
    for name in ["u_old", "u_new"] {
        let script = format!("create role {name} login password 'secret'; create database of_{name} owner {name}");
        server.run("postgres", &script.replace("; create database", ";\ncreate database")).unwrap();
        let script = format!(
            "set role {name}; create schema mine; create table mine.doc(id int primary key); alter table mine.doc enable row level security;
             create policy p on mine.doc to {name} using (true); alter default privileges in schema mine grant select on tables to public;
             reset role; alter role {name} in database of_{name} set work_mem = '5MB';"
        );
        server.run(&format!("of_{name}"), &script).unwrap();
    }
    let told = mattering(&inventory(&server, "of_u_old").await, &inventory(&server, "of_u_new").await);
    assert_eq!(told, [] as [&str; 0]);
}

/// Names that a dot or a quote could confuse, and lists that a server may print in any order.
#[tokio::test]
async fn names_with_dots_and_quotes_are_not_confused() {
    let Some(server) = server() else { return };
    let scripts = [
        (
            "dots_one",
            "create schema \"a.b\"; create table \"a.b\".c (x int); create schema a; create table a.\"b.c\" (y int);",
        ),
        (
            "dots_two",
            "create schema \"a.b\"; create table \"a.b\".c (y int); create schema a; create table a.\"b.c\" (x int);",
        ),
    ];
    for (database, script) in scripts {
        server.run("postgres", &format!("create database {database}")).unwrap();
        server.run(database, script).unwrap();
    }
    let told = mattering(&inventory(&server, "dots_one").await, &inventory(&server, "dots_two").await);
    let expected = [
        "table \"a.b\".c column x",
        "table \"a.b\".c column y",
        "table a.\"b.c\" column x",
        "table a.\"b.c\" column y",
    ];
    assert_eq!(told, expected);
}

/// What Heroku puts into a database by itself, and changes without being asked, is not the app's.
#[tokio::test]
async fn what_heroku_puts_into_every_database_is_expected() {
    let Some(server) = server() else { return };
    server.run("postgres", "create role heroku_admin").unwrap();
    for (database, digest, comment) in [("plain", "1", "standard public schema"), ("prepared", "2", "")] {
        server.run("postgres", &format!("create database {database}")).unwrap();
        let script = format!(
            "create schema _heroku authorization heroku_admin;
             create function _heroku.create_ext() returns event_trigger language plpgsql as 'begin perform {digest}; end';
             create event trigger log_create_ext on ddl_command_end execute function _heroku.create_ext();
             comment on schema public is '{comment}';"
        );
        server.run(database, &script).unwrap();
    }
    let script = "create function _heroku.more() returns int language sql as 'select 1';
        create event trigger more on ddl_command_start execute function _heroku.create_ext(); grant usage on schema _heroku to public;
        create function mine() returns event_trigger language plpgsql as 'begin end'; create event trigger mine on ddl_command_end execute function mine()";
    server.run("prepared", script).unwrap();
    let told = mattering(&inventory(&server, "plain").await, &inventory(&server, "prepared").await);
    assert_eq!(told, ["event trigger mine", "function public.mine()", "grant function public.mine() to public"]);
}
