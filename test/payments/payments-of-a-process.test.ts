import { expect, test } from '@jest/globals';
import { openProviders } from '../../src/providers.js';
import { pageRequest } from '../support/checkout.js';
import { harness } from '../support/harness.js';
import { openReceiver } from '../support/webhook-receiver.js';

const world = harness({ worker: false });

test('a process takes payments where it is configured to, by its own clock, and hears of them when a test says so', async () => {
  const { providers, services } = await world.jobContext();
  expect(services.appUrl).toBe('http://localhost:5173');
  const page = await providers.payments.openPage(pageRequest('order'));
  expect(page.expiresAt.getTime() - world.clock.now().getTime()).toBeGreaterThan(29 * 60_000);
  world.clock.goTo(page.expiresAt);
  expect(() => world.checkout.pay({ reference: 'order' })).toThrow('This page has expired.');
  await providers.payments.openPage(pageRequest('order'));
  world.checkout.pay({ reference: 'order' });
  expect(await providers.payments.findPayments('order')).toMatchObject([{ status: 'PAID' }]);
  const receiver = await openReceiver(world.config.CHECKOUT_WEBHOOK_SECRET);
  try {
    world.checkout.control({ webhookUrl: receiver.url });
    await world.checkout.deliver();
    const [body = ''] = receiver.events.map((event) => event.body);
    expect(receiver.events.map(({ isSigned }) => isSigned)).toEqual([true, true]);
    expect(providers.payments.readEvent(Buffer.from(body), 'f'.repeat(64))).toBeNull();
  } finally {
    await receiver.close();
  }
});

test('a process that has no role takes none', () => {
  const { payments } = openProviders({ api: null, worker: null }, world.clock);
  expect(() => payments.openPage(pageRequest('order'))).toThrow('not configured for it');
});

test('either secret of events is good, where there are two', async () => {
  const other = { ...world.config, CHECKOUT_OTHER_WEBHOOK_SECRET: 'the-next-one' };
  const { payments } = openProviders({ api: other, worker: null }, world.clock);
  const receiver = await openReceiver('the-next-one');
  try {
    world.checkout.control({ webhookUrl: receiver.url, webhookSecret: 'the-next-one' });
    await payments.openPage(pageRequest('rotated'));
    world.checkout.pay({ reference: 'rotated' });
    await world.checkout.deliver();
    expect(receiver.events.map(({ isSigned }) => isSigned)).toEqual([true, true]);
  } finally {
    await receiver.close();
  }
});
