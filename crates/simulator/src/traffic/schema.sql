-- What Connect makes once in each schema (docs/heroku/connect.md, "Trigger log"). What has a colon before its quotes is
-- put in, quoted. Running it again changes nothing.
create extension if not exists hstore with schema public;
create schema if not exists :"schema";

-- Who writes: base64 is what every session has, anything else is Connect.
create or replace function public.get_xmlbinary() returns varchar language sql stable as $connect$
  select pg_catalog.current_setting('xmlbinary')::varchar
$connect$;

create table if not exists :"schema"."_hcmeta" (
  id serial primary key,
  hcver integer,
  org_id varchar(50),
  details text
);

create table if not exists :"schema"."_trigger_log" (
  id serial primary key,
  txid bigint,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  processed_at timestamptz,
  processed_tx bigint,
  state varchar(8),
  action varchar(7),
  table_name varchar(128),
  record_id integer,
  sfid varchar(18),
  old text,
  "values" text,
  sf_result integer,
  sf_message text
);
create index if not exists "_trigger_log_idx_created_at" on :"schema"."_trigger_log" (created_at);
create index if not exists "_trigger_log_idx_state_id" on :"schema"."_trigger_log" (state, id);
create index if not exists "_trigger_log_idx_state_table_name" on :"schema"."_trigger_log" (state, table_name)
  where state in ('NEW', 'PENDING');

create table if not exists :"schema"."_trigger_log_archive" (
  id integer primary key,
  txid bigint,
  created_at timestamptz,
  updated_at timestamptz,
  processed_at timestamptz,
  processed_tx bigint,
  state varchar(8),
  action varchar(7),
  table_name varchar(128),
  record_id integer,
  sfid varchar(18),
  old text,
  "values" text,
  sf_result integer,
  sf_message text
);
create index if not exists "_trigger_log_archive_idx_created_at" on :"schema"."_trigger_log_archive" (created_at);
create index if not exists "_trigger_log_archive_idx_record_id" on :"schema"."_trigger_log_archive" (record_id);
create index if not exists "_trigger_log_archive_idx_state_table_name" on :"schema"."_trigger_log_archive"
  (state, table_name) where state = 'FAILED';

create table if not exists :"schema"."_sf_event_log" (
  id serial primary key,
  table_name varchar(128),
  action varchar(7),
  synced_at timestamptz default now(),
  sf_timestamp timestamptz,
  sfid varchar(20),
  record text,
  processed boolean
);
create index if not exists "idx__sf_event_log_comp_key" on :"schema"."_sf_event_log" (table_name, synced_at);
create index if not exists "idx__sf_event_log_sfid" on :"schema"."_sf_event_log" (sfid);

create or replace function :"schema"."tlog_notify_trigger"() returns trigger language plpgsql as $connect$
begin
  perform pg_catalog.pg_notify(:'channel', 'ping');
  return new;
end
$connect$;
create or replace trigger "tlog_insert_trigger" after insert on :"schema"."_trigger_log"
  for each row execute function :"schema"."tlog_notify_trigger"();

-- The two ways to have a row sent once more. Both return the id of the new entry, or null for a row without an id.
create or replace function :"schema"."hc_capture_insert_from_row"(
  source_row public.hstore, captured_table varchar, excluded_columns text[] default array[]::text[]
) returns integer language plpgsql as $connect$
declare
  entry integer;
begin
  if public.fetchval(source_row, 'id') is null then
    return null;
  end if;
  insert into :"schema"."_trigger_log" (txid, created_at, updated_at, state, action, table_name, record_id, "values")
    values (txid_current(), clock_timestamp(), clock_timestamp(), 'NEW', 'INSERT', captured_table,
            public.fetchval(source_row, 'id')::integer,
            public.delete(source_row, excluded_columns || array['_hc_lastop', '_hc_err'])::text)
    returning id into entry;
  return entry;
end
$connect$;

create or replace function :"schema"."hc_capture_update_from_row"(
  source_row public.hstore, captured_table varchar, columns_to_include text[] default array[]::text[]
) returns integer language plpgsql as $connect$
declare
  entry integer;
  captured public.hstore := public.delete(source_row, array['_hc_lastop', '_hc_err']);
begin
  if public.fetchval(source_row, 'id') is null then
    return null;
  end if;
  if pg_catalog.cardinality(columns_to_include) > 0 then
    captured := public.slice(captured, columns_to_include);
  end if;
  insert into :"schema"."_trigger_log"
      (txid, created_at, updated_at, state, action, table_name, record_id, sfid, "values")
    values (txid_current(), clock_timestamp(), clock_timestamp(), 'NEW', 'UPDATE', captured_table,
            public.fetchval(source_row, 'id')::integer, public.fetchval(source_row, 'sfid'), captured::text)
    returning id into entry;
  return entry;
end
$connect$;
