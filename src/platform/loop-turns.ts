import { unavailable } from './unavailable.js';

/** Milliseconds of one turn of the event loop that are given out before others wait for the next. */
const sliceMs = 4;
/** Requests that may wait, of all and of one key: each holds its memory meanwhile. */
const [maxWaiting, maxWaitingOfKey] = [2_000, 200];

/**
 * Turns of the event loop, shared out fairly. Reading a request (JSON, a document that is new, a rule) takes up to some
 * milliseconds in one piece, and many that came at once would be read before anything else goes on. Whoever comes when a
 * turn is used up waits for the next ones, and keys take turns, so that whoever sends many waits for them alone.
 */
export class LoopTurns {
  /** Whoever waits, by key; the first key is next. */
  readonly #waiting = new Map<string, (() => void)[]>();
  #count = 0;
  #turnBeganAt: number | null = null;

  /** @param now milliseconds that never go back */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Null when the work may be done at once, else what to wait for before it. @throws UNAVAILABLE when too many wait */
  enter(key: string): Promise<void> | null {
    if (this.#count === 0 && this.#hasTime()) return null;
    const queue = this.#waiting.get(key) ?? [];
    if (this.#count >= maxWaiting || queue.length >= maxWaitingOfKey)
      throw unavailable('Other requests are in the way. Try again.');
    this.#waiting.set(key, queue);
    this.#count += 1;
    setImmediate(this.#letIn);
    return new Promise((resolve) => queue.push(resolve));
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
    const [next] = this.#waiting;
    if (!next) return;
    if (!this.#hasTime()) {
      setImmediate(this.#letIn);
      return;
    }
    const [key, queue] = next;
    this.#waiting.delete(key);
    const enter = queue.shift();
    if (queue.length > 0) this.#waiting.set(key, queue);
    this.#count -= 1;
    enter?.();
  };
}
