import { describe, expect, test } from '@jest/globals';
import { AddSubtask, CreateTask, Task, Tasks, UpdateSubtask, UpdateTask } from '../../generated/documents.js';
import { harness } from '../support/harness.js';

const world = harness({ worker: false });
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString();

test('a task is made with its subtasks, in their order', async () => {
  const ada = await world.user();
  const input = {
    title: '  Write the brief  ',
    description: 'Two pages\nat most',
    priority: 'HIGH' as const,
    dueDate: '2026-11-30T10:00:00+02:00',
    tags: ['work', 'work', ' writing '],
    estimatedMinutes: 90,
    subtasks: [{ title: 'Outline' }, { title: 'Draft', estimatedMinutes: 30 }],
  };
  world.clock.goTo(new Date('2026-11-21T00:00:00Z'));
  const fresh = await world.signIn({ email: ada.session.user.email });
  const { task } = (await fresh.ok(CreateTask, { input })).createTask;
  expect(task).toMatchObject({
    title: 'Write the brief',
    description: 'Two pages\nat most',
    priority: 'HIGH',
    dueDate: '2026-11-30T08:00:00.000Z',
    tags: ['work', 'writing'],
    estimatedMinutes: 90,
    completed: false,
    version: 1,
    focusSeconds: 0,
    subtasks: [
      { title: 'Outline', order: 0, completed: false, source: 'USER', estimatedMinutes: null },
      { title: 'Draft', order: 1, completed: false, source: 'USER', estimatedMinutes: 30 },
    ],
  });
  expect((await fresh.ok(Task, { id: task.id })).task).toMatchObject({
    ...task,
    subtaskCount: 2,
    completedSubtaskCount: 0,
  });
});

test.each([
  ['an empty title', { title: ' \n ' }, 'title'],
  ['a title of 201 characters', { title: 'x'.repeat(201) }, 'title'],
  ['a control character', { title: 'a\u0000b' }, 'title'],
  ['a lone surrogate', { description: '\udc00' }, 'description'],
  ['a description over the free limit', { description: 'x'.repeat(1_001) }, 'description'],
  ['a due date beyond 30 days', { dueDate: day(30.1) }, 'dueDate'],
  ['an estimate of 0 minutes', { estimatedMinutes: 0 }, 'estimatedMinutes'],
  ['an estimate of 721 minutes', { estimatedMinutes: 721 }, 'estimatedMinutes'],
  ['21 tags', { tags: Array.from({ length: 21 }, (_, index) => `t${index}`) }, 'tags'],
  ['a tag of 31 characters', { tags: ['x'.repeat(31)] }, 'tags.0'],
  ['a subtask of 76 characters', { subtasks: [{ title: 'x'.repeat(76) }] }, 'subtasks.0.title'],
])('%s is refused and makes nothing', async (_, fields, field) => {
  const ada = await world.user();
  const error = await ada.refused(CreateTask, { input: { title: 'x', ...fields } }, 'VALIDATION_FAILED');
  expect(error.extensions?.['fields']).toEqual([expect.objectContaining({ field })]);
  expect((await ada.ok(Tasks, {})).tasks.totalCount).toBe(0);
});

test('200 characters outside the basic plane are 200 characters', async () => {
  const ada = await world.user();
  const title = '🦊'.repeat(200);
  expect((await ada.ok(CreateTask, { input: { title } })).createTask.task.title).toBe(title);
});

