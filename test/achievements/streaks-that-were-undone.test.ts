import { expect, test } from '@jest/globals';
import { streakIn } from '../../src/achievements/index.js';
import { asAccount } from '../../src/kernel/context.js';
import { transaction } from '../../src/kernel/transaction.js';
import { completeTask } from '../../src/tasks/index.js';
import { makeTask } from '../support/actions.js';
import { harness } from '../support/harness.js';

const world = harness({ worker: false });

test('the streak of a completion that a savepoint undoes is not told by what comes after it', async () => {
  const ada = await world.user();
  const id = await makeTask(ada);
  const ctx = asAccount(await world.jobContext(), ada.id);
  await transaction(ctx, async (tx) => {
    const undone = transaction(tx, async (inner) => {
      expect((await completeTask(inner, { id, version: 1 })).streak).toBe(1);
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    expect(streakIn(tx)).toBeUndefined();
    expect((await completeTask(tx, { id, version: 1 })).streak).toBe(1);
  });
});
