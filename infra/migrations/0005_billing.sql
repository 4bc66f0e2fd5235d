-- The credit ledger.
create schema billing;

create table billing.credit_bucket (
  account_id uuid not null,
  bucket text not null,
  balance integer not null default 0,
  expires_at timestamptz(3),
  primary key (account_id, bucket),
  constraint credit_bucket_account_id_foreign foreign key (account_id) references accounts.account (id) on delete cascade,
  constraint credit_bucket_known check (bucket = any (array['DAILY', 'SUBSCRIPTION', 'PURCHASED', 'KICKSTART'])),
  constraint credit_bucket_never_negative check (balance >= 0)
);

create table billing.credit_hold (
  account_id uuid not null,
  id uuid not null,
  amount integer not null,
  state text not null,
  key text not null,
  reason text not null,
  created_at timestamptz(3) not null,
  primary key (account_id, id),
  constraint credit_hold_account_id_key_unique unique (account_id, key),
  constraint credit_hold_account_id_foreign foreign key (account_id) references accounts.account (id) on delete cascade,
  constraint credit_hold_amount_positive check (amount > 0),
  constraint credit_hold_state_check check (state = any (array['HELD', 'SETTLED', 'RELEASED']))
);

create table billing.credit_hold_part (
  account_id uuid not null,
  hold_id uuid not null,
  bucket text not null,
  amount integer not null,
  expires_at timestamptz(3),
  primary key (account_id, hold_id, bucket),
  constraint credit_hold_part_amount_positive check (amount > 0),
  constraint credit_hold_part_bucket_known check (
    bucket = any (array['DAILY', 'SUBSCRIPTION', 'PURCHASED', 'KICKSTART'])
  ),
  constraint credit_hold_part_hold_id_foreign foreign key (account_id, hold_id) references billing.credit_hold (account_id, id)
    on delete cascade deferrable initially deferred
);

create table billing.credit_entry (
  account_id uuid not null,
  id uuid not null,
  number bigserial,
  kind text not null,
  bucket text not null,
  amount integer not null,
  balance_after integer not null,
  reason text not null,
  key text not null,
  hold_id uuid,
  created_at timestamptz(3) not null,
  primary key (account_id, id),
  constraint credit_entry_account_id_key_unique unique (account_id, key),
  constraint credit_entry_account_id_foreign foreign key (account_id) references accounts.account (id) on delete cascade,
  constraint credit_entry_balance_never_negative check (balance_after >= 0),
  constraint credit_entry_bucket_check check (
    bucket = any (array['DAILY', 'SUBSCRIPTION', 'PURCHASED', 'KICKSTART'])
  ),
  constraint credit_entry_kind_check check (
    kind = any (array['GRANT', 'HOLD', 'RELEASE', 'SPEND', 'REFUND', 'EXPIRE', 'CARRY_OVER', 'ADJUST'])
  ),
  constraint credit_entry_sign check (
    case kind
      when 'GRANT' then amount > 0
      when 'RELEASE' then amount > 0
      when 'HOLD' then amount < 0
      when 'SPEND' then amount < 0
      when 'EXPIRE' then amount < 0
      else amount <> 0
    end
  ),
  constraint credit_entry_hold_id_foreign foreign key (account_id, hold_id) references billing.credit_hold (account_id, id)
    on delete cascade deferrable initially deferred
);
create index credit_entry_account_id_number_index on billing.credit_entry (account_id, number);

-- The only way in which a balance moves.
create function billing.move_balance() returns trigger language plpgsql as $$
begin
  insert into billing.credit_bucket (account_id, bucket) values (new.account_id, new.bucket) on conflict do nothing;
  update billing.credit_bucket set balance = balance + new.amount
    where account_id = new.account_id and bucket = new.bucket returning balance into new.balance_after;
  return new;
end;
$$;
create trigger credit_entry_moves_balance before insert on billing.credit_entry
  for each row execute function billing.move_balance();

create function billing.refuse_to_change_entry() returns trigger language plpgsql as $$
begin
  raise exception 'The credit ledger is append-only.';
end;
$$;
create trigger credit_entry_append_only before update or delete on billing.credit_entry
  for each row execute function billing.refuse_to_change_entry();
