-- A row is the projection of the order's events; `fold` keeps the folded state whole, so that SLA clocks of a page are
-- read without asking for its events. Fat columns go to TOAST early: lists and counts read narrow rows.
create table orders (
  id uuid primary key,
  number text not null unique,
  state text not null,
  type text not null,
  priority text not null,
  priority_rank smallint not null generated always as (case priority when 'urgent' then 0 when 'high' then 1 when 'normal' then 2 else 3 end) stored,
  title text not null,
  team_id uuid references teams (id),
  customer_id uuid not null references customers (id),
  people uuid[] not null default '{}',
  site_id uuid references sites (id),
  contact_id uuid references contacts (id),
  asset_id uuid references assets (id),
  contract_id uuid references contracts (id),
  project_id uuid,
  phase_id uuid,
  lead_engineer_id uuid references users (id),
  engineer_ids uuid[] not null default '{}',
  promise_start timestamptz,
  promise_end timestamptz,
  due_at timestamptz,
  source text,
  external_id text,
  mark text check (mark in ('duplicate', 'test')),
  repeat_of uuid references orders (id),
  created_by uuid references users (id),
  created_at timestamptz not null,
  submitted_at timestamptz,
  first_contact_at timestamptz,
  assigned_at timestamptz,
  started_at timestamptz,
  awaiting_at timestamptz,
  completed_at timestamptz,
  closed_at timestamptz,
  survey text not null default 'none' check (survey in ('none', 'invited', 'answered', 'expired')),
  -- When the next warning or breach is due; null: no clock runs.
  next_sla_at timestamptz,
  sla_told text[] not null default '{}',
  conflicts int not null default 0,
  rev int not null default 1,
  changed_at timestamptz not null,
  changed_by uuid,
  changed_by_name text,
  -- Field → revision, person and time of its last change: two editors merge by field.
  fact_revs jsonb not null default '{}',
  fold jsonb not null,
  -- What the clocks and the derivation know of the visits.
  visits jsonb not null default '[]',
  search_text text not null,
  search text[] not null generated always as (grams(search_text)) stored,
  constraint orders_external_key unique (source, external_id),
  constraint orders_promise check (promise_end >= promise_start)
) with (toast_tuple_target = 512);
-- A search reads it for every candidate: it stays in the row.
alter table orders alter column search_text set storage main;

create index orders_created on orders (created_at desc, id desc);
create index orders_changed on orders (changed_at desc, id desc);
create index orders_due on orders (coalesce(due_at, 'infinity'), id);
create index orders_late on orders (due_at) where state in ('draft', 'new', 'unassigned', 'assigned', 'in_progress', 'on_hold');
create index orders_priority on orders (priority_rank, created_at, id);
create index orders_team_created on orders (team_id, created_at desc, id desc);
create index orders_state_created on orders (state, created_at desc, id desc);
create index orders_customer_created on orders (customer_id, created_at desc, id desc);
create index orders_site_asset on orders (site_id, asset_id, created_at);
create index orders_project on orders (project_id, created_at desc) where project_id is not null;
create index orders_counts on orders (team_id, state);
create index orders_people on orders using gin (people);
create index orders_search on orders using gin (search);
create index orders_sla on orders (next_sla_at) where next_sla_at is not null;
create index orders_awaiting on orders (awaiting_at) where state = 'awaiting_acceptance';

-- Whose events stand on the order's timeline besides its own: visits, documents, surveys, SLA notices.
create table order_aggregates (
  order_id uuid not null references orders (id),
  aggregate_id uuid not null,
  primary key (order_id, aggregate_id)
);

-- That the customer was told when silence counts as acceptance: kept as the contract asks.
create table acceptance_notices (
  id uuid primary key,
  order_id uuid not null references orders (id),
  contract_id uuid not null references contracts (id),
  channel text not null,
  contact_id uuid references contacts (id),
  evidence_sha256 text,
  sent_at timestamptz not null,
  deem_at timestamptz not null,
  -- The handing-over that it was about; work refused and done again needs a new notice.
  awaiting_at timestamptz not null,
  sent_by uuid
);
create index acceptance_notices_by_order on acceptance_notices (order_id, sent_at desc);
create index acceptance_notices_due on acceptance_notices (deem_at);

-- What an order is found by, in the form that a search asks for (see platform/search.ts).
create function order_search_text(own text, customer uuid, site uuid, asset uuid) returns text language sql stable as $$
  select lower(normalize(concat_ws(' ', own,
    (select concat_ws(' ', name, short_name) from customers where id = customer),
    (select name from sites where id = site),
    (select concat_ws(' ', name, serial) from assets where id = asset)), nfkc))
$$;
