import { type Context, requireAccount } from './context.js';
import { maxPageSize } from './page.js';
import { accountTopic } from './transaction.js';

/** What can be followed: rows of the account that are numbered in commit order. */
export interface Followed<Row extends { readonly number: string }, Edge> {
  /** The number behind which to begin. It is asked once the doorbell is listened to, so that nothing falls between. */
  start(): Promise<string> | string;
  /** The next rows beyond a number, in order, `maxPageSize` at most. */
  readBeyond(number: string): Promise<readonly Row[]>;
  /** What is handed out for a row. */
  edgeOf(row: Row): Edge;
}

/**
 * Follows the rows of the caller's account: first what is stored beyond a number, then what comes. Nothing is skipped or
 * doubled. Ends when the context's signal aborts. @throws what the reads throw
 */
export async function* follow<Row extends { readonly number: string }, Edge>(
  ctx: Context,
  { start, readBeyond, edgeOf }: Followed<Row, Edge>,
): AsyncGenerator<Edge, void, undefined> {
  const bell = ctx.services.doorbell.bell(accountTopic(requireAccount(ctx)), ctx.signal);
  try {
    let number = await start();
    while (!bell.closed) {
      const rows = await readBeyond(number);
      for (const row of rows) {
        if (bell.closed) return;
        number = row.number;
        yield edgeOf(row);
      }
      if (rows.length < maxPageSize) await bell.wait();
    }
  } finally {
    bell.close();
  }
}
