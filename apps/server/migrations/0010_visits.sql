-- A visit is one engineer for one order in one time range. The row is the fold of the visit's events (`fold` holds it
-- whole); the columns beside it are what lists, limits and scopes ask for.

-- Visits at one site in one go: one way there, one booking of the engineer's time.
create table trips (
  id uuid primary key,
  engineer_id uuid not null references users (id),
  site_id uuid,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  travel_min int not null default 0,
  team_id uuid,
  customer_id uuid,
  people uuid[] not null default '{}'
);
create index trips_by_engineer on trips (engineer_id, starts_at);

create table visits (
  id uuid primary key,
  order_id uuid not null references orders (id),
  site_id uuid,
  trip_id uuid references trips (id),
  engineer_id uuid references users (id),
  mode text not null check (mode in ('onsite', 'remote', 'resident')),
  role text not null check (role in ('lead', 'member')),
  state text not null,
  planned_start timestamptz not null,
  planned_end timestamptz not null,
  travel_min int,
  promise_start timestamptz,
  promise_end timestamptz,
  offer_expires_at timestamptz,
  offered_at timestamptz,
  taken_at timestamptz,
  arrived_at timestamptz,
  ended_at timestamptz,
  result text,
  grade text check (grade in ('A', 'B', 'C', 'D')),
  review_open boolean not null default false,
  conflicts int not null default 0,
  replaces uuid,
  fold jsonb not null,
  -- Engineers who may take an open offer.
  candidates uuid[] not null default '{}',
  -- Engineers who held it before: what their phones did offline is still heard.
  former uuid[] not null default '{}',
  -- The customer reads it out at the door; never sent to the engineer.
  arrival_code text not null,
  team_id uuid,
  customer_id uuid,
  people uuid[] not null default '{}',
  rev int not null default 1,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  changed_by uuid,
  constraint visits_time_order check (planned_end > planned_start)
);
create index visits_of_order on visits (order_id);
create index visits_by_engineer on visits (engineer_id, planned_start);
create index visits_by_time on visits (planned_start);
create index visits_by_team on visits (team_id, planned_start);
create index visits_people on visits using gin (people);
create index visits_candidates on visits using gin (candidates) where state = 'offered' and engineer_id is null;
create index visits_by_trip on visits (trip_id);
create index visits_at_site on visits (site_id, engineer_id);
create index visits_to_review on visits (arrived_at desc, id) where review_open;
create index visits_still_open on visits (planned_end) where ended_at is null;

-- What phones did that the visit's story has no place for: kept, shown to dispatchers, settled with a note.
create table visit_conflicts (
  event_id uuid primary key,
  visit_id uuid not null references visits (id),
  type text not null,
  why text not null,
  state text not null,
  found_at timestamptz not null,
  settled_at timestamptz,
  settled_by uuid,
  note text
);
create index visit_conflicts_open on visit_conflicts (found_at desc, event_id) where settled_at is null;
create index visit_conflicts_of on visit_conflicts (visit_id);

-- A fact about a visit that can be shown: declared first with its hash, the bytes follow when there is a network.
create table evidence (
  id uuid primary key,
  visit_id uuid not null references visits (id),
  kind text not null check (kind in ('fix', 'photo', 'signature', 'code', 'document')),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes int,
  media_type text,
  width int,
  height int,
  taken_at timestamptz not null,
  taken_by uuid references users (id),
  -- {lat, lng, datum, accuracyM, source, ageMs}: personal and erasable; the chain keeps its hash.
  fix jsonb,
  distance_m double precision,
  device_id text,
  check_in_id uuid,
  thumb_sha256 text,
  declared_at timestamptz not null,
  stored_at timestamptz
);
create index evidence_of_visit on evidence (visit_id, taken_at);
create index evidence_by_hash on evidence (sha256);
create index evidence_positions on evidence (taken_by, taken_at desc) where kind = 'fix';

-- A phone belongs to the person who first checked in with it, until somebody unbinds it.
create table devices (
  id text primary key,
  person_id uuid not null references users (id),
  bound_at timestamptz not null,
  last_seen_at timestamptz not null
);
create index devices_by_person on devices (person_id);

-- The order of a device's own events bounds the times that it claims.
create index events_by_device on events (device_id, device_seq) where device_id is not null;
