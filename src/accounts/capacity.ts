import type { RowTx } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';
import { limitsOfPlan, readLimits } from './limits.js';

/** What an account may have only so much of, as its user calls it. */
const things = {
  tasks: 'tasks',
  subtasksPerTask: 'subtasks a task',
  remindersPerTask: 'reminders a task',
  taskTemplates: 'task templates',
  conversations: 'conversations',
} as const;

/** Makes sure that there may be one more than there are. @throws LIMIT_REACHED (`limit`, `current`) */
export function requireCapacityForOneMore(tx: RowTx, thing: keyof typeof things, current: number): Promise<void> {
  return requireCapacity(tx, thing, current + 1, current);
}

/** Makes sure that there may be this many. @throws LIMIT_REACHED (`limit`, `current`) */
export async function requireCapacity(
  tx: RowTx,
  thing: keyof typeof things,
  wanted: number,
  current = wanted,
): Promise<void> {
  // Allowances only add: what the plan allows alone needs no look at them.
  if (wanted <= limitsOfPlan(tx.unit.account.plan)[thing]) return;
  const { [thing]: limit } = await readLimits(tx);
  if (wanted <= limit) return;
  throw new AppError('LIMIT_REACHED', `This account may have ${limit} ${things[thing]}.`, { limit, current });
}
