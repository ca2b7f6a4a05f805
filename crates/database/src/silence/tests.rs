//! On real servers.

use super::{Look, judge, look, settle};
use crate::testing::{old_and_copy, shared_old_and_copy};
use crate::{Manner, Session};

#[tokio::test]
async fn nothing_writes_to_a_database_that_is_only_read() {
    let Some((old, _)) = shared_old_and_copy() else { return };
    let session = Session::open(&old.url("app"), Manner::QUESTION).await.unwrap();
    let earlier = look(&session, Some("salesforce")).await.unwrap();
    old.run("app", "select count(*) from salesforce.account").unwrap();
    let later = look(&session, Some("salesforce")).await.unwrap();
    let silence = judge(&earlier, &later);
    assert!(silence.silent && silence.reliable && silence.suspects.is_empty(), "{silence:?}");
    assert_eq!(silence.logged, Some(0));
}

#[tokio::test]
async fn a_writer_is_named_with_what_it_wrote() {
    let Some((old, _)) = old_and_copy() else { return };
    let session = Session::open(&old.url("app"), Manner::QUESTION).await.unwrap();
    let earlier = look(&session, Some("salesforce")).await.unwrap();
    let (writer, connection) = tokio_postgres::connect(
        &format!("{}&application_name=nightly-job", old.url("app").open()),
        tokio_postgres::NoTls,
    )
    .await
    .unwrap();
    tokio::spawn(connection);
    writer
        .batch_execute(
            "update salesforce.account set name = 'x' where id < 4; select pg_stat_force_next_flush(); select 1",
        )
        .await
        .unwrap();
    let later = look(&session, Some("salesforce")).await.unwrap();
    let silence = judge(&earlier, &later);
    assert!(!silence.silent, "{silence:?}");
    assert!(silence.tables.contains(&("salesforce.account".to_owned(), 3)), "{silence:?}");
    assert_eq!(silence.logged, Some(3));
    assert_eq!(silence.suspects.len(), 1);
    assert_eq!(silence.suspects[0].application.as_deref(), Some("nightly-job"));
    assert!(silence.remedies[0].contains("nightly-job") && silence.remedies[0].contains("heroku pg:kill"));

    writer.batch_execute("begin; delete from two_keys where a = 1").await.unwrap();
    let open = look(&session, None).await.unwrap();
    let silence = judge(&open, &Look { at: open.at + 1.0, ..open.clone() });
    assert!(!silence.silent && silence.tables.is_empty(), "nothing is committed, but it has written: {silence:?}");
    assert!(silence.suspects[0].writing);
    writer.batch_execute("commit").await.unwrap();
    let committed = look(&session, None).await.unwrap();
    let silence = judge(&open, &committed);
    assert!(!silence.silent, "its statistics may be late, its transaction is not: {silence:?}");
    assert_eq!(silence.suspects[0].application.as_deref(), Some("nightly-job"));
}

#[tokio::test]
async fn what_arrives_late_is_of_the_past_while_the_snapshot_stands() {
    let Some((old, _)) = old_and_copy() else { return };
    let session = Session::open(&old.url("app"), Manner::QUESTION).await.unwrap();
    let earlier = look(&session, Some("salesforce")).await.unwrap();
    let mut later = Look { at: earlier.at + 3.0, ..earlier.clone() };
    later.tables.insert("salesforce.account".to_owned(), 1_000_000);
    later.since = Some("another time".to_owned());
    assert!(judge(&earlier, &later).silent);
    assert!(judge(&earlier.seal(), &later).silent, "a seal is as good as the look");
    later.snapshot = Some("1:2:".to_owned());
    assert!(!judge(&earlier, &later).silent);
}

#[tokio::test]
async fn upkeep_beside_a_reader_is_told_from_a_writer_by_a_third_look() {
    let Some((old, _)) = shared_old_and_copy() else { return };
    let session = Session::open(&old.url("app"), Manner::QUESTION).await.unwrap();
    let earlier = look(&session, None).await.unwrap();
    let reader = super::Visitor {
        pid: 1,
        user: None,
        application: Some("dashboard".to_owned()),
        address: None,
        state: Some("idle".to_owned()),
        writing: false,
        transaction_seconds: None,
        quiet_seconds: Some(0.5),
    };
    let snapshot = Some("1000000:1000000:".to_owned());
    // Nobody else's databases are on this server but those of other tests.
    let earlier = Look { alone: true, ..earlier };
    let second = Look { at: earlier.at + 60.0, snapshot, sessions: vec![reader], major: 17, ..earlier.clone() };
    let unexplained = judge(&earlier, &second);
    assert!(unexplained.unexplained && !unexplained.silent && unexplained.suspects.len() == 1, "{unexplained:?}");
    let third = |seconds: f64| Look { at: second.at + seconds, ..second.clone() };
    let settled = |third: Look| settle(&earlier, &second, third).silence.silent;
    assert!(settled(third(12.0)));
    assert!(!settled(third(3.0)), "they may still be on their way");
    let moved = Look { snapshot: Some("1000001:1000001:".to_owned()), ..third(12.0) };
    assert!(!settled(moved.clone()), "somebody took an id since, and there is no other database");
    let beside = settle(&earlier, &second, Look { alone: false, ..moved });
    assert!(beside.silence.silent, "it was in another database");
    assert_eq!((beside.silence.seconds, &beside.now.snapshot), (60.0, &second.snapshot));
    assert!(!settled(Look { major: 14, ..third(12.0) }), "that one never tells");
    let mut told = third(12.0);
    told.tables.insert("public.two_keys".to_owned(), 1_000_000);
    assert!(!settled(Look { alone: false, ..told }), "they arrived, and tell of rows");
    let advanced = Look { sequences: Some("other".to_owned()), alone: false, ..third(12.0) };
    assert!(!settled(advanced), "no statistics count what a sequence gives out");
}

