-- One thread a subject. The scope columns are the subject's own: whoever may read the subject may read its thread.
create table threads (
  id uuid primary key,
  kind text not null check (kind in ('order', 'visit', 'project')),
  subject_id uuid not null unique,
  title text not null,
  team_id uuid,
  customer_id uuid,
  people uuid[] not null default '{}'
);
create index threads_people on threads using gin (people);

create table messages (
  id uuid primary key,
  thread_id uuid not null references threads (id),
  author_id uuid not null references users (id),
  body text not null,
  mentions uuid[] not null default '{}',
  -- When it was written (a phone may have been offline) and when it came here.
  written_at timestamptz not null,
  created_at timestamptz not null
);
create index messages_of_thread on messages (thread_id, written_at, id);

create table message_photos (
  id uuid primary key,
  message_id uuid not null references messages (id),
  sha256 text not null references files (sha256),
  media_type text not null,
  width int not null,
  height int not null
);
create index message_photos_of on message_photos (message_id);

create table thread_reads (
  thread_id uuid not null references threads (id),
  user_id uuid not null references users (id),
  read_at timestamptz not null,
  primary key (thread_id, user_id)
);
