-- What is paid, what for, and what providers have told us of it.
create table billing.subscription (
  account_id uuid not null,
  id uuid not null,
  product text not null,
  state text not null,
  anchor timestamptz(3) not null,
  period_start timestamptz(3) not null,
  period_end timestamptz(3) not null,
  failed_payments integer not null default 0,
  cancelled_at timestamptz(3),
  grace_ends_at timestamptz(3),
  ended_at timestamptz(3),
  ended_by text,
  due_at timestamptz(3),
  instrument_id text,
  card_scheme text,
  card_last_four text,
  card_good_until timestamptz(3),
  needs_new_card boolean not null default false,
  previous_payment_id text,
  created_at timestamptz(3) not null,
  primary key (account_id, id),
  constraint subscription_account_id_foreign foreign key (account_id) references accounts.account (id) on delete cascade,
  constraint subscription_product_check check (product = any (array['PRO'])),
  constraint subscription_state_check check (
    state = any (array['ACTIVE', 'PAST_DUE', 'GRACE_PERIOD', 'CANCELLED', 'EXPIRED'])
  ),
  constraint subscription_period_order check (period_start < period_end),
  constraint subscription_failed_payments_positive check (failed_payments >= 0),
  constraint subscription_grace_has_end check ((state = 'GRACE_PERIOD') = (grace_ends_at is not null)),
  constraint subscription_cancelled_when_cancelled check (
    (state <> 'CANCELLED' or cancelled_at is not null) and (state <> 'ACTIVE' or cancelled_at is null)
  ),
  constraint subscription_ended_by_check check (
    ended_by = any (array['UNPAID', 'CANCELLED', 'REFUNDED', 'OPERATOR', 'DELETED'])
  ),
  constraint subscription_ended_when_expired check (
    (state = 'EXPIRED') = (ended_at is not null) and (ended_at is null) = (ended_by is null)
  ),
  constraint subscription_due_while_live check ((state = 'EXPIRED') = (due_at is null)),
  constraint subscription_card_whole check (
    (instrument_id is null) = (card_last_four is null) and (instrument_id is null) = (card_scheme is null)
    and (instrument_id is null) = (card_good_until is null)
  )
);
create unique index subscription_live on billing.subscription (account_id, product) where state <> 'EXPIRED';
create index subscription_due on billing.subscription (due_at, id) where due_at is not null;

-- The moves of `subscription-moves.ts`, which a law compares.
create function billing.refuse_illegal_move() returns trigger language plpgsql as $$
begin
  if old.state = new.state then return new; end if;
  if (old.state, new.state) in (
    ('ACTIVE', 'PAST_DUE'), ('ACTIVE', 'CANCELLED'), ('ACTIVE', 'EXPIRED'),
    ('PAST_DUE', 'ACTIVE'), ('PAST_DUE', 'GRACE_PERIOD'), ('PAST_DUE', 'EXPIRED'),
    ('GRACE_PERIOD', 'ACTIVE'), ('GRACE_PERIOD', 'EXPIRED'),
    ('CANCELLED', 'ACTIVE'), ('CANCELLED', 'EXPIRED'),
    ('EXPIRED', 'ACTIVE')
  ) then return new; end if;
  raise exception 'A subscription does not move from % to %.', old.state, new.state;
end;
$$;
create trigger subscription_moves_legally before update of state on billing.subscription
  for each row execute function billing.refuse_illegal_move();

