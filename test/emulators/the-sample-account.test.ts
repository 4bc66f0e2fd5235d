import { expect, test } from '@jest/globals';
import { sampleIdToken, sampleUser } from '../../infra/seed/sample-user.js';
import { seed } from '../../infra/seed/seed.js';
import { createLog } from '../../src/platform/log.js';
import { harness } from '../support/harness.js';

const world = harness({ worker: false });

/** What a month has left. */
const everything = `{
  achievements { currentStreak longestStreak tasksCompleted }
  tasks(filter: { completed: true }) { totalCount }
  open: tasks(filter: { completed: false }) { totalCount }
  taskTemplates { totalCount }
  notifications { totalCount }
  conversations { totalCount nodes { messages(last: 1) { nodes { actions { kind state } } } } }
  notes(filter: { archived: true }) { nodes { convertedTo { title } } }
  spoken: notes(filter: { search: "Charles" }) { nodes { voice { seconds transcription } } }
  me { tier }
  credits { total held }
}`;

test('a month is believable, adds up, and is made once', async () => {
  const lines: string[] = [];
  const log = createLog('error', { write: (line: string) => void lines.push(line) });
  const fill = async () => seed(world.config, log, world.clock.now(), await sampleIdToken(world.google.url));
  expect(await fill()).toBe(true);

  const ada = await world.signIn(sampleUser);
  const { body } = await ada.send(everything);
  expect(body.errors).toBeUndefined();
  const counts = JSON.stringify(body.data);
  expect(body.data).toMatchObject({
    achievements: { currentStreak: 13, longestStreak: expect.any(Number) },
    taskTemplates: { totalCount: 4 },
    conversations: {
      totalCount: 3,
      nodes: [
        { messages: { nodes: [{ actions: [{ kind: 'CREATE_NOTE', state: 'PENDING' }] }] } },
        { messages: { nodes: [{ actions: [{ kind: 'CREATE_TASK', state: 'CONFIRMED' }] }] } },
        { messages: { nodes: [{ actions: [] }] } },
      ],
    },
    notes: { nodes: [{ convertedTo: { title: 'Call the plumber' } }, { convertedTo: null }] },
    spoken: { nodes: [{ voice: { seconds: 9, transcription: 'COMPLETED' } }] },
    me: { tier: 'PRO' },
    credits: { held: 0 },
  });
  const [sums] = await world.sql<{ balance: string; entries: string }>(
    'select (select sum(balance) from billing.credit_bucket) as balance, (select sum(amount) from billing.credit_entry) as entries',
  );
  expect(sums?.balance).toBe(sums?.entries);

  expect(await fill()).toBe(false);
  const again = await ada.send(everything);
  expect(JSON.stringify(again.body.data)).toBe(counts);
  expect(lines).toEqual([]);
});
