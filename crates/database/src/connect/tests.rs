use super::{Manner, Session, Sessions};
use crate::testing;
use hcops_model::{DatabaseUrl, FaultKind};
use hcops_simulator::postgres::Encryption;

#[tokio::test]
async fn a_session_refuses_to_write_and_says_who_it_is() {
    let Some(server) = testing::server() else { return };
    server.run("postgres", "create table kept (id int)").unwrap();
    let session = Session::open(&server.url("postgres"), Manner::LONG_READ).await.unwrap();
    for write in ["insert into public.kept values (1)", "create table public.more ()", "truncate public.kept"] {
        let fault = session.lines(write).await.unwrap_err();
        assert!(fault.saw.contains("read-only transaction"), "{fault:?}");
    }
    let line =
        session.lines("select current_setting('application_name'), current_setting('lock_timeout')").await.unwrap();
    assert_eq!(line, [[Some("hcops".to_owned()), Some("2s".to_owned())]]);
    assert!(!session.is_pooled());
    assert_eq!(session.major(), server.major());
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_ended_by_the_server() {
    let Some(server) = testing::server() else { return };
    let manner = Manner { statement_limit: std::time::Duration::from_millis(50), ..Manner::QUESTION };
    let session = Session::open(&server.url("postgres"), manner).await.unwrap();
    let fault = session.lines("select pg_sleep(60)").await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Transient);
    assert!(fault.saw.contains("statement timeout"), "{fault:?}");
}

#[tokio::test]
async fn a_lock_is_not_waited_for_and_the_remedy_says_who_to_ask() {
    let Some(server) = testing::server() else { return };
    server.run("postgres", "create table held (id int)").unwrap();
    let url = server.url("postgres");
    let (holder, connection) = tokio_postgres::connect(url.open(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    holder.batch_execute("begin; lock table held in access exclusive mode").await.unwrap();
    let session = Session::open(&url, Manner::QUESTION).await.unwrap();
    let fault = session.lines("select * from public.held").await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Transient);
    assert!(fault.remedy.contains("pg:locks"), "{fault:?}");
}

#[tokio::test]
async fn a_wrong_password_is_named_and_not_shown() {
    let Some(server) = testing::server() else { return };
    let url = server.url_as("somebody", "hunter2", "postgres");
    let fault = Session::open(&url, Manner::QUESTION).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Unauthorized);
    let shown = format!("{fault:?}");
    assert!(!shown.contains("hunter2") && !shown.contains("somebody"), "{shown}");
}

#[tokio::test]
async fn an_unverifiable_certificate_is_taken_for_require_and_refused_for_verify_full() {
    let Some(server) = testing::server_with(Encryption::Unverifiable) else { return };
    let url = server.url("postgres");
    let session = Session::open(&url, Manner::QUESTION).await.unwrap();
    let line = session.lines("select ssl from pg_stat_ssl where pid = pg_backend_pid()").await.unwrap();
    assert_eq!(line, [[Some("t".to_owned())]]);

    let strict = DatabaseUrl::new(url.open().replace("sslmode=require", "sslmode=verify-full"));
    let fault = Session::open(&strict, Manner::QUESTION).await.unwrap_err();
    assert!(fault.saw.contains("certificate"), "{fault:?}");
    let plain = DatabaseUrl::new(url.open().replace("sslmode=require", "sslmode=disable"));
    assert!(Session::open(&plain, Manner::QUESTION).await.is_err());
}

/// Someone who accepts connections, says `greeting` once to whoever speaks first, and then nothing.
async fn silent_server(greeting: &'static [u8]) -> DatabaseUrl {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut client, _)) = listener.accept().await {
            let mut first = [0; 1024];
            let _ = tokio::io::AsyncReadExt::read(&mut client, &mut first).await;
            let _ = tokio::io::AsyncWriteExt::write_all(&mut client, greeting).await;
            held.push(client);
        }
    });
    DatabaseUrl::new(format!("postgres://u:p@127.0.0.1:{port}/n"))
}

#[tokio::test]
async fn a_server_that_accepts_and_keeps_silent_is_given_up() {
    let manner = Manner { connect_limit: std::time::Duration::from_millis(20), ..Manner::QUESTION };
    // It never speaks; it agrees on TLS and then stalls; it has no TLS and stalls before it asks who we are.
    for greeting in [b"".as_slice(), b"S", b"N"] {
        let fault = Session::open(&silent_server(greeting).await, manner).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Transient, "{fault:?}");
        assert!(fault.saw.contains("did not let us in within"), "{fault:?}");
    }
}

#[tokio::test]
async fn an_answer_that_never_comes_is_given_up_and_the_session_with_it() {
    let Some(server) = testing::server() else { return };
    let relay = testing::Relay::to(&server).await;
    let mut session = Session::open(&relay.url(&server, "postgres"), Manner::QUESTION).await.unwrap();
    relay.freeze();
    session.hurry();
    for _ in 0..2 {
        let fault = session.lines("select 1").await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Transient, "{fault:?}");
        assert!(fault.saw.contains("did not answer a question"), "{fault:?}");
        assert!(session.is_closed(), "what comes next would be the answer to another question");
    }
}

#[tokio::test]
async fn what_an_address_says_is_taken_as_psql_takes_it() {
    let Some(server) = testing::server() else { return };
    let url = |more: &str| DatabaseUrl::new(format!("{}&{more}", server.url("postgres").open()));
    let ours = "options=-c%20statement_timeout%3D1000%20-c%20work_mem%3D5MB";
    let session = Session::open(&url(ours), Manner::QUESTION).await.unwrap();
    let line = session.lines("select current_setting('work_mem'), current_setting('statement_timeout')").await.unwrap();
    assert_eq!(line, [[Some("5MB".to_owned()), Some("10s".to_owned())]], "our own limits stay");
    for added in ["pool=10", "schema=public", "pgbouncer=true", "target_session_attrs=read-write"] {
        let session = Session::open(&url(added), Manner::QUESTION).await.unwrap();
        assert!(session.lines("create table t ()").await.is_err(), "{added}: it still only reads");
    }
}

#[tokio::test]
async fn nobody_listening_is_a_transient_fault() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = DatabaseUrl::new(format!("postgres://u:p@127.0.0.1:{port}/n?sslmode=disable"));
    let fault = Session::open(&url, Manner::QUESTION).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Transient, "{fault:?}");
}

#[tokio::test]
async fn a_pooler_is_used_for_questions_and_refused_for_sessions() {
    let Some(server) = testing::server() else { return };
    for strictness in [testing::Pooler::TurnsDown, testing::Pooler::Swallows] {
        let pooler = testing::pooler(&server, strictness).await;
        let session = Session::open(&pooler.url(&server), Manner::QUESTION).await.unwrap();
        assert!(session.is_pooled(), "{strictness:?}");
        let line = session.lines("select current_setting('transaction_read_only'), current_setting('lock_timeout')");
        assert_eq!(line.await.unwrap(), [[Some("on".to_owned()), Some("2s".to_owned())]]);
        assert!(session.lines("select 1/0").await.is_err());
        assert_eq!(session.lines("select 1").await.unwrap(), [[Some("1".to_owned())]]);

        let own = Manner { sessions: Sessions::Own, ..Manner::QUESTION };
        let fault = Session::open(&pooler.url(&server), own).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Refused);
        assert!(fault.saw.contains("pooler"), "{fault:?}");
    }
}
