create table teams (
  id uuid primary key,
  parent_id uuid references teams (id),
  kind text not null check (kind in ('company', 'region', 'department', 'team')),
  name text not null,
  -- The team itself and everything above it: "below" is one index look-up.
  path uuid[] not null,
  position int not null default 0
);
create index teams_path on teams using gin (path);

create table users (
  id uuid primary key,
  user_name text not null unique,
  name text not null,
  phone text,
  team_id uuid references teams (id),
  password_hash text not null,
  locale text not null default 'zh-CN' check (locale in ('zh-CN', 'en-US')),
  demo boolean not null default false,
  disabled_at timestamptz,
  rev int not null default 1,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  changed_by uuid
);
create index users_by_team on users (team_id);

create table user_grants (
  user_id uuid not null references users (id),
  role text not null,
  scope text not null check (scope in ('own', 'team', 'department', 'region', 'customer', 'all')),
  ref_id uuid,
  unique nulls not distinct (user_id, role, scope, ref_id)
);

create table sessions (
  id uuid primary key,
  token_hash bytea not null unique,
  user_id uuid not null references users (id),
  face text not null check (face in ('desk', 'field')),
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  user_agent text,
  -- Last seen from here: an answer of a customer that comes from an engineer's own network is flagged.
  ip inet
);
create index sessions_by_user on sessions (user_id) where ended_at is null;

-- A device that has signed in before keeps its own count of failures, so that a stranger who guesses
-- passwords can slow down strangers only, never the person himself.
create table known_devices (token_hash bytea not null, user_id uuid not null references users (id), seen_at timestamptz not null, primary key (token_hash, user_id));
create table sign_in_failures (key text primary key, n int not null, last_at timestamptz not null);
