import { expect, test } from '@jest/globals';
import { finish, finishTasks, makeTask } from '../support/actions.js';
import { harness } from '../support/harness.js';
import { listenToStatements } from '../support/statements.js';

const world = harness({ worker: false });

const statements = listenToStatements();

/** How much the app sends about achievements. */
async function countOf(work: () => Promise<unknown>): Promise<number> {
  return (await statements.during(work)).filter((text) => text.includes('achievements.')).length;
}

test('a completion is counted with two statements, and one more when it earns something; its answer reads nothing', async () => {
  const ada = await world.user();
  await finishTasks(ada, 3);
  const [fourth, fifth] = [await makeTask(ada), await makeTask(ada)];
  expect(await countOf(() => finish(ada, fourth))).toBe(2);
  expect(await countOf(() => finish(ada, fifth))).toBe(3);
});
