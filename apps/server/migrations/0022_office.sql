-- A person's local day: what the events make of it, and what people have said about it. Derived anew whenever something
-- happens or comes late, until a supervisor confirms it.
create table work_days (
  id uuid primary key,
  person_id uuid not null references users (id),
  date date not null,
  -- The zone in which the date is meant.
  zone text not null,
  state text not null default 'open' check (state in ('open', 'confirmed')),
  confirmed_at timestamptz,
  confirmed_by uuid,
  -- An event that came late changed the day.
  late_at timestamptz,
  -- {was, is, at}: what a later event would make of a confirmed day.
  difference jsonb,
  -- Minutes by kind, so that months are one read.
  minutes jsonb not null,
  overtime_min int,
  -- null: without a calendar nobody is measured.
  available_min int,
  travel_m int not null default 0,
  gaps int not null default 0,
  worked boolean not null,
  visits int not null default 0,
  orders_done int not null default 0,
  exceptions text[] not null default '{}',
  chased_at timestamptz,
  -- Looked at once more after it was over: what was still open at its last event is a gap then.
  closed boolean not null default false,
  -- Hash of entries and sums: the same facts write nothing.
  content text not null,
  team_id uuid,
  customer_id uuid,
  people uuid[] not null default '{}',
  rev int not null default 1,
  changed_at timestamptz not null,
  unique (person_id, date)
);
create index work_days_by_date on work_days (date, team_id);
create index work_days_people on work_days using gin (people);
create index work_days_to_chase on work_days (date) where worked and chased_at is null;

create table time_entries (
  id uuid primary key,
  day_id uuid not null references work_days (id),
  person_id uuid not null references users (id),
  date date not null,
  kind text not null check (kind in ('onsite', 'remote', 'travel', 'documentation', 'break', 'standby')),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  minutes int not null,
  visit_id uuid,
  order_id uuid,
  document_id uuid,
  correction_id uuid,
  distance_m int,
  -- Ids of the events that it was derived from.
  source uuid[] not null default '{}',
  flags text[] not null default '{}',
  check (ends_at > starts_at)
);
create index time_entries_of_day on time_entries (day_id, starts_at);
create index time_entries_of_order on time_entries (order_id);

-- What somebody says the time was instead, why, and what stood there before. Taken back, it stays readable.
create table time_corrections (
  id uuid primary key,
  person_id uuid not null references users (id),
  date date not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  -- null: it was no working time.
  kind text check (kind in ('onsite', 'remote', 'travel', 'documentation', 'break', 'standby')),
  visit_id uuid,
  order_id uuid,
  reason text not null,
  was jsonb not null default '[]',
  by_id uuid not null references users (id),
  at timestamptz not null,
  withdrawn_at timestamptz,
  withdrawn_by uuid references users (id),
  withdraw_reason text,
  check (ends_at > starts_at)
);
create index time_corrections_of on time_corrections (person_id, date);

create table daily_reports (
  id uuid primary key,
  person_id uuid not null references users (id),
  date date not null,
  zone text not null,
  version int not null,
  submitted_at timestamptz not null,
  offline boolean not null default false,
  lines jsonb not null,
  own jsonb not null,
  hash text not null,
  -- What the facts say since, by fact.
  differences jsonb not null default '[]',
  team_id uuid,
  customer_id uuid,
  people uuid[] not null default '{}',
  changed_at timestamptz not null,
  unique (person_id, date)
);
create index daily_reports_by_date on daily_reports (date);
create index daily_reports_people on daily_reports using gin (people);

-- What was handed in is never changed: another hand-in is another version.
create table report_versions (
  report_id uuid not null references daily_reports (id),
  version int not null,
  submitted_at timestamptz not null,
  lines jsonb not null,
  own jsonb not null,
  hash text not null,
  primary key (report_id, version)
);
create function report_versions_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'report versions are append-only';
end $$;
create trigger report_versions_no_change before update or delete on report_versions
  for each row execute function report_versions_append_only();

create table report_comments (
  id uuid primary key,
  report_id uuid not null references daily_reports (id),
  author_id uuid not null references users (id),
  body text not null,
  question boolean not null default false,
  at timestamptz not null
);
create index report_comments_of on report_comments (report_id, at);

create table report_reactions (
  report_id uuid not null references daily_reports (id),
  person_id uuid not null references users (id),
  kind text not null,
  at timestamptz not null,
  primary key (report_id, person_id, kind)
);
create table report_reads (
  report_id uuid not null references daily_reports (id),
  person_id uuid not null references users (id),
  read_at timestamptz not null,
  primary key (report_id, person_id)
);

-- Days are facts of the numbers too: they belong to a person, not to an order.
alter table facts drop constraint facts_kind_check;
alter table facts add constraint facts_kind_check check (kind in ('order', 'visit', 'survey', 'day'));
alter table fact_heads alter column order_id drop not null;
