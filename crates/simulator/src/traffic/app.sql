-- The app's own tables, which Connect knows nothing of. Running it again changes nothing.
create table if not exists public.app_settings (
  name text primary key,
  value text not null
);
create sequence if not exists public.invoice_numbers start 100000;
create table if not exists public.orders_ledger (
  id bigserial primary key,
  -- Not unique: a row that is there twice must be found, and not be refused.
  number bigint not null,
  change bigint not null,
  invoice bigint not null,
  customer varchar(120) not null,
  status varchar(20) not null,
  amount numeric(14, 2) not null,
  discount double precision,
  details jsonb not null,
  tags text[] not null,
  note text,
  placed_at timestamptz not null,
  changed_at timestamptz not null,
  due_on date
);
create index if not exists orders_ledger_number on public.orders_ledger (number);
create index if not exists orders_ledger_due on public.orders_ledger (due_on) where status <> 'closed';
create or replace view public.orders_by_status as
  select o.status, count(*) as orders, sum(o.amount) as amount from public.orders_ledger o group by o.status;
