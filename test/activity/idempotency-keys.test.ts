import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Changes, CreateTask, Credits, SendChatMessage, Tasks } from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import { untilServed } from '../support/until-served.js';

const world = harness({ worker: false, apps: 2 });
const key = () => ({ 'idempotency-key': randomUUID() });

test('50 concurrent twins of one mutation have one effect and 50 equal answers', async () => {
  const ada = await world.user();
  const headers = key();
  const input = { title: 'once', subtasks: [{ title: 'a' }] };
  const twins = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      untilServed(() => ada.at(world.urlOf(index % 2)).send(CreateTask, { input }, headers)),
    ),
  );
  expect(new Set(twins.map(({ text }) => text)).size).toBe(1);
  expect(twins[0]?.body.errors).toBeUndefined();
  expect((await ada.ok(Tasks, {})).tasks.totalCount).toBe(1);
  expect((await ada.ok(Changes, {})).changes.edges.filter(({ node }) => node.type === 'task.created')).toHaveLength(1);
});

test('the same request is known again whatever the order of its keys, and not with another order of a list', async () => {
  const ada = await world.user();
  const headers = key();
  const subtasks = [{ title: 'a', estimatedMinutes: 5 }, { title: 'b' }];
  const first = await ada.send(CreateTask, { input: { title: 'one', priority: 'LOW', subtasks } }, headers);
  const turned = [{ estimatedMinutes: 5, title: 'a' }, { title: 'b' }];
  const again = await ada.send(CreateTask, { input: { subtasks: turned, priority: 'LOW', title: 'one' } }, headers);
  expect(again.text).toBe(first.text);
  const other = { input: { title: 'one', priority: 'LOW', subtasks: subtasks.toReversed() } };
  const { body } = await ada.send(CreateTask, other, headers);
  expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
  expect((await ada.ok(Tasks, {})).tasks.totalCount).toBe(1);
});

test('the same key with another request is a mismatch', async () => {
  const ada = await world.user();
  const headers = key();
  await ada.ok(CreateTask, { input: { title: 'one' } }, headers);
  const { body } = await ada.send(CreateTask, { input: { title: 'two' } }, headers);
  expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
  expect((await ada.ok(Tasks, {})).tasks.totalCount).toBe(1);
});

test('the same key of another user is another key', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  const headers = key();
  await ada.ok(CreateTask, { input: { title: 'one' } }, headers);
  await bob.ok(CreateTask, { input: { title: 'one' } }, headers);
  expect((await bob.ok(Tasks, {})).tasks.totalCount).toBe(1);
});

test('a refusal is repeated byte for byte as well, request id included', async () => {
  const ada = await world.user();
  const headers = key();
  const first = await ada.send(CreateTask, { input: { title: '' } }, headers);
  const second = await ada.send(CreateTask, { input: { title: '' } }, headers);
  expect(first.body.errors?.[0]?.extensions?.['code']).toBe('VALIDATION_FAILED');
  expect(second.text).toBe(first.text);
});

test('a key is forgotten after 24 hours', async () => {
  const ada = await world.user();
  const headers = key();
  await ada.ok(CreateTask, { input: { title: 'one' } }, headers);
  world.clock.advance(86_400_000 + 1_000);
  const later = await world.signIn({ email: ada.session.user.email });
  await later.ok(CreateTask, { input: { title: 'one' } }, headers);
  expect((await later.ok(Tasks, {})).tasks.totalCount).toBe(2);
});

test('a question that is sent twice is asked and paid once', async () => {
  const ada = await world.user();
  const headers = key();
  const variables = { input: { content: 'Hello' } };
  const [first, second] = await Promise.all([
    ada.send(SendChatMessage, variables, headers),
    ada.send(SendChatMessage, variables, headers),
  ]);
  expect(first.text).toBe(second.text);
  expect((await ada.ok(Credits, {})).credits.total).toBe(4);
});

test.each([['x'.repeat(256)], ['with space']])('the key %j is refused', async (text) => {
  const ada = await world.user();
  const { body } = await ada.send(CreateTask, { input: { title: 'x' } }, { 'idempotency-key': text });
  expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'VALIDATION_FAILED' });
});
