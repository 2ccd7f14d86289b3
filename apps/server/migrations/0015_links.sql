-- A customer's link: only the hash of its token is here. The token itself is made from the installation's key, so that
-- the same link can be shown again and a copy of the database opens nothing.
create table links (
  id uuid primary key,
  visit_id uuid not null references visits (id),
  order_id uuid not null references orders (id),
  channel text not null check (channel in ('contact', 'shown')),
  token_hash bytea not null unique,
  contact_id uuid,
  contact_name text,
  progress_until timestamptz not null,
  code_until timestamptz,
  document_until timestamptz not null,
  signature_until timestamptz not null,
  survey_until timestamptz,
  created_at timestamptz not null,
  revoked_at timestamptz,
  unique (visit_id, channel)
);
