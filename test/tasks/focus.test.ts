import { expect, test } from '@jest/globals';
import {
  Activity,
  Changes,
  CompleteTask,
  CreateTask,
  DeleteTask,
  EndFocus,
  FocusSession,
  RestoreDeleted,
  StartFocus,
  Task,
  UpdateTask,
} from '../../generated/documents.js';
import { minuteMs } from '../../src/kernel/days.js';
import { eventually, harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';

const world = harness({ lastingTokens: true, worker: false });

async function make(person: Person, input: object = {}) {
  return (await person.ok(CreateTask, { input: { title: 'x', ...input } })).createTask.task;
}

test('the server measures the time and adds it to the task, whose version stays', async () => {
  const ada = await world.user();
  const { id } = await make(ada);
  const { session } = (await ada.ok(StartFocus, { input: { taskId: id } })).startFocus;
  expect(session).toMatchObject({ endedAt: null, seconds: 0, task: { id } });
  world.clock.advance(10 * minuteMs);
  const running = (await ada.ok(FocusSession, {})).focusSession;
  expect(running?.seconds).toBeGreaterThanOrEqual(600);
  const ended = (await ada.ok(EndFocus, {})).endFocus;
  expect(ended.session?.seconds).toBeGreaterThanOrEqual(600);
  expect(ended.task).toMatchObject({ id, focusSeconds: ended.session?.seconds, version: 1 });
  expect((await ada.ok(FocusSession, {})).focusSession).toBeNull();
  expect((await ada.ok(EndFocus, {})).endFocus).toEqual({ session: null, task: null });
});

test('one session runs at a time: another task ends it, the same one lets it go on', async () => {
  const ada = await world.user();
  const [first, second] = [await make(ada), await make(ada)];
  const started = (await ada.ok(StartFocus, { input: { taskId: first.id } })).startFocus.session;
  const again = (await ada.ok(StartFocus, { input: { taskId: first.id } })).startFocus.session;
  expect(again?.id).toBe(started?.id);
  world.clock.advance(5 * minuteMs);
  await ada.ok(StartFocus, { input: { taskId: second.id } });
  expect((await ada.ok(Task, { id: first.id })).task.focusSeconds).toBeGreaterThanOrEqual(300);
  expect((await ada.ok(FocusSession, {})).focusSession?.task.id).toBe(second.id);
});

test('of ten starts at once one session remains, by constraint', async () => {
  const ada = await world.user();
  const tasks = await Promise.all(Array.from({ length: 10 }, () => make(ada)));
  await Promise.all(tasks.map(({ id }) => ada.ok(StartFocus, { input: { taskId: id } })));
  const rows = await world.sql('select id from tasks.focus_session where user_id = $1 and ended_at is null', [ada.id]);
  expect(rows).toHaveLength(1);
  const second = world.sql(
    'insert into tasks.focus_session (id, account_id, user_id, task_id, started_at) values (gen_random_uuid(), $1, $1, $2, now())',
    [ada.id, tasks[0]?.id],
  );
  await expect(second).rejects.toThrow('focus_session_running_unique');
});

test('a session that is forgotten counts 12 hours and is closed by a sweeper, which says why', async () => {
  const ada = await world.user();
  const { id } = await make(ada);
  await ada.ok(StartFocus, { input: { taskId: id } });
  world.clock.advance(20 * 60 * minuteMs);
  expect((await ada.ok(FocusSession, {})).focusSession).toBeNull();
  await world.runJobs('tasks.sweep-focus');
  expect((await ada.ok(Task, { id })).task.focusSeconds).toBe(12 * 3_600);
  const { edges } = (await ada.ok(Changes, {})).changes;
  expect(edges.at(-1)?.node).toMatchObject({ type: 'focus.ended', source: 'SYSTEM', entityId: id });
});

test('a forgotten session that is ended by hand counts 12 hours too', async () => {
  const ada = await world.user();
  const { id } = await make(ada);
  await ada.ok(StartFocus, { input: { taskId: id } });
  world.clock.advance(13 * 60 * minuteMs);
  expect((await ada.ok(EndFocus, {})).endFocus.task?.focusSeconds).toBe(12 * 3_600);
});

test('completing a focused task closes its session first; half its estimate makes a focus completion', async () => {
  const ada = await world.user();
  const focusedBy = async (minutes: number) => {
    const { id } = await make(ada, { estimatedMinutes: 20 });
    await ada.ok(StartFocus, { input: { taskId: id } });
    world.clock.advance(minutes * minuteMs);
    await ada.ok(CompleteTask, { input: { id, version: 1 } });
    const [row] = await world.sql<{ focused: boolean }>(
      "select (metadata->>'focused')::boolean as focused from activity.event where entity_id = $1 and type = 'task.completed'",
      [id],
    );
    return row?.focused;
  };
  expect(await focusedBy(9)).toBe(false);
  expect(await focusedBy(10)).toBe(true);
  expect((await ada.ok(FocusSession, {})).focusSession).toBeNull();
});

test('deleting a focused task keeps the time, also through its restoration', async () => {
  const ada = await world.user();
  const { id } = await make(ada);
  await ada.ok(StartFocus, { input: { taskId: id } });
  world.clock.advance(minuteMs);
  const { deletedItem } = (await ada.ok(DeleteTask, { input: { id, version: 1 } })).deleteTask;
  expect((await ada.ok(FocusSession, {})).focusSession).toBeNull();
  await ada.ok(RestoreDeleted, { input: { id: deletedItem?.id ?? '' } });
  expect((await ada.ok(Task, { id })).task.focusSeconds).toBeGreaterThanOrEqual(60);
});

test.each([{ archived: true }, { hidden: true }])(
  '%j: putting a task away ends its session, and the time counts',
  async (away) => {
    const ada = await world.user();
    const { id } = await make(ada);
    await ada.ok(StartFocus, { input: { taskId: id } });
    world.clock.advance(minuteMs);
    const { task } = (await ada.ok(UpdateTask, { input: { id, version: 1, ...away } })).updateTask;
    expect(task.focusSeconds).toBeGreaterThanOrEqual(60);
    expect((await ada.ok(FocusSession, {})).focusSession).toBeNull();
    const nodes = nodesOf((await ada.ok(Activity, { filter: { types: ['focus.ended'] } })).activity);
    expect(nodes.map(({ metadata }) => metadata)).toMatchObject([{ reason: 'TASK_PUT_AWAY' }]);
  },
);

test('completed, archived, hidden and unknown tasks cannot be focused on', async () => {
  const ada = await world.user();
  const done = await make(ada);
  await ada.ok(CompleteTask, { input: { id: done.id, version: 1 } });
  await ada.refused(StartFocus, { input: { taskId: done.id } }, 'CONFLICT');
  const hidden = await make(ada);
  await ada.ok(UpdateTask, { input: { id: hidden.id, version: 1, hidden: true } });
  await ada.refused(StartFocus, { input: { taskId: hidden.id } }, 'CONFLICT');
  const archived = await make(ada);
  await ada.ok(UpdateTask, { input: { id: archived.id, version: 1, archived: true } });
  await ada.refused(StartFocus, { input: { taskId: archived.id } }, 'CONFLICT');
  await ada.refused(StartFocus, { input: { taskId: '00000000-0000-7000-8000-000000000000' } }, 'NOT_FOUND');
  await eventually(
    async () => (await ada.ok(FocusSession, {})).focusSession,
    (session) => session === null,
  );
});
