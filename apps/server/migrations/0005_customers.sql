-- Chinese has no spaces: text is found by its single characters and pairs of neighbours. A trigram index does not
-- serve two-character words.
create function grams(s text) returns text[] language plpgsql immutable strict parallel safe as $$
declare
  -- One pass over an array: substr() would count through the text again for every character.
  chars text[] := string_to_array(lower(regexp_replace(normalize(s, nfkc), '\s+', ' ', 'g')), null);
begin
  return array(
    select distinct g from (select unnest(chars) as g union all select a || b from unnest(chars, chars[2:]) as pair(a, b)) x
    where position(' ' in g) = 0);
end $$;

-- What a search asks of the index, for one word without spaces: its pairs, or its only character.
create function gram_query(word text) returns text[] language sql immutable strict parallel safe as $$
  select case when length(t) = 1 then array[t] else (select coalesce(array_agg(distinct substr(t, i, 2)), '{}') from generate_series(1, length(t) - 1) i) end
  from (select lower(normalize(word, nfkc)) as t) x
$$;

create table customers (
  id uuid primary key,
  name text not null,
  short_name text,
  -- Their number in the CRM or ERP.
  code text,
  industry text,
  level text not null default 'normal' check (level in ('key', 'normal')),
  note text,
  archived boolean not null default false,
  team_id uuid references teams (id),
  customer_id uuid generated always as (id) stored,
  people uuid[] not null default '{}',
  origin text,
  external_id text,
  search text[] generated always as (grams(name || ' ' || coalesce(short_name, '') || ' ' || coalesce(code, ''))) stored,
  rev int not null default 1,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  changed_by uuid,
  constraint customers_external_key unique (origin, external_id)
);
create index customers_search on customers using gin (search);
create index customers_people on customers using gin (people);
create index customers_team on customers (team_id);
-- Sorted as a Chinese reader expects: by pinyin.
create index customers_by_name on customers (name collate "zh-x-icu", id);

create table sites (
  id uuid primary key,
  customer_id uuid not null references customers (id),
  -- The team that serves the place, where it is not the customer's own.
  team_id uuid references teams (id),
  name text not null,
  address text not null,
  lat double precision,
  lng double precision,
  datum text check (datum in ('wgs84', 'gcj02', 'bd09', 'unknown')),
  accuracy_m double precision,
  point_source text,
  radius_m int not null default 300 check (radius_m between 20 and 5000),
  zone text not null,
  -- Seven lists of [from, to] minutes, Monday first; null: the company's office hours.
  access_hours jsonb,
  -- Lead time, named persons, equipment list, papers: what blocks or warns at dispatch.
  entry_needs jsonb not null,
  note text,
  archived boolean not null default false,
  external_id text,
  search text[] generated always as (grams(name || ' ' || address)) stored,
  rev int not null default 1,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  changed_by uuid,
  constraint sites_point check ((lat is null) = (lng is null) and (lat is null) = (datum is null)),
  constraint sites_external_key unique (customer_id, external_id)
);
create index sites_by_customer on sites (customer_id);
create index sites_search on sites using gin (search);

create table contacts (
  id uuid primary key,
  customer_id uuid not null references customers (id),
  site_id uuid references sites (id),
  name text not null,
  title text,
  phone text,
  email text,
  note text,
  main boolean not null default false,
  archived boolean not null default false,
  rev int not null default 1,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  changed_by uuid
);
create index contacts_by_customer on contacts (customer_id);
create index contacts_by_phone on contacts (phone) where phone is not null;

create table assets (
  id uuid primary key,
  customer_id uuid not null references customers (id),
  site_id uuid references sites (id),
  name text not null,
  model text,
  serial text,
  installed_on date,
  warranty_until date,
  -- What its QR sticker says: random, so that nobody can count through the installed base.
  qr text not null unique,
  note text,
  archived boolean not null default false,
  rev int not null default 1,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  changed_by uuid,
  constraint assets_serial_key unique (customer_id, serial)
);
create index assets_by_site on assets (site_id);

create table contracts (
  id uuid primary key,
  customer_id uuid not null references customers (id),
  number text not null,
  title text not null,
  starts_on date not null,
  ends_on date not null,
  entitlement text,
  visits_allowed int,
  person_days_allowed numeric(7, 1),
  -- 超时视为验收: days after the notice; null: the contract knows no such clause.
  deem_after_days int check (deem_after_days between 1 and 365),
  penalty text,
  amount_fen bigint,
  payment_nodes jsonb not null default '[]',
  sla jsonb not null default '[]',
  attachments jsonb not null default '[]',
  archived boolean not null default false,
  rev int not null default 1,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  changed_by uuid,
  constraint contracts_number_key unique (number),
  constraint contracts_time check (ends_on >= starts_on)
);
create index contracts_by_customer on contracts (customer_id);
