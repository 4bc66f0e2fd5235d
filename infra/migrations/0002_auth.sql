-- Who people are, and where they are signed in.
create schema auth;

create table auth."user" (
  id uuid not null,
  google_subject text not null,
  email text not null,
  name text not null,
  avatar_url text,
  time_zone text not null default 'UTC',
  preferences jsonb not null default '{}',
  created_at timestamptz(3) not null,
  primary key (id),
  constraint user_google_subject_unique unique (google_subject),
  constraint user_name_length check (char_length(name) >= 1 and char_length(name) <= 100),
  constraint user_id_foreign foreign key (id) references accounts.account (id)
    on delete cascade deferrable initially deferred
);

create table auth.session (
  id uuid not null,
  user_id uuid not null,
  device text,
  address text,
  created_at timestamptz(3) not null,
  last_used_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  ended_at timestamptz(3),
  generation integer not null default 0,
  primary key (id),
  constraint session_user_id_foreign foreign key (user_id) references auth."user" (id) on delete cascade,
  constraint session_generation_positive check (generation >= 0)
);
create index session_ended on auth.session (ended_at, id) where ended_at is not null;
create index session_expires_at_index on auth.session (expires_at);
create index session_user_id_index on auth.session (user_id);

create table auth.refresh_token (
  id uuid not null,
  session_id uuid not null,
  token_hash text not null,
  generation integer not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  primary key (id),
  constraint refresh_token_token_hash_unique unique (token_hash),
  constraint refresh_token_session_id_foreign foreign key (session_id) references auth.session (id) on delete cascade
);
create index refresh_token_expires_at_index on auth.refresh_token (expires_at);
create index refresh_token_session_id_index on auth.refresh_token (session_id);

create table auth.used_id_token (
  hash text not null,
  expires_at timestamptz(3) not null,
  primary key (hash)
);
create index used_id_token_expires_at_index on auth.used_id_token (expires_at);
