import { expect, test } from '@jest/globals';
import { Changes, FollowChanges, UpdateProfile } from '../../generated/documents.js';
import { harness } from '../support/harness.js';

const world = harness({ apps: 2 });
const writers = 8;
const eventsPerWriter = 625;

test('8 writers commit 5,000 events while 20 readers reconnect: each reads each of its user’s once, in one order', async () => {
  const people = await Promise.all([world.user('Ada'), world.user('Bob')]);
  const expected = (writers / people.length) * eventsPerWriter;
  const starts = await Promise.all(
    people.map(async (person) => (await person.ok(Changes, {})).changes.pageInfo.endCursor),
  );
  const writing = Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      const person = people[writer % people.length]?.at(world.urlOf(writer % 2));
      for (let count = 0; count < eventsPerWriter; count += 1) {
        // On a busy machine a turn may not come in time; clients send again.
        let code: unknown = 'UNAVAILABLE';
        while (code === 'UNAVAILABLE') {
          const answer = await person?.send(UpdateProfile, { input: { name: `w${writer} ${count}` } });
          code = answer?.body.errors?.[0]?.extensions?.['code'];
        }
        expect(code).toBeUndefined();
      }
    }),
  );
  const reading = Array.from({ length: 20 }, async (_, reader) => {
    const person = people[reader % people.length]?.at(world.urlOf(reader % 2));
    if (!person) throw new Error('There is nobody.');
    const start = starts[reader % people.length] ?? null;
    const cursors: string[] = [];
    while (cursors.length < expected) {
      const client = person.newSocket();
      let left = 1 + Math.floor(Math.random() * 400);
      const after = cursors.at(-1) ?? start;
      for await (const { changes } of person.follow(FollowChanges, { after }, client)) {
        cursors.push(changes.cursor);
        left -= 1;
        if (left === 0 || cursors.length === expected) break;
      }
      client.terminate();
      await client.dispose();
    }
    return { person: person.id, cursors };
  });
  const read = await Promise.all(reading);
  await writing;
  for (const person of people) {
    const [first, ...others] = read.filter((each) => each.person === person.id);
    expect(new Set(first?.cursors).size).toBe(expected);
    for (const other of others) expect(other.cursors).toEqual(first?.cursors);
  }
}, 600_000);
