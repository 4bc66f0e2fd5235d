import { expect, test } from '@jest/globals';
import { CreateTask, Tasks } from '../../generated/documents.js';
import { connectClient, harness } from '../support/harness.js';

const world = harness({ worker: false });

test('while 100 writes of one account wait for its lock, other accounts read and write', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  const blocker = await connectClient(world.config.DATABASE_URL);
  await blocker.query('begin');
  await blocker.query('select 1 from accounts.account where id = $1 for update', [ada.id]);
  const waiting = Array.from({ length: 100 }, () => ada.send(CreateTask, { input: { title: 'x' } }));
  await bob.ok(CreateTask, { input: { title: 'mine' } });
  expect((await bob.ok(Tasks, {})).tasks.totalCount).toBe(1);
  await blocker.query('rollback');
  await blocker.end();
  const codes = (await Promise.all(waiting)).map(({ body }) => body.errors?.[0]?.extensions?.['code'] ?? 'made');
  // Whoever waits too long is told to come again; an account has room for 50.
  expect(codes.filter((code) => !['made', 'LIMIT_REACHED', 'UNAVAILABLE'].includes(String(code)))).toEqual([]);
  expect((await ada.ok(Tasks, {})).tasks.totalCount).toBe(codes.filter((code) => code === 'made').length);
});
