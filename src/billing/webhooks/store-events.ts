import type { PaymentEventState } from '../../../entities/billing/payment-event.js';
import { Batches, isUnavailable, type Services, unavailable } from '../../kernel/context.js';

/** What is stored of something that a payment provider tells us. */
export interface NewEvent {
  readonly id: string;
  /** The provider's id. */
  readonly eventId: string;
  readonly type: string;
  readonly paymentId: string | null;
  readonly reference: string | null;
  readonly state: PaymentEventState;
  readonly reason: string | null;
  readonly dueAt: Date | null;
  readonly body: string | null;
  readonly receivedAt: Date;
  readonly processedAt: Date | null;
}

/** Events of one statement. */
const maxAtOnce = 500;
/** Events that wait at most: the provider sends again what is refused. */
const maxWaiting = 1_000;

/**
 * Stores what payment providers tell this process, all that has come meanwhile in one statement: many come at once, and
 * a commit for each would take all connections from everybody else.
 */
export class EventStore {
  static readonly #ofApps = new WeakMap<Services, EventStore>();

  /** One an app. */
  static of(services: Services): EventStore {
    const known = EventStore.#ofApps.get(services) ?? new EventStore(services);
    EventStore.#ofApps.set(services, known);
    return known;
  }

  readonly #batches = new Batches<NewEvent>((events) => this.#storeAll(events), {
    coalesceMs: 0,
    maxKeys: maxAtOnce,
    maxBatches: maxWaiting / maxAtOnce + 1,
  });
  readonly #new = new WeakSet<NewEvent>();
  readonly #failures = new WeakMap<NewEvent, unknown>();
  #waiting = 0;

  private constructor(private readonly services: Services) {}

  /**
   * Resolves once an event is stored for good, with whether it was not there before.
   * @throws what its own storing failed with; UNAVAILABLE when too many wait
   */
  async store(event: NewEvent): Promise<boolean> {
    if (this.#waiting >= maxWaiting) throw unavailable('Too many events wait. Send it again.');
    this.#waiting += 1;
    try {
      await this.#batches.add(event);
    } finally {
      this.#waiting -= 1;
    }
    if (this.#failures.has(event)) throw this.#failures.get(event);
    return this.#new.has(event);
  }

  /** One that cannot be stored fails alone; a database that is away would refuse each of them. */
  async #storeAll(events: readonly NewEvent[]): Promise<void> {
    try {
      await this.#insert(events);
    } catch (error) {
      if (events.length === 1 || isUnavailable(error)) throw error;
      await Promise.all(
        events.map((event) => this.#insert([event]).catch((own: unknown) => this.#failures.set(event, own))),
      );
    }
  }

  async #insert(events: readonly NewEvent[]): Promise<void> {
    const rows = await this.services.runStatement<{ id: string }>(
      // In one order everywhere: two processes that are told the same wait for each other, and never both.
      `insert into billing.payment_event
         (id, provider, event_id, type, payment_id, reference, state, reason, attempts, due_at, body, received_at, processed_at)
       select id, 'CHECKOUT', event_id, type, payment_id, reference, state, reason, 0, due_at, body, received_at, processed_at
       from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[],
           $9::text[], $10::timestamptz[], $11::timestamptz[])
         as given (id, event_id, type, payment_id, reference, state, reason, due_at, body, received_at, processed_at)
       order by event_id
       on conflict (provider, event_id) do nothing returning id`,
      [
        events.map(({ id }) => id),
        events.map(({ eventId }) => eventId),
        events.map(({ type }) => type),
        events.map(({ paymentId }) => paymentId),
        events.map(({ reference }) => reference),
        events.map(({ state }) => state),
        events.map(({ reason }) => reason),
        events.map(({ dueAt }) => dueAt),
        events.map(({ body }) => body),
        events.map(({ receivedAt }) => receivedAt),
        events.map(({ processedAt }) => processedAt),
      ],
    );
    const ids = new Set(rows.map(({ id }) => id));
    for (const event of events) if (ids.has(event.id)) this.#new.add(event);
  }
}
