-- Files: uploads at signed addresses, what they take of an account's storage, and their bytes in an object store.
create schema files;

create table files.file (
  account_id uuid not null,
  id uuid not null,
  purpose text not null,
  state text not null default 'PENDING',
  content_type text not null,
  bytes integer not null,
  is_size_declared boolean not null,
  object_key text not null,
  sha256 text,
  scan text not null default 'PENDING',
  created_at timestamptz(3) not null,
  unfinished_until timestamptz(3) not null,
  receiving_until timestamptz(3),
  released_at timestamptz(3),
  primary key (account_id, id),
  constraint file_account_id_foreign foreign key (account_id) references accounts.account (id) on delete cascade,
  constraint file_state_check check (state = any (array['PENDING', 'RECEIVED', 'UPLOADED'])),
  constraint file_scan_check check (scan = any (array['PENDING', 'CLEAN', 'NOT_SCANNED'])),
  constraint file_bytes_positive check (bytes >= 0),
  constraint file_purpose_length check (char_length(purpose) >= 1 and char_length(purpose) <= 50),
  constraint file_content_type_length check (char_length(content_type) >= 1 and char_length(content_type) <= 100),
  constraint file_object_key_length check (char_length(object_key) <= 200),
  constraint file_known_once_uploaded check (state <> 'UPLOADED' or sha256 is not null),
  constraint file_sha256_form check (sha256 ~ '^[0-9a-f]{64}$')
);
create index file_id_index on files.file (id);
create index file_unfinished on files.file (unfinished_until, id) where state <> 'UPLOADED' and released_at is null;
create index file_released on files.file (released_at, id) where released_at is not null;

create table files.storage (
  account_id uuid not null,
  bytes bigint not null default '0',
  uploads integer not null default 0,
  primary key (account_id),
  constraint storage_account_id_foreign foreign key (account_id) references accounts.account (id)
    on update cascade on delete cascade,
  constraint storage_positive check (bytes >= 0 and uploads >= 0)
);

-- What a file takes: nothing once nobody refers to it.
create function files.count_storage() returns trigger language plpgsql as $$
declare
  more bigint := 0;
  begun integer := 0;
begin
  if tg_op <> 'INSERT' and old.released_at is null then
    more := more - old.bytes;
    begun := begun - (old.state <> 'UPLOADED')::int;
  end if;
  if tg_op <> 'DELETE' and new.released_at is null then
    more := more + new.bytes;
    begun := begun + (new.state <> 'UPLOADED')::int;
  end if;
  if more <> 0 or begun <> 0 then
    if tg_op <> 'DELETE' then
      insert into files.storage (account_id) values (new.account_id) on conflict do nothing;
    end if;
    update files.storage set bytes = bytes + more, uploads = uploads + begun
      where account_id = coalesce(new.account_id, old.account_id);
  end if;
  return null;
end;
$$;
create trigger file_counts_storage after insert or update or delete on files.file
  for each row execute function files.count_storage();

-- `voice-recording/<id>` and `voice-recording/<id>-<attempt>`; null for a key of another form.
create function files.id_in_key(key text) returns uuid language sql immutable as $$
  select substring(key from '^[a-z-]+/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:-[0-9a-f]{8})?$')::uuid;
$$;

-- Files that only a deleted thing still refers to, so that they go when it cannot be restored any more.
alter table activity.tombstone add column file_ids uuid[] not null default '{}';

create table notes.recording (
  account_id uuid not null,
  file_id uuid not null,
  note_id uuid,
  seconds integer not null,
  transcription text not null default 'PENDING',
  fault text,
  transcript text,
  hold_id uuid,
  tries integer not null default 0,
  created_at timestamptz(3) not null,
  primary key (account_id, file_id),
  constraint recording_account_id_note_id_unique unique (account_id, note_id),
  constraint recording_account_id_foreign foreign key (account_id) references accounts.account (id) on delete cascade,
  constraint recording_file_foreign foreign key (account_id, file_id) references files.file (account_id, id)
    on delete cascade,
  constraint recording_note_foreign foreign key (account_id, note_id) references notes.note (account_id, id)
    on delete cascade deferrable initially deferred,
  constraint recording_seconds_range check (seconds >= 1 and seconds <= 300),
  constraint recording_transcription_check check (transcription = any (array['PENDING', 'COMPLETED', 'FAILED'])),
  constraint recording_fault_check check (
    fault = any (array['AI_SERVICE_UNAVAILABLE', 'INSUFFICIENT_CREDITS', 'NOT_FOUND'])
  ),
  constraint recording_fault_of_failed check ((transcription = 'FAILED') = (fault is not null)),
  constraint recording_transcript_of_completed check ((transcription = 'COMPLETED') = (transcript is not null)),
  constraint recording_transcript_length check (char_length(transcript) <= 20000)
);
