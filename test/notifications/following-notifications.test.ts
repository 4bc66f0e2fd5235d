import { expect, test } from '@jest/globals';
import { CreateTask, NotificationAdded, Notifications } from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import { notifying } from '../support/notifying.js';
import { type Person, Refused } from '../support/person.js';

const world = harness({ apps: 2, subscribers: [notifying] });

const make = (person: Person, title: string) => person.ok(CreateTask, { input: { title } });

/** Takes so many, and says where it stopped. */
async function take(person: Person, after: string | null, count: number) {
  const titles: string[] = [];
  let cursor = after;
  for await (const { notificationAdded } of person.follow(NotificationAdded, { after })) {
    titles.push(notificationAdded.node.title);
    cursor = notificationAdded.cursor;
    if (titles.length === count) break;
  }
  return { titles, cursor };
}

test('a follower without a cursor gets what comes after now', async () => {
  const ada = await world.user();
  await make(ada, 'before');
  const first: string[] = [];
  const following = take(ada, null, 1).then(({ titles }) => first.push(...titles));
  // Nothing says when a subscription has begun: the first that is written after that arrives.
  for (let count = 0; first.length === 0 && count < 200; count += 1) await make(ada, `after ${count}`);
  await following;
  expect(first).toEqual([expect.stringMatching(/^after/)]);
});

test('the cursor of a list begins a subscription, and the other way round', async () => {
  const ada = await world.user();
  for (const title of ['a', 'b', 'c']) await make(ada, title);
  const { edges } = (await ada.ok(Notifications, {})).notifications;
  expect(edges.map(({ node }) => node.title)).toEqual(['c', 'b', 'a']);
  const { titles, cursor } = await take(ada, edges[2]?.cursor ?? null, 2);
  expect(titles).toEqual(['b', 'c']);
  expect(cursor).toBe(edges[0]?.cursor);
  const older = (await ada.ok(Notifications, { after: cursor })).notifications;
  expect(older.edges.map(({ node }) => node.title)).toEqual(['b', 'a']);
});

test('who comes back, wherever, misses none and gets none twice', async () => {
  const ada = await world.user();
  await make(ada, 'start');
  let cursor = (await ada.ok(Notifications, {})).notifications.edges[0]?.cursor ?? null;
  const seen: string[] = [];
  const written = Array.from({ length: 30 }, (_, index) => `n${index}`);
  const writing = (async () => {
    for (const [index, title] of written.entries()) await make(ada.at(world.urlOf(index % 2)), title);
  })();
  while (seen.length < written.length) {
    const reader = ada.at(world.urlOf(seen.length % 2));
    const part = await take(reader, cursor, Math.min(4, written.length - seen.length));
    seen.push(...part.titles);
    cursor = part.cursor;
    await reader.leave();
  }
  await writing;
  expect(seen).toEqual(written);
});

test('a follower on another instance hears of what comes', async () => {
  const ada = await world.user();
  await make(ada, 'start');
  const after = (await ada.ok(Notifications, {})).notifications.edges[0]?.cursor ?? null;
  const follower = ada.at(world.urlOf(1));
  const taking = take(follower, after, 2);
  await make(ada, 'one');
  await make(ada, 'two');
  expect((await taking).titles).toEqual(['one', 'two']);
  await follower.leave();
});

test('another’s cursor, and garbage, are refused', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  await make(bob, 'secret');
  const cursor = (await bob.ok(Notifications, {})).notifications.pageInfo.endCursor;
  for (const after of [cursor, 'garbage', ''])
    await expect(ada.follow(NotificationAdded, { after }).next()).rejects.toBeInstanceOf(Refused);
});
