import { expect, test } from '@jest/globals';
import { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { CreditStatement, Credits } from '../../generated/documents.js';
import {
  adjustCredits,
  holdCredits,
  refundHold,
  renewSubscriptionCredits,
  settleHold,
} from '../../src/billing/index.js';
import { asAccount, type Context } from '../../src/kernel/context.js';
import { AppError } from '../../src/kernel/errors.js';
import { transaction } from '../../src/kernel/transaction.js';
import { Chance } from '../support/chance.js';
import { harness } from '../support/harness.js';
import type { Person } from '../support/person.js';
import { makePro } from '../support/pro.js';

const world = harness({ lastingTokens: true, worker: false });
const hourMs = 3_600_000;
const rounds = 25;
const actsOfRound = 8;
const order = ['DAILY', 'SUBSCRIPTION', 'PURCHASED', 'KICKSTART'];

interface Line {
  readonly number: string;
  readonly kind: string;
  readonly bucket: string;
  readonly amount: number;
  readonly balance_after: number;
  readonly key: string;
  readonly hold_id: string | null;
  readonly created_at: Date;
}

/** What random users do to one account from two processes; each act succeeds, or is refused for want of credits. */
class Acts {
  readonly holds: string[] = [];
  #number = 0;

  constructor(
    private readonly chance: Chance,
    private readonly processes: readonly Context[],
  ) {}

  async any(): Promise<void> {
    const ctx = this.chance.pick(this.processes);
    this.#number += 1;
    const key = `act:${this.#number}`;
    const act = this.chance.upTo(9);
    try {
      if (act <= 3) this.holds.push(await this.hold(ctx, key));
      else if (act <= 6) await this.settle(ctx, this.chance.upTo(6));
      else if (act === 7) await this.refund(ctx);
      else if (act === 8) await this.adjust(ctx, key);
      else await transaction(ctx, (tx) => renewSubscriptionCredits(tx, `period ${this.#number}`));
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'INSUFFICIENT_CREDITS')) throw error;
    }
  }

  async hold(ctx: Context, key: string): Promise<string> {
    const request = { amount: 1 + this.chance.upTo(14), key, reason: 'test' };
    return (await transaction(ctx, (tx) => holdCredits(tx, request))).holdId;
  }

  async settle(ctx: Context, credits: number): Promise<void> {
    if (this.holds.length === 0) return;
    const holdId = this.chance.pick(this.holds);
    await transaction(ctx, (tx) => settleHold(tx, holdId, credits));
  }

  async refund(ctx: Context): Promise<void> {
    if (this.holds.length === 0) return;
    const holdId = this.chance.pick(this.holds);
    await transaction(ctx, (tx) => refundHold(tx, holdId, 'test'));
  }

  async adjust(ctx: Context, key: string): Promise<void> {
    const bucket = this.chance.pick(Object.values(CreditBucketName));
    await adjustCredits(ctx, { bucket, amount: 1 + this.chance.upTo(5), reason: 'test', key });
  }
}

test.each([1, 2, 3])(
  'whatever happens to credits at once, over days, the ledger keeps its rules (run %i)',
  async () => {
    world.clock.stopAt(new Date('2027-05-01T05:00:00Z'));
    const chance = new Chance(Math.floor(Math.random() * 2 ** 32));
    const ada = await world.user();
    await makePro(ada, world, 0);
    const processes = [await world.jobContext(), await world.jobContext()].map((ctx) => asAccount(ctx, ada.id));
    const acts = new Acts(chance, processes);
    const reads: { at: Date; balances: object }[] = [];
    try {
      for (let round = 0; round < rounds; round += 1) {
        await Promise.all(Array.from({ length: actsOfRound }, () => acts.any()));
        const { dailyResetAt, ...balances } = (await ada.ok(Credits, {})).credits;
        reads.push({ at: world.clock.now(), balances });
        await expectRules(ada);
        world.clock.stopAt(new Date(world.clock.now().getTime() + chance.upTo(15) * hourMs + 1));
      }
      for (const { at, balances } of reads) {
        const { creditStatement } = await ada.ok(CreditStatement, { at: at.toISOString(), first: 1 });
        expect(creditStatement).toMatchObject(balances);
      }
    } catch (error) {
      throw new Error(`With the seed ${chance.seed}.`, { cause: error });
    }
  },
);

/** By the lines alone, in their order. */
async function expectRules(ada: Person): Promise<void> {
  const lines = await world.sql<Line>('select * from billing.credit_entry where account_id = $1 order by number', [
    ada.id,
  ]);
  expect(new Set(lines.map(({ key }) => key)).size).toBe(lines.length);
  const balances = new Map(order.map((bucket) => [bucket, 0]));
  let last = new Date(0);
  for (const line of lines) {
    const before = new Map(balances);
    const after = (balances.get(line.bucket) ?? 0) + line.amount;
    balances.set(line.bucket, after);
    expect(after).toBe(line.balance_after);
    expect(after).toBeGreaterThanOrEqual(0);
    expect(line.created_at.getTime()).toBeGreaterThanOrEqual(last.getTime());
    last = line.created_at;
    if (line.kind === 'HOLD') expectSpentInOrder(line, before);
    if (line.kind === 'GRANT' && line.bucket === 'DAILY') {
      expect([after, line.created_at.toISOString().slice(11)]).toEqual([10, '00:00:00.000Z']);
    }
    if (line.bucket === 'SUBSCRIPTION' && line.kind === 'GRANT') expect(after).toBeLessThanOrEqual(150);
  }
  const stored = await world.sql<{ bucket: string; balance: number }>(
    'select bucket, balance from billing.credit_bucket where account_id = $1',
    [ada.id],
  );
  for (const { bucket, balance } of stored) expect([bucket, balance]).toEqual([bucket, balances.get(bucket)]);
}

/** Nothing is taken from a bucket while one that comes before it has any. */
function expectSpentInOrder(line: Line, before: ReadonlyMap<string, number>): void {
  for (const earlier of order.slice(0, order.indexOf(line.bucket)))
    expect([earlier, before.get(earlier)]).toEqual([earlier, 0]);
}
