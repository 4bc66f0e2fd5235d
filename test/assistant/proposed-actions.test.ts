import { expect, test } from '@jest/globals';
import {
  ActionsOfTask,
  AddSubtask,
  AiAction,
  Changes,
  ConfirmAction,
  Conversation,
  CreateTask,
  DeleteTask,
  Notes,
  RejectAction,
  SendChatMessage,
  Task,
  Tasks,
  UndoAction,
  UpdateNote,
  UpdateTask,
} from '../../generated/documents.js';
import { eventually, harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';
import { makePro } from '../support/pro.js';
import { askWith, propose, proposeOne } from '../support/proposals.js';

const world = harness({ lastingTokens: true, worker: false });
const hourMs = 3_600_000;
const strange = '00000000-0000-7000-8000-000000000000';

async function user(name = 'Ada'): Promise<Person> {
  const person = await world.user(name);
  await makePro(person, world);
  return person;
}

const make = async (ada: Person, input: object = {}) =>
  (await ada.ok(CreateTask, { input: { title: 'Write the brief', ...input } })).createTask.task;
const taskOf = async (ada: Person, id: string) => (await ada.ok(Task, { id })).task;
const confirm = async (ada: Person, id: string, edits?: Record<string, unknown>) =>
  (await ada.ok(ConfirmAction, { input: { id, edits } })).confirmAction;
const undo = async (ada: Person, id: string) => (await ada.ok(UndoAction, { input: { id } })).undoAction;

test('what the assistant proposes comes with its answer, and is done only when its user confirms it, once', async () => {
  const ada = await user();
  const given = { title: 'Call the plumber', priority: 'HIGH', subtasks: [{ title: 'Find the number' }] };
  const events = await askWith(world, ada, [{ name: 'create_task', arguments: given }], { text: 'Shall I?' });
  const [delta, proposed, finished] = events.slice(-3);
  expect(delta).toMatchObject({ __typename: 'ChatDelta', position: 8 });
  expect(finished).toMatchObject({ __typename: 'ChatFinished', message: { content: 'Shall I?', truncated: false } });
  if (proposed?.__typename !== 'ChatActionProposed') throw new Error('Nothing was proposed.');
  expect(proposed).toMatchObject({
    position: 8,
    action: {
      kind: 'CREATE_TASK',
      state: 'PENDING',
      summary: 'Create “Call the plumber” with 1 subtask',
      proposal: given,
      result: null,
    },
  });
  expect((await ada.ok(Tasks, {})).tasks.totalCount).toBe(0);
  const { id } = proposed.action;
  const both = await Promise.all([1, 2].map(() => ada.send(ConfirmAction, { input: { id } })));
  const codes = both.map(({ body }) => body.errors?.[0]?.extensions?.['code'] ?? 'done');
  expect(codes.toSorted()).toEqual(['CONFLICT', 'done']);
  const tasks = nodesOf((await ada.ok(Tasks, {})).tasks);
  expect(tasks).toMatchObject([{ title: 'Call the plumber', priority: 'HIGH', subtasks: [{ source: 'AI' }] }]);
  const { aiAction } = await ada.ok(AiAction, { id });
  expect(aiAction).toMatchObject({ state: 'CONFIRMED', result: { __typename: 'Task', id: tasks[0]?.id } });
  const changes = nodesOf((await ada.ok(Changes, { first: 100 })).changes);
  const created = changes.find(({ type }) => type === 'task.created');
  expect(created?.source).toBe('AI');
  expect(changes.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['ai_action.proposed', 'ai_action.confirmed']),
  );
});

