import { type Context, logFailure, runStatement } from './context.js';

/** Rows of what is due that are read at once. */
const batchSize = 200;
/** Rows that are worked on at once: an account that is locked costs its own lane some seconds. */
const lanes = 4;

/** One row on which work is due. */
interface Due {
  readonly id: string;
  readonly accountId: string;
}

/** A kind of work that is due on rows of many accounts. */
export interface Sweep {
  /** For the log: what could not be done. */
  readonly what: string;
  readonly from: string;
  /** The column that names the account: its own `id` where accounts themselves are due. */
  readonly account: 'account_id' | 'user_id' | 'id';
  /** What is due, with `values` as `$1` and so on. */
  readonly where: string;
  readonly values: readonly unknown[];
  /** The column by which the oldest comes first. */
  readonly since: string;
  readonly sinceType: 'timestamptz' | 'date';
  /** The column, a uuid, that tells rows apart. */
  readonly id: string;
  /** Does what is due on one, in a transaction of its own, after another look at whether it still is. */
  work(due: Due): Promise<unknown>;
}

/** A row with its place, to the microsecond. */
type Positioned = Due & { readonly since: string };

/**
 * Works off what is due. One that cannot be done is logged and left to the next run: those behind it wait no longer
 * than for its timeout, and it is not met again in this one.
 */
export async function sweep(ctx: Context, list: Sweep): Promise<void> {
  let last: Positioned | null = null;
  do {
    const rows: Positioned[] = await readBeyond(ctx, list, last);
    const left = rows.values();
    await Promise.all(Array.from({ length: lanes }, () => workOff(ctx, list, left)));
    last = rows.length === batchSize ? (rows.at(-1) ?? null) : null;
  } while (last !== null);
}

/** One lane of a page: what another has taken is not met again. */
async function workOff(ctx: Context, { what, work }: Sweep, left: Iterable<Due>): Promise<void> {
  for (const due of left) {
    try {
      await work(due);
    } catch (error) {
      logFailure(ctx.log, error, { due }, `${what} could not be done yet`);
    }
  }
}

function readBeyond(ctx: Context, list: Sweep, last: Positioned | null): Promise<Positioned[]> {
  const { from, account, where, values, since, sinceType, id } = list;
  const [sinceGiven, idGiven] = [`$${values.length + 1}::${sinceType}`, `$${values.length + 2}::uuid`];
  return runStatement<Positioned>(
    ctx,
    `select ${id} as id, ${account} as "accountId", ${since}::text as since from ${from}
     where ${where} and (${sinceGiven} is null or (${since}, ${id}) > (${sinceGiven}, ${idGiven}))
     order by ${since}, ${id} limit ${batchSize}`,
    [...values, last?.since ?? null, last?.id ?? null],
  );
}
