import type { RunStatement } from '../../kernel/context.js';

/** Has the provider asked about every payment that it may still say something new of: within a minute, by the worker. */
export async function reconcilePayments(runStatement: RunStatement, now: Date): Promise<number> {
  const rows = await runStatement('update billing.payment set look_at = $1 where look_at > $1 returning id', [now]);
  return rows.length;
}
