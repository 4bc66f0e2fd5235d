import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Credits, Me, ResumeSubscription } from '../../generated/documents.js';
import { dayMs } from '../../src/kernel/days.js';
import { adminJson, because, runAdmin } from '../support/admin.js';
import { harness } from '../support/harness.js';
import { payer } from '../support/payers.js';

const world = harness({ worker: false, lastingTokens: true });

test('plan gives Pro until a day without a payment, prolongs what is paid for, and ends it at once', async () => {
  const ada = await payer(world);
  const { id } = ada.person;
  expect((await runAdmin(world.config, ['plan', id, 'PRO', ...because])).code).toBe(2);
  expect(await runAdmin(world.config, ['plan', id, 'PRO', '--until', '9999-12-31', ...because])).toMatchObject({
    ...{ code: 1, err: 'Pro can be given for 10 years at most.\n' },
  });
  const until = new Date(world.clock.now().getTime() + 10 * dayMs).toISOString();
  await adminJson(world.config, 'plan', id, 'PRO', '--until', until, ...because);
  expect(await ada.billing()).toMatchObject({
    tier: 'PRO',
    subscription: { state: 'CANCELLED' },
    upcoming: null,
    card: null,
  });
  expect((await ada.person.ok(Credits, {})).credits.subscription).toBe(100);
  world.clock.goTo(new Date(world.clock.now().getTime() + 10 * dayMs + 1_000));
  await ada.renew();
  expect((await ada.person.ok(Me, {})).me.tier).toBe('FREE');
  await ada.becomePro();
  const longer = new Date(world.clock.now().getTime() + 60 * dayMs).toISOString();
  await adminJson(world.config, 'plan', id, 'PRO', '--until', longer, ...because);
  expect((await ada.billing()).subscription).toMatchObject({ state: 'CANCELLED', periodEnd: longer });
  // Resumed it is renewed by its card from then on, by the month.
  await ada.person.ok(ResumeSubscription, {});
  await ada.pay(await ada.startCard(), { card: { number: '5555555555554444' } });
  world.clock.goTo(new Date(new Date(longer).getTime() + 1_000));
  await ada.renew();
  expect((await ada.billing()).subscription).toMatchObject({ state: 'ACTIVE', periodStart: longer });
  expect(world.checkout.books().at(-1)).toMatchObject({ kind: 'charge', capturedCents: 500 });
  await adminJson(world.config, 'plan', id, 'FREE', ...because);
  expect(await ada.billing()).toMatchObject({ tier: 'FREE', subscription: { state: 'EXPIRED' } });
  const shown = await adminJson<{ billing: object }>(world.config, 'user', id);
  expect(shown.billing).toMatchObject({
    tier: 'FREE',
    state: 'EXPIRED',
    ...{
      card: 'MASTERCARD 4444, good until 2041-01-01T00:00:00.000Z',
      nextAt: null,
      graceEndsAt: null,
      needsNewCard: false,
    },
    payments: [{ purpose: 'PRO', amountCents: 500 }, { purpose: 'CARD', amountCents: 0 }, { purpose: 'PRO' }],
  });
});

test('events that were left are listed, and worked off once more', async () => {
  world.expectErrors(/was quarantined/);
  const ada = await payer(world);
  const reference = await ada.startBuying();
  await world.sql('update billing.payment set amount_cents = 600');
  await ada.pay(reference);
  const left = await adminJson<{ id: string; state: string; reference: string }[]>(world.config, 'events', 'list');
  expect(left.map(({ state }) => state)).toEqual(['QUARANTINED', 'QUARANTINED']);
  expect(left[0]).toMatchObject({ reference, type: expect.stringMatching(/^payment_/) });
  await world.sql('update billing.payment set amount_cents = 500');
  expect(await adminJson(world.config, 'events', 'retry', left[0]?.id ?? '', ...because)).toEqual({ retried: 1 });
  expect(await adminJson(world.config, 'events', 'retry', 'all', ...because)).toEqual({ retried: 1 });
  await world.runJobs('billing.process-payment-events');
  expect(await adminJson(world.config, 'events', 'list')).toEqual([]);
  expect((await ada.person.ok(Credits, {})).credits.purchased).toBe(20);
});

test('reconcile finds what no event has told', async () => {
  const ada = await payer(world);
  const reference = await ada.startBuying();
  await ada.pay(reference);
  world.checkout.refund({ reference });
  expect(await adminJson(world.config, 'reconcile', ...because)).toEqual({ payments: 1 });
  await world.runJobs('billing.look-at-payments');
  expect((await ada.person.ok(Credits, {})).credits.purchased).toBe(0);
});

test('export writes all of an account into a folder that was empty, and delete closes it', async () => {
  const ada = await payer(world);
  await ada.becomePro();
  const outer = await mkdtemp(join(tmpdir(), 'exports-'));
  const folder = join(outer, 'export');
  const { files } = await adminJson<{ files: string[] }>(world.config, 'export', ada.person.id, folder, ...because);
  expect((await readdir(folder)).sort()).toEqual(files.sort());
  expect(JSON.parse(await readFile(join(folder, 'payments.json'), 'utf8'))).toMatchObject([{ amountCents: 500 }]);
  expect((await runAdmin(world.config, ['export', ada.person.id, folder, ...because])).code).toBe(2);
  await rm(outer, { recursive: true });
  expect(await runAdmin(world.config, ['export', ada.person.id, '/proc/export', ...because])).toMatchObject({
    ...{ code: 2, err: expect.stringContaining('There can be no folder /proc/export: ') },
  });
  const closed = await adminJson<{ finalAt: string }>(world.config, 'delete', ada.person.id, ...because);
  expect(new Date(closed.finalAt).getTime()).toBeGreaterThan(world.clock.now().getTime() + 13 * dayMs);
  expect((await ada.person.send(Me, {})).body.errors?.[0]?.extensions?.['code']).toBe('UNAUTHENTICATED');
  const shown = await runAdmin(world.config, ['user', ada.person.id]);
  expect(shown.err).toContain(`it is deleted on ${closed.finalAt} if its user does not sign in before.`);
  // Nothing is renewed of what is closed, and its ledger stays.
  world.clock.goTo(new Date(world.clock.now().getTime() + 32 * dayMs));
  await world.runJobs('billing.work-subscriptions');
  await world.runJobs('privacy.delete-closed-accounts');
  expect(world.checkout.books()).toHaveLength(1);
  const [row] = await world.sql('select card_last_four, state from billing.payment');
  expect(row).toEqual({ card_last_four: null, state: 'SUCCEEDED' });
  expect(await world.sql('select state, instrument_id from billing.subscription')).toEqual([
    { state: 'EXPIRED', instrument_id: null },
  ]);
});
