import { z } from 'zod';
import type { Figure } from './report.js';
import { connections, cpuMeter, figuresOf, leadInMs, takeTurns } from './turns.js';
import type { World } from './world.js';

/** More than a run can burn. */
const credits = 100_000_000;

/**
 * A credit held and then paid, each in a transaction of its own, against two bare guarded updates of a balance on as many
 * connections; of one account, whose writes come one after another in either case, and of 1,000.
 */
export async function benchCredits(world: World): Promise<Figure[]> {
  const server = await world.alone('credits');
  const all = await richAccounts(world, 1_000);
  const figures: Figure[] = [];
  for (const [scenario, accounts] of [
    ['credits of one account', all.slice(0, 1)],
    ['credits of 1,000', all],
  ] as const) {
    const run = (by: 'product' | 'limit') => async (ms: number) => {
      const pairs = (forMs: number) => makePairs(server.url, { by, accounts, atOnce: connections, ms: forMs });
      await pairs(leadInMs);
      const cpu = await cpuMeter(world, server.pid);
      const { count, seconds } = await pairs(ms);
      return { perSecond: count / seconds, ...(await cpu.ofOne(count)) };
    };
    const outcomes = await takeTurns(run('product'), [{ name: 'bare updates', run: run('limit'), bar: 0.5 }]);
    figures.push(...figuresOf(scenario, outcomes, 'pairs/s'));
  }
  server.kill();
  return figures;
}

async function richAccounts(world: World, count: number): Promise<string[]> {
  const ids = (await world.users(count)).map(({ id }) => id);
  await world.pool.query(
    `insert into billing.credit_entry (id, account_id, kind, bucket, amount, reason, key, created_at)
     select gen_random_uuid(), id, 'GRANT', 'PURCHASED', $2, 'bench', 'bench:credits', now() from unnest($1::uuid[]) id`,
    [ids, credits],
  );
  return ids;
}

async function makePairs(url: string, order: object): Promise<z.infer<typeof Pairs>> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(order) });
  if (!response.ok) throw new Error(`Credits: ${await response.text()}`);
  return Pairs.parse(await response.json());
}

const Pairs = z.object({ count: z.number(), seconds: z.number() });
