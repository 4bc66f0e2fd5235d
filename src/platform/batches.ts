import { setTimeout as pause } from 'node:timers/promises';

/** Keys that are sent together, and what happens to them. */
interface Batch<Key> {
  readonly keys: Set<Key>;
  readonly sent: PromiseWithResolvers<void>;
}

/** How much a batch may be, and how many may wait. */
export interface BatchOptions {
  /** What is added within this time is sent together; there is one batch at a time. */
  readonly coalesceMs: number;
  readonly maxKeys: number;
  /** What is added when more wait is refused. */
  readonly maxBatches: number;
}

/** Sends what is to be done for many keys together, each once a batch, one batch after the other. */
export class Batches<Key> {
  readonly #queue: Batch<Key>[] = [];
  #sending: Promise<void> | null = null;

  constructor(
    private readonly send: (keys: readonly Key[]) => Promise<void>,
    private readonly options: BatchOptions,
  ) {}

  /** Resolves once a batch with the key, which begins later than now, has been sent. Nobody needs to listen. @throws what `send` does */
  add(key: Key): Promise<void> {
    const batch = this.#open();
    if (!batch) return refused;
    batch.keys.add(key);
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
    return batch.sent.promise;
  }

  /** Resolves when nothing waits any more. */
  async settled(): Promise<void> {
    await this.#sending;
  }

  /** The batch that still takes keys; null when too many wait. */
  #open(): Batch<Key> | null {
    const last = this.#queue.at(-1);
    if (last && last.keys.size < this.options.maxKeys) return last;
    if (this.#queue.length >= this.options.maxBatches) return null;
    const batch = { keys: new Set<Key>(), sent: Promise.withResolvers<void>() };
    batch.sent.promise.catch(() => undefined);
    this.#queue.push(batch);
    return batch;
  }

  async #sendAll(): Promise<void> {
    while (this.#queue.length > 0) {
      await pause(this.options.coalesceMs);
      const batch = this.#queue.shift();
      if (batch) await this.send([...batch.keys]).then(batch.sent.resolve, batch.sent.reject);
    }
  }
}

const refused = Promise.reject(new Error('Too many batches wait.'));
refused.catch(() => undefined);
