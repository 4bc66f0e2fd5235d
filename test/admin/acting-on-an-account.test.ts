import { expect, test } from '@jest/globals';
import { Activity, Credits, Me } from '../../generated/documents.js';
import { requireOperator } from '../../src/auth/index.js';
import { holdCredits } from '../../src/billing/index.js';
import { asAccount } from '../../src/kernel/context.js';
import { transaction } from '../../src/kernel/transaction.js';
import { adminJson, because, runAdmin } from '../support/admin.js';
import { harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';

const world = harness({ worker: false });

const run = (...args: readonly string[]) => runAdmin(world.config, args);

/** What the record has of operators, the oldest first. */
const recorded = () =>
  world.sql<{ operator: string }>(
    'select operator, action, account_id as "accountId", reason, details from activity.operator_action order by at, id',
  );

/** What a user reads of what operators did. */
const readBy = async (person: Person) =>
  nodesOf((await person.ok(Activity, { filter: { types: ['operator.acted'] } })).activity);

const credits = async (person: Person) => (await person.ok(Credits, {})).credits;

test('granted credits are bought ones, with a line in the history, an event and a record that names the operator', async () => {
  const ada = await world.user();
  const granted = await adminJson(world.config, 'grant', ada.id, '50', ...because);
  expect(granted).toMatchObject({ user: ada.id, bucket: 'PURCHASED', credits: 50, granted: true, total: 55 });
  expect(await credits(ada)).toMatchObject({ purchased: 50, total: 55 });
  expect(await world.sql("select kind, amount, reason from billing.credit_entry where kind = 'ADJUST'")).toEqual([
    { kind: 'ADJUST', amount: 50, reason: 'a test wants it' },
  ]);
  const events = await readBy(ada);
  expect(events.map(({ metadata, source, actor }) => ({ metadata, source, actor }))).toEqual([
    { metadata: { action: 'CREDITS_GRANTED', reason: 'a test wants it' }, source: 'SYSTEM', actor: null },
  ]);
  expect(JSON.stringify(events)).not.toContain('grace');
  expect(await recorded()).toEqual([
    {
      ...{ operator: 'grace', action: 'CREDITS_GRANTED', accountId: ada.id, reason: 'a test wants it' },
      details: { bucket: 'PURCHASED', credits: 50, key: expect.any(String) },
    },
  ]);
});

test('a grant with the key of one before changes nothing, and one of another amount is refused', async () => {
  const ada = await world.user();
  const grant = (credits: string) => run('grant', ada.session.user.email, credits, '--key', 'refund-7', ...because);
  expect(await grant('5')).toMatchObject({ code: 0 });
  expect(await grant('5')).toMatchObject({ code: 0, out: expect.stringContaining('used before') });
  expect(await grant('6')).toEqual({ code: 1, out: '', err: expect.stringContaining('operator:refund-7') });
  expect(await credits(ada)).toMatchObject({ purchased: 5 });
  expect(await recorded()).toHaveLength(1);
  expect(await readBy(ada)).toHaveLength(1);
});

test('credits are taken away behind two dashes, from the bucket that is named, and never below zero', async () => {
  const ada = await world.user();
  const take = (credits: string) => run('grant', ada.id, '--bucket', 'KICKSTART', ...because, '--', credits);
  expect(await take('-6')).toEqual({ code: 1, out: '', err: 'There are only 5 credits in KICKSTART.\n' });
  expect(await recorded()).toEqual([]);
  expect(await take('-2')).toMatchObject({ code: 0, out: expect.stringContaining('-2 credits in KICKSTART') });
  expect(await credits(ada)).toMatchObject({ kickstart: 3 });
});

test('signing out ends every session of somebody', async () => {
  const ada = await world.user();
  await world.signIn({ email: ada.session.user.email });
  expect(await adminJson(world.config, 'sign-out', ada.id, ...because)).toEqual({ user: ada.id, endedSessions: 2 });
  await ada.refused(Me, {}, 'UNAUTHENTICATED');
  expect(await recorded()).toMatchObject([{ action: 'SIGNED_OUT', accountId: ada.id }]);
});

test('a role is looked up at every use, and holds for a token that was there before', async () => {
  const ada = await world.user();
  const person = { kind: 'PERSON', sessionId: 'any', expiresAt: 0 } as const;
  const ctx = { ...(await world.jobContext()), actor: { ...person, id: ada.id } };
  await expect(requireOperator(ctx)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  const give = (role: string) => adminJson(world.config, 'role', ada.id, role, ...because);
  expect(await give('OPERATOR')).toEqual({ user: ada.id, role: 'OPERATOR', changed: true });
  expect(await give('OPERATOR')).toMatchObject({ changed: false });
  expect(await requireOperator(ctx)).toMatchObject({ id: ada.id });
  expect(await give('USER')).toMatchObject({ changed: true });
  await expect(requireOperator(ctx)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  expect(await recorded()).toMatchObject([{ details: { role: 'OPERATOR' } }, { details: { role: 'USER' } }]);
  expect(await readBy(ada)).toHaveLength(2);
});

test('user shows who somebody is, by id or address in any case, with credits, sessions and what is held', async () => {
  const ada = await world.user();
  const ctx = asAccount(await world.jobContext(), ada.id);
  await transaction(ctx, (tx) => holdCredits(tx, { amount: 2, key: 'test:1', reason: 'test' }));
  const shown = await adminJson<object>(world.config, 'user', ada.session.user.email.toUpperCase());
  expect(shown).toEqual({
    ...{ id: ada.id, email: ada.session.user.email, name: 'Ada' },
    account: {
      ...{ id: ada.id, role: 'USER', timeZone: 'UTC', plan: 'FREE', createdAt: expect.stringMatching(/Z$/) },
      ...{ closedAt: null, finalAt: null },
    },
    billing: { tier: 'FREE', state: null, payments: [] },
    credits: expect.objectContaining({ total: 3, kickstart: 3, held: 2 }),
    holds: [expect.objectContaining({ accountId: ada.id, amount: 2, key: 'test:1', leaseUntil: null, run: null })],
    sessions: [expect.objectContaining({ id: expect.any(String), expiresAt: expect.stringMatching(/Z$/) })],
  });
  const { code, out } = await run('user', ada.id);
  expect([code, out]).toEqual([0, expect.stringMatching(/^Ada <ada-.*>\n\naccount\n {2}id +[0-9a-f-]{36}\n/)]);
  const held = await adminJson<object[]>(world.config, 'holds');
  expect(held).toEqual([expect.objectContaining({ accountId: ada.id, amount: 2 })]);
});

test('an address that several people had is refused with their ids', async () => {
  const [ada, other] = [await world.user(), await world.user('Bob')];
  await world.sql('update auth.user set email = $1 where id = $2', [ada.session.user.email, other.id]);
  const { code, err } = await run('user', ada.session.user.email);
  expect([code, err]).toEqual([2, expect.stringContaining(`${other.id}, ${ada.id}`)]);
});

test('what operators did is forgotten after a year, and not before', async () => {
  const ada = await world.user();
  await run('grant', ada.id, '1', ...because);
  await world.runJobs('activity.forget-operator-actions');
  expect(await recorded()).toHaveLength(1);
  await expect(world.sql("update activity.operator_action set reason = 'another'")).rejects.toThrow('does not change');
  world.clock.advance(366 * 86_400_000);
  await world.runJobs('activity.forget-operator-actions');
  expect(await recorded()).toEqual([]);
});