test('each kind of proposal says what it would do, and does it', async () => {
  const ada = await user();
  const task = await make(ada);
  const actions = await propose(
    world,
    ada,
    { name: 'update_task', arguments: { taskId: task.id, title: 'Write the report', estimatedMinutes: 30 } },
    { name: 'add_subtasks', arguments: { taskId: task.id, subtasks: [{ title: 'a' }, { title: 'b' }] } },
    { name: 'create_note', arguments: { content: 'The plumber is called Joe.\nHe is nice.' } },
  );
  expect(actions.map(({ kind, summary }) => [kind, summary])).toEqual([
    ['UPDATE_TASK', 'Change title, estimated minutes of “Write the brief”'],
    ['ADD_SUBTASKS', 'Add 2 subtasks to “Write the brief”'],
    ['CREATE_NOTE', 'Write down “The plumber is called Joe. He is nice.”'],
  ]);
  const [update, add, note] = actions;
  await confirm(ada, add?.id ?? '');
  expect((await taskOf(ada, task.id)).subtasks.map(({ title, source }) => [title, source])).toEqual([
    ['a', 'AI'],
    ['b', 'AI'],
  ]);
  await confirm(ada, update?.id ?? '', { title: 'Write the letter' });
  expect(await taskOf(ada, task.id)).toMatchObject({ title: 'Write the letter', estimatedMinutes: 30 });
  await confirm(ada, note?.id ?? '');
  expect(nodesOf((await ada.ok(Notes, {})).notes)).toMatchObject([
    { content: 'The plumber is called Joe.\nHe is nice.' },
  ]);
  const done = await proposeOne(world, ada, 'complete_task', { taskId: task.id, force: true });
  expect(done.summary).toBe('Complete “Write the letter”');
  const { unlockedAchievements } = await confirm(ada, done.id);
  expect(unlockedAchievements).toEqual([]);
  expect(await taskOf(ada, task.id)).toMatchObject({ completed: true, completedBy: 'FORCE' });
  const listed = (await ada.ok(ActionsOfTask, { id: task.id })).task.actions;
  expect(listed.map(({ kind, state }) => [kind, state])).toEqual([
    ['UPDATE_TASK', 'CONFIRMED'],
    ['ADD_SUBTASKS', 'CONFIRMED'],
    ['COMPLETE_TASK', 'CONFIRMED'],
  ]);
});

test('calls that would be refused as input are left out, and the answer stands', async () => {
  const ada = await user();
  const bob = await user('Bob');
  const [task, foreign] = [await make(ada), await make(bob)];
  const many = Array.from({ length: 1_000 }, () => ({ title: 'x' }));
  const events = await askWith(world, ada, [
    { name: 'delete_everything', arguments: {} },
    { name: 'create_task', arguments: { title: '' } },
    { name: 'create_task', arguments: { title: 5 } },
    { name: 'create_task', arguments: { title: 'x', dueDate: 'tomorrow' } },
    { name: 'create_task', arguments: { title: 'x', dueDate: '2999-01-01T00:00:00Z' } },
    { name: 'create_task', arguments: { title: 'x', admin: true } },
    { name: 'create_task', arguments: 'no JSON' },
    { name: 'create_task', arguments: [] },
    { name: 'create_task', arguments: { title: 'x', subtasks: many } },
    { name: 'complete_task', arguments: { taskId: strange } },
  ]);
  expect(events.map(({ __typename }) => __typename).filter((type) => type !== 'ChatDelta')).toEqual(['ChatFinished']);
  const others = await askWith(world, ada, [
    { name: 'complete_task', arguments: { taskId: foreign.id } },
    { name: 'update_task', arguments: { taskId: foreign.id, title: 'Mine' } },
    { name: 'update_task', arguments: { taskId: task.id } },
    { name: 'add_subtasks', arguments: { taskId: task.id, subtasks: [] } },
    { name: 'add_subtasks', arguments: { taskId: task.id, subtasks: many.slice(0, 11) } },
  ]);
  expect(others.map(({ __typename }) => __typename).filter((type) => type !== 'ChatDelta')).toEqual(['ChatFinished']);
  expect(await world.sql('select from assistant.action')).toEqual([]);
  expect(await taskOf(ada, task.id)).toMatchObject({ version: 1, subtasks: [] });
  expect((await bob.ok(Task, { id: foreign.id })).task).toMatchObject({ version: 1, completed: false });
});

test('trying out a proposal leaves nothing behind: no task, no event, no number', async () => {
  const ada = await user();
  const task = await make(ada, { recurrence: { rule: 'FREQ=DAILY' } });
  await proposeOne(world, ada, 'complete_task', { taskId: task.id });
  expect(await taskOf(ada, task.id)).toMatchObject({ completed: false, version: 1 });
  expect((await ada.ok(Tasks, {})).tasks.totalCount).toBe(1);
  const types = nodesOf((await ada.ok(Changes, { first: 100 })).changes).map(({ type }) => type);
  expect(types.filter((type) => /completed$/.test(type))).toEqual(['chat_message.completed']);
  const numbers = await world.sql<{ number: number }>(
    'select number::int as number from activity.event where account_id = $1 order by number',
    [ada.id],
  );
  expect(numbers.map(({ number }) => number)).toEqual(numbers.map((_, index) => index + 1));
});

