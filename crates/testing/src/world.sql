-- A small database in the manner of an app under Heroku Connect, with every sort of column and object that a comparison
-- has to get right. The Connect part follows docs/heroku/connect.md, "Mapped tables" and "Trigger log".
create schema salesforce;
create extension hstore;
create extension citext;
create function public.get_xmlbinary() returns varchar language sql as $$ select current_setting('xmlbinary')::varchar $$;

create table salesforce._hcmeta (id serial primary key, hcver int, org_id varchar(50), details text);
insert into salesforce._hcmeta (hcver, org_id) values (12, '00D000000000001EAA');
create table salesforce._trigger_log (
  id serial primary key, txid bigint, created_at timestamptz default now(), updated_at timestamptz default now(),
  processed_at timestamptz, processed_tx bigint, state varchar(8), action varchar(7), table_name varchar(128),
  record_id int, sfid varchar(18), old text, "values" text, sf_result int, sf_message text);
create index on salesforce._trigger_log (created_at);
create index on salesforce._trigger_log (state, id);
create index on salesforce._trigger_log (state, table_name) where state in ('NEW', 'PENDING');
create table salesforce._trigger_log_archive (
  id int primary key, txid bigint, created_at timestamptz, updated_at timestamptz, processed_at timestamptz,
  processed_tx bigint, state varchar(8), action varchar(7), table_name varchar(128), record_id int, sfid varchar(18),
  old text, "values" text, sf_result int, sf_message text);

create table salesforce.account (
  id serial primary key, sfid varchar(18), systemmodstamp timestamp, createddate timestamp, isdeleted boolean,
  _hc_lastop varchar(32), _hc_err text, name varchar(255), annualrevenue double precision, description text);
create unique index hcu_idx_account_sfid on salesforce.account (sfid);
create index hc_idx_account_systemmodstamp on salesforce.account (systemmodstamp);
insert into salesforce.account (sfid, systemmodstamp, createddate, isdeleted, _hc_lastop, name, annualrevenue, description)
  select '001' || lpad(n::text, 15, '0'), timestamp '2026-01-01' + n * interval '1 second', timestamp '2025-01-01', false,
         'SYNCED', 'Account ' || n, n / 7.0, case when n % 3 = 0 then null when n % 3 = 1 then '' else repeat('x', n % 50) end
  from generate_series(1, 3000) n;

create function salesforce.hc_account_logger() returns trigger language plpgsql as $$
begin
  insert into salesforce._trigger_log (txid, state, action, table_name, record_id, sfid, "values")
    values (txid_current(), 'NEW', tg_op, 'account', new.id, new.sfid, hstore(new)::text);
  return new;
end $$;
create trigger hc_account_logtrigger after insert or update on salesforce.account
  for each row when (public.get_xmlbinary() = 'base64') execute function salesforce.hc_account_logger();

create type mood as enum ('sad', 'ok');
create domain positive as int check (value > 0);
create type pair as (a int, b text);
create table every_type (
  id bigint primary key, i2 int2, i4 int4, f4 float4, f8 float8, n numeric, n2 numeric(12, 2), b bool, t text,
  v varchar(20), c char(10), by bytea, d date, ti time, tz timetz, ts timestamp, tsz timestamptz, iv interval, u uuid,
  j json, jb jsonb, x xml, bi bit(5), vb varbit, ip inet, ci cidr, ma macaddr, pt point, bx box, mo money, tv tsvector,
  tq tsquery, nr numrange, tr tstzrange, ia int[], fa float8[], ta text[], na numeric[], ea mood[], m mood, dp positive, pr pair,
  h hstore, cx citext, oi oid, rc regclass, ls pg_lsn, "strange ""name""" text);
insert into every_type
  select n, n, n, n / 3.0, n / 7.0, n / 13.0, n, n % 2 = 0, 'text ' || n, 'v' || n, 'c' || n, decode(md5(n::text), 'hex'),
         date '2026-01-01' + n, time '10:00' + n * interval '1 second', timetz '10:00+02', timestamp '2026-01-01' + n * interval '1 us',
         timestamptz '2026-01-01 00:00+00' + n * interval '1 us', n * interval '1 day', md5(n::text)::uuid,
         json_build_object('n', n), jsonb_build_object('n', n, 'm', 1.50), '<a/>', b'10101', b'110', '10.0.0.1/24', '10.0.0.0/8',
         '08:00:2b:01:02:03', point(n, 1), box(point(0, 0), point(n, 1)), n::money, to_tsvector('simple', 'a b ' || n), 'a & b',
         numrange(n, n + 1.50), tstzrange(now() - interval '1 year', null), array[n, null, 3], array[n / 3.0, '-0'::float8], array['a', null],
         array[1.0, 1.50], array['sad', 'ok']::mood[], 'ok', n, row(n, 'x')::pair, hstore('k', n::text), 'MiXed' || n, n,
         'pg_class', '0/1A', 'odd'
  from generate_series(1, 500) n;

create table no_key (a int, b text);
insert into no_key select n % 10, 'row ' || n % 10 from generate_series(1, 200) n;
create table no_columns ();
insert into no_columns default values;
create table empty_one (id int primary key);
create unlogged table scratch (id int primary key);
create table hcops_table (hcops_table int primary key, t text);
insert into hcops_table values (1, 'a name that could capture the alias');
create table two_keys (a int, b text, value text, primary key (a, b));
insert into two_keys select n, 'b' || n, 'v' from generate_series(1, 50) n;
create table parted (id int, day date, primary key (id, day)) partition by range (day);
create table parted_2026 partition of parted for values from ('2026-01-01') to ('2027-01-01');
insert into parted select n, date '2026-03-01' from generate_series(1, 20) n;
create table dropped_column (gone int, id int primary key, kept text default 'x');
alter table dropped_column drop column gone;
insert into dropped_column select n from generate_series(1, 10) n;
create view account_names as select a.id, a.name from salesforce.account a where a.isdeleted = false;
create materialized view account_count as select count(*) n from salesforce.account;
create sequence loose_sequence increment by 5 start 10;
select nextval('loose_sequence');
select lo_from_bytea(4711, convert_to(repeat('large ', 1000), 'UTF8'));
analyze;
