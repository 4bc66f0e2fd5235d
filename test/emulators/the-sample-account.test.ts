import { beforeEach, expect, test } from '@jest/globals';
import { sampleUser, unpaidUser } from '../../infra/seed/sample-user.js';
import { seed } from '../../infra/seed/seed.js';
import { dayMs } from '../../src/kernel/days.js';
import { createLog } from '../../src/platform/log.js';
import { harness } from '../support/harness.js';
import { Payer } from '../support/payers.js';

const world = harness({ worker: false, lastingTokens: true });

const lines: string[] = [];
const log = createLog('error', { write: (line: string) => void lines.push(line) });
beforeEach(() => void lines.splice(0));

/** What a month has left. */
const everything = `{
  achievements { currentStreak longestStreak tasksCompleted }
  tasks(filter: { completed: true }) { totalCount }
  open: tasks(filter: { completed: false }) { totalCount }
  taskTemplates { totalCount }
  notifications { totalCount }
  conversations { totalCount nodes { messages(last: 1) { nodes { actions { kind state } } } } }
  notes(filter: { archived: true }) { nodes { convertedTo { title } } }
  spoken: notes(filter: { search: "Charles" }) { nodes { voice { seconds transcription } } }
  me { tier }
  billing {
    subscription { state failedPayments graceEndsAt periodStart periodEnd }
    card { lastFour }
    upcoming { amountCents }
    payments { nodes { purpose state amountCents credits cardLastFour } }
  }
  credits { total held }
}`;

test('a month is believable, adds up, and is made once', async () => {
  const fill = () => seed(world.config, log, world.clock.now(), world.google.url);
  expect(await fill()).toBe(true);

  const ada = await world.signIn(sampleUser);
  const { body } = await ada.send(everything);
  expect(body.errors).toBeUndefined();
  const counts = JSON.stringify(body.data);
  expect(body.data).toMatchObject({
    achievements: { currentStreak: 13, longestStreak: expect.any(Number) },
    taskTemplates: { totalCount: 4 },
    conversations: {
      totalCount: 3,
      nodes: [
        { messages: { nodes: [{ actions: [{ kind: 'CREATE_NOTE', state: 'PENDING' }] }] } },
        { messages: { nodes: [{ actions: [{ kind: 'CREATE_TASK', state: 'CONFIRMED' }] }] } },
        { messages: { nodes: [{ actions: [] }] } },
      ],
    },
    notes: { nodes: [{ convertedTo: { title: 'Call the plumber' } }, { convertedTo: null }] },
    spoken: { nodes: [{ voice: { seconds: 9, transcription: 'COMPLETED' } }] },
    me: { tier: 'PRO' },
    billing: {
      subscription: { state: 'ACTIVE', failedPayments: 0, graceEndsAt: null },
      card: { lastFour: '4242' },
      upcoming: { amountCents: 500 },
      payments: {
        nodes: [
          { purpose: 'PRO', state: 'SUCCEEDED', amountCents: 500, cardLastFour: '4242' },
          { purpose: 'CREDITS', state: 'SUCCEEDED', amountCents: 1_000, credits: 45, cardLastFour: '4242' },
          { purpose: 'CREDITS', state: 'EXPIRED', amountCents: 2_000, credits: 100, cardLastFour: null },
          { purpose: 'PRO', state: 'SUCCEEDED', amountCents: 500, cardLastFour: '4242' },
        ],
      },
    },
    credits: { held: 0 },
  });
  const [sums] = await world.sql<{ balance: string; entries: string }>(
    'select (select sum(balance) from billing.credit_bucket) as balance, (select sum(amount) from billing.credit_entry) as entries',
  );
  expect(sums?.balance).toBe(sums?.entries);

  expect(await fill()).toBe(false);
  const again = await ada.send(everything);
  expect(JSON.stringify(again.body.data)).toBe(counts);
  expect(lines).toEqual([]);
});

test('somebody else is in the grace period, and both accounts are renewed when they have a card that is taken', async () => {
  expect(await seed(world.config, log, world.clock.now(), world.google.url)).toBe(true);
  const ada = new Payer(world, await world.signIn(sampleUser));
  const grace = new Payer(world, await world.signIn(unpaidUser));
  const billing = await grace.billing();
  expect(billing).toMatchObject({
    tier: 'PRO',
    subscription: { state: 'GRACE_PERIOD', failedPayments: 3, needsNewCard: false },
    upcoming: null,
  });
  const leftMs = Date.parse(billing.subscription?.graceEndsAt ?? '') - world.clock.now().getTime();
  expect(leftMs).toBeGreaterThan(2 * dayMs);
  expect(leftMs).toBeLessThan(3 * dayMs);
  await grace.pay(await grace.startPro());
  expect(await grace.state()).toBe('ACTIVE');

  // Whatever the worker asks about is known to the stand-in.
  const known = world.checkout.books().length;
  world.clock.advance(31 * dayMs);
  await world.runJobs('billing.look-at-payments');
  for (const payer of [ada, grace]) await payer.renew();
  expect([await ada.state(), await grace.state()]).toEqual(['ACTIVE', 'ACTIVE']);
  expect(world.checkout.books().slice(known)).toMatchObject([{ kind: 'charge' }, { kind: 'charge' }]);
  expect(lines).toEqual([]);
});

test('where money would be real, nothing is paid, and the account is given Pro', async () => {
  const config = { ...world.config, CHECKOUT_SECRET_KEY: 'sk_of_somebody' };
  expect(await seed(config, log, world.clock.now(), world.google.url)).toBe(true);
  const ada = new Payer(world, await world.signIn(sampleUser));
  expect(await ada.billing()).toMatchObject({ tier: 'PRO', subscription: { state: 'CANCELLED' }, card: null });
  expect(world.checkout.books()).toEqual([]);
  expect(await world.sql('select from auth.user where email = $1', [unpaidUser.email])).toEqual([]);
  expect(lines).toEqual([]);
});
