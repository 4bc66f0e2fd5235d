import { AppError } from '../kernel/errors.js';
import type { StandingWait } from './standing-wait.js';

/** How many may run at once for a key, and how many may wait. */
export interface SemaphoreOptions {
  readonly atOnce: number;
  /** One more is turned away at once. */
  readonly maxWaiting: number;
  /** Is told who waits, where all keys wait for the same. */
  readonly waits?: StandingWait;
}

/** How long somebody waits, in milliseconds. */
export interface Patience {
  /** Since they came, or since a turn of the key last ended with something done. */
  readonly idleMs: number;
  /** Since they came, whatever gets done meanwhile; `idleMs` when not said. */
  readonly totalMs?: number;
}

/** How long a request waits: 3 s, and longer only while others of its key get done. */
export const requestPatience: Patience = { idleMs: 3_000, totalMs: 10_000 };

/** One key's place: how many run, and who waits, in the order of their coming. */
interface Place {
  running: number;
  readonly waiting: Set<() => void>;
  /** When a turn last ended with something done, by `performance.now()`. */
  progressedAt: number;
}

/**
 * Lets what belongs to one key run a few at a time within this process, first come, first served. Whoever waits holds
 * nothing meanwhile, such as a connection of the pool, and waits no longer than it is ready to.
 */
export class KeyedSemaphore {
  readonly #places = new Map<string, Place>();

  constructor(private readonly options: SemaphoreOptions) {}

  /**
   * Runs `work` in its turn, and tells it until when it may go on waiting, by `performance.now()`.
   * @throws UNAVAILABLE when the turn does not come in time, or too many wait already
   */
  async run<T>(key: string, patience: Patience, work: (deadline: number) => Promise<T>): Promise<T> {
    const place = this.#places.get(key) ?? { running: 0, waiting: new Set(), progressedAt: Number.NEGATIVE_INFINITY };
    this.#places.set(key, place);
    const deadline = deadlineIn(place, patience);
    if (place.running < this.options.atOnce) place.running += 1;
    else await this.#wait(place, deadline);
    let isDone = true;
    try {
      return await work(deadline());
    } catch (error) {
      isDone = !(error instanceof Busy);
      throw error;
    } finally {
      // A turn that waited in vain for something else shows only that the next would.
      if (isDone) place.progressedAt = performance.now();
      this.#leave(key, place);
    }
  }

  /** Runs `work` if its turn is now; otherwise answers null. */
  tryRun<T>(key: string, work: () => Promise<T>): Promise<T> | null {
    const isFree = (this.#places.get(key)?.running ?? 0) < this.options.atOnce;
    return isFree ? this.run(key, { idleMs: 0 }, work) : null;
  }

  async #wait({ waiting }: Place, deadline: () => number): Promise<void> {
    if (waiting.size >= this.options.maxWaiting) throw new Busy();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let timer: NodeJS.Timeout;
    const giveUpInTime = () => {
      const leftMs = deadline() - performance.now();
      if (leftMs > 0) {
        timer = setTimeout(giveUpInTime, Math.ceil(leftMs));
        return;
      }
      waiting.delete(resolve);
      reject(new Busy());
    };
    waiting.add(resolve);
    giveUpInTime();
    const end = this.options.waits?.begin();
    await promise.finally(() => {
      clearTimeout(timer);
      end?.();
    });
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

/** Keys that wait for a turn of all. */
const maxKeys = 10_000;

/** One at a time of each key and few of all: those of many keys come in turn, however many one of them asks for. */
export class FairSemaphore {
  readonly #ofKey: KeyedSemaphore;
  readonly #ofAll: KeyedSemaphore;

  /** @param options how many of all keys may run at once, and how many of each may wait */
  constructor({ atOnce, maxWaiting }: SemaphoreOptions) {
    this.#ofKey = new KeyedSemaphore({ atOnce: 1, maxWaiting });
    this.#ofAll = new KeyedSemaphore({ atOnce, maxWaiting: maxKeys });
  }

  /** As `run` of `KeyedSemaphore`. @throws UNAVAILABLE */
  run<T>(key: string, patience: Patience, work: () => Promise<T>): Promise<T> {
    return this.#ofKey.run(key, patience, () => this.#ofAll.run('', patience, work));
  }
}

/** Until when somebody who comes now waits, as far as is known whenever it is asked. */
function deadlineIn(place: Place, { idleMs, totalMs = idleMs }: Patience): () => number {
  const cameAt = performance.now();
  return () => Math.min(Math.max(cameAt, place.progressedAt) + idleMs, cameAt + totalMs);
}

/** What waits too long, or behind too many, is refused. */
export class Busy extends AppError {
  constructor() {
    super('UNAVAILABLE', 'Other requests are in the way. Try again.', { retryAfter: 1 });
  }
}
