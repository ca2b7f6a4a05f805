use std::sync::Arc;

use tokio::sync::Notify;
use tokio_postgres::Client;

use super::bench::{Bench, OLD, connect, connect_and_hear, contents, majors, server, text};
use crate::traffic::{ConnectSchema, Contents, Traffic};

/// Every object and row count that a second preparation could change.
const STATE: &str = "
    select md5(string_agg(line, ' ' order by line)) from (
      select 'c ' || c.oid || c.relname || c.relkind::text || c.relnatts as line from pg_class c
        join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('public', 'salesforce')
      union all select 'f ' || p.oid || pg_get_functiondef(p.oid) from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'salesforce'
      union all select 't ' || pg_get_triggerdef(t.oid) from pg_trigger t where not t.tgisinternal
      union all select 'r ' || sum(n) from (
        select count(*) n from public.orders_ledger union all select count(*) from salesforce.contact
        union all select count(*) from salesforce.account union all select count(*) from salesforce._trigger_log
        union all select count(*) from salesforce._hcmeta union all select count(*) from public.app_settings) r) lines";

const OBJECTS: &str = "
    select string_agg(name, ' ' order by name collate \"C\") from (
      select c.relname as name from pg_class c where c.relnamespace = 'salesforce'::regnamespace
        and c.relkind in ('r', 'i') and (c.relname like '%contact%' or c.relname like '\\_%')
      union all select t.tgname from pg_trigger t where t.tgrelid = 'salesforce.contact'::regclass
      union all select t.tgname from pg_trigger t where t.tgrelid = 'salesforce._trigger_log'::regclass
      union all select p.proname || '()' from pg_proc p where p.pronamespace = 'salesforce'::regnamespace
        and (p.proname not like 'hc\\__%\\_logger' and p.proname not like 'hc\\__%\\_status' or p.proname like '%contact%')
    ) names";

#[tokio::test]
async fn preparing_twice_changes_nothing_on_any_major() {
    for major in majors() {
        let server = server(major);
        let client = connect(&server).await;
        let folder = tempfile::tempdir().unwrap();
        let mut traffic = Traffic::open(folder.path()).unwrap();
        traffic.prepare(&client, OLD, &contents()).await.unwrap();
        let first = text(&client, STATE).await;
        traffic.prepare(&client, OLD, &contents()).await.unwrap();
        assert_eq!(text(&client, STATE).await, first, "on {major}");
        let rows =
            "select (select count(*) from public.orders_ledger) || ' ' || (select count(*) from salesforce.order__c)";
        assert_eq!(text(&client, rows).await, "50 97", "on {major}");
        assert_eq!(text(&client, "select count(*) from salesforce._trigger_log").await, "0", "loads are not captured");
        let analysed = "select count(*) > 0 from pg_stats where schemaname = 'salesforce' and tablename = 'contact'";
        assert_eq!(text(&client, analysed).await, "t");
    }
}

#[tokio::test]
async fn every_object_has_the_name_that_connect_gives_it() {
    let Some(bench) = Bench::new().await else { return };
    let expected = "_hcmeta _hcmeta_pkey _sf_event_log _sf_event_log_pkey _trigger_log _trigger_log_archive \
        _trigger_log_archive_idx_created_at _trigger_log_archive_idx_record_id \
        _trigger_log_archive_idx_state_table_name _trigger_log_archive_pkey _trigger_log_idx_created_at \
        _trigger_log_idx_state_id _trigger_log_idx_state_table_name _trigger_log_pkey contact contact_pkey \
        hc_capture_insert_from_row() hc_capture_update_from_row() hc_contact_logger() hc_contact_logtrigger \
        hc_contact_status() hc_contact_status_trigger hc_idx_contact_external_id__c hc_idx_contact_systemmodstamp \
        hcu_idx_contact_sfid tlog_insert_trigger tlog_notify_trigger()";
    assert_eq!(text(&bench.client, OBJECTS).await, expected);
    let columns =
        "select string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' order by attname collate \"C\")
        from pg_attribute where attrelid = 'salesforce.contact'::regclass and attnum > 0";
    assert_eq!(
        text(&bench.client, columns).await,
        "_hc_err text, _hc_lastop character varying(32), createddate timestamp without time zone, \
         external_id__c character varying(255), id integer, isdeleted boolean, lastname character varying(80), \
         sfid character varying(18), systemmodstamp timestamp without time zone"
    );
    assert_eq!(text(&bench.client, "select org_id from salesforce._hcmeta").await, "00D5e000001XYzQEAW");
}