test('a proposal whose task has changed since is a conflict and stays proposed; one with unfit edits, too', async () => {
  const ada = await user();
  const task = await make(ada);
  const action = await proposeOne(world, ada, 'update_task', { taskId: task.id, title: 'Another' });
  await ada.refused(ConfirmAction, { input: { id: action.id, edits: { title: '' } } }, 'VALIDATION_FAILED');
  await ada.refused(ConfirmAction, { input: { id: action.id, edits: { extra: 1 } } }, 'VALIDATION_FAILED');
  const other = await make(ada);
  await ada.refused(ConfirmAction, { input: { id: action.id, edits: { taskId: other.id } } }, 'CONFLICT');
  await ada.ok(UpdateTask, { input: { id: task.id, version: 1, description: 'More' } });
  const refusal = await ada.refused(ConfirmAction, { input: { id: action.id } }, 'CONFLICT');
  expect(refusal.extensions).toMatchObject({ currentVersion: 2 });
  expect((await ada.ok(AiAction, { id: action.id })).aiAction.state).toBe('PENDING');
  await ada.ok(DeleteTask, { input: { id: task.id, version: 2 } });
  await ada.refused(ConfirmAction, { input: { id: action.id } }, 'NOT_FOUND');
});

test('what has no room when it is confirmed stays proposed', async () => {
  const ada = await world.user();
  for (let count = 0; count < 49; count += 1) await make(ada);
  const action = await proposeOne(world, ada, 'create_task', { title: 'The last' });
  const last = await make(ada);
  await ada.refused(ConfirmAction, { input: { id: action.id } }, 'LIMIT_REACHED');
  await ada.ok(DeleteTask, { input: { id: last.id, version: 1 } });
  expect((await confirm(ada, action.id)).action.state).toBe('CONFIRMED');
});

test('a proposal expires after 24 hours, whatever the job does, and one that is not wanted is never done', async () => {
  const ada = await user();
  const [kept, rejected] = await propose(
    world,
    ada,
    { name: 'create_note', arguments: { content: 'a' } },
    { name: 'create_note', arguments: { content: 'b' } },
  );
  const id = kept?.id ?? '';
  const { rejectAction } = await ada.ok(RejectAction, { input: { id: rejected?.id ?? '' } });
  expect(rejectAction.action.state).toBe('REJECTED');
  for (const operation of [ConfirmAction, RejectAction, UndoAction] as const)
    await ada.refused(operation, { input: { id: rejected?.id ?? '' } }, 'CONFLICT');
  world.clock.advance(24 * hourMs + 1_000);
  expect((await ada.ok(AiAction, { id })).aiAction.state).toBe('EXPIRED');
  const refusal = await ada.refused(ConfirmAction, { input: { id } }, 'CONFLICT');
  expect(refusal.extensions).toMatchObject({ state: 'EXPIRED' });
  await Promise.all([1, 2].map(() => world.runJobs('assistant.expire-actions')));
  const types = nodesOf((await ada.ok(Changes, { first: 100 })).changes).map(({ type }) => type);
  expect(types.filter((type) => type === 'ai_action.expired')).toHaveLength(1);
  expect((await ada.ok(Notes, {})).notes.totalCount).toBe(0);
});

test('what was confirmed can be taken back once, for 30 days, unless its user has changed it', async () => {
  const ada = await user();
  const task = await make(ada, { description: 'Before' });
  const before = await taskOf(ada, task.id);
  const update = await proposeOne(world, ada, 'update_task', {
    taskId: task.id,
    title: 'AI',
    description: 'By the AI',
  });
  await ada.refused(UndoAction, { input: { id: update.id } }, 'CONFLICT');
  await confirm(ada, update.id);
  expect((await undo(ada, update.id)).action.state).toBe('UNDONE');
  expect(await taskOf(ada, task.id)).toEqual({ ...before, actions: undefined });
  await ada.refused(UndoAction, { input: { id: update.id } }, 'CONFLICT');

  const again = await proposeOne(world, ada, 'update_task', { taskId: task.id, title: 'AI', priority: 'LOW' });
  await confirm(ada, again.id);
  const { version } = await taskOf(ada, task.id);
  await ada.ok(UpdateTask, { input: { id: task.id, version, title: 'My own', tags: ['mine'] } });
  const refusal = await ada.refused(UndoAction, { input: { id: again.id } }, 'CONFLICT');
  expect(refusal.extensions).toMatchObject({ fields: ['title'] });
  expect(await taskOf(ada, task.id)).toMatchObject({ title: 'My own', priority: 'LOW', tags: ['mine'] });

  const third = await proposeOne(world, ada, 'update_task', { taskId: task.id, priority: 'HIGH' });
  await confirm(ada, third.id);
  const seen = await taskOf(ada, task.id);
  await ada.ok(AddSubtask, { input: { taskId: task.id, title: 'My step' } });
  await ada.ok(UpdateTask, { input: { id: task.id, version: seen.version, title: 'My other' } });
  await undo(ada, third.id);
  expect(await taskOf(ada, task.id)).toMatchObject({
    title: 'My other',
    priority: 'LOW',
    version: seen.version + 2,
    subtasks: [{ title: 'My step' }],
  });

  const late = await proposeOne(world, ada, 'create_note', { content: 'x' });
  await confirm(ada, late.id);
  world.clock.advance(31 * 24 * hourMs);
  await ada.refused(UndoAction, { input: { id: late.id } }, 'CONFLICT');
});

