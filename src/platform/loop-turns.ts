import { AppError } from '../kernel/errors.js';
import type { StandingWait } from './standing-wait.js';
import { unavailable } from './unavailable.js';

/** Milliseconds of one turn of the event loop that are given out before others wait for the next. */
const sliceMs = 4;
/** Requests that may wait, of all and of one key: each holds its memory meanwhile. */
const [maxWaiting, maxWaitingOfKey] = [2_000, 100];

/** A request that waits for its turn. */
type Waiting = PromiseWithResolvers<void>;

/** Those of one key. */
interface Queue {
  readonly waiting: Waiting[];
  /** Ends the wait of its first one among the keys; how many of its own are before it is the key's own affair. */
  endWait(): void;
}

/**
 * Turns of the event loop, shared out fairly. Reading a request (JSON, a document that is new, a rule) takes up to some
 * milliseconds in one piece, and many that came at once would be read before anything else goes on. Whoever comes when a
 * turn is used up waits for the next ones, and keys take turns, so that whoever sends many waits for them alone; when too
 * many wait, the key that has most of them gives one up.
 */
export class LoopTurns {
  /** Whoever waits, by key; the first key is next. */
  readonly #queues = new Map<string, Queue>();
  #count = 0;
  #turnBeganAt: number | null = null;

  /**
   * @param waits is told how long keys wait for each other
   * @param now milliseconds that never go back
   */
  constructor(
    private readonly waits: StandingWait,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Null when the work may be done at once, else what to wait for before it; that rejects with UNAVAILABLE when it is
   * given up. @throws RATE_LIMITED when too many of the key wait
   */
  enter(key: string): Promise<void> | null {
    if (this.#count === 0 && this.#hasTime()) return null;
    const queue = this.#queues.get(key) ?? { waiting: [], endWait: this.waits.begin() };
    if (queue.waiting.length >= maxWaitingOfKey)
      throw new AppError('RATE_LIMITED', `At most ${maxWaitingOfKey} requests at once. Try again later.`, {
        retryAfter: 1,
      });
    const waiting: Waiting = Promise.withResolvers();
    queue.waiting.push(waiting);
    this.#queues.set(key, queue);
    this.#count += 1;
    setImmediate(this.#letIn);
    if (this.#count > maxWaiting) this.#giveUpOne();
    return waiting.promise;
  }

  /** The newest of the longest queue. */
  #giveUpOne(): void {
    let longest: Waiting[] = [];
    for (const { waiting } of this.#queues.values()) if (waiting.length > longest.length) longest = waiting;
    this.#count -= 1;
    longest.pop()?.reject(unavailable('Other requests are in the way. Try again.'));
  }

  #hasTime(): boolean {
    const now = this.now();
    if (this.#turnBeganAt !== null) return now - this.#turnBeganAt < sliceMs;
    this.#turnBeganAt = now;
    setImmediate(() => {
      this.#turnBeganAt = null;
    });
    return true;
  }

  /** Comes once for each that waits; what it lets in runs before the next one comes. */
  readonly #letIn = (): void => {
    const [next] = this.#queues;
    if (!next) return;
    if (!this.#hasTime()) {
      setImmediate(this.#letIn);
      return;
    }
    const [key, queue] = next;
    this.#queues.delete(key);
    queue.endWait();
    const waiting = queue.waiting.shift();
    if (queue.waiting.length > 0) this.#queues.set(key, { ...queue, endWait: this.waits.begin() });
    if (!waiting) return;
    this.#count -= 1;
    waiting.resolve();
  };
}
