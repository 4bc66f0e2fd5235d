import { sqlStateOf } from '../platform/database/rows.js';
import type { RowTx, Tx } from './context.js';
import { RunAgain } from './unit-of-work.js';

/**
 * A part of a transaction that may fail alone; it works with rows only. An optimistic transaction has no savepoint for
 * it: when the part fails, the whole runs again and has.
 * @throws RunAgain, which whoever handles a part's failure lets through; what `work` throws, when that was undone alone
 */
export async function savepointOfRows(outer: RowTx, work: (tx: RowTx) => Promise<void>): Promise<void> {
  if (!outer.unit.isOptimistic) return inSavepoint(outer, () => work(withoutEntities(outer)));
  try {
    await work(withoutEntities(outer));
  } catch (error) {
    // A part within this one has said so already.
    throw error instanceof RunAgain ? error : new RunAgain(error);
  }
  outer.loaders.clear();
}

/** Savepoints that are left to the commit: PostgreSQL looks through all that are open when it looks at a row. */
const maxOpenSavepoints = 8;

/**
 * Undoes what `work` did when it fails: in the database, and in the transaction's state. A savepoint is released by the
 * commit, which spares a statement each; its number keeps it apart from those that are around it.
 */
export function inSavepoint<T>(outer: RowTx, work: () => Promise<T>): Promise<T> {
  const { unit } = outer;
  const { runStatement } = unit;
  return restoreOnError(outer, async () => {
    const number = unit.openSavepoints + 1;
    const release = () => {
      unit.openSavepoints = number - 1;
      return runStatement(`release savepoint of_work_${number}`, []);
    };
    unit.openSavepoints = number;
    // Sent ahead of the first statement of `work`; it fails only where that does, too.
    const begun = runStatement(`savepoint of_work_${number}`, []);
    begun.catch(() => undefined);
    let result: T;
    try {
      result = await work();
      await begun;
    } catch (error) {
      await Promise.all([runStatement(`rollback to savepoint of_work_${number}`, []), release()]).catch(() => {
        // The connection is gone, and the transaction with it: it cannot run again, and what failed first is why.
        throw error instanceof RunAgain ? error.cause : error;
      });
      throw error;
    }
    // If it fails, so will the commit.
    if (number > maxOpenSavepoints) release().catch(() => undefined);
    return result;
  });
}

/** A rolled back savepoint does not take back what an entity manager remembers, so there is none. */
function withoutEntities(outer: RowTx & Partial<Pick<Tx, 'entities'>>): RowTx {
  const { entities, ...rows } = outer;
  return { ...rows, loaders: new Map() };
}

/** Takes the unit back to where it was when `work` fails. */
async function restoreOnError<T>({ unit, loaders }: RowTx, work: () => Promise<T>): Promise<T> {
  const undo = unit.mark();
  try {
    const result = await work();
    loaders.clear();
    return result;
  } catch (error) {
    undo();
    if (isDeadlock(error)) unit.deadlock = error;
    throw error;
  }
}

/** Whether PostgreSQL has ended a transaction to resolve a deadlock. */
export function isDeadlock(error: unknown): error is Error {
  return sqlStateOf(error) === '40P01';
}
