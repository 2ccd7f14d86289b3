-- What KPIs count. A fact is never changed: what became known later is a new fact that supersedes it.
create table facts (
  id uuid primary key,
  kind text not null check (kind in ('order', 'visit', 'survey')),
  subject_id uuid not null,
  supersedes uuid references facts (id),
  body jsonb not null,
  recorded_at timestamptz not null
);
create index facts_of on facts (subject_id, recorded_at);
-- A fact has one successor: two writers cannot both follow the same one.
create unique index facts_supersedes on facts (supersedes) where supersedes is not null;
create unique index facts_first on facts (subject_id, kind) where supersedes is null;

create function facts_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'facts are append-only';
end $$;
create trigger facts_no_change before update or delete on facts for each row execute function facts_append_only();

-- The fact that stands for each subject now, so that a period is one indexed read.
create table fact_heads (
  subject_id uuid not null,
  kind text not null,
  fact_id uuid not null references facts (id),
  order_id uuid not null,
  site_id uuid,
  -- Text as it is sent: thousands are read at once and none is searched.
  body json not null,
  -- Engineers whose number it enters.
  people uuid[] not null default '{}',
  team_id uuid,
  -- First and last moment at which any KPI looks.
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (subject_id, kind)
);
create index fact_heads_period on fact_heads (last_at, first_at);
create index fact_heads_team on fact_heads (team_id, last_at);
create index fact_heads_people on fact_heads using gin (people);
create index fact_heads_order on fact_heads (order_id);
create index fact_heads_site on fact_heads (site_id, first_at) where kind = 'order';
