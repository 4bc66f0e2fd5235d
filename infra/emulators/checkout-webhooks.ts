import { postEvent, type WebhookEvent, type WebhookSettings } from './checkout-post.js';
import { BadRequest } from './server.js';

/** Which of the kept events are sent, and in which order. */
export interface Delivery {
  readonly types?: readonly string[] | undefined;
  readonly references?: readonly string[] | undefined;
  readonly limit?: number | undefined;
  readonly order?: 'kept' | 'reversed' | 'shuffled' | undefined;
  /** Of the shuffling. */
  readonly seed?: number | undefined;
}

/** How one was answered. */
export interface Delivered {
  readonly id: string;
  readonly type: string;
  readonly reference: string | null;
  /** Null when no answer came. */
  readonly status: number | null;
}

interface Kept {
  readonly event: WebhookEvent;
  copies: number;
  failures: number;
  /** When it is due by itself, it is sent with this. */
  timer: NodeJS.Timeout | null;
}

/** Events that are kept at most. */
const maxKept = 50_000;

/** Between one delivery that failed and the next; the last of them repeats, for some 30 hours in all. */
const pausesMs = [1, 2, 5, 15, 60, 300, 900, 3_600].map((seconds) => seconds * 1_000);
const maxFailures = 36;

/** Events on their way to who listens: in the order in which they happened, one after another. */
export class Webhooks {
  delivered = 0;
  givenUp = 0;
  readonly #kept = new Set<Kept>();
  readonly #closing = new AbortController();
  #line: Promise<unknown> = Promise.resolve();

  constructor(readonly settings: WebhookSettings) {}

  get waiting(): number {
    return this.#kept.size;
  }

  /** What waits, in the order in which it happened. */
  get kept(): WebhookEvent[] {
    return [...this.#kept].map(({ event }) => event);
  }

  /** What happened at once. */
  add(events: readonly WebhookEvent[]): void {
    const { webhookUrl, silent, duplicates, reorder, webhookDelayMs } = this.settings;
    if (webhookUrl === null || silent) return;
    if (this.#kept.size + events.length > maxKept)
      throw new BadRequest(`The emulator keeps no more than ${maxKept} events. Deliver some.`);
    for (const event of reorder ? events.toReversed() : events) {
      const kept: Kept = { event, copies: 1 + duplicates, failures: 0, timer: null };
      this.#kept.add(kept);
      this.#sendAfter(kept, webhookDelayMs);
    }
  }

  /** Sends what is kept once, and waits for the answers. What is not taken stays. */
  deliver({ types, references, limit = maxKept, order = 'kept', seed = 1 }: Delivery = {}): Promise<Delivered[]> {
    const kept = [...this.#kept].filter(
      ({ event }) => (types?.includes(event.type) ?? true) && (references?.includes(event.reference ?? '') ?? true),
    );
    const ordered = { kept: () => kept, reversed: () => kept.toReversed(), shuffled: () => shuffled(kept, seed) };
    const chosen = ordered[order]().slice(0, limit);
    return this.#inLine(async () => {
      const answers: Delivered[] = [];
      for (const each of chosen) if (this.#kept.has(each)) answers.push(...(await this.#send(each)));
      return answers;
    });
  }

  /** Sends by themselves those that were held. */
  release(): void {
    for (const kept of this.#kept) if (kept.timer === null) this.#sendAfter(kept, 0);
  }

  /** Forgets what is kept. */
  clear(): void {
    for (const { timer } of this.#kept) clearTimeout(timer ?? undefined);
    this.#kept.clear();
    this.delivered = 0;
    this.givenUp = 0;
  }

  async close(): Promise<void> {
    this.clear();
    this.#closing.abort();
    await this.#line;
  }

  #sendAfter(kept: Kept, ms: number): void {
    if (this.settings.hold || this.#closing.signal.aborted) return;
    const send = () => {
      void this.#inLine(async () => {
        if (this.#kept.has(kept)) await this.#send(kept);
      });
    };
    kept.timer = setTimeout(send, ms).unref();
  }

  #inLine<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#line.then(work);
    this.#line = done.catch(() => undefined);
    return done;
  }

  async #send(kept: Kept): Promise<Delivered[]> {
    clearTimeout(kept.timer ?? undefined);
    kept.timer = null;
    const { id, type, reference } = kept.event;
    const answers: Delivered[] = [];
    while (kept.copies > 0) {
      const status = await postEvent(kept.event, this.settings, this.#closing.signal);
      answers.push({ id, type, reference, status });
      if (status === null || status < 200 || status > 299) {
        this.#failed(kept);
        return answers;
      }
      this.delivered += 1;
      kept.copies -= 1;
    }
    this.#kept.delete(kept);
    return answers;
  }

  #failed(kept: Kept): void {
    kept.failures += 1;
    const ms = pausesMs[Math.min(kept.failures, pausesMs.length) - 1] ?? 0;
    if (kept.failures < maxFailures) {
      this.#sendAfter(kept, ms);
    } else {
      this.givenUp += 1;
      this.#kept.delete(kept);
    }
  }
}

/** The same order for the same seed. */
function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  let state = seed;
  const numbered = items.map((item) => {
    // A linear congruential generator, with the numbers of ISO C's example.
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return { item, place: state >>> 16 };
  });
  return numbered.sort((a, b) => a.place - b.place).map(({ item }) => item);
}