/// What three looks at a database say, between which `neighbour` writes to another database of the same server or not,
/// somebody only reads, and `script` is run in the database itself.
async fn seen_beside(neighbour: bool, reader: bool, script: Option<&str>) -> super::Silence {
    let server = crate::testing::server().unwrap();
    crate::testing::fill(&server);
    server.run("postgres", "create database neighbour").unwrap();
    server.run("neighbour", "create table theirs (n int)").unwrap();
    let session = Session::open(&server.url("app"), Manner::QUESTION).await.unwrap();
    let pool = format!("{}&application_name=web-pool", server.url("app").open());
    let (client, connection) = tokio_postgres::connect(&pool, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let earlier = look(&session, Some("salesforce")).await.unwrap();
    let happens = async || {
        if neighbour {
            server.run("neighbour", "insert into theirs values (1)").unwrap();
        }
        if reader {
            client.batch_execute("select 1").await.unwrap();
        }
    };
    happens().await;
    if let Some(script) = script {
        client.batch_execute(&format!("{script}; select pg_stat_force_next_flush(); select 1")).await.unwrap();
    }
    // The time that statistics take is over at the third look.
    let second = Look { at: earlier.at + 10.0, ..look(&session, Some("salesforce")).await.unwrap() };
    happens().await;
    let third = Look { at: second.at + 12.0, ..look(&session, Some("salesforce")).await.unwrap() };
    let silence = judge(&earlier, &second);
    if silence.unexplained { settle(&earlier, &second, third).silence } else { silence }
}

#[tokio::test]
async fn a_neighbour_on_the_server_and_a_reader_are_no_writers() {
    if crate::testing::server().is_none() {
        return;
    }
    for (neighbour, reader) in [(false, false), (false, true), (true, false), (true, true)] {
        let silence = seen_beside(neighbour, reader, None).await;
        assert!(silence.silent && silence.suspects.is_empty(), "{neighbour} {reader}: {silence:?}");
    }
}

#[tokio::test]
async fn a_writer_is_found_beside_a_neighbour_and_a_reader() {
    if crate::testing::server().is_none() {
        return;
    }
    let unmapped = "insert into two_keys values (-1, 'x', 'y')";
    for script in [unmapped, "select nextval('loose_sequence')", "create table more (n int)"] {
        let silence = seen_beside(true, true, Some(script)).await;
        assert!(!silence.silent && !silence.unexplained, "{script}: {silence:?}");
        assert_eq!(silence.suspects[0].application.as_deref(), Some("web-pool"), "{script}");
    }
}

/// More looks than statistics take to come in.
const LOOKS: usize = 500;

#[tokio::test]
async fn a_change_of_structure_is_written_and_upkeep_is_not() {
    let Some((old, _)) = old_and_copy() else { return };
    let session = Session::open(&old.url("app"), Manner::QUESTION).await.unwrap();
    let seal = look(&session, Some("salesforce")).await.unwrap().seal();
    // A session that ends tells its statistics a moment after its client has gone.
    let run = |script: &str| old.run("app", &format!("{script}; select pg_stat_force_next_flush(); select 1")).unwrap();
    run("analyze; vacuum");
    // What autovacuum has just done is explained once its own statistics have come in.
    let mut kept = judge(&seal, &look(&session, Some("salesforce")).await.unwrap());
    for _ in 0..LOOKS {
        if kept.silent {
            break;
        }
        kept = judge(&seal, &look(&session, Some("salesforce")).await.unwrap());
    }
    assert!(kept.silent && kept.transactions > Some(0), "{kept:?}");
    run("alter table two_keys add column more int");
    let changed = judge(&seal, &look(&session, Some("salesforce")).await.unwrap());
    assert!(!changed.silent && changed.catalogue > 0, "{changed:?}");
    run("truncate two_keys");
    assert!(judge(&seal, &look(&session, None).await.unwrap()).catalogue > changed.catalogue);
}

#[tokio::test]
async fn statistics_that_were_reset_prove_nothing() {
    let Some((old, _)) = shared_old_and_copy() else { return };
    let session = Session::open(&old.url("app"), Manner::QUESTION).await.unwrap();
    let earlier = look(&session, None).await.unwrap();
    let (since, snapshot) = (Some("another time".to_owned()), Some("9:9:".to_owned()));
    let later = Look { since, snapshot, at: earlier.at + 5.0, ..earlier.clone() };
    let silence = judge(&earlier, &later);
    assert!(!silence.reliable && !silence.silent);
}
