/**
 * Lets what belongs to one key happen one after another within this process, first come, first served. Whoever waits
 * holds nothing meanwhile, such as a connection of the pool.
 */
export class Turns {
  readonly #tails = new Map<string, Promise<void>>();

  /** Runs `work` when everything that came before it for `key` is over, however that ended. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const { before, leave } = this.#queue(key);
    await before;
    return inTurn(work, leave);
  }

  /** The same, unless its turn does not come in time: then it does nothing and answers null. */
  async takeWithin<T>(key: string, timeoutMs: number, work: () => Promise<T>): Promise<T | null> {
    const { before, leave } = this.#queue(key);
    if (await isOverWithin(timeoutMs, before)) return inTurn(work, leave);
    void before.then(leave);
    return null;
  }

  #queue(key: string): { readonly before: Promise<void>; readonly leave: () => void } {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const { promise: tail, resolve } = Promise.withResolvers<void>();
    this.#tails.set(key, tail);
    const leave = () => {
      resolve();
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    };
    return { before, leave };
  }
}

async function inTurn<T>(work: () => Promise<T>, leave: () => void): Promise<T> {
  try {
    return await work();
  } finally {
    leave();
  }
}

async function isOverWithin(timeoutMs: number, end: Promise<void>): Promise<boolean> {
  const { promise: timeout, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, timeoutMs, false);
  const isOver = await Promise.race([end.then(() => true), timeout]);
  clearTimeout(timer);
  return isOver;
}
