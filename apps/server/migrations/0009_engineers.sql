-- What engineers can do, where they start from, when they work, and which hours are already given away.
-- An engineer is a user: team and scope are read from users, never copied.

create table skills (
  code text primary key check (code ~ '^[a-z0-9][a-z0-9_.-]{0,59}$'),
  parent_code text references skills (code),
  name text not null,
  position int not null default 0,
  retired_at timestamptz,
  rev int not null default 1
);
create index skills_by_parent on skills (parent_code);

create table certificate_kinds (
  code text primary key check (code ~ '^[a-z0-9][a-z0-9_.-]{0,59}$'),
  name text not null,
  position int not null default 0
);

-- A cycle of days from an anchor date, as #calendar's Shift: [[[540,720],[780,1080]], …] in minutes of the local day.
-- `follows_holidays`: free on public holidays, at work on 调休.
create table shifts (
  id uuid primary key,
  name text not null,
  anchor date not null,
  cycle jsonb not null,
  follows_holidays boolean not null default true,
  zone text not null default 'Asia/Shanghai',
  rev int not null default 1,
  changed_at timestamptz not null,
  changed_by uuid
);

create table engineers (
  user_id uuid primary key references users (id),
  -- {lat, lng, datum, accuracyM, source}; personal: only those who plan his ways see it.
  home jsonb,
  home_address text,
  shift_id uuid references shifts (id),
  max_day_min int not null default 480 check (max_day_min between 0 and 1440),
  max_week_min int not null default 2400 check (max_week_min between 0 and 10080),
  rev int not null default 1,
  changed_at timestamptz not null,
  changed_by uuid
);
create index engineers_by_shift on engineers (shift_id);

create table engineer_skills (
  engineer_id uuid not null references engineers (user_id),
  skill_code text not null references skills (code),
  level int not null check (level between 1 and 5),
  primary key (engineer_id, skill_code)
);
create index engineer_skills_by_skill on engineer_skills (skill_code, level);

create table certificates (
  id uuid primary key,
  engineer_id uuid not null references engineers (user_id),
  kind text not null references certificate_kinds (code),
  number text,
  issued_on date,
  -- Valid through this day; null: does not expire.
  expires_on date,
  removed_at timestamptz,
  check (expires_on is null or issued_on is null or expires_on >= issued_on)
);
create index certificates_by_engineer on certificates (engineer_id) where removed_at is null;

create table absences (
  id uuid primary key,
  engineer_id uuid not null references engineers (user_id),
  kind text not null check (kind in ('leave', 'training')),
  during tstzrange not null check (not isempty(during) and not lower_inf(during) and not upper_inf(during)),
  reason text,
  cancelled_at timestamptz,
  rev int not null default 1,
  created_at timestamptz not null,
  created_by uuid,
  changed_at timestamptz not null,
  changed_by uuid
);
create index absences_by_engineer on absences (engineer_id, lower(during)) where cancelled_at is null;
create index absences_by_time on absences using gist (during) where cancelled_at is null;

-- Planned time. The exclusion constraint refuses a double booking whatever the code does; it is checked at commit,
-- so that one transaction may move several bookings past each other. `ref`: the visit, the trip or the absence.
create table engineer_occupancy (
  engineer_id uuid not null references engineers (user_id),
  during tstzrange not null check (not isempty(during) and not lower_inf(during) and not upper_inf(during)),
  kind text not null check (kind in ('visit', 'travel', 'leave', 'training')),
  ref uuid not null,
  constraint engineer_occupancy_once exclude using gist (engineer_id with =, during with &&) deferrable initially deferred
);
create index engineer_occupancy_by_ref on engineer_occupancy (ref);
