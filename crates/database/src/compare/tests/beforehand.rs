//! What can be said before there is anything to compare.

use crate::testing::{fill, server};
use hcops_model::DatabaseUrl;

use super::super::{NotCompared, Origin, beforehand};
use crate::{Manner, Session};

async fn found(url: &DatabaseUrl, origin: Origin) -> Vec<NotCompared> {
    let session = Session::open(url, Manner::QUESTION).await.unwrap();
    beforehand(&session, origin).await.unwrap()
}

/// What may differ unseen, and what may not.
async fn names(url: &DatabaseUrl, origin: Origin) -> [Vec<String>; 2] {
    let found = found(url, origin).await;
    [true, false]
        .map(|may_differ| found.iter().filter(|it| it.may_differ == may_differ).map(|it| it.what.clone()).collect())
}

const NOTHING: [Vec<String>; 2] = [Vec::new(), Vec::new()];

#[tokio::test]
async fn what_will_not_be_compared_is_known_beforehand() {
    let Some(old) = server() else { return };
    fill(&old);
    let script = "insert into scratch select generate_series(1, 3); create role reader login password 'hunter2';
        grant usage on schema salesforce to reader; grant select on all tables in schema salesforce, public to reader;
        grant select on all sequences in schema salesforce, public to reader;
        revoke select on two_keys, empty_one from reader; alter table no_key enable row level security;";
    old.run("app", script).unwrap();
    let url = old.url_as("reader", "hunter2", "app");
    let [copy, filled_anew] = names(&url, Origin::Copy).await;
    assert_eq!(copy, ["public.no_key", "public.two_keys", "large objects"]);
    assert_eq!(filled_anew, ["public.account_count"], "the copy fills it anew");
    let [follower, filled_anew] = names(&url, Origin::Follower).await;
    assert_eq!(follower, ["public.no_key", "public.scratch", "public.two_keys", "large objects"]);
    assert_eq!(filled_anew, [] as [String; 0]);
}

#[tokio::test]
async fn rows_of_unlogged_tables_are_counted_up_to_a_limit() {
    let Some(old) = server() else { return };
    let script = "create unlogged table a_empty (id int); create unlogged table b_emptied (id int);
        insert into b_emptied values (1); delete from b_emptied;
        create unlogged table c_one as select 1 id; create unlogged table d_two as select generate_series(1, 2) id;
        create unlogged table e_most as select generate_series(1, 100000) id;
        create unlogged table f_more as select generate_series(1, 100001) id;";
    old.run("postgres", script).unwrap();
    let rows: Vec<(String, String)> = found(&old.url("postgres"), Origin::Follower)
        .await
        .into_iter()
        .map(|it| (it.what, it.why.split(':').next().unwrap().to_owned()))
        .collect();
    let holds = |table: &str, rows: &str| (format!("public.{table}"), format!("it is unlogged and holds {rows}"));
    let expected = [
        holds("c_one", "1 row"),
        holds("d_two", "2 rows"),
        holds("e_most", "100000 rows"),
        holds("f_more", "more than 100000 rows"),
    ];
    assert_eq!(rows, expected);
    assert_eq!(names(&old.url("postgres"), Origin::Copy).await, NOTHING, "a dump holds them");
}

#[tokio::test]
async fn unlogged_tables_are_not_read_on_a_follower() {
    let Some(old) = server() else { return };
    old.run("postgres", "create unlogged table scratch as select 1 id").unwrap();
    let follower = old.follower().unwrap();
    assert_eq!(names(&follower.url("postgres"), Origin::Follower).await, NOTHING);
}

#[tokio::test]
async fn sequences_and_secrets_that_the_credential_may_not_read_are_known_beforehand() {
    let Some(old) = server() else { return };
    let script = "create role reader login password 'hunter2'; create sequence hidden; create sequence open;
        grant select on sequence open to reader;
        create foreign data wrapper elsewhere; create server far foreign data wrapper elsewhere;
        create user mapping for current_user server far options (password 'hunter3');
        create foreign table readable (id int) server far; create foreign table unreadable (id int) server far;
        grant select on readable to reader;
        create materialized view later as select 1 id with no data; grant select on later to reader;";
    old.run("postgres", script).unwrap();
    let url = old.url_as("reader", "hunter2", "postgres");
    for origin in [Origin::Copy, Origin::Follower] {
        let [hidden, filled_anew] = names(&url, origin).await;
        assert_eq!(hidden, ["secrets of the user mapping far for (owner)", "sequence public.hidden"]);
        assert_eq!(filled_anew, [] as [String; 0], "there is nothing to fill anew");
    }
}

#[tokio::test]
async fn a_large_object_is_hidden_when_nobody_grants_reading_it() {
    let Some(old) = server() else { return };
    let script = "create role readers; create role reader login password 'hunter2' in role readers;
        select lo_create(id) from unnest(array[1, 2, 3, 4]) id; alter large object 1 owner to reader;
        grant select on large object 2 to public; grant select on large object 3 to readers;
        grant select on large object 4 to reader;";
    old.run("postgres", script).unwrap();
    let url = old.url_as("reader", "hunter2", "postgres");
    assert_eq!(names(&url, Origin::Copy).await, NOTHING);
    old.run("postgres", "select lo_create(5); grant update on large object 5 to reader").unwrap();
    assert_eq!(names(&url, Origin::Copy).await, [vec!["large objects".to_owned()], Vec::new()]);
}
