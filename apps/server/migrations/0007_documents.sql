-- A version of a template never changes: a document keeps the version that it was filled with.
create table document_templates (
  key text not null,
  version int not null,
  order_types text[] not null,
  body jsonb not null,
  created_at timestamptz not null,
  primary key (key, version)
);

create table documents (
  id uuid primary key,
  template_key text not null,
  template_version int not null,
  order_id uuid not null,
  visit_id uuid not null,
  state text not null check (state in ('draft', 'filed', 'signed')),
  values jsonb not null default '{}',
  facts jsonb not null default '{}',
  filed_at timestamptz,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  rev int not null default 1,
  team_id uuid,
  customer_id uuid,
  people uuid[] not null default '{}',
  foreign key (template_key, template_version) references document_templates (key, version),
  unique (visit_id, template_key)
);
create index documents_by_order on documents (order_id);
create index documents_people on documents using gin (people);
create index documents_by_team on documents (team_id, created_at desc);

-- One signature a document, bound to the hash of what was read.
create table document_signatures (
  document_id uuid primary key references documents (id),
  signer_name text not null,
  signer_title text,
  method text not null check (method in ('phone', 'link')),
  image_sha256 text not null references files (sha256),
  document_hash text not null,
  signed_at timestamptz not null
);
