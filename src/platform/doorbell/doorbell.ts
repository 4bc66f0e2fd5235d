/** A waiter that is told when its topic rang. */
type Listener = () => void;

/** How long a waiter sleeps at most: the slow poll behind a doorbell that may get lost. */
const slowPollMs = 15_000;

/**
 * Says "look again" to whoever waits for a topic, within this process. It carries no data and may ring for nothing;
 * who is woken reads what is stored.
 */
export class Doorbell {
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #sleepers = new Set<{ deadline: number; wake: Listener }>();
  readonly #timer: NodeJS.Timeout;

  constructor() {
    // One timer for all sleepers: a timer each would be the larger part of an idle subscription's memory.
    this.#timer = setInterval(() => this.#wakeOverdue(), 1_000).unref();
  }

  /** Calls `listener` at every ring of `topic` until the returned function is called. */
  listen(topic: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(topic) === listeners) this.#listeners.delete(topic);
    };
  }

  /** Wakes the waiters of these topics in this process. */
  ring(topics: Iterable<string>): void {
    for (const topic of topics) {
      for (const listener of this.#listeners.get(topic) ?? []) listener();
    }
  }

  /** Wakes everybody: after the line between processes was down, nobody knows what was missed. */
  ringAll(): void {
    for (const listeners of [...this.#listeners.values()]) for (const listener of [...listeners]) listener();
  }

  /**
   * A bell for one reader of `topic`. A ring between two waits is remembered, so nothing slips between reading and
   * waiting. It closes when `signal` aborts; close it when done.
   */
  bell(topic: string, signal: AbortSignal, maxWaitMs: number = slowPollMs): Bell {
    return new Bell(this, topic, signal, maxWaitMs);
  }

  /** Used by bells: a deadline checked once a second. */
  sleep(deadline: number, wake: Listener): () => void {
    const sleeper = { deadline, wake };
    this.#sleepers.add(sleeper);
    return () => this.#sleepers.delete(sleeper);
  }

  /** Ends the timer. */
  close(): void {
    clearInterval(this.#timer);
    this.ringAll();
  }

  #wakeOverdue(): void {
    const now = performance.now();
    for (const sleeper of this.#sleepers) if (sleeper.deadline <= now) sleeper.wake();
  }
}

/** One reader's side of the doorbell. */
export class Bell {
  #rung = false;
  #closed = false;
  #wake: Listener | null = null;
  readonly #stopListening: () => void;
  readonly #onAbort = () => this.close();

  constructor(
    private readonly doorbell: Doorbell,
    topic: string,
    private readonly signal: AbortSignal,
    private readonly maxWaitMs: number,
  ) {
    this.#closed = signal.aborted;
    signal.addEventListener('abort', this.#onAbort);
    this.#stopListening = doorbell.listen(topic, () => {
      this.#rung = true;
      this.#wake?.();
    });
  }

  /** Resolves at the next ring, at once if it rang since the last wait, or after the longest wait. */
  async wait(): Promise<void> {
    if (!this.#rung && !this.#closed) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const forget = this.doorbell.sleep(performance.now() + this.maxWaitMs, resolve);
      await promise;
      forget();
      this.#wake = null;
    }
    this.#rung = false;
  }

  /** Whether nobody listens any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Stops listening and wakes who waits. */
  close(): void {
    this.#closed = true;
    this.signal.removeEventListener('abort', this.#onAbort);
    this.#stopListening();
    this.#wake?.();
  }
}
