-- Paid periods are counted, so that what a hold gives back is judged by the order of the ledger and not by clocks.
alter table billing.credit_bucket add column period integer not null default 0;
-- allowed: nothing writes it yet, and nothing has been released that reads it.
alter table billing.credit_bucket drop column renewed_at;
alter table billing.credit_hold_part add column period integer not null default 0;