test('what was made is gone when it is taken back, and stays when its user has written to it', async () => {
  const ada = await user();
  const [task, note, kept] = await propose(
    world,
    ada,
    { name: 'create_task', arguments: { title: 'x', subtasks: [{ title: 'a' }] } },
    { name: 'create_note', arguments: { content: 'y' } },
    { name: 'create_note', arguments: { content: 'z' } },
  );
  for (const action of [task, note, kept]) await confirm(ada, action?.id ?? '');
  await undo(ada, task?.id ?? '');
  await undo(ada, note?.id ?? '');
  expect((await ada.ok(Tasks, {})).tasks.totalCount).toBe(0);
  const [left] = nodesOf((await ada.ok(Notes, {})).notes);
  expect(left?.content).toBe('z');
  await ada.ok(UpdateNote, { input: { id: left?.id ?? '', content: 'mine' } });
  const refusal = await ada.refused(UndoAction, { input: { id: kept?.id ?? '' } }, 'CONFLICT');
  expect(refusal.extensions).toMatchObject({ fields: ['content'] });
});

test('a completion that is taken back opens the task, and its next one goes unless its user has touched it', async () => {
  const ada = await user();
  const task = await make(ada, { recurrence: { rule: 'FREQ=DAILY' }, subtasks: [{ title: 'a' }] });
  const done = await proposeOne(world, ada, 'complete_task', { taskId: task.id, force: true });
  await confirm(ada, done.id);
  expect(nodesOf((await ada.ok(Tasks, {})).tasks)).toHaveLength(2);
  await undo(ada, done.id);
  expect(nodesOf((await ada.ok(Tasks, {})).tasks)).toMatchObject([
    { id: task.id, completed: false, version: 1, subtasks: [{ completed: false }] },
  ]);
  // The series goes on as if nothing had been.
  const again = await proposeOne(world, ada, 'complete_task', { taskId: task.id, force: true });
  await confirm(ada, again.id);
  const next = nodesOf((await ada.ok(Tasks, { filter: { completed: false } })).tasks)[0];
  await ada.ok(UpdateTask, { input: { id: next?.id ?? '', version: 1, title: 'Mine' } });
  await undo(ada, again.id);
  expect(
    nodesOf((await ada.ok(Tasks, {})).tasks)
      .map(({ title }) => title)
      .toSorted(),
  ).toEqual(['Mine', 'Write the brief']);
});

test('the model hears with the next question what became of its proposals', async () => {
  const ada = await user();
  await world.model({
    text: 'Shall I?',
    tokensPerSecond: 0,
    times: 1,
    toolCalls: [
      { name: 'create_task', arguments: { title: 'One' } },
      { name: 'create_task', arguments: { title: 'Two' } },
    ],
  });
  const { conversation } = (await ada.ok(SendChatMessage, { input: { content: 'Plan' } })).sendChatMessage;
  const actions = await eventually(
    async () => {
      const { messages } = (await ada.ok(Conversation, { id: conversation.id })).conversation;
      return nodesOf(messages).flatMap((message) => message.actions);
    },
    (found) => found.length === 2,
  );
  await confirm(ada, actions[0]?.id ?? '');
  await ada.ok(RejectAction, { input: { id: actions[1]?.id ?? '' } });
  await ada.ok(SendChatMessage, { input: { content: 'And now?', conversationId: conversation.id } });
  const { lastMessages } = await eventually(
    () => world.modelState(),
    ({ requests }) => requests === 2,
  );
  expect(lastMessages?.slice(1)).toMatchObject([
    { role: 'user', content: 'Plan' },
    { role: 'assistant', content: 'Shall I?', tool_calls: [{ type: 'function' }, { type: 'function' }] },
    { role: 'tool', content: expect.stringContaining('The user confirmed it, and it was done.') },
    { role: 'tool', content: 'Create “Two”: The user did not want it; nothing was done.' },
    { role: 'user', content: 'And now?' },
  ]);
});
