-- What an action met that was made out of contact: the answer to its repeat says it again.
alter table receipts add column conflict jsonb;

-- Two people changed one field without knowing of each other: the later word stands, the other is kept and shown to both.
-- Values may be a person's (a phone number): they stand here and never in the chain, so that they can be erased.
create table field_conflicts (
  id uuid primary key,
  aggregate text not null,
  aggregate_id uuid not null,
  field text not null,
  -- {zh, en} where the field has its own words (a document's), else null: words by the field's name.
  label jsonb,
  visit_id uuid,
  order_id uuid,
  title text,
  kept jsonb,
  kept_by uuid,
  kept_by_name text,
  kept_at timestamptz,
  lost jsonb,
  lost_by uuid,
  lost_by_name text,
  lost_at timestamptz,
  command_id uuid,
  found_at timestamptz not null,
  settled_at timestamptz,
  settled_by uuid,
  settled_by_name text,
  note text,
  team_id uuid,
  customer_id uuid,
  people uuid[] not null default '{}'
);
create index field_conflicts_open on field_conflicts (found_at desc, id) where settled_at is null;
create index field_conflicts_people on field_conflicts using gin (people);
create index field_conflicts_of on field_conflicts (aggregate_id);

-- Every action of a phone that was refused, until somebody retries or discards it. Params and body as they were sent: as
-- text, since what was refused may be what jsonb cannot hold. Erasable, like everything that a person has written.
create table refused_actions (
  command_id uuid primary key,
  person_id uuid not null,
  command text not null,
  device_id text,
  device_seq bigint,
  params text not null,
  body text,
  base_rev int,
  subject_id uuid,
  -- {code, params, issues} as text, for the same reason.
  problem text not null,
  offline boolean not null,
  -- The device's own clock when it was done, and its measured skew: a retry is made with both.
  at_device timestamptz,
  skew_ms bigint,
  made_at timestamptz not null,
  received_at timestamptz not null,
  attempts int not null default 1,
  state text not null default 'open' check (state in ('open', 'retried', 'discarded')),
  decided_at timestamptz,
  decided_by uuid,
  decided_by_name text,
  note text,
  team_id uuid,
  customer_id uuid,
  people uuid[] not null default '{}'
);
create index refused_actions_open on refused_actions (received_at desc, command_id) where state = 'open';
create index refused_actions_by_age on refused_actions (received_at desc, command_id);
create index refused_actions_people on refused_actions using gin (people);