/// State, action, record and values of the newest entry.
async fn newest(client: &Client) -> String {
    let entry = "select concat_ws('|', state, action, table_name, record_id = (select max(id) from salesforce.contact),
                   coalesce(sfid, '-'), coalesce(old, '-'), coalesce(\"values\", '-'))
                 from salesforce._trigger_log order by id desc limit 1";
    text(client, entry).await
}

async fn count(client: &Client) -> String {
    text(client, "select count(*) from salesforce._trigger_log").await
}

async fn last_operation(client: &Client) -> String {
    text(client, "select _hc_lastop || coalesce(_hc_err, '') from salesforce.contact order by id desc limit 1").await
}

#[tokio::test]
async fn writes_of_users_are_captured_and_those_of_connect_are_not() {
    let Some(bench) = Bench::new().await else { return };
    let client = &bench.client;
    client.batch_execute("insert into salesforce.contact (lastname, _hc_err) values ('Doe', 'old')").await.unwrap();
    assert_eq!(last_operation(client).await, "PENDING");
    let entry = newest(client).await;
    assert!(entry.starts_with("NEW|INSERT|contact|t|-|-|"), "{entry}");
    assert!(entry.contains("\"lastname\"=>\"Doe\"") && entry.contains("\"sfid\"=>NULL"), "all columns: {entry}");
    assert!(!entry.contains("_hc_"), "{entry}");

    let as_connect = |change: &str| format!("begin; set local xmlbinary = hex; {change}; commit");
    let newest_row = "where id = (select max(id) from salesforce.contact)";
    let synced = as_connect(&format!("update salesforce.contact set sfid = '003x', lastname = 'Roe' {newest_row}"));
    client.batch_execute(&synced).await.unwrap();
    assert_eq!((last_operation(client).await, count(client).await), ("SYNCED".to_owned(), "1".to_owned()));
    let failed = as_connect(&format!("update salesforce.contact set _hc_lastop = 'FAILED' {newest_row}"));
    client.batch_execute(&failed).await.unwrap();
    assert_eq!(last_operation(client).await, "FAILED", "Connect may set it itself");
    let inserted = as_connect("insert into salesforce.contact (lastname) values ('Zoe')");
    client.batch_execute(&inserted).await.unwrap();
    assert_eq!((last_operation(client).await, count(client).await), ("SYNCED".to_owned(), "1".to_owned()));
}

#[tokio::test]
async fn an_update_holds_the_whole_old_row_and_only_what_changed() {
    let Some(bench) = Bench::new().await else { return };
    let client = &bench.client;
    let newest_row = "where id = (select max(id) from salesforce.contact)";
    let change = |set: &str| format!("update salesforce.contact set {set} {newest_row}");
    client.batch_execute(&change("lastname = 'It''s \"new\", \\ and => odd', createddate = null")).await.unwrap();
    let entry = newest(client).await;
    let (old, values) = entry.rsplit_once('|').unwrap();
    assert!(entry.starts_with("NEW|UPDATE|contact|t|003"), "{entry}");
    assert!(old.contains("\"external_id__c\"=>\"ext-") && old.contains("\"lastname\"=>\"Contact "), "{old}");
    let names = "select string_agg(key, ' ' order by key) from salesforce._trigger_log l, each(l.\"values\"::hstore)";
    assert_eq!(text(client, names).await, "createddate lastname", "{values}");

    client.batch_execute(&change("lastname = lastname")).await.unwrap();
    let entry = newest(client).await;
    assert!(entry.starts_with("IGNORE|UPDATE|") && entry.ends_with('|'), "{entry}");
    client.batch_execute(&change("createddate = null")).await.unwrap();
    assert!(newest(client).await.starts_with("IGNORE|UPDATE|"), "nothing for nothing is no change");
}

#[tokio::test]
async fn deletes_are_sent_only_for_what_salesforce_knows_and_read_only_tables_never() {
    let Some(bench) = Bench::new().await else { return };
    let client = &bench.client;
    let newest_state =
        "select state || ' ' || action || ' ' || table_name from salesforce._trigger_log order by id desc limit 1";
    client.batch_execute("delete from salesforce.contact where id = 1").await.unwrap();
    assert_eq!(text(client, newest_state).await, "NEW DELETE contact");
    let strange = "insert into salesforce.contact (lastname) values ('never synced');
                   delete from salesforce.contact where lastname = 'never synced'";
    client.batch_execute(strange).await.unwrap();
    assert_eq!(text(client, newest_state).await, "IGNORE DELETE contact");
    for change in [
        "insert into salesforce.account (name) values ('mine')",
        "update salesforce.account set name = 'yours' where name = 'mine'",
        "update salesforce.account set name = name where name = 'yours'",
        "delete from salesforce.account where name = 'yours'",
    ] {
        client.batch_execute(change).await.unwrap();
        let state = text(client, newest_state).await;
        assert!(state.starts_with("READONLY") && state.ends_with("account"), "{change}: {state}");
    }
    client.batch_execute("truncate salesforce.account").await.unwrap();
    assert_eq!(count(client).await, "7", "TRUNCATE is not captured");
}

#[tokio::test]
async fn a_row_can_be_captured_once_more() {
    let Some(bench) = Bench::new().await else { return };
    let client = &bench.client;
    let capture = |call: &str| {
        format!("select coalesce((select salesforce.{call} from salesforce.contact c where id = 1)::text, 'null')")
    };
    let insert = capture("hc_capture_insert_from_row(hstore(c), 'contact', array['createddate'])");
    assert_eq!(text(client, &insert).await, "1");
    let entry = "select concat_ws('|', state, action, record_id, coalesce(old, '-'),
                        \"values\" like '%lastname%', \"values\" like '%createddate%', \"values\" like '%_hc_%')
                 from salesforce._trigger_log order by id desc limit 1";
    assert_eq!(text(client, entry).await, "NEW|INSERT|1|-|t|f|f");
    assert_eq!(text(client, &capture("hc_capture_update_from_row(hstore(c), 'contact')")).await, "2");
    assert_eq!(text(client, entry).await, "NEW|UPDATE|1|-|t|t|f");
    assert_eq!(
        text(client, &capture("hc_capture_update_from_row(hstore(c), 'contact', array['createddate'])")).await,
        "3"
    );
    assert_eq!(text(client, entry).await, "NEW|UPDATE|1|-|f|t|f");
    for call in [
        "hc_capture_insert_from_row(hstore(c) - 'id'::text, 'contact', '{}')",
        "hc_capture_update_from_row(hstore(c) - 'id'::text, 'contact', '{}')",
    ] {
        assert_eq!(text(client, &capture(call)).await, "null");
    }
}

#[tokio::test]
async fn whoever_listens_is_told_of_a_captured_change() {
    let Some(bench) = Bench::new().await else { return };
    let bell = Arc::new(Notify::new());
    let listener = connect_and_hear(&bench.server, Arc::clone(&bell)).await;
    listener.batch_execute("listen \"salesforce.hc_trigger_log\"").await.unwrap();
    bench.client.batch_execute("insert into salesforce.contact (lastname) values ('Doe')").await.unwrap();
    bell.notified().await;
}

#[tokio::test]
async fn strange_names_and_later_fields_are_possible() {
    let Some(bench) = Bench::new().await else { return };
    let mut traffic = bench.traffic;
    let mut strange = contents();
    let schema = ConnectSchema {
        schema: "Sales \"Force\"'s".to_owned(),
        connection: "herokuconnect-odd-1".to_owned(),
        ..strange.schemas.remove(0)
    };
    let mut strange = Contents { schemas: vec![schema], ..strange };
    traffic.prepare(&bench.client, OLD, &strange).await.unwrap();
    strange.schemas[0].tables[0].fields.push("Fax_Number__c".to_owned());
    traffic.prepare(&bench.client, OLD, &strange).await.unwrap();
    let insert = "insert into \"Sales \"\"Force\"\"'s\".account (fax_number__c) values (1.5)";
    bench.client.batch_execute(insert).await.unwrap();
    let logged = "select table_name from \"Sales \"\"Force\"\"'s\"._trigger_log";
    assert_eq!(text(&bench.client, logged).await, "account");
}
