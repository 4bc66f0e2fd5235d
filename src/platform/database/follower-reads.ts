import type { Pool, QueryResult } from 'pg';
import { type Patience, Turns } from '../turns.js';

/** Statements of one account, and accounts, that wait at most. */
const [maxStatements, maxAccounts] = [1_000, 10_000];
/** Whoever follows has time, and connects again when it takes too long. */
const patience: Patience = { idleMs: 10_000, totalMs: 60_000 };

/**
 * What subscriptions read. One write wakes all of an account, hundreds perhaps, which then read the same: a statement
 * that waits for its turn is run once for all who ask for it meanwhile; who asks later gets one that begins later, since
 * there may be more by then. An account has one statement at a time, and all together have some connections of the pool:
 * requests do not wait for those who follow.
 */
export class FollowerReads {
  readonly #ofAccount = new Turns({ atOnce: 1, maxWaiting: maxStatements });
  readonly #ofAll: Turns;
  /** What has not begun, by account, text and values. */
  readonly #waiting = new Map<string, Promise<QueryResult>>();

  constructor(
    private readonly pool: Pool,
    connections: number,
  ) {
    this.#ofAll = new Turns({ atOnce: connections, maxWaiting: maxAccounts });
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
    const result = this.#ofAccount
      .take(account, patience, () =>
        this.#ofAll.take('', patience, () => {
          begun();
          return this.pool.query(text, [...values]);
        }),
      )
      .finally(() => hasBegun || begun());
    if (!hasBegun) this.#waiting.set(key, result);
    return result;
  }
}
