import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Credits, Payments } from '../../generated/documents.js';
import { processPaymentEvents } from '../../src/billing/index.js';
import { sampleCheckoutWebhookSecret } from '../../src/config.js';
import { harness, json } from '../support/harness.js';
import { scrape } from '../support/metrics.js';
import { nodesOf } from '../support/pages.js';
import { payer } from '../support/payers.js';

const other = 'another-secret-of-tests';
const world = harness({ worker: false, lastingTokens: true, config: { CHECKOUT_OTHER_WEBHOOK_SECRET: other } });

const path = '/api/v1/webhooks/checkout';
const sign = (body: string | Buffer, secret = sampleCheckoutWebhookSecret) =>
  createHmac('sha256', secret).update(body).digest('hex');

function send(body: string | Buffer, signature: string | null = sign(body)): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(signature === null ? {} : { 'cko-signature': signature }) };
  return fetch(`${world.url}${path}`, { method: 'POST', body, headers });
}

/** An event as the provider sends it. */
const event = (id: string, data: object, type = 'payment_captured') =>
  JSON.stringify({ id, type, version: '1.0.0', created_on: '2026-11-21T00:00:00Z', data });

const stored = () =>
  world.sql<{ event_id: string; state: string; reason: string | null; body: string | null }>(
    'select event_id, state, reason, body from billing.payment_event order by received_at, id',
  );

test('what nobody of ours has signed is 401 and leaves nothing, however it is wrong', async () => {
  const body = event('evt_1', { id: 'pay_1', reference: 'x' });
  const good = sign(body);
  const bad = [
    null,
    '',
    'x',
    good.toUpperCase(),
    good.slice(1),
    `${good}0`,
    good.slice(0, -1),
    ` ${good.slice(1)}`,
    sign(`${body} `),
    sign(JSON.stringify(JSON.parse(body), null, 1)),
    sign(body, 'a wrong secret'),
    Buffer.from(good, 'hex').toString('base64'),
  ];
  for (const signature of bad) {
    const response = await send(body, signature);
    expect([signature, response.status]).toEqual([signature, 401]);
    expect(await response.json()).toMatchObject({ error: { code: 'UNAUTHENTICATED' } });
  }
  expect(await stored()).toEqual([]);
  const metrics = await scrape(world.url);
  expect(metrics.get('payment_events_total{outcome="refused"}')).toBe(bad.length);
});

test('what is signed is stored once, whatever it is; two secrets are good while one takes the place of the other', async () => {
  const known = event('evt_1', { id: 'pay_1', reference: 'x' });
  for (const signature of [sign(known), sign(known, other), sign(known)])
    expect((await send(known, signature)).status).toBe(200);
  const unknown = event('evt_2', { anything: true }, 'something_new');
  expect((await send(unknown)).status).toBe(200);
  for (const body of ['{"id":', '[]', '{}', 'null', '\0\uFFFD', event('evt_3', { id: 7 }), event('evt_\0', {})])
    expect([body, (await send(body)).status]).toEqual([body, 200]);
  const large = event('evt_4', { id: 'pay_1', reference: 'x', more: 'x'.repeat(1_000_000) });
  expect((await send(large)).status).toBe(413);
  const rows = await stored();
  expect(rows.slice(0, 2)).toMatchObject([
    { event_id: 'evt_1', state: 'RECEIVED', body: null },
    { event_id: 'evt_2', state: 'UNKNOWN', body: null },
  ]);
  expect(rows.slice(2).map(({ state }) => state)).toEqual(Array(7).fill('QUARANTINED'));
  expect(rows[2]).toMatchObject({
    event_id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    body: '{"id":',
    reason: 'The body is not JSON.',
  });
  const metrics = await scrape(world.url);
  expect(metrics.get('payment_events_total{outcome="received"}')).toBe(1);
  expect(metrics.get('payment_events_total{outcome="repeated"}')).toBe(2);
  expect(metrics.get('payment_events_total{outcome="unknown"}')).toBe(1);
  expect(metrics.get('payment_events_total{outcome="quarantined"}')).toBe(7);
  world.clock.goTo(new Date(world.clock.now().getTime() + 15 * 86_400_000));
  await world.runJobs('billing.forget-event-bodies');
  expect((await stored()).every(({ body }) => body === null)).toBe(true);
});

