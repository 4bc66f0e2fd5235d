import { listHolds } from '../billing/index.js';
import type { Context } from '../kernel/context.js';
import { leasesOfHolds } from '../llm/index.js';
import type { Answer } from './command.js';
import { momentOf, tableOf } from './print.js';

/**
 * What is held, the oldest first, with the lease of whoever looks after it: a process that writes an answer, or a
 * recording that is being written down. @param accountId null for all accounts
 */
export async function heldBy(ctx: Context, accountId: string | null, limit: number): Promise<Answer> {
  const holds = await listHolds(ctx, accountId, limit);
  const leases = await leasesOfHolds(ctx, holds);
  const data = holds.map(({ id, accountId, amount, key, reason, createdAt, leaseUntil }, index) => ({
    ...{ id, accountId, amount, key, reason, createdAt: momentOf(createdAt) },
    ...{ leaseUntil: momentOf(leaseUntil ?? leases[index]?.leaseUntil ?? null), run: leases[index]?.id ?? null },
  }));
  const rows = data.map((hold) => [hold.id, hold.accountId, hold.amount, hold.createdAt, hold.leaseUntil, hold.key]);
  return { data, text: tableOf(['id', 'account', 'credits', 'since', 'lease until', 'for'], rows, 'none', limit) };
}
