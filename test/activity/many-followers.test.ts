import { expect, test } from '@jest/globals';
import { CreateTask, FollowChanges, UpdateTask } from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import { listenToStatements } from '../support/statements.js';

const statements = listenToStatements();
const world = harness({ worker: false });
const followers = 40;

test('what a write tells all subscriptions of an account is read for all of them together', async () => {
  const ada = await world.user();
  const { task } = (await ada.ok(CreateTask, { input: { title: 'x' } })).createTask;
  const following = Array.from({ length: followers }, () => ada.follow(FollowChanges, { after: null }));
  const first = following.map((each) => each.next());
  // They begin beyond now, whenever that is for each: the first writes are for those who have begun.
  let version = task.version;
  const write = async () => {
    const input = { id: task.id, version, title: `x${version}` };
    ({ version } = (await ada.ok(UpdateTask, { input })).updateTask.task);
  };
  let haveBegun = 0;
  for (const each of first) void each.then(() => (haveBegun += 1));
  while (haveBegun < followers) await write();
  const seen = async () => {
    const titles = await Promise.all(
      following.map(async (each) => {
        for (;;) {
          const { entity } = (await each.next()).value?.changes.node ?? {};
          const title = entity?.__typename === 'Task' ? entity.title : null;
          if (title === `x${version - 1}`) return title;
        }
      }),
    );
    expect(titles).toEqual(following.map(() => `x${version - 1}`));
  };
  await write();
  await seen();
  const texts = await statements.during(async () => {
    await write();
    await seen();
  });
  // Each of them read the log and the task for itself before: eighty statements and more.
  expect(texts.length).toBeLessThan(followers);
  await ada.leave();
});