create table billing.payment (
  account_id uuid not null,
  id uuid not null,
  provider text not null,
  purpose text not null,
  reference text not null,
  provider_payment_id text,
  state text not null default 'PENDING',
  amount_cents integer not null,
  currency text not null,
  pack text,
  credits integer,
  subscription_id uuid,
  period_start timestamptz(3),
  attempt integer,
  instrument_id text,
  page_url text,
  page_expires_at timestamptz(3),
  card_scheme text,
  card_last_four text,
  decline_code text,
  retry_at timestamptz(3),
  refunded_cents integer not null default 0,
  disputed_cents integer not null default 0,
  taken_back integer not null default 0,
  is_surplus boolean not null default false,
  looks integer not null default 0,
  look_at timestamptz(3),
  created_at timestamptz(3) not null,
  succeeded_at timestamptz(3),
  primary key (account_id, id),
  constraint payment_reference_unique unique (reference),
  constraint payment_provider_provider_payment_id_unique unique (provider, provider_payment_id),
  constraint payment_account_id_foreign foreign key (account_id) references accounts.account (id) on delete cascade,
  constraint payment_subscription_foreign foreign key (account_id, subscription_id)
    references billing.subscription (account_id, id) deferrable initially deferred,
  constraint payment_provider_check check (provider = any (array['CHECKOUT'])),
  constraint payment_purpose_check check (purpose = any (array['PRO', 'CREDITS', 'CARD'])),
  constraint payment_state_check check (state = any (array['PENDING', 'SUCCEEDED', 'FAILED', 'EXPIRED'])),
  constraint payment_amount_of_purpose check ((purpose = 'CARD') = (amount_cents = 0) and amount_cents >= 0),
  constraint payment_credits_of_purpose check (
    (purpose = 'CREDITS') = (credits is not null) and (credits is null) = (pack is null) and credits > 0
  ),
  constraint payment_period_of_subscription check (
    (attempt is null or (purpose = 'PRO' and subscription_id is not null and period_start is not null)) and attempt > 0
  ),
  constraint payment_page_or_charge check (
    (page_url is null) = (page_expires_at is null) and (attempt is null or page_url is null)
  ),
  constraint payment_texts_length check (
    char_length(reference) <= 50 and char_length(currency) = 3 and char_length(card_scheme) <= 50
    and char_length(card_last_four) = 4
  ),
  constraint payment_succeeded_when check ((state = 'SUCCEEDED') = (succeeded_at is not null)),
  constraint payment_succeeded_by check (state <> 'SUCCEEDED' or provider_payment_id is not null),
  constraint payment_given_back_range check (
    refunded_cents >= 0 and disputed_cents >= 0 and refunded_cents <= amount_cents and taken_back >= 0
  ),
  constraint payment_surplus_succeeded check (not is_surplus or state = 'SUCCEEDED')
);
create unique index payment_attempt on billing.payment (account_id, subscription_id, period_start, attempt)
  where attempt is not null;
create unique index payment_paid_period on billing.payment (account_id, subscription_id, period_start)
  where purpose = 'PRO' and state = 'SUCCEEDED' and not is_surplus;
create index payment_open on billing.payment (account_id, purpose) where state = 'PENDING';
create index payment_look on billing.payment (look_at, id) where look_at is not null;
create index payment_account_id_created_at_id_index on billing.payment (account_id, created_at, id);

create table billing.payment_event (
  id uuid not null,
  provider text not null,
  event_id text not null,
  type text not null,
  payment_id text,
  reference text,
  state text not null,
  reason text,
  attempts integer not null default 0,
  due_at timestamptz(3),
  body text,
  received_at timestamptz(3) not null,
  processed_at timestamptz(3),
  primary key (id),
  constraint payment_event_provider_event_id_unique unique (provider, event_id),
  constraint payment_event_provider_check check (provider = any (array['CHECKOUT'])),
  constraint payment_event_state_check check (
    state = any (array['RECEIVED', 'PROCESSED', 'UNKNOWN', 'QUARANTINED', 'FAILED'])
  ),
  constraint payment_event_due_while_received check ((state = 'RECEIVED') = (due_at is not null))
);
create index payment_event_due on billing.payment_event (due_at, id) where due_at is not null;
create index payment_event_left on billing.payment_event (received_at)
  where state = any (array['QUARANTINED', 'FAILED']);
create index payment_event_with_body on billing.payment_event (received_at) where body is not null;
