import { expect, test } from '@jest/globals';
import { AddSubtask, Changes, CreateTask, FollowChanges, UpdateTask } from '../../generated/documents.js';
import { accountTopic } from '../../src/kernel/transaction.js';
import { harness } from '../support/harness.js';
import { type Person, Refused } from '../support/person.js';

const world = harness({ worker: false, apps: 2 });

const make = async (person: Person, title: string) =>
  (await person.ok(CreateTask, { input: { title } })).createTask.task;

test('changes are pulled page by page, in commit order, with what they are about', async () => {
  const ada = await world.user();
  const task = await make(ada, 'one');
  await ada.ok(AddSubtask, { input: { taskId: task.id, title: 'step' } });
  await ada.ok(UpdateTask, { input: { id: task.id, version: 1, title: 'ONE' } });
  const first = (await ada.ok(Changes, { first: 2 })).changes;
  expect(first.edges.map(({ node }) => node.type)).toEqual(['user.created', 'task.created']);
  expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  const second = (await ada.ok(Changes, { after: first.pageInfo.endCursor })).changes;
  expect(second.edges.map(({ node }) => [node.type, node.entityType, node.source])).toEqual([
    ['subtask.created', 'subtask', 'USER'],
    ['task.updated', 'task', 'USER'],
  ]);
  expect(second.edges[1]?.node.entity).toMatchObject({ __typename: 'Task', id: task.id, title: 'ONE', version: 2 });
  expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  const none = (await ada.ok(Changes, { after: second.pageInfo.endCursor })).changes;
  expect(none).toMatchObject({ edges: [], pageInfo: { endCursor: null, hasNextPage: false } });
});

test('a follower gets what is stored beyond its cursor, then what comes, from any process', async () => {
  const ada = await world.user();
  await make(ada, 'before');
  const { edges } = (await ada.ok(Changes, { first: 1 })).changes;
  const follower = ada.at(world.urlOf(1));
  const seen: string[] = [];
  const following = follower.follow(FollowChanges, { after: edges[0]?.cursor ?? null });
  const take = async () => {
    const { value } = await following.next();
    const entity = value?.changes.node.entity;
    seen.push(entity?.__typename === 'Task' ? entity.title : '');
  };
  await take();
  await make(ada, 'after');
  await take();
  expect(seen).toEqual(['before', 'after']);
  await follower.leave();
});

test('a write rings for its account in every process', async () => {
  const ada = await world.user();
  const { services } = await world.jobContext();
  const rung = new Promise<void>((resolve) => services.doorbell.listen(accountTopic(ada.id), resolve));
  await make(ada, 'heard');
  await rung;
});

test('one user’s changes are nobody else’s', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  await make(bob, 'secret');
  expect((await ada.ok(Changes, {})).changes.edges.map(({ node }) => node.type)).toEqual(['user.created']);
  const cursor = (await bob.ok(Changes, {})).changes.pageInfo.endCursor;
  await ada.refused(Changes, { after: cursor }, 'VALIDATION_FAILED');
});

test.each([['garbage'], [''], [Buffer.from('x\n1').toString('base64url')]])(
  'the cursor %j is refused',
  async (after) => {
    const ada = await world.user();
    await ada.refused(Changes, { after }, 'VALIDATION_FAILED');
  },
);

test.each([[0], [-1], [101]])('a page of %i is refused', async (first) => {
  const ada = await world.user();
  await ada.refused(Changes, { first }, 'VALIDATION_FAILED');
});

test('a cursor that is older than the log says so', async () => {
  const ada = await world.user();
  for (const title of ['a', 'b', 'c']) await make(ada, title);
  const { edges } = (await ada.ok(Changes, {})).changes;
  await world.sql('delete from activity.event where account_id = $1 and number <= 3', [ada.id]);
  const after = edges[0]?.cursor ?? null;
  const error = await ada.refused(Changes, { after }, 'VALIDATION_FAILED');
  expect(error.message).toContain('expired');
  await expect(ada.follow(FollowChanges, { after }).next()).rejects.toBeInstanceOf(Refused);
  const fresh = (await ada.ok(Changes, { after: edges[2]?.cursor ?? null })).changes;
  expect(fresh.edges).toHaveLength(1);
});
