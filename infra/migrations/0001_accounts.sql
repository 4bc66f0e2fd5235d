-- What is locked, counted, paid for and followed.
create schema accounts;

create table accounts.account (
  id uuid not null,
  kind text not null,
  plan text not null default 'FREE',
  head bigint not null default '0',
  created_at timestamptz(3) not null,
  primary key (id),
  constraint account_head_positive check (head >= 0),
  constraint account_kind_check check (kind = any (array['PERSON', 'WORKSPACE'])),
  constraint account_plan_check check (plan = any (array['FREE', 'PRO']))
);

create table accounts.allowance (
  account_id uuid not null,
  key text not null,
  raises text not null,
  amount integer not null,
  granted_at timestamptz(3) not null,
  primary key (account_id, key),
  constraint allowance_account_id_foreign foreign key (account_id) references accounts.account (id) on delete cascade,
  constraint allowance_amount_positive check (amount > 0),
  constraint allowance_key_length check (char_length(key) >= 1 and char_length(key) <= 200),
  constraint allowance_raises_check check (raises = any (array['TASKS', 'SUBTASKS_PER_TASK', 'NOTES', 'DAILY_CREDITS']))
);
