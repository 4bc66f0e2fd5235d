/** Is told when its topic rang. */
interface Listener {
  ring(): void;
}

/** How long a waiter sleeps at most: the slow poll behind a doorbell that may get lost. */
const slowPollMs = 15_000;

/**
 * Says "look again" to whoever waits for a topic, within this process. It carries no data and may ring for nothing;
 * who is woken reads what is stored.
 */
export class Doorbell {
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #sleepers = new Set<Bell>();
  readonly #timer: NodeJS.Timeout;

  constructor() {
    // One timer for all sleepers: a timer each would be the larger part of an idle subscription's memory.
    this.#timer = setInterval(() => this.#wakeOverdue(), 1_000).unref();
  }

  /** Calls `ring` at every ring of `topic` until the returned function is called. */
  listen(topic: string, ring: () => void): () => void {
    const listener = { ring };
    this.add(topic, listener);
    return () => this.remove(topic, listener);
  }

  /** Wakes the waiters of these topics in this process. */
  ring(topics: Iterable<string>): void {
    for (const topic of topics) {
      for (const listener of this.#listeners.get(topic) ?? []) listener.ring();
    }
  }

  /** Wakes everybody: after the line between processes was down, nobody knows what was missed. */
  ringAll(): void {
    for (const listeners of [...this.#listeners.values()]) for (const listener of [...listeners]) listener.ring();
  }

  /**
   * A bell for one reader of `topic`. A ring between two waits is remembered, so nothing slips between reading and
   * waiting. It closes when `signal` aborts; close it when done.
   */
  bell(topic: string, signal: AbortSignal, maxWaitMs: number = slowPollMs): Bell {
    return new Bell(this, topic, signal, maxWaitMs);
  }

  /** Used by bells, as are the next three: a listener that is an object, since thousands of them are kept. */
  add(topic: string, listener: Listener): void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners);
    listeners.add(listener);
  }

  remove(topic: string, listener: Listener): void {
    const listeners = this.#listeners.get(topic);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.#listeners.delete(topic);
  }

  /** A bell that is to be woken at its deadline, which is looked at once a second. */
  sleep(bell: Bell): void {
    this.#sleepers.add(bell);
  }

  forget(bell: Bell): void {
    this.#sleepers.delete(bell);
  }

  /** Ends the timer. */
  close(): void {
    clearInterval(this.#timer);
    this.ringAll();
  }

  #wakeOverdue(): void {
    const now = performance.now();
    for (const bell of this.#sleepers) if (bell.deadline <= now) bell.wake();
  }
}

/** One reader's side of the doorbell. It is kept for as long as a subscription is open, so it makes no closures. */
export class Bell implements Listener {
  #hasRung = false;
  #closed = false;
  #resolve: (() => void) | null = null;
  #deadline = 0;

  constructor(
    private readonly doorbell: Doorbell,
    private readonly topic: string,
    private readonly signal: AbortSignal,
    private readonly maxWaitMs: number,
  ) {
    this.#closed = signal.aborted;
    signal.addEventListener('abort', this);
    doorbell.add(topic, this);
  }

  /** Resolves at the next ring, at once if it rang since the last wait, or after the longest wait. */
  wait(): Promise<void> {
    if (this.#hasRung || this.#closed) {
      this.#hasRung = false;
      return Promise.resolve();
    }
    this.#deadline = performance.now() + this.maxWaitMs;
    this.doorbell.sleep(this);
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Remembered until the next wait. */
  ring(): void {
    if (this.#resolve) this.wake();
    else this.#hasRung = true;
  }

  /** Ends the wait, if there is one. */
  wake(): void {
    this.doorbell.forget(this);
    this.#resolve?.();
    this.#resolve = null;
  }

  /** `performance.now()` until which it waits at most. */
  get deadline(): number {
    return this.#deadline;
  }

  /** Whether nobody listens any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Its signal aborts. */
  handleEvent(): void {
    this.close();
  }

  /** Stops listening and wakes who waits. */
  close(): void {
    this.#closed = true;
    this.signal.removeEventListener('abort', this);
    this.doorbell.remove(this.topic, this);
    this.wake();
  }
}
