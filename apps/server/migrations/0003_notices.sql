create table notices (
  id uuid primary key,
  user_id uuid not null references users (id),
  code text not null,
  params jsonb not null default '{}',
  subject_kind text not null,
  subject_id uuid not null,
  urgency text not null check (urgency in ('urgent', 'normal', 'quiet')),
  created_at timestamptz not null,
  read_at timestamptz
);
create index notices_of_user on notices (user_id, created_at desc, id desc);
create index notices_unread on notices (user_id) where read_at is null;
