import type { Context } from './context.js';

/** Rows of what is due that are read at once. */
const batchSize = 200;

/** A kind of work that is due on rows of many accounts. */
export interface Sweep<Due> {
  /** For the log: what could not be done. */
  readonly what: string;
  /** The next rows that are due, at most `limit`, beyond `last` in their order; `last` is null at the beginning. */
  read(last: Due | null, limit: number): Promise<Due[]>;
  /** Does what is due on one, in a transaction of its own, after another look at whether it still is. */
  work(due: Due): Promise<unknown>;
}

/**
 * Works off what is due. One that cannot be done is logged and left to the next run: those behind it wait no longer
 * than for its timeout, and it is not met again in this one.
 */
export async function sweep<Due>(ctx: Context, { what, read, work }: Sweep<Due>): Promise<void> {
  let last: Due | null = null;
  do {
    const rows: Due[] = await read(last, batchSize);
    for (const due of rows) {
      try {
        await work(due);
      } catch (error) {
        ctx.log.error({ error, due }, `${what} could not be done yet`);
      }
    }
    last = rows.length === batchSize ? (rows.at(-1) ?? null) : null;
  } while (last !== null);
}
