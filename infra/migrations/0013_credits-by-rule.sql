-- Daily credits by rule: each account notes the first midnight that is not booked yet. Holds with a lease, refunds, paid
-- periods that carry over, and a nightly reconciliation.
create table billing.credit_difference (
  account_id uuid not null,
  day date not null,
  place text not null,
  stored integer not null,
  booked integer not null,
  primary key (account_id, day, place),
  constraint credit_difference_account_id_foreign foreign key (account_id) references accounts.account (id) on delete cascade,
  constraint credit_difference_differs check (stored <> booked),
  constraint credit_difference_place_known check (
    place = any (array['DAILY', 'SUBSCRIPTION', 'PURCHASED', 'KICKSTART', 'HELD'])
  )
);

create table billing.credit_reconciliation (
  day date not null,
  last_account_id uuid not null,
  worked_at timestamptz(3) not null,
  finished_at timestamptz(3),
  primary key (day)
);

alter table billing.credit_bucket add column renewed_at timestamptz(3);
alter table billing.credit_bucket add column carried integer not null default 0;
alter table billing.credit_bucket add constraint credit_bucket_carried_range
  check (carried >= 0 and carried <= 50) not valid;
alter table billing.credit_bucket add constraint credit_bucket_only_daily_expires
  check (bucket = 'DAILY' or expires_at is null) not valid;

alter table billing.credit_hold add column lease_until timestamptz(3);
alter table billing.credit_hold drop constraint credit_hold_state_check;
alter table billing.credit_hold add constraint credit_hold_state_check
  check (state = any (array['HELD', 'SETTLED', 'RELEASED', 'REFUNDED'])) not valid;
alter table billing.credit_hold add constraint credit_hold_leased_while_held
  check (state = 'HELD' or lease_until is null) not valid;

-- allowed: nothing has been released yet, so the table is small.
create index credit_bucket_due on billing.credit_bucket (expires_at, account_id) where bucket = 'DAILY';
-- allowed: nothing has been released yet, so the table is small.
create index credit_hold_held on billing.credit_hold (account_id) where state = 'HELD';
-- allowed: nothing has been released yet, so the table is small.
create index credit_hold_leased on billing.credit_hold (lease_until, id) where lease_until is not null;
-- allowed: nothing has been released yet, so the table is small.
create index run_account_id_hold_id_index on llm.run (account_id, hold_id);

-- Whether an account is granted credits each day: the free plan alone has none.
create function accounts.has_daily_credits(of_account uuid) returns boolean language sql stable as $$
  select exists (select from accounts.account where id = of_account and plan <> 'FREE')
    or exists (select from accounts.allowance where account_id = of_account and raises = 'DAILY_CREDITS');
$$;

-- From now on every account has a daily bucket. What has come before is not granted afterwards.
insert into billing.credit_bucket (account_id, bucket, expires_at)
select id, 'DAILY', date_trunc('day', now(), 'UTC') + interval '1 day' from accounts.account
on conflict (account_id, bucket) do update set expires_at = excluded.expires_at;
