import { expect, test } from '@jest/globals';
import { asAccount, type Context } from '../../src/kernel/context.js';
import { transaction } from '../../src/kernel/transaction.js';
import { createTask } from '../../src/tasks/index.js';
import { harness } from '../support/harness.js';

const world = harness({ worker: false });

class Undone extends Error {}

/** Makes tasks with these titles one in the other, each in a savepoint of its own; fails at the end of those that say so. */
async function nest(ctx: Context, [title, ...inner]: readonly string[]): Promise<void> {
  if (title === undefined) return;
  const done = transaction(ctx, async (tx) => {
    await createTask(tx, { title });
    await nest(tx, inner);
    if (title.includes('undone')) throw new Undone();
  });
  await done.catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error;
  });
}

test.each([
  [
    'one after another',
    Array.from({ length: 20 }, (_, place) => [place % 3 === 1 ? `undone ${place}` : `kept ${place}`]),
  ],
  [
    'one in the other',
    [Array.from({ length: 20 }, (_, place) => (place === 15 ? `undone ${place}` : `kept ${place}`))],
  ],
  ['an outer one behind inner ones that were done', [['kept 1'], ['undone 2', 'kept 3', 'kept 4'], ['kept 5']]],
  ['an inner one alone', [['kept 1', 'undone 2', 'kept 3'], ['kept 4', 'kept 5', 'undone 6'], ['kept 7']]],
  ['inner ones of one that is undone', [['undone 1', 'undone 2', 'kept 3'], ['kept 4', 'undone 5'], ['undone 6']]],
])('a savepoint undoes what was done in it, and no more: %s', async (_, all) => {
  const ada = await world.user();
  const ctx = asAccount(await world.jobContext(), ada.id);
  await transaction(ctx, async (tx) => {
    for (const titles of all) await nest(tx, titles);
  });

  const kept = all.flatMap((titles) => {
    const end = titles.findIndex((title) => title.includes('undone'));
    return end < 0 ? titles : titles.slice(0, end);
  });
  const tasks = await world.sql<{ title: string }>('select title from tasks.task where account_id = $1', [ada.id]);
  expect(tasks.map(({ title }) => title).toSorted()).toEqual(kept.toSorted());
  const events = await world.sql(`select from activity.event where account_id = $1 and type = 'task.created'`, [
    ada.id,
  ]);
  expect(events).toHaveLength(kept.length);
});
