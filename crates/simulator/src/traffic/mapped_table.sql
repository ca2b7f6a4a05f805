-- What Connect adds to each mapped table (docs/heroku/connect.md, "Mapped tables" and "Triggers"). Running it again
-- changes nothing.
create unique index if not exists :"sfid_index" on :"schema".:"table" (sfid);
create index if not exists :"modified_index" on :"schema".:"table" (systemmodstamp);

create or replace function :"schema".:"status_function"() returns trigger language plpgsql as $connect$
begin
  if public.get_xmlbinary() = 'base64' then
    new._hc_lastop := 'PENDING';
    new._hc_err := null;
  elsif tg_op = 'INSERT' and new._hc_lastop is not null then
    null;
  elsif tg_op = 'UPDATE' and new._hc_lastop is distinct from old._hc_lastop then
    null;
  else
    new._hc_lastop := 'SYNCED';
  end if;
  return new;
end
$connect$;
create or replace trigger :"status_trigger" before insert or update on :"schema".:"table"
  for each row execute function :"schema".:"status_function"();

create or replace function :"schema".:"logger_function"() returns trigger language plpgsql as $connect$
declare
  own_columns constant text[] := array['_hc_lastop', '_hc_err'];
  entry_state varchar := :'captured_as';
  entry_record integer;
  entry_sfid varchar;
  row_before public.hstore;
  row_after public.hstore;
begin
  if tg_op <> 'INSERT' then
    entry_record := old.id;
    entry_sfid := old.sfid;
    row_before := public.delete(public.hstore(old), own_columns);
  end if;
  if tg_op <> 'DELETE' then
    entry_record := new.id;
    row_after := public.delete(public.hstore(new), own_columns);
  end if;
  if tg_op = 'UPDATE' then
    row_after := public.delete(row_after, row_before);
  end if;
  if entry_state = 'NEW' and (
    tg_op = 'UPDATE' and pg_catalog.cardinality(public.akeys(row_after)) = 0 or tg_op = 'DELETE' and entry_sfid is null
  ) then
    entry_state := 'IGNORE';
  end if;
  insert into :"schema"."_trigger_log"
      (txid, created_at, updated_at, state, action, table_name, record_id, sfid, old, "values")
    values (txid_current(), clock_timestamp(), clock_timestamp(), entry_state, tg_op, :'table', entry_record, entry_sfid,
            row_before::text, row_after::text);
  return null;
end
$connect$;
create or replace trigger :"log_trigger" after insert or update or delete on :"schema".:"table"
  for each row when (public.get_xmlbinary() = 'base64') execute function :"schema".:"logger_function"();
