-- Systems that send us orders.
create table intake_sources (
  key text primary key check (key ~ '^[a-z0-9][a-z0-9-]{1,39}$'),
  name text not null,
  -- Who answers for customers and orders that come from it.
  team_id uuid references teams (id),
  enabled boolean not null default true,
  rev int not null default 1,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  changed_by uuid
);

-- Several at a time, so that the sender can change over without a gap. Sealed with the installation's own key.
create table intake_secrets (
  id uuid primary key,
  source text not null references intake_sources (key),
  sealed bytea not null,
  created_at timestamptz not null,
  created_by uuid,
  expires_at timestamptz
);
create index intake_secrets_by_source on intake_secrets (source);

-- How a payload becomes an order: versioned data, never changed in place.
create table intake_mappings (
  source text not null references intake_sources (key),
  version int not null,
  expression text not null,
  note text,
  created_at timestamptz not null,
  created_by uuid,
  primary key (source, version)
);

-- What could not be mapped waits here with its reason; nothing that was signed is thrown away.
create table intake_items (
  id uuid primary key,
  source text not null references intake_sources (key),
  webhook_id text not null,
  payload text not null,
  state text not null default 'waiting' check (state in ('waiting', 'replayed', 'discarded')),
  code text not null,
  params jsonb not null default '{}',
  mapping_version int,
  tries int not null default 1,
  order_id uuid references orders (id),
  discard_reason text,
  decided_by uuid,
  decided_at timestamptz,
  team_id uuid references teams (id),
  customer_id uuid,
  people uuid[] not null default '{}',
  received_at timestamptz not null,
  rev int not null default 1
);
create index intake_items_waiting on intake_items (state, received_at desc, id desc);
create index intake_items_by_source on intake_items (source, received_at desc);
