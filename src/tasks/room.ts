import { limitsIn, limitsOf } from '../achievements/index.js';
import { type RowTx, runStatement } from '../context.js';
import { AppError } from '../errors.js';

/** What an account may have only so much of, as its user calls it. */
const things = {
  tasks: 'tasks',
  subtasksPerTask: 'subtasks a task',
  remindersPerTask: 'reminders a task',
} as const;

/** Makes sure that the account may have one more task. @throws LIMIT_REACHED (`limit`, `current`) */
export async function roomForTask(tx: RowTx): Promise<void> {
  const [row] = await runStatement<{ count: number }>(
    tx,
    'select count(*)::int as count from tasks.task where user_id = $1',
    [tx.unit.account.id],
  );
  await roomForOneMore(tx, 'tasks', row?.count ?? 0);
}

/** Makes sure that there may be one more than there are. @throws LIMIT_REACHED (`limit`, `current`) */
export function roomForOneMore(tx: RowTx, thing: keyof typeof things, current: number): Promise<void> {
  return roomFor(tx, thing, current + 1, current);
}

/** Makes sure that there may be this many. @throws LIMIT_REACHED (`limit`, `current`) */
export async function roomFor(tx: RowTx, thing: keyof typeof things, wanted: number, current = wanted): Promise<void> {
  const { account } = tx.unit;
  // Perks only add: what the tier allows alone needs no look at them.
  if (wanted <= limitsOf(account.tier)[thing]) return;
  const { [thing]: limit } = await limitsIn(tx, account);
  if (wanted <= limit) return;
  throw new AppError('LIMIT_REACHED', `This account may have ${limit} ${things[thing]}.`, { limit, current });
}
