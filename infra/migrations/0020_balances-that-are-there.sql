-- A line of the ledger mostly finds its bucket: it makes one only where there is none, and does not try to each time.
create or replace function billing.move_balance() returns trigger language plpgsql as $$
begin
  update billing.credit_bucket set balance = balance + new.amount
    where account_id = new.account_id and bucket = new.bucket returning balance into new.balance_after;
  if not found then
    insert into billing.credit_bucket as known (account_id, bucket, balance)
      values (new.account_id, new.bucket, new.amount)
      on conflict (account_id, bucket) do update set balance = known.balance + excluded.balance
      returning balance into new.balance_after;
  end if;
  return new;
end;
$$;
