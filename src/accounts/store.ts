import type { Tier } from '../../entities/accounts/account.js';
import type { RunStatement } from '../kernel/context.js';
import type { AccountStore, LockedAccount } from '../kernel/unit-of-work.js';

/** How an account's row is locked: rows that refer to it may be written meanwhile, by whoever needs no lock for that. */
const lock = 'for no key update';

/** The accounts' table, as transactions use it. */
export const accountStore: AccountStore = {
  lock: (runStatement, id) => findAndLock(id, lock, runStatement),
  lockIfFree: (runStatement, id) => findAndLock(id, `${lock} skip locked`, runStatement),
  exists: async (runStatement, id) =>
    (await runStatement('select from accounts.account where id = $1', [id])).length > 0,
};

async function findAndLock(id: string, clause: string, runStatement: RunStatement): Promise<LockedAccount | null> {
  const [row] = await runStatement<{ plan: Tier; head: string; isClosed: boolean }>(
    `select plan, head, closed_at is not null as "isClosed" from accounts.account where id = $1 ${clause}`,
    [id],
  );
  return row ? { id, plan: row.plan, isClosed: row.isClosed, head: Number(row.head) } : null;
}
