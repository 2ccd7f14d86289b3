-- A version never changes: a project keeps the one that it was made from.
create table project_templates (
  id uuid not null,
  version int not null,
  name jsonb not null,
  phases jsonb not null,
  created_at timestamptz not null,
  created_by uuid,
  primary key (id, version)
);

create table projects (
  id uuid primary key,
  number text not null unique,
  name text not null,
  state text not null default 'active' check (state in ('active', 'paused', 'accepted')),
  customer_id uuid not null references customers (id),
  site_id uuid references sites (id),
  contract_id uuid references contracts (id),
  template_id uuid not null,
  template_version int not null,
  manager_id uuid not null references users (id),
  team_id uuid references teams (id),
  -- Manager, members and owners of phases.
  people uuid[] not null default '{}',
  starts_on date not null,
  budget_person_days numeric(8, 1) not null,
  summary text,
  paused_on date,
  pause_reason text,
  pause_responsibility text check (pause_responsibility in ('customer', 'us', 'third_party')),
  accepted_on date,
  -- What later rooms count for it; they write it (see setTally).
  orders_total int not null default 0,
  orders_open int not null default 0,
  orders_late int not null default 0,
  used_min int not null default 0,
  -- The last health, so that a list sorts and filters by it; a change of it is an event.
  health_level text not null default 'good' check (health_level in ('good', 'watch', 'risk', 'unknown')),
  health_rank smallint not null generated always as (case health_level when 'risk' then 0 when 'watch' then 1 when 'unknown' then 2 else 3 end) stored,
  health_causes jsonb not null default '[]',
  search text[] not null generated always as (grams(number || ' ' || name)) stored,
  rev int not null default 1,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  changed_by uuid,
  foreign key (template_id, template_version) references project_templates (id, version),
  constraint projects_pause check ((state = 'paused') = (paused_on is not null)),
  constraint projects_accepted check ((state = 'accepted') = (accepted_on is not null))
);
create index projects_people on projects using gin (people);
create index projects_search on projects using gin (search);
create index projects_team on projects (team_id);
create index projects_customer on projects (customer_id);
create index projects_manager on projects (manager_id);
create index projects_list on projects ((state = 'accepted'), health_rank, number desc);

create table phases (
  id uuid primary key,
  project_id uuid not null references projects (id),
  position int not null,
  key text not null,
  name jsonb not null,
  weight int not null,
  owner_id uuid not null references users (id),
  planned_start date not null,
  planned_end date not null,
  -- The plan of the first day: replanning leaves it alone.
  baseline_start date not null,
  baseline_end date not null,
  actual_start date,
  actual_end date,
  -- [{name, filedOn, filedBy, ref}]
  documents jsonb not null default '[]',
  unique (project_id, position),
  unique (project_id, key),
  constraint phases_plan check (planned_end >= planned_start),
  constraint phases_fact check (actual_end is null or actual_end >= actual_start)
);

-- Reached when its phase ends, so its day moves with the phase.
create table milestones (
  id uuid primary key,
  project_id uuid not null references projects (id),
  phase_id uuid not null references phases (id),
  name jsonb not null,
  baseline_on date not null,
  planned_on date not null,
  reached_on date
);
create index milestones_of on milestones (project_id);

-- What went wrong in rooms that come later: a late arrival, a low score, an overdue order. One row a thing.
create table project_signals (
  project_id uuid not null references projects (id),
  cause text not null check (cause in ('late_checkin', 'low_score', 'overdue_order', 'overdue_follow_up')),
  ref_kind text not null check (ref_kind in ('visit', 'survey', 'order', 'followup')),
  ref_id uuid not null,
  at timestamptz not null,
  params jsonb not null default '{}',
  cleared_at timestamptz,
  primary key (project_id, cause, ref_id)
);
