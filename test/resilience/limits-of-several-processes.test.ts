import { beforeEach, expect, test } from '@jest/globals';
import { Me } from '../../generated/documents.js';
import { rowReader } from '../../src/platform/database/rows.js';
import { countStore } from '../../src/platform/rate-limit/count-store.js';
import { openDatabase } from '../../src/services.js';
import { harness, withClient } from '../support/harness.js';
import { scrape } from '../support/metrics.js';
import type { Person } from '../support/person.js';
import { untilTheyKnow } from '../support/processes.js';
import { startRoles } from '../support/role.js';
import { listenToStatements } from '../support/statements.js';
import { untilServed } from '../support/until-served.js';

const limit = 100;
/** What may be let through beyond the limit. */
const tolerated = 10;
const config = { RATE_LIMIT_PER_MINUTE: String(limit) };
const world = harness({ apps: 3, worker: false, config });
const statements = listenToStatements();

const urls = () => world.apps.map((_, index) => world.urlOf(index));

beforeEach(() => untilTheyKnow(urls(), 3));

test('each process says how many share its limits', async () => {
  for (const url of urls()) expect((await scrape(url)).get('api_processes')).toBe(3);
});

/** How many of as many requests at once are served. */
async function servedOf(people: readonly Person[], count: number): Promise<number> {
  const sent = Array.from({ length: count }, (_, index) => {
    const person = people[index % people.length];
    return person && untilServed(() => person.send(Me));
  });
  const statuses = (await Promise.all(sent)).map((answer) => answer?.status);
  expect(statuses.filter((status) => status !== 200 && status !== 429)).toEqual([]);
  return statuses.filter((status) => status === 200).length;
}

const everywhere = async () => {
  const ada = await world.user();
  return urls().map((url) => ada.at(url));
};

test('three processes that one user floods at once let through the limit, and at most a tenth more', async () => {
  const served = await servedOf(await everywhere(), 3 * limit);
  expect(served).toBeGreaterThanOrEqual(limit);
  expect(served).toBeLessThanOrEqual(limit + tolerated);
});

test('a user at one of three processes gets all of the limit and no more, one by one or at once', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  expect(await servedOf([ada], limit + 10)).toBe(limit);
  for (let count = 0; count < limit; count += 1) expect((await bob.send(Me)).status).toBe(200);
  expect((await bob.send(Me)).status).toBe(429);
});

test('nobody within the limit is refused, to whichever processes the requests come', async () => {
  const people = await everywhere();
  for (let count = 0; count < limit; count += 1) {
    const answer = await people[count % 3]?.send(Me);
    expect([count, answer?.status]).toEqual([count, 200]);
  }
  expect(await servedOf(people, 3 * tolerated)).toBeLessThanOrEqual(tolerated);
  const [some, others] = [await everywhere(), await everywhere()];
  // All at one and then all at another, and bursts at all of them.
  expect(await servedOf(some.slice(0, 1), 30)).toBe(30);
  expect(await servedOf(some.slice(1, 2), 70)).toBe(70);
  for (let burst = 0; burst < 5; burst += 1) expect(await servedOf(others, 20)).toBe(20);
});

test('a large operation that does not fit in any more takes nothing from smaller ones of the same process', async () => {
  const [ada] = await everywhere();
  if (!ada) throw new Error('There is nobody.');
  expect(await servedOf([ada], limit - 5)).toBe(limit - 5);
  // Eleven root fields count as two operations, 60 as six.
  const large = `{ ${Array.from({ length: 60 }, (_, index) => `m${index}: me { id }`).join(' ')} }`;
  expect((await ada.send(large)).status).toBe(429);
  expect(await servedOf([ada], 10)).toBe(4);
});

test('what is within the free share of a process costs no statement, and the rest is told in a few', async () => {
  const [ada] = await everywhere();
  const exchanges = async (count: number) => {
    const made = await statements.during(async () => {
      for (let sent = 0; sent < count; sent += 1) await ada?.send(Me);
    });
    return made.filter((text) => text.includes('platform.rate_limit')).length;
  };
  expect(await exchanges(2)).toBe(0);
  expect(await exchanges(30)).toBeLessThanOrEqual(15);
});

test('while the shared counts are not to be had each process serves up to the limit, and they agree again', async () => {
  const people = await everywhere();
  await withClient(world.config.MIGRATE_URL, async (client) => {
    await client.query('begin; lock table platform.rate_limit');
    const served = await Promise.all(people.map((person) => servedOf([person], limit + 10)));
    expect(served).toEqual([limit, limit, limit]);
  });
  await untilTheyKnow(urls(), 3);
  const bobs = await everywhere();
  const served = await servedOf(bobs, 3 * limit);
  expect(served).toBeGreaterThanOrEqual(limit);
  expect(served).toBeLessThanOrEqual(limit + tolerated);
});

test('a minute ends in all processes at the same time, and its row is deleted', async () => {
  const people = await everywhere();
  const [ada] = people;
  await world.sql(
    `insert into platform.rate_limit (name, key, per_minute, total, granted, ends_at)
     values ('operations', $1, $2, $2, 0, now() + interval '3 seconds'), ('operations', 'past', $2, 1, 0, now())`,
    [ada?.id, limit],
  );
  // Each may let through its free share, which is five.
  for (const person of people) expect(await servedOf([person], 10)).toBeLessThanOrEqual(5);
  const refused = await ada?.send(Me);
  expect(refused?.status).toBe(429);
  expect(Number(refused?.headers.get('retry-after'))).toBeLessThanOrEqual(3);
  await world.sql('select pg_sleep(3)');
  for (const person of people) expect((await person.send(Me)).status).toBe(200);
  const orm = openDatabase(world.config);
  const store = countStore(rowReader(await orm.em.getConnection().getNativeClient()));
  expect(await store.deletePast(1)).toBe(1);
  expect(await store.deletePast(1_000)).toBeGreaterThan(0);
  await orm.close(true);
  expect(await world.sql("select from platform.rate_limit where ends_at < now() or key = 'past'")).toEqual([]);
});

test('a process that joins counts what was let through before, and one that dies is no longer shared with', async () => {
  const own = await world.another({ apps: 1 });
  const ada = await own.user();
  expect(await servedOf([ada], 60)).toBe(60);
  const other = await startRoles(own.config, ['api']);
  try {
    await untilTheyKnow([own.url, other.url], 2);
    const served = await servedOf([ada.at(other.url)], limit);
    expect(served).toBeGreaterThanOrEqual(limit - 60);
    expect(served).toBeLessThanOrEqual(limit - 60 + tolerated);
  } finally {
    await other.kill();
  }
  await untilTheyKnow([own.url], 1);
  expect(await own.sql('select from platform.api_process')).toHaveLength(2);
});
