import { PaymentEventState } from '../../../entities/billing/payment-event.js';
import {
  type Context,
  isUnavailable,
  logFailure,
  type ProviderPayment,
  runStatement,
  type Tx,
} from '../../kernel/context.js';
import { dayMs } from '../../kernel/days.js';
import { count } from '../../kernel/metrics.js';
import type { Timestamp } from '../../kernel/scalars.js';
import { paymentEvents } from '../metrics.js';
import { askProvider } from '../payments/ask-provider.js';
import { converge, Mismatch } from '../payments/note-truth.js';
import { findOwner, type OwnedPayment } from '../payments/payment-store.js';

/** Events that are taken at once, and worked on at once. */
const batchSize = 40;
const lanes = 4;
/** How long a worker may be at one before another takes it. */
const leaseMs = 120_000;
/** The longest pause between two tries. */
const maxPauseMs = 3_600_000;
/** How long a provider may take to list a payment that it tells of. */
const listedWithinMs = 600_000;
/** After which it is left to operators; what it tells of is found out by looking as well. */
const givenUpAfterMs = 3 * dayMs;
/** How long the body of what could not be read is kept. */
const bodyKeptMs = 14 * dayMs;

/** An event that is to be worked off. */
interface DueEvent {
  readonly id: string;
  readonly paymentId: string;
  readonly reference: string | null;
  readonly attempts: number;
  readonly receivedAt: Timestamp;
}

/**
 * Works off what payment providers have told us: each once, in whatever order they came, by asking what is true now. Two
 * workers share them.
 */
export async function processPaymentEvents(ctx: Context): Promise<void> {
  for (;;) {
    const taken = await takeDue(ctx);
    const left = Map.groupBy(taken, ({ paymentId, reference }) => reference ?? paymentId).values();
    await Promise.all(Array.from({ length: lanes }, () => workOff(ctx, left)));
    if (taken.length < batchSize) return;
  }
}

function takeDue(ctx: Context): Promise<DueEvent[]> {
  const now = ctx.clock.now();
  return runStatement<DueEvent>(
    ctx,
    `update billing.payment_event set due_at = $2, attempts = attempts + 1 where id in (
       select id from billing.payment_event where due_at <= $1 order by due_at, id limit ${batchSize} for update skip locked
     ) returning id, payment_id as "paymentId", reference, attempts, received_at as "receivedAt"`,
    [now, new Date(now.getTime() + leaseMs)],
  );
}

async function workOff(ctx: Context, left: Iterable<readonly DueEvent[]>): Promise<void> {
  for (const events of left) {
    try {
      await processEvents(ctx, events);
    } catch (error) {
      for (const event of events) await tryLater(ctx, event, error);
    }
  }
}

/**
 * Those of one payment of ours mean the same, however many tries of its payer's they tell of: asking once answers them all.
 * A reference that was paid twice belongs to two of ours.
 */
async function processEvents(ctx: Context, events: readonly DueEvent[]): Promise<void> {
  const [event] = events;
  if (!event) return;
  const found = await paymentsOf(ctx, event);
  const strange = events.filter(({ paymentId }) => !found.some(({ id }) => id === paymentId));
  for (const each of strange) await setAside(ctx, each);
  const owners = new Map<string | null, { readonly owner: OwnedPayment | null; readonly events: DueEvent[] }>();
  for (const payment of found) {
    const told = events.filter(({ paymentId }) => paymentId === payment.id);
    const owner = told.length > 0 ? await findOwner(ctx, payment) : null;
    const before = owners.get(owner?.id ?? null)?.events ?? [];
    owners.set(owner?.id ?? null, { owner, events: [...before, ...told] });
  }
  for (const { owner, events: known } of owners.values()) await processOwned(ctx, owner, known);
}

async function processOwned(ctx: Context, owner: OwnedPayment | null, events: readonly DueEvent[]): Promise<void> {
  if (events.length === 0) return;
  if (!owner) return quarantine(ctx, events, 'We have begun no such payment.');
  try {
    await converge(ctx, owner, (tx) => end(tx, events, PaymentEventState.PROCESSED, null));
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    await quarantine(ctx, events, error.message);
  }
}

/** What the provider has under the reference that an event names; of one that names none the payment itself. */
async function paymentsOf(ctx: Context, { reference, paymentId }: DueEvent): Promise<readonly ProviderPayment[]> {
  const { payments } = ctx.providers;
  if (reference !== null) return askProvider(ctx, 'look', () => payments.findPayments(reference));
  const payment = await askProvider(ctx, 'look', () => payments.readPayment(paymentId));
  return payment ? [payment] : [];
}

/** What a provider has told of a moment ago it may not list yet. */
async function setAside(ctx: Context, event: DueEvent): Promise<void> {
  const reason = 'The provider has no such payment under this reference.';
  if (ageMs(ctx, event) < listedWithinMs) return postpone(ctx, event, reason);
  await quarantine(ctx, [event], reason);
}

async function quarantine(ctx: Context, events: readonly DueEvent[], reason: string): Promise<void> {
  for (const { id } of events) ctx.log.error({ event: id, reason }, 'an event of a payment provider was quarantined');
  await end(ctx, events, PaymentEventState.QUARANTINED, reason);
}

async function end(
  ctx: Context | Tx,
  events: readonly DueEvent[],
  state: PaymentEventState,
  reason: string | null,
): Promise<void> {
  await runStatement(
    ctx,
    `update billing.payment_event set state = $2, reason = $3, due_at = null, processed_at = $4
     where id = any($1::uuid[]) and state = 'RECEIVED'`,
    [events.map(({ id }) => id), state, reason, ctx.clock.now()],
  );
  const outcome =
    state === PaymentEventState.PROCESSED ? 'processed' : state === PaymentEventState.FAILED ? 'failed' : 'quarantined';
  count(ctx, paymentEvents, { outcome }, events.length);
}

async function tryLater(ctx: Context, event: DueEvent, error: unknown): Promise<void> {
  const reason = isUnavailable(error) ? 'The provider or the database was away.' : 'A fault of ours: see the log.';
  logFailure(ctx.log, error, { event: event.id }, 'an event of a payment provider could not be worked off yet');
  if (ageMs(ctx, event) > givenUpAfterMs) return end(ctx, [event], PaymentEventState.FAILED, reason);
  await postpone(ctx, event, reason);
}

function ageMs(ctx: Context, { receivedAt }: DueEvent): number {
  return ctx.clock.now().getTime() - new Date(receivedAt).getTime();
}

async function postpone(ctx: Context, event: DueEvent, reason: string): Promise<void> {
  const pauseMs = Math.min(maxPauseMs, 5_000 * 2 ** Math.min(event.attempts, 12));
  await runStatement(
    ctx,
    `update billing.payment_event set due_at = $2, reason = $3 where id = $1 and state = 'RECEIVED'`,
    [event.id, new Date(ctx.clock.now().getTime() + pauseMs), reason],
  );
}

/** Forgets what was sent of events that could not be read. */
export async function forgetEventBodies(ctx: Context): Promise<void> {
  const before = new Date(ctx.clock.now().getTime() - bodyKeptMs);
  await runStatement(ctx, 'update billing.payment_event set body = null where body is not null and received_at < $1', [
    before,
  ]);
}
