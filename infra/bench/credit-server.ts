import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { z } from 'zod';
import { jobContext, openCore } from '../../src/app.js';
import { holdCredits, settleHold } from '../../src/billing/index.js';
import { readConfig } from '../../src/config.js';
import { asAccount } from '../../src/kernel/context.js';
import { transaction } from '../../src/kernel/transaction.js';
import { createLog, toFile } from '../../src/platform/log.js';

/**
 * Holds and settles credits by the product's own functions, without HTTP and GraphQL around them, and moves a balance by
 * bare statements: for as long as it is asked to, in a process of its own with the product's pool.
 */
const config = readConfig(process.env, ['start']);
const core = await openCore(config, { api: null, worker: null }, createLog(config.LOG_LEVEL, toFile(1)));
const pool = new pg.Pool({ connectionString: config.DATABASE_URL, max: config.DATABASE_POOL_SIZE });

/** What is asked for: who is to make pairs, for which accounts, how many at once, for how long. */
const Order = z.object({
  by: z.enum(['product', 'limit']),
  accounts: z.array(z.string()).min(1),
  atOnce: z.number(),
  ms: z.number(),
});

/** Makes one pair for an account. */
type MakePair = (accountId: string) => Promise<void>;

const ctx = jobContext(core);

const makePair: Readonly<Record<z.infer<typeof Order>['by'], MakePair>> = {
  product: async (accountId) => {
    const own = asAccount(ctx, accountId);
    const request = { amount: 1, key: `bench:${randomUUID()}`, reason: 'bench' };
    const { holdId } = await transaction(own, (tx) => holdCredits(tx, request));
    await transaction(own, (tx) => settleHold(tx, holdId, 1));
  },
  limit: async (accountId) => {
    await pool.query({ name: 'take', text: takeText, values: [accountId] });
    await pool.query({ name: 'give', text: giveText, values: [accountId] });
  },
};

const takeText = `update billing.credit_bucket set balance = balance - 1
  where account_id = $1 and bucket = 'PURCHASED' and balance >= 1`;
const giveText = `update billing.credit_bucket set balance = balance + 1 where account_id = $1 and bucket = 'PURCHASED'`;

/** Each of those at once goes through accounts of its own, as far as there are as many. */
async function obey({ by, accounts, atOnce, ms }: z.infer<typeof Order>): Promise<{ count: number; seconds: number }> {
  const startedAt = performance.now();
  const counts = await Promise.all(
    Array.from({ length: atOnce }, async (_, place) => {
      let count = 0;
      for (let at = place; performance.now() < startedAt + ms; at += atOnce) {
        await makePair[by](accounts[at % accounts.length] ?? '');
        count += 1;
      }
      return count;
    }),
  );
  return { count: counts.reduce((sum, count) => sum + count, 0), seconds: (performance.now() - startedAt) / 1_000 };
}

const server = createServer(async (request, response) => {
  try {
    response.end(JSON.stringify(await obey(Order.parse(JSON.parse(await text(request))))));
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
});
