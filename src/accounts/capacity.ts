import type { RowTx } from '../kernel/context.js';
import { limitReached } from '../kernel/errors.js';
import { limitsOfPlan, readLimits } from './limits.js';

/** What an account may have only so much of, as its user calls it. */
const things = {
  tasks: 'tasks',
  subtasksPerTask: 'subtasks a task',
  remindersPerTask: 'reminders a task',
  taskTemplates: 'task templates',
  conversations: 'conversations',
  notes: 'notes',
  storage: 'bytes of files',
  uploads: 'unfinished uploads',
} as const;

/** Makes sure that there may be one more than there are. @throws LIMIT_REACHED */
export function requireCapacityForOneMore(tx: RowTx, resource: keyof typeof things, current: number): Promise<void> {
  return requireCapacity(tx, resource, { current, wanted: current + 1 });
}

/** Makes sure that there may be as many as wanted, in place of those that there are. @throws LIMIT_REACHED */
export async function requireCapacity(
  tx: RowTx,
  resource: keyof typeof things,
  { current, wanted }: { readonly current: number; readonly wanted: number },
): Promise<void> {
  // Allowances only add: what the plan allows alone needs no look at them.
  if (wanted <= limitsOfPlan(tx.unit.account.plan)[resource]) return;
  const { [resource]: limit } = await readLimits(tx);
  if (wanted <= limit) return;
  throw limitReached(`This account may have ${limit} ${things[resource]}.`, { resource, limit, current });
}
