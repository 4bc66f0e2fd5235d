-- Credits that return may have been paid by money that went back meanwhile: whether there is such is asked each time.
-- allowed: nothing has been released yet, so the table is small.
create index payment_gone_back on billing.payment (account_id) where refunded_cents + disputed_cents > 0;
