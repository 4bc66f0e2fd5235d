-- A user closes their account; it is deleted 14 days later, unless they sign in before.
alter table accounts.account
  add column closed_at timestamptz(3),
  add column deleted_at timestamptz(3),
  add column emptied_at timestamptz(3);
-- allowed: nothing has been released yet, so the table is small.
alter table accounts.account
  add constraint account_deleted_after_closing check (deleted_at is null or closed_at is not null),
  add constraint account_emptied_after_deleting check (emptied_at is null or deleted_at is not null);
-- allowed: as above.
create index account_closed on accounts.account (closed_at, id) where closed_at is not null and emptied_at is null;
