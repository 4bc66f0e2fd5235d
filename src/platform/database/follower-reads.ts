import type { Pool, QueryResult } from 'pg';
import { FairSemaphore, type Patience } from '../keyed-semaphore.js';

/** Statements of one account that wait at most. */
const maxWaiting = 1_000;
/** Whoever follows has time, and connects again when it takes too long. */
const patience: Patience = { idleMs: 10_000, totalMs: 60_000 };

/**
 * What subscriptions read. One write wakes all of an account, hundreds perhaps, which then read the same: a statement
 * that waits for its turn is run once for all who ask for it meanwhile; who asks later gets one that begins later, since
 * there may be more by then. An account has one statement at a time, and all together have some connections of the pool:
 * requests do not wait for those who follow.
 */
export class FollowerReads {
  readonly #semaphore: FairSemaphore;
  /** What has not begun, by account, text and values. */
  readonly #waiting = new Map<string, Promise<QueryResult>>();

  constructor(
    private readonly pool: Pool,
    connections: number,
  ) {
    this.#semaphore = new FairSemaphore({ atOnce: connections, maxWaiting });
  }

  /** Answers the rows of a statement, which others may have too. @throws UNAVAILABLE when it waits too long */
  async run<Row extends object>(account: string, text: string, values: readonly unknown[]): Promise<Row[]> {
    const key = JSON.stringify([account, text, values]);
    const { rows } = await (this.#waiting.get(key) ?? this.#begin(key, account, text, values));
    return [...rows];
  }

  #begin(key: string, account: string, text: string, values: readonly unknown[]): Promise<QueryResult> {
    let hasBegun = false;
    const begun = () => {
      hasBegun = true;
      this.#waiting.delete(key);
    };
    const result = this.#semaphore
      .run(account, patience, () => {
        begun();
        return this.pool.query(text, [...values]);
      })
      .finally(() => hasBegun || begun());
    if (!hasBegun) this.#waiting.set(key, result);
    return result;
  }
}
