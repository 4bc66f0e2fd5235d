import { recentlyUsed } from '../recently-used.js';

/** What an event costs in objects: it is sent. And how often what is asked of it counts when that had to be loaded. */
const [eventCost, loadingFactor] = [20, 3];
/** How long an account may have been idle to have events at once for it. */
const longBurstMs = 30_000;
/** At once does not mean in one go: so many times faster than it may go on, and the very first so long. */
const [fastFactor, shortBurstMs] = [3, 150];
/** Some 2 MB. The account that was not asked for longest begins anew. */
const maxAccounts = 20_000;

/** Until when an account's events are paid for, by either measure. */
interface Paid {
  fast: number;
  slow: number;
}

/**
 * How fast the events of an account's subscriptions come, all together: opening them is counted, but one that begins in
 * the past gets thousands. Who has more waits, and loses nothing. It goes by what a virtual scheduler would (GCRA), in
 * this process: the burst is what a client has missed, the rate what it goes on with.
 */
export class EventPace {
  readonly #accounts = recentlyUsed<Paid>(maxAccounts);

  /**
   * @param objectsPerSecond what the events of an account may ask for in the long run
   * @param now milliseconds that only grow
   */
  constructor(
    private readonly objectsPerSecond: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Takes one event that loads what is asked of it, so many objects; 0 for one that has it all. Answers how many
   * milliseconds it has to wait.
   */
  take(account: string, loaded: number): number {
    const now = this.now();
    const takesMs = ((eventCost + loadingFactor * loaded) / this.objectsPerSecond) * 1_000;
    const paid = this.#paidOf(account);
    paid.fast = Math.max(paid.fast, now - shortBurstMs) + takesMs / fastFactor;
    paid.slow = Math.max(paid.slow, now - longBurstMs) + takesMs;
    return Math.max(0, paid.fast - now, paid.slow - now);
  }

  #paidOf(account: string): Paid {
    const known = this.#accounts.get(account);
    if (known) return known;
    const paid = { fast: 0, slow: 0 };
    this.#accounts.set(account, paid);
    return paid;
  }
}