describe('limits', () => {
  test('the 5th subtask is refused on the free plan, at creation and later', async () => {
    const ada = await world.user();
    const subtasks = (count: number) => Array.from({ length: count }, (_, index) => ({ title: `s${index}` }));
    const error = await ada.refused(CreateTask, { input: { title: 'x', subtasks: subtasks(5) } }, 'LIMIT_REACHED');
    expect(error.extensions).toMatchObject({ resource: 'subtasksPerTask', limit: 4, current: 0 });
    const { task } = (await ada.ok(CreateTask, { input: { title: 'x', subtasks: subtasks(4) } })).createTask;
    const later = await ada.refused(AddSubtask, { input: { taskId: task.id, title: 'one more' } }, 'LIMIT_REACHED');
    expect(later.extensions).toMatchObject({ resource: 'subtasksPerTask', limit: 4, current: 4 });
  });

  test('of 80 tasks at once on the free plan, exactly 50 are made', async () => {
    const ada = await world.user();
    const sent = await Promise.all(Array.from({ length: 80 }, () => ada.send(CreateTask, { input: { title: 'x' } })));
    const refused = sent.filter(({ body }) => body.errors);
    expect(refused).toHaveLength(30);
    const reached = { code: 'LIMIT_REACHED', resource: 'tasks', limit: 50, current: 50 };
    expect(refused[0]?.body.errors?.[0]?.extensions).toMatchObject(reached);
    expect((await ada.ok(Tasks, {})).tasks.totalCount).toBe(50);
  });

  test('Pro has higher ones, and falling back keeps what is there', async () => {
    const ada = await world.user();
    await world.sql("update accounts.account set plan = 'PRO' where id = $1", [ada.id]);
    const description = 'x'.repeat(2_000);
    const { task } = (await ada.ok(CreateTask, { input: { title: 'x', description } })).createTask;
    await world.sql("update accounts.account set plan = 'FREE' where id = $1", [ada.id]);
    const changed = (await ada.ok(UpdateTask, { input: { id: task.id, version: 1, title: 'y' } })).updateTask.task;
    expect(changed).toMatchObject({ title: 'y', description });
    const edit = (version: number, text: string) => ({ input: { id: task.id, version, description: text } });
    const shorter = (await ada.ok(UpdateTask, edit(2, 'x'.repeat(1_900)))).updateTask.task;
    expect(shorter.description).toHaveLength(1_900);
    await ada.refused(UpdateTask, edit(3, 'x'.repeat(1_901)), 'VALIDATION_FAILED');
  });
});

describe('a change', () => {
  test('leaves what is omitted and clears what is null', async () => {
    const ada = await world.user();
    const input = {
      title: 'x',
      description: 'd',
      dueDate: day(1),
      tags: ['a'],
      estimatedMinutes: 5,
      priority: 'LOW' as const,
    };
    const { task } = (await ada.ok(CreateTask, { input })).createTask;
    const renamed = (await ada.ok(UpdateTask, { input: { id: task.id, version: 1, title: 'y' } })).updateTask.task;
    expect(renamed).toMatchObject({ ...task, title: 'y', version: 2, updatedAt: expect.any(String) });
    const cleared = { dueDate: null, description: null, tags: null, estimatedMinutes: null, priority: null };
    const bare = (await ada.ok(UpdateTask, { input: { id: task.id, version: 2, ...cleared } })).updateTask.task;
    expect(bare).toMatchObject({
      dueDate: null,
      description: '',
      tags: [],
      estimatedMinutes: null,
      priority: 'MEDIUM',
      version: 3,
    });
  });

  test('of a stale version is a conflict that names the current one and changes nothing', async () => {
    const ada = await world.user();
    const { task } = (await ada.ok(CreateTask, { input: { title: 'x' } })).createTask;
    await ada.ok(UpdateTask, { input: { id: task.id, version: 1, title: 'y' } });
    const error = await ada.refused(UpdateTask, { input: { id: task.id, version: 1, title: 'z' } }, 'CONFLICT');
    expect(error.extensions?.['currentVersion']).toBe(2);
    expect((await ada.ok(Task, { id: task.id })).task.title).toBe('y');
  });

  test('by twenty at once succeeds for one', async () => {
    const ada = await world.user();
    const { task } = (await ada.ok(CreateTask, { input: { title: 'x' } })).createTask;
    const sent = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        ada.send(UpdateTask, { input: { id: task.id, version: 1, title: `t${index}` } }),
      ),
    );
    expect(sent.filter(({ body }) => !body.errors)).toHaveLength(1);
    expect((await ada.ok(Task, { id: task.id })).task.version).toBe(2);
  });
});

test('ids that are no UUIDs, of nothing and of somebody else are told apart', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  const { task } = (await bob.ok(CreateTask, { input: { title: 'x', subtasks: [{ title: 's' }] } })).createTask;
  const nothing = '00000000-0000-7000-8000-000000000000';
  await ada.refused(Task, { id: 'not-a-uuid' }, 'VALIDATION_FAILED');
  await ada.refused(Task, { id: nothing }, 'NOT_FOUND');
  await ada.refused(Task, { id: task.id }, 'FORBIDDEN');
  await ada.refused(UpdateTask, { input: { id: task.id, version: 1, title: 'mine' } }, 'FORBIDDEN');
  await ada.refused(AddSubtask, { input: { taskId: task.id, title: 'mine' } }, 'FORBIDDEN');
  await ada.refused(UpdateSubtask, { input: { id: task.subtasks[0]?.id ?? '', completed: true } }, 'FORBIDDEN');
  await ada.refused(UpdateTask, { input: { id: nothing, version: 1, title: 'x' } }, 'NOT_FOUND');
  expect((await bob.ok(Task, { id: task.id })).task).toMatchObject({ title: 'x', version: 1 });
});
