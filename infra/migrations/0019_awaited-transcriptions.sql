-- A recording that is to be written down says until when somebody vouches for that: one that nobody does is given up.
alter table notes.recording add column awaited_until timestamptz(3);
-- allowed: nothing has been released yet, so the table is small.
create index recording_awaited on notes.recording (awaited_until, file_id) where awaited_until is not null;
update notes.recording set awaited_until = now() where transcription = 'PENDING' and note_id is not null;
