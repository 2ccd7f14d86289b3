create table survey_definitions (version int primary key, body jsonb not null, created_at timestamptz not null);

create table surveys (
  id uuid primary key,
  kind text not null check (kind in ('visit', 'order', 'project')),
  definition_version int not null references survey_definitions (version),
  order_id uuid not null references orders (id),
  visit_id uuid references visits (id),
  -- Who did the work, with the weight that the score has for each (the lead in full, a member half).
  engineers jsonb not null default '[]',
  -- As they were called then: a list needs no join into other rooms.
  order_number text,
  customer_name text,
  state text not null check (state in ('invited', 'answered', 'expired')),
  ratings jsonb,
  tags text[] not null default '{}',
  words text,
  nps int,
  score numeric(5, 1),
  flags text[] not null default '{}',
  invited_at timestamptz not null,
  expires_at timestamptz not null,
  answered_at timestamptz,
  team_id uuid,
  customer_id uuid,
  people uuid[] not null default '{}',
  unique nulls not distinct (kind, order_id, visit_id)
);
create index surveys_people on surveys using gin (people);
create index surveys_by_team on surveys (team_id, invited_at desc);
create index surveys_answered on surveys (answered_at desc) where state = 'answered';
create index surveys_expiring on surveys (expires_at) where state = 'invited';

create table followups (
  id uuid primary key,
  number text not null unique,
  state text not null,
  owner_id uuid not null references users (id),
  order_id uuid references orders (id),
  order_number text,
  customer_name text,
  survey_id uuid references surveys (id),
  score numeric(5, 1),
  cause text,
  fold jsonb not null,
  opened_at timestamptz not null,
  contact_due_at timestamptz,
  plan_due_at timestamptz,
  closed_at timestamptz,
  rev int not null default 1,
  team_id uuid,
  customer_id uuid,
  people uuid[] not null default '{}'
);
create unique index followups_of_survey on followups (survey_id) where survey_id is not null;
create index followups_people on followups using gin (people);
create index followups_open on followups (team_id, opened_at desc) where closed_at is null;
