-- What an engineer asks for from the site: help, parts, a colleague, more time, or to do a reported problem at once.
create table requests (
  id uuid primary key,
  kind text not null check (kind in ('help', 'parts', 'colleague', 'time', 'now')),
  state text not null check (state in ('open', 'accepted', 'answered', 'approved', 'declined', 'done', 'withdrawn')),
  urgency text not null check (urgency in ('urgent', 'normal')),
  order_id uuid not null references orders (id),
  -- The visit at which it was asked.
  visit_id uuid not null references visits (id),
  asked_by uuid not null references users (id),
  asked_at timestamptz not null,
  reason text not null,
  skill text,
  parts jsonb not null default '[]',
  until_at timestamptz,
  was_at timestamptz,
  duration_min int,
  photo_ids uuid[] not null default '{}',
  helper_id uuid references users (id),
  answer text,
  answered_by uuid references users (id),
  answered_at timestamptz,
  ready_at timestamptz,
  made_visit_id uuid,
  due_at timestamptz not null,
  told_overdue boolean not null default false,
  closed_at timestamptz,
  team_id uuid,
  customer_id uuid,
  people uuid[] not null default '{}',
  rev int not null default 1,
  changed_at timestamptz not null
);
create index requests_by_time on requests (asked_at desc, id desc);
create index requests_open on requests (due_at, id) where state in ('open', 'accepted');
create index requests_by_team on requests (team_id, asked_at desc);
create index requests_people on requests using gin (people);
create index requests_of_visit on requests (visit_id);

create table handovers (
  id uuid primary key,
  kind text not null check (kind in ('visit', 'work')),
  state text not null check (state in ('open', 'accepted', 'declined', 'withdrawn')),
  order_id uuid not null references orders (id),
  visit_id uuid not null references visits (id),
  from_id uuid not null references users (id),
  to_id uuid not null references users (id),
  asked_at timestamptz not null,
  reason text not null,
  remaining text,
  keys text,
  promises text,
  -- Codes and params: what the facts said was open when it was offered.
  items jsonb not null default '[]',
  answer text,
  answered_at timestamptz,
  successor_id uuid,
  team_id uuid,
  customer_id uuid,
  people uuid[] not null default '{}',
  rev int not null default 1,
  changed_at timestamptz not null
);
create index handovers_by_time on handovers (asked_at desc, id desc);
create index handovers_people on handovers using gin (people);
create index handovers_by_team on handovers (team_id, asked_at desc);
create unique index handovers_one_open on handovers (visit_id) where state = 'open' and kind = 'visit';

create table escalations (
  id uuid primary key,
  number text not null unique,
  to_whom text not null check (to_whom in ('product', 'rnd', 'after_sales')),
  state text not null check (state in ('open', 'taken', 'asked', 'answered', 'closed')),
  priority text not null,
  order_id uuid not null references orders (id),
  visit_id uuid references visits (id),
  title text not null,
  symptom text not null,
  steps text,
  reproducible text not null,
  environment text,
  logs text,
  photo_ids uuid[] not null default '{}',
  raised_by uuid not null references users (id),
  raised_at timestamptz not null,
  owner_id uuid references users (id),
  taken_at timestamptz,
  due_at timestamptz not null,
  -- Since when the clock waits for what was asked.
  asked_at timestamptz,
  question text,
  supplied jsonb not null default '[]',
  answer text,
  answered_at timestamptz,
  external_ref text,
  external_url text,
  solved boolean,
  closed_at timestamptz,
  told text[] not null default '{}',
  team_id uuid,
  customer_id uuid,
  people uuid[] not null default '{}',
  rev int not null default 1,
  changed_at timestamptz not null
);
create index escalations_by_time on escalations (raised_at desc, id desc);
create index escalations_open on escalations (due_at, id) where state in ('open', 'taken');
create index escalations_people on escalations using gin (people);
create index escalations_by_team on escalations (team_id, raised_at desc);
create index escalations_of_order on escalations (order_id);

-- Required documents that were left to follow when a visit ended (待补交).
create table pending_papers (
  id uuid primary key,
  document_id uuid not null unique references documents (id),
  visit_id uuid not null references visits (id),
  order_id uuid not null references orders (id),
  engineer_id uuid not null references users (id),
  reason text,
  left_at timestamptz not null,
  due_at timestamptz not null,
  told text[] not null default '{}',
  settled_at timestamptz,
  team_id uuid,
  customer_id uuid,
  people uuid[] not null default '{}'
);
create index pending_papers_open on pending_papers (due_at, id) where settled_at is null;
create index pending_papers_people on pending_papers using gin (people);

-- Who reported an order from which visit.
create table reported_orders (
  order_id uuid primary key references orders (id),
  visit_id uuid not null references visits (id),
  reported_by uuid not null references users (id),
  photo_ids uuid[] not null default '{}',
  reported_at timestamptz not null
);
create index reported_orders_by_person on reported_orders (reported_by, reported_at desc);
