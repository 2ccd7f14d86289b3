-- Photos that prove something: a short code that resolves to them, what the camera wrote, whom they resemble, and the
-- copy that bears time, place, order and engineer.

-- The last 40 bits of an id, in Crockford's base 32: the phone knows the code of a photo that it took offline.
create function evidence_code(id uuid) returns text language sql immutable parallel safe as $$
  select string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', ((n.v >> s) & 31)::int + 1, 1), '' order by s desc)
  from (select ('x' || right(replace(id::text, '-', ''), 10))::bit(40)::bigint as v) n, generate_series(0, 35, 5) s
$$;

alter table evidence
  add column code text generated always as (evidence_code(id)) stored,
  -- The picture before the phone made it smaller; its bytes need not ever come here.
  add column original_sha256 text check (original_sha256 ~ '^[0-9a-f]{64}$'),
  add column original_bytes int,
  -- {make, model, software, takenAt, point}: personal and erasable; the chain keeps its hash.
  add column exif jsonb,
  add column flags text[] not null default '{}',
  -- Difference hash (N. Krawetz, "Kind of Like That", hackerfactor.com 2013): 64 bits, near pictures differ in few.
  add column dhash bit(64),
  -- Two hashes that differ in at most 3 of 64 bits agree in one of four quarters: this finds them by index.
  add column dhash_quarters int[] generated always as (case when dhash is not null then array[
    substring(dhash from 1 for 16)::int, 65536 + substring(dhash from 17 for 16)::int,
    131072 + substring(dhash from 33 for 16)::int, 196608 + substring(dhash from 49 for 16)::int] end) stored,
  add column stamped_sha256 text;

create index evidence_by_code on evidence (code);
create index evidence_by_original on evidence (original_sha256) where original_sha256 is not null;
create index evidence_alike_quarters on evidence using gin (dhash_quarters) where dhash_quarters is not null;

-- A photo that was seen before on another order: noted when the later one was declared or came, shown with both.
create table evidence_alike (
  evidence_id uuid not null references evidence (id),
  earlier_id uuid not null references evidence (id),
  -- Bits that differ; 0 with `same` when the bytes are equal.
  distance int not null,
  same boolean not null,
  primary key (evidence_id, earlier_id)
);
create index evidence_alike_earlier on evidence_alike (earlier_id);
