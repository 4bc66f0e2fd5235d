/**
 * Lets what belongs to one key happen one after another within this process, first come, first served. Whoever waits
 * holds nothing meanwhile, such as a connection of the pool.
 */
export class Turns {
  readonly #tails = new Map<string, Promise<void>>();

  /** Runs `work` when everything that came before it for `key` is over, however that ended. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key);
    const { promise: tail, resolve: leave } = Promise.withResolvers<void>();
    this.#tails.set(key, tail);
    await before;
    try {
      return await work();
    } finally {
      leave();
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    }
  }
}
