-- The same news about the same thing, said again before it was read, is one notice with a count.
alter table notices add column count int not null default 1;
create index notices_repeated on notices (user_id, subject_id, code) where read_at is null;

-- What a person wants to hear where; nothing stored means the company's defaults.
create table notice_preferences (
  user_id uuid primary key references users (id),
  email text,
  -- group → { push, email }
  channels jsonb not null default '{}',
  -- { from, to } in the person's own zone; null: the company's hours.
  quiet jsonb,
  zone text,
  away_from timestamptz,
  away_to timestamptz,
  changed_at timestamptz not null
);

create table push_subscriptions (
  id uuid primary key,
  user_id uuid not null references users (id),
  endpoint text not null unique,
  p256dh text not null,
  auth text not null,
  label text not null,
  created_at timestamptz not null,
  last_sent_at timestamptz
);
create index push_subscriptions_of_user on push_subscriptions (user_id);

-- Sealed under the installation's key: VAPID keys, the mail server's password.
create table notice_secrets (key text primary key, sealed bytea not null, changed_at timestamptz not null);

create table notice_robots (
  id uuid primary key,
  vendor text not null check (vendor in ('dingtalk', 'feishu', 'wecom')),
  name text not null,
  -- Address and secret are abilities: sealed. The host is shown.
  webhook bytea not null,
  host text not null,
  secret bytea,
  locale text not null default 'zh-CN' check (locale in ('zh-CN', 'en-US')),
  enabled boolean not null default true,
  -- Empty means all.
  team_ids uuid[] not null default '{}',
  order_types text[] not null default '{}',
  codes text[] not null default '{}',
  -- The vendor said that it is too much.
  throttled_until timestamptz,
  removed_at timestamptz,
  rev int not null default 1,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  changed_by uuid
);

create table deliveries (
  id uuid primary key,
  channel text not null check (channel in ('push', 'email', 'dingtalk', 'feishu', 'wecom')),
  notice_id uuid references notices (id),
  user_id uuid references users (id),
  robot_id uuid references notice_robots (id),
  -- No reference: a subscription that its push service has ended is removed, what was sent to it stays on record.
  subscription_id uuid,
  -- Which device, which address (shortened), which group: for the log.
  target text not null,
  code text not null,
  params jsonb not null default '{}',
  subject_kind text not null,
  subject_id uuid not null,
  urgency text not null check (urgency in ('urgent', 'normal', 'quiet')),
  -- Names of those whom a group robot speaks of.
  names text[] not null default '{}',
  state text not null check (state in ('queued', 'sending', 'sent', 'skipped', 'failed', 'unknown')),
  -- Why it waits, was left out or failed.
  why text,
  detail text,
  attempts int not null default 0,
  due_at timestamptz not null,
  lease_until timestamptz,
  tried_at timestamptz,
  sent_at timestamptz,
  created_at timestamptz not null,
  -- One digest a person and day.
  once_key text unique
);
create index deliveries_due on deliveries (due_at) where state in ('queued', 'sending');
create index deliveries_by_time on deliveries (created_at desc, id desc);
create index deliveries_of_user on deliveries (user_id, created_at desc);
create index deliveries_of_robot on deliveries (robot_id, tried_at desc);
create index deliveries_of_subject on deliveries (subject_id) where state = 'queued';

-- The ladder of an offer has as many steps as the policy says.
alter table offer_reminders drop constraint offer_reminders_step_check;
alter table offer_reminders add column why text;
