-- Credits that return may have been paid by money that went back while they were held.
alter table billing.payment add column went_back_at timestamptz(3);
-- allowed: nothing has been released yet, so the table is small.
update billing.payment set went_back_at = clock_timestamp() where refunded_cents + disputed_cents > 0;
-- allowed: as above.
create index payment_went_back on billing.payment (account_id, went_back_at) where went_back_at is not null;
