import { RunState } from '../../entities/llm/run.js';
import { type Context, runStatement } from '../kernel/context.js';
import { sweep } from '../kernel/sweep.js';
import { endRun } from './end-run.js';
import type { Purpose } from './purpose.js';

/**
 * Makes the job that ends the runs whose process died: what was written stays, the run is marked failed, its credits
 * return. Two sweepers at once end each run once, since the lease is given up under the account's lock.
 *
 * A lease must have lapsed by the time of an earlier look: when the database was away for all, whoever holds a run has
 * had as long as lies between two looks to store it, or to renew its lease, before it is taken for dead.
 */
export function runSweeper(purposes: readonly Purpose[]): (ctx: Context) => Promise<void> {
  let lookedAt: string | null = null;
  return async (ctx) => {
    const [look] = await runStatement<{ at: string }>(ctx, 'select now()::text as at', []);
    if (lookedAt !== null) for (const purpose of purposes) await endLapsed(ctx, purpose, lookedAt);
    lookedAt = look?.at ?? null;
  };
}

/** What is known of a run whose process is gone. */
const lost = {
  state: RunState.FAILED,
  text: null,
  toolCalls: [],
  value: undefined,
  seen: new Map(),
  isCut: false,
  usage: null,
  firstTextAt: null,
  leaseOwner: null,
} as const;

function endLapsed(ctx: Context, purpose: Purpose, before: string): Promise<void> {
  return sweep(ctx, {
    what: 'ending a lapsed run',
    from: 'llm.run',
    account: 'account_id',
    where: 'ended_at is null and lease_until < $1 and purpose = $2',
    values: [before, purpose.name],
    since: 'created_at',
    sinceType: 'timestamptz',
    id: 'id',
    work: async ({ id: runId, accountId }) => {
      ctx.log.warn({ run: runId, account: accountId }, 'a run was ended whose process has not renewed its lease');
      await endRun(ctx, purpose, { runId, accountId, ...lost });
    },
  });
}
