-- Notes: texts that people write down.
create schema notes;

create table notes.note (
  account_id uuid not null,
  id uuid not null,
  content text not null,
  archived boolean not null default false,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  primary key (account_id, id),
  constraint note_account_id_foreign foreign key (account_id) references accounts.account (id) on delete cascade,
  constraint note_content_length check (char_length(btrim(content)) >= 1 and char_length(content) <= 2000)
);
create index note_account_id_archived_created_at_id_index on notes.note (account_id, archived, created_at, id);
create index note_id_index on notes.note (id);
