-- What processes of the API tell each other, so that limits hold for all of them together. It is worth a minute, or as
-- long as the processes live: it needs no log, and a database that crashed begins without it.
create unlogged table platform.api_process (
  id uuid not null,
  seen_at timestamptz(3) not null,
  primary key (id)
);

-- A row is changed often and stays small: room beside it spares the indexes.
create unlogged table platform.rate_limit (
  name text not null,
  key text not null,
  per_minute bigint not null,
  total bigint not null,
  granted bigint not null,
  ends_at timestamptz(3) not null,
  primary key (name, key)
) with (fillfactor = 70);
create index rate_limit_ends_at_index on platform.rate_limit (ends_at);

create unlogged table platform.socket_count (
  user_id uuid not null,
  by_process jsonb not null,
  primary key (user_id)
) with (fillfactor = 70);
