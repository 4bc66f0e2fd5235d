-- Conversations have branches: a message that another took the place of stays to be read, and answers are rated.
alter table assistant.chat_message add column superseded_by uuid;
alter table assistant.chat_message add column rating text;
alter table assistant.chat_message add column feedback text;

-- allowed: nothing has been released yet, so the table is small.
alter table assistant.chat_message add constraint chat_message_superseded_by_foreign
  foreign key (account_id, superseded_by) references assistant.chat_message (account_id, id)
  deferrable initially deferred;
-- allowed: as above.
alter table assistant.chat_message add constraint chat_message_rating_check
  check (rating = any (array['GOOD', 'BAD']));
-- allowed: as above.
alter table assistant.chat_message add constraint chat_message_feedback_length
  check (char_length(feedback) >= 1 and char_length(feedback) <= 2000);
-- allowed: as above.
alter table assistant.chat_message add constraint chat_message_rated_is_answer
  check (role = 'ASSISTANT' or (rating is null and feedback is null));

-- allowed: as above.
create index chat_message_current on assistant.chat_message (account_id, conversation_id, position)
  where superseded_by is null;
-- allowed: as above.
create index chat_message_superseded on assistant.chat_message (account_id, superseded_by, position)
  where superseded_by is not null;