test('an event of a payment that nobody has begun, or that is another one than it says, changes nothing', async () => {
  world.expectErrors(/was quarantined/);
  const [ada, bob] = [await payer(world), await payer(world, 'Bob')];
  const [mine, his] = [await ada.startBuying(), await bob.startBuying()];
  const { paymentId } = world.checkout.pay({ reference: mine });
  await send(event('evt_1', { id: 'pay_aaaaaaaaaaaaaaaaaaaaaaaaaa', reference: mine }));
  await send(event('evt_2', { id: paymentId, reference: his }));
  await send(event('evt_3', { id: paymentId, reference: 'nobody' }));
  await world.runJobs('billing.process-payment-events');
  // A provider may list a little later what it has told of.
  expect((await stored()).map(({ state }) => state)).toEqual(Array(3).fill('RECEIVED'));
  world.clock.goTo(new Date(world.clock.now().getTime() + 660_000));
  await world.runJobs('billing.process-payment-events');
  expect((await stored()).map(({ state }) => state)).toEqual(Array(3).fill('QUARANTINED'));
  expect((await bob.person.ok(Credits, {})).credits.purchased).toBe(0);
  expect((await ada.person.ok(Credits, {})).credits.purchased).toBe(0);
});

test('a payment of another amount or currency than was asked for is quarantined, and grants nothing', async () => {
  world.expectErrors(/was quarantined|cannot be/);
  const ada = await payer(world);
  const reference = await ada.startBuying('credits_100');
  await world.sql('update billing.payment set amount_cents = 2500');
  await ada.pay(reference);
  expect(await stored()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ state: 'QUARANTINED', reason: expect.stringContaining('2000 USD') }),
    ]),
  );
  expect((await ada.person.ok(Credits, {})).credits.purchased).toBe(0);
});

test('an event is worked off although the provider is away for a while, and by one worker of two', async () => {
  const ada = await payer(world);
  const reference = await ada.startBuying();
  world.checkout.control({ hold: true });
  world.checkout.pay({ reference });
  world.checkout.control({ status: 503, request: 'read' });
  await world.checkout.deliver();
  await world.runJobs('billing.process-payment-events');
  expect((await stored()).map(({ state }) => state)).toEqual(['RECEIVED', 'RECEIVED']);
  world.checkout.control({ reset: true, hold: true });
  world.clock.goTo(new Date(world.clock.now().getTime() + 3_600_000));
  const workers = [await world.jobContext(), await world.jobContext()];
  await Promise.all(workers.map(processPaymentEvents));
  expect((await stored()).map(({ state }) => state)).toEqual(['PROCESSED', 'PROCESSED']);
  expect((await ada.person.ok(Credits, {})).credits.purchased).toBe(20);
  const [payment] = nodesOf((await ada.person.ok(Payments, {})).billing.payments);
  expect(payment).toMatchObject({ state: 'SUCCEEDED', credits: 20, amountCents: 500 });
  const told = await Promise.all(workers.map(({ services }) => services.metrics.registry.metrics()));
  expect(told.join('')).toContain('payments_total{purpose="CREDITS",outcome="succeeded"} 1\n');
  expect(told.join('')).toContain('payment_provider_requests_total{what="look",outcome="failed"} 0\n');
});

test('what cannot be worked off for three days is left to operators', async () => {
  const ada = await payer(world);
  const reference = await ada.startBuying();
  world.checkout.pay({ reference });
  world.checkout.control({ status: 503, request: 'read' });
  await world.checkout.deliver();
  await world.runJobs('billing.process-payment-events');
  world.clock.goTo(new Date(world.clock.now().getTime() + 4 * 86_400_000));
  await world.runJobs('billing.process-payment-events');
  expect((await stored()).map(({ state }) => state)).toEqual(['FAILED', 'FAILED']);
});

/** How often payments with one reference were asked for. */
async function lists(): Promise<number> {
  const shown: { readonly requests: { readonly list: number } } = await json(
    await fetch(`${world.checkout.url}/_control`),
  );
  return shown.requests.list;
}

test('many refused tries on one page are asked about once, and keep nobody else waiting', async () => {
  const [ada, bob] = [await payer(world), await payer(world, 'Bob')];
  const tried = await ada.startBuying();
  for (let tries = 0; tries < 30; tries += 1) world.checkout.pay({ reference: tried, outcome: 'declined' });
  const bought = await bob.startBuying();
  world.checkout.pay({ reference: bought });
  await world.checkout.deliver();
  const before = await lists();
  await world.runJobs('billing.process-payment-events');
  expect((await stored()).map(({ state }) => state)).toEqual(Array(32).fill('PROCESSED'));
  expect((await bob.person.ok(Credits, {})).credits.purchased).toBe(20);
  expect((await lists()) - before).toBeLessThan(8);
});
