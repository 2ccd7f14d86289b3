-- What is done on site. Checklists are versioned: a visit keeps the versions that it began with, so that its words never
-- change under the pen.
create table checklists (
  id uuid primary key,
  version int not null,
  retired boolean not null default false,
  rev int not null default 1,
  changed_at timestamptz not null,
  changed_by uuid,
  changed_by_name text
);

create table checklist_versions (
  checklist_id uuid not null references checklists (id),
  version int not null,
  order_types text[] not null,
  -- Models of equipment that it is for; empty: any.
  models text[] not null default '{}',
  body jsonb not null,
  created_at timestamptz not null,
  created_by uuid,
  created_by_name text,
  primary key (checklist_id, version)
);

-- The catalogue that parts are picked from. Stock is a later room; its rows will refer to these.
create table parts (
  id uuid primary key,
  number text not null,
  name text not null,
  spec text,
  unit text not null,
  category text,
  -- Each piece has a number of its own.
  serial boolean not null default false,
  models text[] not null default '{}',
  archived boolean not null default false,
  rev int not null default 1,
  changed_at timestamptz not null,
  changed_by uuid,
  changed_by_name text,
  search_text text generated always as (lower(number || ' ' || name || ' ' || coalesce(spec, '') || ' ' || coalesce(category, ''))) stored,
  search text[] generated always as (grams(number || ' ' || name || ' ' || coalesce(spec, '') || ' ' || coalesce(category, ''))) stored,
  constraint parts_number_key unique (number)
);
create index parts_search on parts using gin (search);

-- One worksheet a lead's visit; his crew writes on the same one. No foreign key to visits: they are a later room.
create table worksheets (
  visit_id uuid primary key,
  order_id uuid not null references orders (id),
  visit_ids uuid[] not null,
  -- Who held the visit before: what their phones did offline is still heard.
  former uuid[] not null default '{}',
  begun_at timestamptz not null,
  changed_at timestamptz not null,
  rev int not null default 1,
  team_id uuid,
  customer_id uuid,
  people uuid[] not null default '{}'
);
create index worksheets_by_order on worksheets (order_id);
create index worksheets_visits on worksheets using gin (visit_ids);
create index worksheets_people on worksheets using gin (people);

create table worksheet_lists (
  visit_id uuid not null references worksheets (visit_id),
  checklist_id uuid not null,
  version int not null,
  begun_at timestamptz not null,
  primary key (visit_id, checklist_id),
  foreign key (checklist_id, version) references checklist_versions (checklist_id, version)
);
create index worksheet_lists_of on worksheet_lists (checklist_id, version, begun_at);

-- Value and note of an item are fields of their own: whoever was offline loses neither to the other.
create table worksheet_answers (
  visit_id uuid not null references worksheets (visit_id),
  checklist_id uuid not null,
  item text not null,
  field text not null check (field in ('value', 'note')),
  value jsonb,
  -- When it was answered by the phone's corrected clock; the later one stands.
  at timestamptz not null,
  recorded_at timestamptz not null,
  by_id uuid,
  by_name text not null,
  primary key (visit_id, checklist_id, item, field)
);

create table worksheet_follow_ups (
  order_id uuid primary key references orders (id),
  visit_id uuid not null references worksheets (visit_id),
  checklist_id uuid not null,
  item text not null,
  made_at timestamptz not null
);
create index worksheet_follow_ups_of on worksheet_follow_ups (visit_id);

create table worksheet_parts (
  id uuid primary key,
  visit_id uuid not null references worksheets (visit_id),
  part_id uuid references parts (id),
  number text,
  name text not null,
  qty numeric(12, 2) not null check (qty > 0),
  unit text not null,
  serial_in text,
  serial_out text,
  returned boolean not null default false,
  note text,
  at timestamptz not null,
  by_id uuid,
  by_name text not null,
  -- A line taken back stays for the story.
  dropped_at timestamptz
);
create index worksheet_parts_of on worksheet_parts (visit_id, at);
create index worksheet_parts_by_part on worksheet_parts (part_id, at) where part_id is not null;

create table worksheet_notes (
  id uuid primary key,
  visit_id uuid not null references worksheets (visit_id),
  text text not null,
  visibility text not null check (visibility in ('internal', 'customer')),
  audio_id uuid,
  at timestamptz not null,
  changed_at timestamptz not null,
  by_id uuid,
  by_name text not null
);
create index worksheet_notes_of on worksheet_notes (visit_id, at);

create table worksheet_serials (
  id uuid primary key,
  visit_id uuid not null references worksheets (visit_id),
  serial text not null,
  outcome text not null check (outcome in ('found', 'registered', 'corrected', 'elsewhere', 'unknown')),
  asset_id uuid references assets (id),
  at timestamptz not null,
  by_id uuid,
  by_name text not null,
  constraint worksheet_serials_key unique (visit_id, serial)
);

-- A note that was spoken where the browser could not write it down.
alter table evidence drop constraint evidence_kind_check;
alter table evidence add constraint evidence_kind_check check (kind in ('fix', 'photo', 'signature', 'code', 'document', 'audio'));

-- Cases like this one, closed by the same team.
create index orders_closed_alike on orders (team_id, type, created_at desc) where state in ('completed', 'closed');

-- Closed orders that were like the one of a visit: found once, when it is taken, and read with every brief.
create table visit_alike (
  visit_id uuid not null references visits (id),
  order_id uuid not null references orders (id),
  rank int not null,
  same_model boolean not null,
  primary key (visit_id, order_id)
);
