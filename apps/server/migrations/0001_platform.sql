create extension if not exists btree_gist;

-- Events are their own audit entries: one row says what happened, who did it, by which command, and stands in the chain.
create table events (
  id uuid primary key,
  aggregate text not null,
  aggregate_id uuid not null,
  type text not null,
  version int not null default 1,
  payload jsonb not null default '{}',
  personal_hash text,
  actor_id uuid,
  actor_kind text not null,
  actor_name text not null,
  source text not null,
  command_id uuid,
  device_id text,
  device_seq bigint,
  at_device timestamptz,
  -- A phone whose battery died may be decades off.
  skew_ms bigint,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  offline boolean not null default false,
  reason text,
  flags text[] not null default '{}',
  team_id uuid,
  customer_id uuid,
  people uuid[] not null default '{}',
  position bigint unique,
  hash bytea
);
create index events_by_aggregate on events (aggregate_id, occurred_at);
create index events_unsealed on events (recorded_at, id) where position is null;
create index events_by_type on events (type, occurred_at);

-- What happened does not change. Only position and hash are given once, by the sealer.
create function events_immutable() returns trigger language plpgsql as $$
begin
  raise exception 'events are append-only' using errcode = 'restrict_violation';
end $$;
create trigger events_no_change before update of id, aggregate, aggregate_id, type, version, payload, personal_hash, actor_id, actor_kind,
  actor_name, source, command_id, device_id, device_seq, at_device, skew_ms, occurred_at, recorded_at, offline, reason, flags
  on events for each row execute function events_immutable();
create trigger events_no_delete before delete on events for each row execute function events_immutable();

-- Values of persons, apart from the chain, so that they can be erased while the chain stays verifiable.
create table event_personal (
  event_id uuid primary key references events (id),
  salt bytea not null,
  values jsonb not null
);

create table chain_genesis (one boolean primary key default true check (one), hash bytea not null);
insert into chain_genesis (hash) values (sha256(gen_random_uuid()::text::bytea));
create table chain_head (one boolean primary key default true check (one), position bigint not null, hash bytea not null);
insert into chain_head (position, hash) select 0, hash from chain_genesis;

-- A repeat is an answer: same command id and body, same reply.
create table receipts (
  command_id uuid primary key,
  command text not null,
  body_hash bytea not null,
  actor_id uuid,
  reply jsonb,
  created_at timestamptz not null
);
create index receipts_by_age on receipts (created_at);

-- Who works on jobs now, in whatever process: see App.tendJobs.
create table job_workers (worker_id text primary key, seen_at timestamptz not null);

create table counters (kind text not null, day date not null, n int not null, primary key (kind, day));

create table settings (
  key text not null,
  version int not null,
  value jsonb not null,
  changed_by uuid,
  changed_at timestamptz not null,
  primary key (key, version)
);

create table files (
  sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bigint not null,
  media_type text not null,
  created_at timestamptz not null
);
