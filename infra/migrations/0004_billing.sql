create schema billing;

create table billing.credit_bucket (
  user_id uuid not null,
  bucket text not null,
  balance integer not null default 0,
  expires_at timestamptz(3),
  primary key (user_id, bucket),
  constraint credit_bucket_user_id_foreign foreign key (user_id) references auth."user" (id) on delete cascade,
  constraint credit_bucket_known check (bucket = any (array['DAILY', 'SUBSCRIPTION', 'PURCHASED', 'KICKSTART'])),
  constraint credit_bucket_never_negative check (balance >= 0)
);

create table billing.credit_hold (
  id uuid not null,
  user_id uuid not null,
  amount integer not null,
  state text not null,
  key text not null,
  reason text not null,
  created_at timestamptz(3) not null,
  primary key (id),
  constraint credit_hold_user_id_key_unique unique (user_id, key),
  constraint credit_hold_user_id_foreign foreign key (user_id) references auth."user" (id) on delete cascade,
  constraint credit_hold_amount_positive check (amount > 0),
  constraint credit_hold_state_check check (state = any (array['HELD', 'SETTLED', 'RELEASED']))
);

create table billing.credit_entry (
  id uuid not null,
  number bigserial,
  user_id uuid not null,
  kind text not null,
  bucket text not null,
  amount integer not null,
  balance_after integer not null,
  reason text not null,
  key text not null,
  hold_id uuid,
  created_at timestamptz(3) not null,
  primary key (id),
  constraint credit_entry_user_id_key_unique unique (user_id, key),
  constraint credit_entry_hold_id_foreign foreign key (hold_id) references billing.credit_hold (id) on delete cascade,
  constraint credit_entry_user_id_foreign foreign key (user_id) references auth."user" (id) on delete cascade,
  constraint credit_entry_balance_never_negative check (balance_after >= 0),
  constraint credit_entry_bucket_check check (bucket = any (array['DAILY', 'SUBSCRIPTION', 'PURCHASED', 'KICKSTART'])),
  constraint credit_entry_kind_check check (kind = any (array['GRANT', 'HOLD', 'RELEASE', 'SPEND', 'REFUND', 'EXPIRE', 'CARRY_OVER', 'ADJUST'])),
  constraint credit_entry_sign check (
case kind
    when 'GRANT' then amount > 0
    when 'RELEASE' then amount > 0
    when 'HOLD' then amount < 0
    when 'SPEND' then amount < 0
    when 'EXPIRE' then amount < 0
    else amount <> 0
end)
);
create index credit_entry_user_id_number_index on billing.credit_entry (user_id, number);

create function billing.credit_entry_credit_entry_append_only_fn() returns trigger language plpgsql as $$
begin raise exception 'The credit ledger is append-only.'; end;
$$;
CREATE TRIGGER credit_entry_append_only BEFORE DELETE OR UPDATE ON billing.credit_entry FOR EACH ROW EXECUTE FUNCTION billing.credit_entry_credit_entry_append_only_fn();

create function billing.credit_entry_credit_entry_moves_balance_fn() returns trigger language plpgsql as $$
begin insert into billing.credit_bucket (user_id, bucket) values (new.user_id, new.bucket) on conflict do nothing; update billing.credit_bucket set balance = balance + new.amount where user_id = new.user_id and bucket = new.bucket returning balance into new.balance_after; return new; end;
$$;
CREATE TRIGGER credit_entry_moves_balance BEFORE INSERT ON billing.credit_entry FOR EACH ROW EXECUTE FUNCTION billing.credit_entry_credit_entry_moves_balance_fn();

create function billing.credit_entry_credit_entry_of_own_hold_fn() returns trigger language plpgsql as $$
begin if tg_op = 'UPDATE' and new.hold_id is not distinct from old.hold_id and new.user_id = old.user_id then return null; end if; if exists (select from billing.credit_hold p where p.id = new.hold_id and p.user_id <> new.user_id) then raise exception 'billing.credit_entry hangs on another account''s billing.credit_hold.' using errcode = 'foreign_key_violation'; end if; return null; end;
$$;
CREATE TRIGGER credit_entry_of_own_hold AFTER INSERT OR UPDATE ON billing.credit_entry FOR EACH ROW EXECUTE FUNCTION billing.credit_entry_credit_entry_of_own_hold_fn();

create table billing.credit_hold_part (
  hold_id uuid not null,
  bucket text not null,
  amount integer not null,
  expires_at timestamptz(3),
  primary key (hold_id, bucket),
  constraint credit_hold_part_hold_id_foreign foreign key (hold_id) references billing.credit_hold (id) on delete cascade,
  constraint credit_hold_part_amount_positive check (amount > 0),
  constraint credit_hold_part_bucket_known check (bucket = any (array['DAILY', 'SUBSCRIPTION', 'PURCHASED', 'KICKSTART']))
);
