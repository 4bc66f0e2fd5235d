import { expect, test } from '@jest/globals';
import {
  AddReminder,
  AddSubtask,
  AiAction,
  CompleteTask,
  ConfirmAction,
  Conversations,
  ConvertNote,
  CreateNote,
  CreateTask,
  Credits,
  DeleteConversation,
  DeleteNote,
  DeleteTask,
  GenerateSubtasks,
  Note,
  Notes,
  ReopenTask,
  ReorderSubtasks,
  RestoreDeleted,
  SendChatMessage,
  StartFocus,
  Task,
  Tasks,
  UndoAction,
  UpdateNote,
  UpdateTask,
  UpdateTaskTemplate,
} from '../../generated/documents.js';
import { makeTask } from '../support/actions.js';
import { eventually, harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';
import { makePro } from '../support/pro.js';
import { askWith, propose, proposeOne } from '../support/proposals.js';

const world = harness({ lastingTokens: true, worker: false });
const [hourMs, dayMs] = [3_600_000, 86_400_000];

async function user(): Promise<Person> {
  const person = await world.user();
  await makePro(person, world);
  return person;
}

const taskOf = async (ada: Person, id: string) => (await ada.ok(Task, { id })).task;
const confirm = async (ada: Person, id: string) => (await ada.ok(ConfirmAction, { input: { id } })).confirmAction;
const undo = async (ada: Person, id: string) => (await ada.ok(UndoAction, { input: { id } })).undoAction;
const update = async (ada: Person, id: string, change: object) => {
  const { version } = await taskOf(ada, id);
  return (await ada.ok(UpdateTask, { input: { id, version, ...change } })).updateTask.task;
};
const fromNow = (ms: number) => new Date(world.clock.now().getTime() + ms).toISOString();
const asked = () =>
  eventually(
    async () => (await world.modelState()).open,
    (open) => open === 1,
  );

test('a task that changes while the model writes is another than the one that its proposal is for', async () => {
  const ada = await user();
  const id = await makeTask(ada);
  const words = Array.from({ length: 30 }, (_, index) => `word${index} `);
  await world.model({
    tokens: words,
    tokensPerSecond: 30,
    toolCalls: [{ name: 'update_task', arguments: { taskId: id, description: 'Tidied' } }],
  });
  const { answer } = (await ada.ok(SendChatMessage, { input: { content: 'Tidy it up' } })).sendChatMessage;
  await asked();
  await update(ada, id, { description: 'A whole page of my own' });
  const [action] = await eventually(
    () => world.sql<{ id: string }>('select id from assistant.action where message_id = $1', [answer.id]),
    (found) => found.length > 0,
  );
  await ada.refused(ConfirmAction, { input: { id: action?.id ?? '' } }, 'CONFLICT');
  expect((await taskOf(ada, id)).description).toBe('A whole page of my own');
  expect((await ada.ok(AiAction, { id: action?.id ?? '' })).aiAction.state).toBe('PENDING');
});

test.each(['completed', 'archived'])('a %s task that its question is about is known as well', async (how) => {
  const ada = await user();
  const id = await makeTask(ada);
  if (how === 'archived') await update(ada, id, { archived: true });
  else await ada.ok(CompleteTask, { input: { id, version: 1 } });
  const words = Array.from({ length: 30 }, (_, index) => `word${index} `);
  const toolCalls = [{ name: 'update_task', arguments: { taskId: id, description: 'Tidied' } }];
  await world.model({ tokens: words, tokensPerSecond: 30, toolCalls });
  const input = { content: 'Tidy it up', taskId: id };
  const { answer } = (await ada.ok(SendChatMessage, { input })).sendChatMessage;
  await asked();
  await update(ada, id, { description: 'A whole page of my own' });
  const [action] = await eventually(
    () => world.sql<{ id: string }>('select id from assistant.action where message_id = $1', [answer.id]),
    (found) => found.length > 0,
  );
  await ada.refused(ConfirmAction, { input: { id: action?.id ?? '' } }, 'CONFLICT');
});

test('subtasks of an archived task are suggested, as they can be added', async () => {
  const ada = await user();
  const id = await makeTask(ada);
  await update(ada, id, { archived: true });
  await world.model({ json: { subtasks: [{ title: 'Outline', estimatedMinutes: null }] } });
  const { action } = (await ada.ok(GenerateSubtasks, { input: { taskId: id } })).generateSubtasks;
  await confirm(ada, action.id);
  expect((await taskOf(ada, id)).subtasks).toHaveLength(1);
});

test.each(['title', 'subtask'])(
  'a suggestion for a task whose %s changes meanwhile is of no use, and costs nothing',
  async (what) => {
    const ada = await user();
    const id = await makeTask(ada);
    const { total } = (await ada.ok(Credits, {})).credits;
    await world.model({ json: { subtasks: [{ title: 'Outline', estimatedMinutes: null }] }, delayMs: 1_000 });
    const waiting = ada.refused(GenerateSubtasks, { input: { taskId: id } }, 'AI_SERVICE_UNAVAILABLE');
    await asked();
    if (what === 'title') await update(ada, id, { title: 'Totally different' });
    else await ada.ok(AddSubtask, { input: { taskId: id, title: 'Outline' } });
    await waiting;
    expect((await ada.ok(Credits, {})).credits).toMatchObject({ total, held: 0 });
  },
);

test('a note that is written anew while it is converted is not put away for what it said before', async () => {
  const ada = await user();
  const { note } = (await ada.ok(CreateNote, { input: { content: 'Call Joe' } })).createNote;
  await world.model({ json: { title: 'Call Joe', description: null, priority: null, dueDate: null }, delayMs: 1_000 });
  const waiting = ada.refused(ConvertNote, { input: { id: note.id } }, 'AI_SERVICE_UNAVAILABLE');
  await asked();
  world.clock.advance(1_000);
  await ada.ok(UpdateNote, { input: { id: note.id, content: 'Something else' } });
  await waiting;
});

test('what goes by the subtasks of a task is a conflict once those are others; what does not, is none', async () => {
  const ada = await user();
  const id = await makeTask(ada);
  const force = await proposeOne(world, ada, 'complete_task', { taskId: id, force: true });
  const steps = await proposeOne(world, ada, 'add_subtasks', { taskId: id, subtasks: [{ title: 'a' }] });
  const rename = await proposeOne(world, ada, 'update_task', { taskId: id, title: 'y' });
  await ada.ok(AddSubtask, { input: { taskId: id, title: 'Pay the taxes' } });
  await ada.refused(ConfirmAction, { input: { id: force.id } }, 'CONFLICT');
  await ada.refused(ConfirmAction, { input: { id: steps.id } }, 'CONFLICT');
  await confirm(ada, rename.id);
  expect(await taskOf(ada, id)).toMatchObject({ title: 'y', completed: false, subtasks: [{ completed: false }] });
});

test('proposals of one answer about one task are confirmed one after the other; a change in between ends that', async () => {
  const ada = await user();
  const id = await makeTask(ada);
  const calls = [
    { name: 'update_task', arguments: { taskId: id, title: 'y' } },
    { name: 'add_subtasks', arguments: { taskId: id, subtasks: [{ title: 'a' }] } },
    { name: 'complete_task', arguments: { taskId: id, force: true } },
  ];
  for (const { id: action } of await propose(world, ada, ...calls)) await confirm(ada, action);
  expect(await taskOf(ada, id)).toMatchObject({ title: 'y', completed: true, subtasks: [{ title: 'a' }] });
  const other = await makeTask(ada);
  const twice = ['one', 'two'].map((title) => ({ name: 'update_task', arguments: { taskId: other, title } }));
  const [first, second] = await propose(world, ada, ...twice);
  await update(ada, other, { priority: 'HIGH' });
  await ada.refused(ConfirmAction, { input: { id: first?.id ?? '' } }, 'CONFLICT');
  await ada.refused(ConfirmAction, { input: { id: second?.id ?? '' } }, 'CONFLICT');
});

test('what is taken back makes room for the other proposal of its answer', async () => {
  const ada = await user();
  const id = await makeTask(ada);
  const calls = ['one', 'two'].map((title) => ({ name: 'update_task', arguments: { taskId: id, title } }));
  const [first, second] = await propose(world, ada, ...calls);
  await confirm(ada, first?.id ?? '');
  await undo(ada, first?.id ?? '');
  await confirm(ada, second?.id ?? '');
  expect((await taskOf(ada, id)).title).toBe('two');
});

test('a version that was taken back is never that of another state', async () => {
  const ada = await user();
  const id = await makeTask(ada);
  const action = await proposeOne(world, ada, 'update_task', { taskId: id, title: 'AI' });
  await confirm(ada, action.id);
  const seenByPhone = (await taskOf(ada, id)).version;
  await undo(ada, action.id);
  expect((await taskOf(ada, id)).version).toBe(1);
  const mine = await update(ada, id, { description: 'mine' });
  expect(mine.version).toBe(3);
  const input = { id, version: seenByPhone, description: 'of a phone that has not seen mine' };
  await ada.refused(UpdateTask, { input }, 'CONFLICT');
});

test('taking a due date back moves the reminders that go by it, those of the user as well', async () => {
  const ada = await user();
  const { task } = (await ada.ok(CreateTask, { input: { title: 'x', dueDate: fromNow(10 * dayMs) } })).createTask;
  const dueDate = fromNow(2 * dayMs);
  const action = await proposeOne(world, ada, 'update_task', { taskId: task.id, dueDate });
  await confirm(ada, action.id);
  await ada.ok(AddReminder, { input: { taskId: task.id, type: 'BEFORE', offsetMinutes: 60 } });
  await undo(ada, action.id);
  const { reminders } = await taskOf(ada, task.id);
  expect(reminders.map(({ scheduledFor, state }) => [scheduledFor, state])).toEqual([
    [new Date(Date.parse(task.dueDate ?? '') - hourMs).toISOString(), 'SCHEDULED'],
  ]);
});

test('a reminder that the user has added goes with a due date that there was not before', async () => {
  const ada = await user();
  const id = await makeTask(ada);
  const action = await proposeOne(world, ada, 'update_task', { taskId: id, dueDate: fromNow(2 * dayMs) });
  await confirm(ada, action.id);
  await ada.ok(AddReminder, { input: { taskId: id, type: 'BEFORE', offsetMinutes: 60 } });
  await undo(ada, action.id);
  expect(await taskOf(ada, id)).toMatchObject({ dueDate: null, reminders: [{ state: 'CANCELLED' }] });
});

test('a reminder that has fired meanwhile is in nobody’s way', async () => {
  const ada = await user();
  const reminders = [{ type: 'BEFORE' as const, offsetMinutes: 60 }];
  const input = { title: 'x', dueDate: fromNow(10 * dayMs), reminders };
  const { task } = (await ada.ok(CreateTask, { input })).createTask;
  const action = await proposeOne(world, ada, 'update_task', { taskId: task.id, dueDate: fromNow(2 * dayMs) });
  await confirm(ada, action.id);
  world.clock.advance(2 * dayMs);
  await world.runJobs('tasks.fire-reminders');
  expect((await taskOf(ada, task.id)).reminders).toMatchObject([{ state: 'SENT' }]);
  await undo(ada, action.id);
  expect(await taskOf(ada, task.id)).toMatchObject({ dueDate: task.dueDate, reminders: [{ state: 'SCHEDULED' }] });
});

test('reminders that were cancelled by themselves are in nobody’s way', async () => {
  const ada = await user();
  const reminders = [{ type: 'BEFORE' as const, offsetMinutes: 60 }];
  const input = { title: 'x', dueDate: fromNow(10 * dayMs), reminders };
  const { task } = (await ada.ok(CreateTask, { input })).createTask;
  const moved = await proposeOne(world, ada, 'update_task', { taskId: task.id, dueDate: fromNow(2 * dayMs) });
  await confirm(ada, moved.id);
  const completed = await proposeOne(world, ada, 'complete_task', { taskId: task.id });
  await confirm(ada, completed.id);
  world.clock.advance(3 * dayMs);
  await undo(ada, completed.id);
  expect((await taskOf(ada, task.id)).reminders).toMatchObject([{ state: 'CANCELLED' }]);
  await undo(ada, moved.id);
  expect(await taskOf(ada, task.id)).toMatchObject({ dueDate: task.dueDate, reminders: [{ state: 'SCHEDULED' }] });
});

test('no more reminders wait than may, whatever is taken back', async () => {
  const ada = await user();
  const offsets = [60, 61, 62, 63, 64];
  const reminders = offsets.map((offsetMinutes) => ({ type: 'BEFORE' as const, offsetMinutes }));
  const input = { title: 'x', dueDate: fromNow(10 * dayMs), reminders };
  const { task } = (await ada.ok(CreateTask, { input })).createTask;
  const moved = await proposeOne(world, ada, 'update_task', { taskId: task.id, dueDate: fromNow(2 * dayMs) });
  await confirm(ada, moved.id);
  world.clock.advance(2 * dayMs);
  await world.runJobs('tasks.fire-reminders');
  for (const offset of offsets)
    await ada.ok(AddReminder, { input: { taskId: task.id, type: 'AFTER', offsetMinutes: offset } });
  await undo(ada, moved.id);
  const states = (await taskOf(ada, task.id)).reminders.map(({ state }) => state);
  expect(states.filter((state) => state === 'SCHEDULED')).toHaveLength(5);
});

test('a task that the user has worked on is not taken back', async () => {
  const ada = await user();
  const given = { title: 'x', subtasks: [{ title: 'a' }, { title: 'b' }] };
  const made = async () => {
    const action = await proposeOne(world, ada, 'create_task', given);
    return { action: action.id, task: await taskOf(ada, (await confirm(ada, action.id)).action.result?.id ?? '') };
  };
  const focused = await made();
  await ada.ok(StartFocus, { input: { taskId: focused.task.id } });
  const reordered = await made();
  const subtaskIds = reordered.task.subtasks.map(({ id }) => id).toReversed();
  await ada.ok(ReorderSubtasks, { input: { taskId: reordered.task.id, subtaskIds } });
  const [one, two] = await Promise.all(
    [focused, reordered].map(({ action }) => ada.refused(UndoAction, { input: { id: action } }, 'CONFLICT')),
  );
  expect([one?.extensions?.['fields'], two?.extensions?.['fields']]).toEqual([['focusSeconds'], ['subtasks']]);
  expect((await ada.ok(Tasks, {})).tasks.totalCount).toBe(2);
});

test('the next one of a series that the user has worked on stays when the completion is taken back', async () => {
  const ada = await user();
  const input = { title: 'x', recurrence: { rule: 'FREQ=DAILY' } };
  const { task } = (await ada.ok(CreateTask, { input })).createTask;
  const action = await proposeOne(world, ada, 'complete_task', { taskId: task.id });
  await confirm(ada, action.id);
  const [next] = nodesOf((await ada.ok(Tasks, { filter: { completed: false } })).tasks);
  await ada.ok(StartFocus, { input: { taskId: next?.id ?? '' } });
  await undo(ada, action.id);
  expect((await ada.ok(Tasks, { filter: { completed: false } })).tasks.totalCount).toBe(2);
});

test('a conversion is taken back only as long as its note was turned into that task', async () => {
  const ada = await user();
  const { note } = (await ada.ok(CreateNote, { input: { content: 'Call Joe' } })).createNote;
  const convert = () => proposeOne(world, ada, 'convert_note', { noteId: note.id, title: 'Call Joe' });
  const first = await convert();
  const { result } = (await confirm(ada, first.id)).action;
  const { version } = await taskOf(ada, result?.id ?? '');
  const { deletedItem } = (await ada.ok(DeleteTask, { input: { id: result?.id ?? '', version } })).deleteTask;
  await confirm(ada, (await convert()).id);
  await ada.ok(RestoreDeleted, { input: { id: deletedItem?.id ?? '' } });
  const refusal = await ada.refused(UndoAction, { input: { id: first.id } }, 'CONFLICT');
  expect(refusal.extensions).toMatchObject({ fields: ['convertedTo'] });
  expect((await ada.ok(Note, { id: note.id })).note.convertedTo?.id).not.toBe(result?.id);
  await ada.ok(DeleteNote, { input: { id: note.id } });
  const gone = await ada.refused(UndoAction, { input: { id: first.id } }, 'CONFLICT');
  expect(gone.extensions).toMatchObject({ fields: ['deleted'] });
});

test('a note that was made and then turned into a task stays', async () => {
  const ada = await user();
  const made = await proposeOne(world, ada, 'create_note', { content: 'Call Joe' });
  const noteId = (await confirm(ada, made.id)).action.result?.id ?? '';
  const conversion = await proposeOne(world, ada, 'convert_note', { noteId, title: 'Call Joe' });
  await confirm(ada, conversion.id);
  await ada.ok(UpdateNote, { input: { id: noteId, archived: false } });
  const refusal = await ada.refused(UndoAction, { input: { id: made.id } }, 'CONFLICT');
  expect(refusal.extensions).toMatchObject({ fields: ['convertedTo'] });
});

test('a completion that is taken back leaves its series as it was, a deleted next one included', async () => {
  const ada = await user();
  const input = { title: 'x', recurrence: { rule: 'FREQ=DAILY' } };
  const { task } = (await ada.ok(CreateTask, { input })).createTask;
  const newest = () => world.sql('select newest_task_id, retry_at from tasks.task_template');
  await ada.ok(CompleteTask, { input: { id: task.id, version: 1 } });
  const [next] = nodesOf((await ada.ok(Tasks, { filter: { completed: false } })).tasks);
  const { version } = await taskOf(ada, task.id);
  await ada.ok(ReopenTask, { input: { id: task.id, version } });
  await ada.ok(UpdateTaskTemplate, { input: { id: task.template?.id ?? '', active: false } });
  await ada.ok(DeleteTask, { input: { id: next?.id ?? '', version: 1 } });
  await ada.ok(UpdateTaskTemplate, { input: { id: task.template?.id ?? '', active: true } });
  const before = await newest();
  const action = await proposeOne(world, ada, 'complete_task', { taskId: task.id });
  await confirm(ada, action.id);
  await undo(ada, action.id);
  expect(await newest()).toEqual(before);
});

test('an answer that says nothing, and of whose proposals none is kept, has failed and costs nothing', async () => {
  const ada = await user();
  const { total } = (await ada.ok(Credits, {})).credits;
  for (const text of ['', ' \n']) {
    const events = await askWith(world, ada, [{ name: 'create_task', arguments: { title: '' } }], { text });
    expect(events.at(-1)).toMatchObject({
      __typename: 'ChatFinished',
      error: 'AI_SERVICE_UNAVAILABLE',
      message: { state: 'FAILED' },
    });
  }
  expect((await ada.ok(Credits, {})).credits).toMatchObject({ total, held: 0 });
});

test('what is proposed, and shown, is what would be done', async () => {
  const ada = await user();
  const action = await proposeOne(world, ada, 'create_task', { title: ' a\nb ', tags: [' home '] });
  expect(action).toMatchObject({ summary: 'Create “a b”', proposal: { title: 'a b', tags: ['home'] } });
  // Without it an object of JavaScript's own would be written into.
  const edits = JSON.parse('{"__proto__": {"title": "c"}}');
  await ada.refused(ConfirmAction, { input: { id: action.id, edits } }, 'VALIDATION_FAILED');
});

test('much that was proposed is told again in words, so that a question stays short', async () => {
  const ada = await user();
  const long = (index: number) => ({ name: 'create_note', arguments: { content: `${index} ${'é'.repeat(1_900)}` } });
  const [conversation] = await (async () => {
    await askWith(
      world,
      ada,
      Array.from({ length: 9 }, (_, index) => long(index)),
    );
    return nodesOf((await ada.ok(Conversations, {})).conversations);
  })();
  const conversationId = conversation?.id ?? '';
  for (let round = 0; round < 4; round += 1) {
    await world.model({ text: 'Here.', toolCalls: Array.from({ length: 9 }, (_, i) => long(i)), tokensPerSecond: 0 });
    const { answer } = (await ada.ok(SendChatMessage, { input: { content: 'More', conversationId } })).sendChatMessage;
    await eventually(
      () => world.sql('select from assistant.chat_message where id = $1 and state = $2', [answer.id, 'COMPLETE']),
      (found) => found.length > 0,
    );
  }
  const { lastMessages } = await world.modelState();
  expect(JSON.stringify(lastMessages.slice(1)).length).toBeLessThan(30_000);
  expect(JSON.stringify(lastMessages)).toContain('Proposed: Write down “0 é');
});

test('what was confirmed can be taken back though its conversation was deleted, and is forgotten in the end', async () => {
  const ada = await user();
  const [kept, other] = await propose(
    world,
    ada,
    { name: 'create_note', arguments: { content: 'a secret' } },
    { name: 'create_note', arguments: { content: 'b' } },
  );
  for (const action of [kept, other]) await confirm(ada, action?.id ?? '');
  const [conversation] = nodesOf((await ada.ok(Conversations, {})).conversations);
  await ada.ok(DeleteConversation, { input: { id: conversation?.id ?? '' } });
  await undo(ada, other?.id ?? '');
  expect(nodesOf((await ada.ok(Notes, {})).notes)).toMatchObject([{ content: 'a secret' }]);
  const rows = () =>
    world.sql('select undo from assistant.action where account_id = $1 and undo is not null', [ada.id]);
  expect(await rows()).toHaveLength(1);
  world.clock.advance(31 * dayMs);
  await world.runJobs('assistant.forget-actions');
  expect(await rows()).toEqual([]);
  await ada.refused(UndoAction, { input: { id: kept?.id ?? '' } }, 'CONFLICT');
  world.clock.advance(30 * dayMs);
  await world.runJobs('assistant.forget-actions');
  expect(await world.sql('select from assistant.action where account_id = $1', [ada.id])).toEqual([]);
});

test('a due date that the assistant moved or cleared is taken back of a task that is completed since', async () => {
  const ada = await world.user();
  const inDays = (days: number) => new Date(world.clock.now().getTime() + days * 86_400_000).toISOString();
  for (const dueDate of [inDays(9), null]) {
    const input = { title: 't', dueDate: inDays(5), reminders: [{ type: 'BEFORE' as const, offsetMinutes: 60 }] };
    const { id } = (await ada.ok(CreateTask, { input })).createTask.task;
    const action = await proposeOne(world, ada, 'update_task', { taskId: id, dueDate });
    await ada.ok(ConfirmAction, { input: { id: action.id } });
    const { version } = (await ada.ok(Task, { id })).task;
    await ada.ok(CompleteTask, { input: { id, version } });
    await ada.ok(UndoAction, { input: { id: action.id } });
    const { task } = await ada.ok(Task, { id });
    expect(task).toMatchObject({ dueDate: input.dueDate, completed: true, reminders: [{ state: 'CANCELLED' }] });
    const reopened = await ada.ok(ReopenTask, { input: { id, version: task.version } });
    expect(reopened.reopenTask.task.reminders).toMatchObject([{ state: 'SCHEDULED' }]);
  }
});
