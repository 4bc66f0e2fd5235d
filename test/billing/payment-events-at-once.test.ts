import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { receivePaymentEvent } from '../../src/billing/index.js';
import { sampleCheckoutWebhookSecret } from '../../src/config.js';
import { connectClient, eventually, harness } from '../support/harness.js';
import { scrape } from '../support/metrics.js';

const world = harness({ worker: false });

const sign = (body: string) => createHmac('sha256', sampleCheckoutWebhookSecret).update(body).digest('hex');
const event = (id: string, type = 'payment_captured') => JSON.stringify({ id, type, data: { id: 'pay_1' } });

async function send(body: string): Promise<number> {
  const headers = { 'content-type': 'application/json', 'cko-signature': sign(body) };
  const response = await fetch(`${world.url}/api/v1/webhooks/checkout`, { method: 'POST', body, headers });
  await response.arrayBuffer();
  return response.status;
}

const stored = async () =>
  (await world.sql<{ id: string }>('select event_id as id from billing.payment_event order by event_id')).map(
    ({ id }) => id,
  );

/** While it runs, nobody gets to the table of events. */
async function whileLocked(use: () => Promise<void>): Promise<void> {
  const holder = await connectClient(world.config.MIGRATE_URL);
  try {
    await holder.query('begin; lock table billing.payment_event in access exclusive mode');
    await use();
    await holder.query('rollback');
  } finally {
    await holder.end();
  }
}

const isWaitedFor = () =>
  eventually(
    () =>
      world.sql(
        `select from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and query like '%payment_event%'`,
      ),
    (rows) => rows.length > 0,
  );

test('events that come at once are each stored once, and are not answered before', async () => {
  const ids = Array.from({ length: 20 }, (_, index) => `evt_${String(index).padStart(2, '0')}`);
  const answered: number[] = [];
  let all: Promise<unknown> = Promise.resolve();
  await whileLocked(async () => {
    const sendings = [...ids, ...ids.toReversed()].map((id) => send(event(id)).then((status) => answered.push(status)));
    all = Promise.all(sendings);
    await isWaitedFor();
    expect(answered).toEqual([]);
  });
  await all;
  expect(answered).toEqual(Array(40).fill(200));
  expect(await stored()).toEqual(ids);
  const metrics = await scrape(world.url);
  expect(metrics.get('payment_events_total{outcome="received"}')).toBe(20);
  expect(metrics.get('payment_events_total{outcome="repeated"}')).toBe(20);
});

test('an event that cannot be stored fails alone among those that came with it', async () => {
  const ctx = await world.jobContext();
  const ids = Array.from({ length: 10 }, (_, index) => `evt_${index}`);
  await world.sql(`alter table billing.payment_event add constraint planted check (event_id <> 'evt_bad')`);
  const bodies = [...ids, 'evt_bad'].map((id) => event(id));
  const ends = await Promise.allSettled(bodies.map((body) => receivePaymentEvent(ctx, Buffer.from(body), sign(body))));
  expect(ends.map(({ status }) => status)).toEqual([...Array(10).fill('fulfilled'), 'rejected']);
  expect(await stored()).toEqual(ids);
});

test('when more than a thousand events wait to be stored the next is UNAVAILABLE, and stored when it is sent again', async () => {
  const ctx = await world.jobContext();
  const receive = (id: string) => receivePaymentEvent(ctx, Buffer.from(event(id)), sign(event(id)));
  let waiting: Promise<unknown> = Promise.resolve();
  await whileLocked(async () => {
    waiting = Promise.all(Array.from({ length: 1_000 }, (_, index) => receive(`evt_${index}`)));
    await expect(receive('evt_more')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await isWaitedFor();
  });
  await waiting;
  await receive('evt_more');
  expect(await stored()).toHaveLength(1_001);
});
