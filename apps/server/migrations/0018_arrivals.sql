-- Arrival by place: what a phone proves, who else confirms it, who looked at it, and what is erased again.

-- Wrong one-time codes of this visit; after six the code is no longer compared.
alter table visits add column code_wrong int not null default 0;

-- A phone's public key (JWK). The private one never leaves it and cannot be exported.
alter table devices add column public_key jsonb;
alter table devices add column keyed_at timestamptz;
alter table devices add column label text;

-- Given out while there is a network, used by one check-in each: proves that it was made after the issue, and only once.
create table checkin_nonces (
  id uuid primary key,
  person_id uuid not null references users (id),
  device_id text not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  used_for uuid references visits (id)
);
create index checkin_nonces_open on checkin_nonces (person_id, device_id) where used_at is null;
create index checkin_nonces_age on checkin_nonces (expires_at);

-- What a check-in brought beside its position. `seen` (how the positions scattered, what the browser says of itself) is
-- personal and erasable.
create table checkin_proofs (
  check_in_id uuid primary key,
  visit_id uuid not null references visits (id),
  person_id uuid not null references users (id),
  device_id text,
  nonce_id uuid,
  signature text not null,
  nonce text not null,
  code text,
  asked text[] not null default '{}',
  drawn boolean not null default false,
  seen jsonb,
  at timestamptz not null,
  received_at timestamptz not null
);
create index checkin_proofs_by_person on checkin_proofs (person_id, at desc);
create index checkin_proofs_by_device on checkin_proofs (device_id, at desc);
create index checkin_proofs_of_visit on checkin_proofs (visit_id);

-- Who looked at personal data of whom: shown to the person himself.
create table evidence_views (
  id uuid primary key,
  person_id uuid not null references users (id),
  visit_id uuid not null references visits (id),
  what text not null,
  viewer_id uuid,
  viewer_name text not null,
  at timestamptz not null
);
create index evidence_views_of_person on evidence_views (person_id, at desc);

-- Codes that a site shows: a screen that turns every half minute, or a printed poster that stays the same. Only the hash
-- of the screen's address is here.
create table site_codes (
  id uuid primary key,
  site_id uuid not null references sites (id),
  kind text not null check (kind in ('screen', 'poster')),
  token_hash bytea not null unique,
  issued_by uuid,
  issued_at timestamptz not null,
  revoked_at timestamptz,
  -- When the screen last asked for its codes.
  seen_at timestamptz,
  team_id uuid,
  customer_id uuid,
  people uuid[] not null default '{}'
);
create index site_codes_of_site on site_codes (site_id, issued_at desc);

-- A track on the way needs the company's switch and the person's consent, which can be taken back.
create table track_consents (
  person_id uuid primary key references users (id),
  given_at timestamptz not null,
  withdrawn_at timestamptz
);
create table track_points (
  visit_id uuid not null references visits (id),
  person_id uuid not null references users (id),
  at timestamptz not null,
  fix jsonb not null,
  primary key (visit_id, at)
);
create index track_points_age on track_points (at);
create index track_points_of_person on track_points (person_id);
