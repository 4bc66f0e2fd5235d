import { expect, test } from '@jest/globals';
import { Conversation, CreditHistory, CreditStatement, Credits } from '../../generated/documents.js';
import { dayMs } from '../../src/kernel/days.js';
import { askAndRead, endOf, giveCredits } from '../support/answers.js';
import { endLapsedRuns, expectLedgerToAddUp } from '../support/crashes.js';
import { harness } from '../support/harness.js';
import { migratedFrom } from '../support/migrating.js';
import { OldAccount } from '../support/old-rows.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';

/** What the version before daily credits has left. */
interface Old {
  readonly pro: OldAccount;
  readonly free: OldAccount;
  readonly complete: { readonly conversationId: string };
  readonly failed: { readonly answerId: string };
  readonly open: { readonly answerId: string };
}

let old: Old;
const world = harness({
  worker: false,
  lastingTokens: true,
  database: () =>
    migratedFrom('0012_notes', async (client) => {
      const [pro, free] = [await OldAccount.insert(client, 'PRO'), await OldAccount.insert(client, 'FREE')];
      await pro.book('GRANT', 'PURCHASED', 20, { daysAgo: 15 });
      await pro.book('ADJUST', 'SUBSCRIPTION', 7, { daysAgo: 12 });
      await pro.book('ADJUST', 'DAILY', 3, { daysAgo: 10 });
      const [paid, released, held] = [
        await pro.hold('SUBSCRIPTION', 2, 3),
        await pro.hold('PURCHASED', 1, 2),
        await pro.hold('DAILY', 1, 1),
      ];
      await pro.settle(paid, 'SUBSCRIPTION', 2, true);
      await pro.settle(released, 'PURCHASED', 1, false);
      old = {
        pro,
        free,
        complete: await pro.converse(paid, 'COMPLETE', 'That.'),
        failed: await pro.converse(released, 'FAILED', 'Tha'),
        open: await pro.converse(held, 'STREAMING', 'Half an ans'),
      };
    }),
});

const signIn = ({ id }: OldAccount) => world.signIn({ email: `${id}@example.com`, name: 'Ada', sub: id });
const credits = async (person: Person) => (await person.ok(Credits, {})).credits;
const statement = async (person: Person, at?: Date) =>
  (await person.ok(CreditStatement, { at: at?.toISOString() })).creditStatement;
const balances = { daily: 2, subscription: 5, purchased: 20, kickstart: 5, total: 32, held: 1 };

test('balances of before there were daily credits are those of their ledgers, now and at every moment before', async () => {
  const [ada, bob] = [await signIn(old.pro), await signIn(old.free)];
  expect([ada.id, bob.id]).toEqual([old.pro.id, old.free.id]);
  expect(await credits(ada)).toMatchObject(balances);
  expect(await statement(ada)).toMatchObject(balances);
  expect(await credits(bob)).toMatchObject({ daily: 0, kickstart: 5, total: 5, held: 0 });
  const daysAgo = (days: number) => new Date(world.clock.now().getTime() - (days - 0.5) * dayMs);
  expect(await statement(ada, daysAgo(30))).toMatchObject({ total: 0, held: 0 });
  expect(await statement(ada, daysAgo(15))).toMatchObject({ purchased: 20, kickstart: 5, total: 25 });
  expect(await statement(ada, daysAgo(1))).toMatchObject({ daily: 2, subscription: 5, purchased: 19, held: 4 });
  const { creditHistory } = await ada.ok(CreditHistory, { first: 100 });
  const lines = nodesOf(creditHistory);
  expect([creditHistory.totalCount, lines.reduce((sum, { amount }) => sum + amount, 0)]).toEqual([10, 32]);
  await expectLedgerToAddUp(world);
});

test('an answer that was being written when the release came ends as failed, with its text, and its credit returns', async () => {
  const ada = await signIn(old.pro);
  await endLapsedRuns(world, ada);
  expect(await endOf(ada, old.open.answerId)).toMatchObject({
    error: 'AI_SERVICE_UNAVAILABLE',
    message: { state: 'FAILED', content: 'Half an ans' },
  });
  expect((await endOf(ada, old.failed.answerId)).message).toMatchObject({ state: 'FAILED', content: 'Tha' });
  expect(await credits(ada)).toMatchObject({ daily: 3, total: 33, held: 0 });
  await world.model({ tokensPerSecond: 0 });
  const { conversationId } = old.complete;
  await askAndRead(ada, 'And then?', { conversationId });
  const { messages } = (await ada.ok(Conversation, { id: conversationId })).conversation;
  expect(
    nodesOf(messages)
      .map(({ content }) => content)
      .slice(0, 3),
  ).toEqual(['What?', 'That.', 'And then?']);
  expect(await credits(ada)).toMatchObject({ daily: 2, total: 32, held: 0 });
  await expectLedgerToAddUp(world);
});

test('from the next midnight on daily credits come and go, and what was held before it returns to where it was', async () => {
  const [ada, bob] = [await signIn(old.pro), await signIn(old.free)];
  await giveCredits(world, bob, 1);
  world.clock.advance(dayMs);
  expect(await credits(ada)).toMatchObject({ daily: 10, subscription: 5, purchased: 20, total: 40, held: 1 });
  await world.runJobs('billing.grant-daily-credits');
  await endLapsedRuns(world, ada);
  expect(await credits(bob)).toMatchObject({ daily: 0, purchased: 1, total: 6, held: 0 });
  world.clock.advance(dayMs);
  for (const person of [ada, bob]) {
    const { dailyResetAt, ...now } = await credits(person);
    expect(await statement(person)).toMatchObject(now);
  }
  expect(await credits(ada)).toMatchObject({ daily: 10, total: 40, held: 0 });
  await expectLedgerToAddUp(world);
});
