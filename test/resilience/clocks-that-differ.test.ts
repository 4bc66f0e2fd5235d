import { expect, test } from '@jest/globals';
import { AddReminder, CreateTask, Credits, SendChatMessage } from '../../generated/documents.js';
import { eventually, harness } from '../support/harness.js';
import type { Person } from '../support/person.js';
import { type RoleProcess, startRoles } from '../support/role.js';

const world = harness({ ownClock: true });
const tokens = Array.from({ length: 60 }, (_, index) => `word${index} `);
const advance = 'mutation ($to: DateTime!) { advanceClock(to: $to) }';

async function ask(person: Person): Promise<string> {
  return (await person.ok(SendChatMessage, { input: { content: 'Where do I start?' } })).sendChatMessage.answer.id;
}

/** How answers that are being written end. */
async function endsOf(ids: readonly string[]): Promise<string[]> {
  const rows = await eventually(
    () => world.sql<{ state: string }>('select state from assistant.chat_message where id = any($1)', [ids]),
    (found) => found.every(({ state }) => state !== 'STREAMING'),
  );
  return rows.map(({ state }) => state);
}

async function beside(skewMs: number, use: (other: RoleProcess) => Promise<void>): Promise<void> {
  const other = await startRoles(world.config, ['api', 'worker'], skewMs);
  try {
    await use(other);
  } finally {
    await other.kill();
  }
}

test.each([
  ['ahead', 20_000],
  ['behind', -20_000],
])(
  'beside a process whose machine is 20 s %s answers are written to their end, and reminders wait for their time',
  (_, skewMs) =>
    beside(skewMs, async (other) => {
      await world.model({ tokens, tokensPerSecond: 20 });
      const [ada, eve] = [await world.user('Ada'), await world.user('Eve')];
      const there = eve.at(other.url);
      const { task } = (await there.ok(CreateTask, { input: { title: 'x' } })).createTask;
      const at = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 4_000).toISOString();
      await there.ok(AddReminder, { input: { taskId: task.id, type: 'ABSOLUTE', at } });
      const ids = [await ask(ada), await ask(ada), await ask(there), await ask(there)];
      const looks = await eventually(
        () =>
          world.sql<{ state: string; early: boolean }>(
            'select state, clock_timestamp() < scheduled_for as early from tasks.reminder where account_id = $1',
            [eve.id],
          ),
        (rows) => rows.every(({ state }) => state === 'SENT'),
      );
      expect(looks).toEqual([{ state: 'SENT', early: false }]);
      const sent = "select from activity.event where account_id = $1 and type = 'reminder.sent'";
      expect(await world.sql(sent, [eve.id])).toHaveLength(1);
      expect(await endsOf(ids)).toEqual(ids.map(() => 'COMPLETE'));
      expect((await eve.ok(Credits, {})).credits).toMatchObject({ total: 3, held: 0 });
    }),
);

test('moving time in the middle of an answer does not end it', async () => {
  const use = async (other: RoleProcess) => {
    await world.model({ tokens, tokensPerSecond: 20 });
    const ada = await world.user();
    const ids = [await ask(ada), await ask(ada.at(other.url))];
    const to = new Date(Date.now() + 3 * 86_400_000).toISOString();
    expect((await ada.send(advance, { to })).body.errors).toBeUndefined();
    expect(await endsOf(ids)).toEqual(['COMPLETE', 'COMPLETE']);
  };
  await beside(0, use);
});
