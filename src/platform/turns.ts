import { AppError } from '../errors.js';

/** How many may run at once for a key, and how many may wait. */
export interface TurnsOptions {
  readonly atOnce: number;
  /** One more is turned away at once. */
  readonly maxWaiting: number;
}

/** One key's place: how many run, and who waits, in the order of their coming. */
interface Place {
  running: number;
  readonly waiting: Set<() => void>;
}

/**
 * Lets what belongs to one key run a few at a time within this process, first come, first served. Whoever waits holds
 * nothing meanwhile, such as a connection of the pool, and waits no longer than it is ready to.
 */
export class Turns {
  readonly #places = new Map<string, Place>();

  constructor(private readonly options: TurnsOptions) {}

  /** Runs `work` in its turn. @throws UNAVAILABLE when that does not come in time, or too many wait already */
  async take<T>(key: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
    const place = this.#places.get(key) ?? { running: 0, waiting: new Set() };
    this.#places.set(key, place);
    if (place.running < this.options.atOnce) place.running += 1;
    else await this.#wait(place, timeoutMs);
    try {
      return await work();
    } finally {
      this.#leave(key, place);
    }
  }

  /** Runs `work` if its turn is now; otherwise answers null. */
  takeIfFree<T>(key: string, work: () => Promise<T>): Promise<T> | null {
    const isFree = (this.#places.get(key)?.running ?? 0) < this.options.atOnce;
    return isFree ? this.take(key, 0, work) : null;
  }

  async #wait({ waiting }: Place, timeoutMs: number): Promise<void> {
    if (waiting.size >= this.options.maxWaiting) throw new Busy();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      waiting.delete(resolve);
      reject(new Busy());
    }, timeoutMs);
    waiting.add(resolve);
    await promise.finally(() => clearTimeout(timer));
  }

  /** Hands the place on to who waits longest. */
  #leave(key: string, place: Place): void {
    const [next] = place.waiting;
    if (next) {
      place.waiting.delete(next);
      next();
      return;
    }
    place.running -= 1;
    if (place.running === 0) this.#places.delete(key);
  }
}

/** What waits too long, or behind too many, is refused. */
export class Busy extends AppError {
  constructor() {
    super('UNAVAILABLE', 'Other writes are in the way. Try again.', { retryAfter: 1 });
  }
}
