import { expect, test } from '@jest/globals';
import { sampleIdToken, sampleUser } from '../../infra/seed/sample-user.js';
import { seed } from '../../infra/seed/seed.js';
import { createLog } from '../../src/platform/log.js';
import { harness } from '../support/harness.js';

const world = harness({ worker: false });

test('a month is believable, adds up, and is made once', async () => {
  const lines: string[] = [];
  const log = createLog('error', { write: (line: string) => void lines.push(line) });
  const fill = async () => seed(world.config, log, world.clock.now(), await sampleIdToken(world.google.url));
  expect(await fill()).toBe(true);

  const ada = await world.signIn(sampleUser);
  const { body } = await ada.send(`{
    achievements { currentStreak longestStreak tasksCompleted }
    tasks(filter: { completed: true }) { totalCount }
    open: tasks(filter: { completed: false }) { totalCount }
    taskTemplates { totalCount }
    notifications { totalCount }
    conversations { totalCount }
    credits { total }
  }`);
  expect(body.errors).toBeUndefined();
  const counts = JSON.stringify(body.data);
  expect(body.data).toMatchObject({
    achievements: { currentStreak: 13, longestStreak: expect.any(Number) },
    taskTemplates: { totalCount: 4 },
    conversations: { totalCount: 3 },
  });
  const [sums] = await world.sql<{ balance: string; entries: string }>(
    'select (select sum(balance) from billing.credit_bucket) as balance, (select sum(amount) from billing.credit_entry) as entries',
  );
  expect(sums?.balance).toBe(sums?.entries);

  expect(await fill()).toBe(false);
  const again = await ada.send(`{
    achievements { currentStreak longestStreak tasksCompleted }
    tasks(filter: { completed: true }) { totalCount }
    open: tasks(filter: { completed: false }) { totalCount }
    taskTemplates { totalCount }
    notifications { totalCount }
    conversations { totalCount }
    credits { total }
  }`);
  expect(JSON.stringify(again.body.data)).toBe(counts);
  expect(lines).toEqual([]);
});
