import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { Changes } from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import type { Person } from '../support/person.js';

const world = harness({ apps: 2 });
const writers = 8;
const eventsPerWriter = 625;
/** Each a transaction of its own. */
const writesPerRequest = 5;
/** Where each event stands, and nothing of what it is about, which is read anew for each reader. */
const FollowCursors: TypedDocumentNode<{ changes: { cursor: string } }, { after: string | null }> = parse(
  'subscription ($after: String) { changes(after: $after) { cursor } }',
);

/** One of these people, at one of the two apps: each of them at both. */
function placeOf(people: readonly Person[], index: number): Person {
  const person = people[index % people.length];
  if (!person) throw new Error('There is nobody.');
  return person.at(world.urlOf(Math.floor(index / people.length) % 2));
}

/** Writes of `writer` from this number on, in one request. Answers how many were done. */
async function write(person: Person, writer: number, from: number): Promise<number> {
  const writes = Array.from(
    { length: Math.min(writesPerRequest, eventsPerWriter - from) },
    (_, index) => `w${index}: updateProfile(input: { name: "w${writer} ${from + index}" }) { user { id } }`,
  );
  const { body } = await person.send(`mutation { ${writes.join(' ')} }`);
  const [error] = body.errors ?? [];
  if (!error) return writes.length;
  // On a busy machine a turn may not come in time; clients send again what was not done.
  expect(error.extensions?.['code']).toBe('UNAVAILABLE');
  return Number(String(error.path?.[0]).slice(1));
}

test('8 writers commit 5,000 events while 20 readers reconnect: each reads each of its user’s once, in one order', async () => {
  const people = await Promise.all(['Ada', 'Bob', 'Cleo', 'Dan'].map((name) => world.user(name)));
  const expected = (writers / people.length) * eventsPerWriter;
  const starts = await Promise.all(
    people.map(async (person) => (await person.ok(Changes, {})).changes.pageInfo.endCursor),
  );
  const writing = Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      const person = placeOf(people, writer);
      let count = 0;
      while (count < eventsPerWriter) count += await write(person, writer, count);
    }),
  );
  const reading = Array.from({ length: 20 }, async (_, reader) => {
    const person = placeOf(people, reader);
    const start = starts[reader % people.length] ?? null;
    const cursors: string[] = [];
    while (cursors.length < expected) {
      const client = person.newSocket();
      let left = 1 + Math.floor(Math.random() * 400);
      const after = cursors.at(-1) ?? start;
      for await (const { changes } of person.follow(FollowCursors, { after }, client)) {
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
}, 900_000);
