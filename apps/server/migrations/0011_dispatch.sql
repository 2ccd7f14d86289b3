-- Every decision about who comes when: by whom or by which rule, why, and against which alternative.
create table dispatch_moves (
  id uuid primary key,
  at timestamptz not null,
  verb text not null check (verb in ('assign', 'offer', 'reassign', 'recall', 'move')),
  order_id uuid not null references orders (id),
  visit_id uuid not null references visits (id),
  made_by text not null check (made_by in ('person', 'rule', 'engine')),
  actor_kind text not null,
  actor_id uuid,
  actor_name text not null,
  reason text,
  from_engineer_id uuid,
  from_start timestamptz,
  from_end timestamptz,
  engineer_id uuid,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  -- Place of the chosen one among the candidates of that moment, and the best who was not chosen.
  rank int,
  cost double precision,
  alternative jsonb,
  overridden jsonb not null default '[]',
  team_id uuid,
  customer_id uuid,
  people uuid[] not null default '{}'
);
create index dispatch_moves_by_time on dispatch_moves (at desc, id desc);
create index dispatch_moves_by_order on dispatch_moves (order_id, at desc);
create index dispatch_moves_by_visit on dispatch_moves (visit_id, at desc);
create index dispatch_moves_by_team on dispatch_moves (team_id, at desc);
create index dispatch_moves_people on dispatch_moves using gin (people);

-- Each step of an unanswered offer is said once.
create table offer_reminders (
  id uuid primary key,
  visit_id uuid not null references visits (id),
  offered_at timestamptz not null,
  step text not null check (step in ('unopened', 'unanswered')),
  at timestamptz not null,
  unique (visit_id, offered_at, step)
);

-- What dispatch asks of visits: open offers, and who knows a customer.
create index visits_offered on visits (offered_at) where state = 'offered';
create index visits_familiar on visits (customer_id, engineer_id) where state = 'finished';
