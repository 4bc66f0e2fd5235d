-- What 0013 has asked of new rows holds for all: checked behind it, under a lock that nobody waits for.
alter table billing.credit_bucket validate constraint credit_bucket_carried_range;
alter table billing.credit_bucket validate constraint credit_bucket_only_daily_expires;
alter table billing.credit_hold validate constraint credit_hold_state_check;
alter table billing.credit_hold validate constraint credit_hold_leased_while_held;
