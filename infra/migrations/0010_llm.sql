-- Runs of language models: what each takes, and the text while it is written. Answers of the assistant are the first.
create schema llm;

create table llm.run (
  account_id uuid not null,
  id uuid not null,
  purpose text not null,
  model text not null,
  state text not null,
  hold_id uuid,
  lease_owner uuid,
  lease_until timestamptz(3),
  input_tokens integer not null default 0,
  output_tokens integer not null default 0,
  usage_estimated boolean not null default false,
  cost_micro_dollars bigint,
  created_at timestamptz(3) not null,
  first_text_at timestamptz(3),
  ended_at timestamptz(3),
  primary key (account_id, id),
  constraint run_account_id_foreign foreign key (account_id) references accounts.account (id) on delete cascade,
  constraint run_hold_id_foreign foreign key (account_id, hold_id) references billing.credit_hold (account_id, id)
    on delete set null (hold_id) deferrable initially deferred,
  constraint run_purpose_check check (purpose = any (array['CHAT'])),
  constraint run_state_check check (state = any (array['RUNNING', 'COMPLETE', 'STOPPED', 'FAILED'])),
  constraint run_unended_is_leased check ((ended_at is null) = (lease_until is not null)),
  constraint run_ended_unless_running check (state <> 'RUNNING' or ended_at is null),
  constraint run_usage_positive check (input_tokens >= 0 and output_tokens >= 0 and cost_micro_dollars >= 0)
);
-- Not by the lease: a renewal would write to each index.
create index run_unended on llm.run (created_at, id) where ended_at is null;

-- Room for the next versions of a piece on its page: a row that moves to another page is logged whole.
create table llm.piece (
  account_id uuid not null,
  run_id uuid not null,
  position integer not null,
  reversed_text text not null,
  primary key (account_id, run_id, position),
  constraint piece_run_id_foreign foreign key (account_id, run_id) references llm.run (account_id, id) on delete cascade,
  constraint piece_position_positive check (position >= 0)
) with (fillfactor = 50);
-- A compressed text differs from its beginning on.
alter table llm.piece alter column reversed_text set storage external;

-- What is stored of the text of a run that has not ended.
create function llm.text_of_run(account uuid, run uuid) returns text stable language sql as $$
  select coalesce(string_agg(reverse(reversed_text), '' order by position), '')
  from llm.piece where account_id = account and run_id = run;
$$;

alter table assistant.chat_message add column run_id uuid;
alter table assistant.chat_message alter column content drop not null;

-- Each answer gets a run, which has the answer's id. One that is being written keeps its lease and its text.
insert into llm.run (account_id, id, purpose, model, state, hold_id, lease_owner, lease_until, usage_estimated, created_at, ended_at)
select account_id, id, 'CHAT', 'unknown', case state when 'STREAMING' then 'RUNNING' else state end, hold_id, lease_owner,
  lease_until, true, created_at, case when lease_until is null then created_at end
from assistant.chat_message where role = 'ASSISTANT';
insert into llm.piece (account_id, run_id, position, reversed_text)
select account_id, id, 0, reverse(content) from assistant.chat_message where lease_until is not null and content <> '';
update assistant.chat_message set run_id = id, content = case when lease_until is null then content end
where role = 'ASSISTANT';
-- A table that has checks to come cannot be altered.
set constraints all immediate;

-- allowed: no release that has these columns was deployed.
alter table assistant.chat_message drop column lease_owner;
-- allowed: as above.
alter table assistant.chat_message drop column lease_until;
-- allowed: as above.
alter table assistant.chat_message drop column hold_id;
-- allowed: as above; the table is empty.
alter table assistant.chat_message
  add constraint chat_message_account_id_run_id_unique unique (account_id, run_id);
-- allowed: as above.
alter table assistant.chat_message
  add constraint chat_message_run_id_foreign foreign key (account_id, run_id) references llm.run (account_id, id)
    deferrable initially deferred;
-- allowed: as above.
alter table assistant.chat_message
  add constraint chat_message_unwritten_has_run check (content is not null or run_id is not null);
-- allowed: as above.
alter table assistant.chat_message
  add constraint chat_message_streaming_is_unwritten check (state <> 'STREAMING' or content is null);
