import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { print } from 'graphql';
import {
  ActionsOfNote,
  ActionsOfTask,
  Changes,
  ConfirmAction,
  ConvertNote,
  CreateNote,
  CreateTask,
  CreditHistory,
  Credits,
  DeleteTask,
  GenerateSubtasks,
  Note,
  Notes,
  RejectAction,
  SignOutEverywhere,
  Task,
  UndoAction,
  UpdateNote,
} from '../../generated/documents.js';
import { earnedBy } from '../support/actions.js';
import { eventually, harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';
import { makePro } from '../support/pro.js';
import { proposeOne } from '../support/proposals.js';

const config = { AI_FIRST_TOKEN_SECONDS: '1' };
const world = harness({ lastingTokens: true, worker: false, apps: 2, config });
const key = () => ({ 'idempotency-key': randomUUID() });

async function user(name = 'Ada', credits = 100): Promise<Person> {
  const person = await world.user(name);
  await makePro(person, world, credits);
  return person;
}

const makeTask = async (ada: Person, input: object = {}) =>
  (await ada.ok(CreateTask, { input: { title: 'Write the brief', ...input } })).createTask.task;
const makeNote = async (ada: Person, content = 'Call the plumber by Friday, urgent') =>
  (await ada.ok(CreateNote, { input: { content } })).createNote.note;
const taskOf = async (ada: Person, id: string) => (await ada.ok(Task, { id })).task;
const noteOf = async (ada: Person, id: string) => (await ada.ok(Note, { id })).note;
const creditsOf = async (ada: Person) => (await ada.ok(Credits, {})).credits;
const generate = async (ada: Person, taskId: string) =>
  (await ada.ok(GenerateSubtasks, { input: { taskId } })).generateSubtasks;
const convert = async (ada: Person, id: string) => (await ada.ok(ConvertNote, { input: { id } })).convertNote;
const confirm = async (ada: Person, id: string, edits?: Record<string, unknown>) =>
  (await ada.ok(ConfirmAction, { input: { id, edits } })).confirmAction;
const steps = (...titles: string[]) => ({
  json: { subtasks: titles.map((title) => ({ title, estimatedMinutes: null })) },
});
const outline = steps('Outline', 'Draft');
const plumber = { json: { title: 'Call the plumber', description: null, priority: 'HIGH', dueDate: null } };
const codeOf = async (sent: ReturnType<Person['send']>) => (await sent).body.errors?.[0]?.extensions?.['code'];

test('subtasks are proposed for a credit, and are there once their user confirms them', async () => {
  const ada = await user();
  const task = await makeTask(ada, { description: 'for the board', subtasks: [{ title: 'Ask Joe' }] });
  const before = await creditsOf(ada);
  await world.model({
    json: {
      subtasks: [
        { title: '  Outline\n it ', estimatedMinutes: 20 },
        { title: 'Draft', estimatedMinutes: 9_999 },
      ],
    },
  });
  const { action, creditsRemaining, requestsOnTask, warning } = await generate(ada, task.id);
  expect(action).toMatchObject({
    kind: 'ADD_SUBTASKS',
    state: 'PENDING',
    summary: 'Add 2 subtasks to “Write the brief”',
    proposal: {
      taskId: task.id,
      subtasks: [
        { title: 'Outline  it', estimatedMinutes: 20 },
        { title: 'Draft', estimatedMinutes: null },
      ],
    },
  });
  expect([creditsRemaining, requestsOnTask, warning]).toEqual([before.total - 1, 1, null]);
  expect(await creditsOf(ada)).toMatchObject({ total: before.total - 1, held: 0 });
  const { lastMessages } = await world.modelState();
  const asked = JSON.stringify(lastMessages);
  for (const part of ['9 steps at most', 'Write the brief', 'for the board', 'Ask Joe']) expect(asked).toContain(part);
  expect((await taskOf(ada, task.id)).subtasks).toHaveLength(1);
  await confirm(ada, action.id);
  const { subtasks } = await taskOf(ada, task.id);
  expect(subtasks.map(({ title, source }) => [title, source])).toEqual([
    ['Ask Joe', 'USER'],
    ['Outline  it', 'AI'],
    ['Draft', 'AI'],
  ]);
  const [paid] = nodesOf((await ada.ok(CreditHistory, { first: 1 })).creditHistory);
  expect(paid).toMatchObject({ kind: 'SPEND', reason: 'Subtask generation', run: { purpose: 'SUBTASKS' } });
  const listed = (await ada.ok(ActionsOfTask, { id: task.id })).task.actions;
  expect(listed.map(({ id, state }) => [id, state])).toEqual([[action.id, 'CONFIRMED']]);
});

test('as many subtasks are proposed as there is room for, and without room none are asked for', async () => {
  const ada = await user();
  const subtasks = Array.from({ length: 8 }, (_, index) => ({ title: `step ${index}` }));
  const task = await makeTask(ada, { subtasks });
  await world.model({ ...steps(...Array.from({ length: 500 }, (_, index) => `more ${index}`)), tokensPerSecond: 0 });
  const { action } = await generate(ada, task.id);
  expect(action.summary).toBe('Add 2 subtasks to “Write the brief”');
  await confirm(ada, action.id);
  const { requests } = await world.modelState();
  const { total } = await creditsOf(ada);
  expect(await codeOf(ada.send(GenerateSubtasks, { input: { taskId: task.id } }))).toBe('LIMIT_REACHED');
  expect((await world.modelState()).requests).toBe(requests);
  expect((await creditsOf(ada)).total).toBe(total);
});

test('what is of no use costs nothing, and does not count as a request about the task', async () => {
  const ada = await user();
  const task = await makeTask(ada);
  const before = await creditsOf(ada);
  const useless: object[] = [
    steps(),
    steps('', ' \n '),
    { json: { subtasks: 'Outline' } },
    { json: { subtasks: [{ name: 'Outline' }] } },
    { json: 'steps' },
    { text: 'Here you are: no JSON.', json: undefined },
    { status: 400 },
    { status: 429 },
    { status: 500 },
    { cutAfter: 1 },
    { omitDone: true, endAfter: 1 },
  ];
  for (const behaviour of useless) {
    await world.model({ reset: true, tokensPerSecond: 0, ...behaviour });
    expect(await codeOf(ada.send(GenerateSubtasks, { input: { taskId: task.id } }))).toBe('AI_SERVICE_UNAVAILABLE');
    expect(await creditsOf(ada)).toEqual(before);
  }
  world.clock.advance(60_000);
  await world.model({ reset: true, ...outline });
  expect((await generate(ada, task.id)).requestsOnTask).toBe(1);
});

test('the 5th request about a task warns, and the 11th is refused, chat included', async () => {
  const ada = await user();
  const task = await makeTask(ada);
  await world.model(outline);
  const said: [number | null | undefined, string | null | undefined][] = [];
  for (let request = 0; request < 10; request += 1) {
    const { requestsOnTask, warning } = await generate(ada, task.id);
    said.push([requestsOnTask, warning]);
  }
  expect(said.slice(3, 6)).toEqual([
    [4, null],
    [5, '5 more requests about this task in this session.'],
    [6, '4 more requests about this task in this session.'],
  ]);
  const { total } = await creditsOf(ada);
  expect(await codeOf(ada.send(GenerateSubtasks, { input: { taskId: task.id } }))).toBe('CREDIT_LIMIT_REACHED');
  expect((await creditsOf(ada)).total).toBe(total);
});

test('suggestions count among the 20 AI operations of a minute', async () => {
  const limited = await world.another({ apps: 1, config: { AI_RATE_LIMIT_PER_MINUTE: '20' } });
  const ada = await limited.user();
  await makePro(ada, limited);
  await limited.model(plumber);
  const note = await makeNote(ada);
  for (let request = 0; request < 20; request += 1) await convert(ada, note.id);
  await ada.refused(ConvertNote, { input: { id: note.id } }, 'RATE_LIMITED');
  const { id: taskId } = await makeTask(ada);
  await ada.refused(GenerateSubtasks, { input: { taskId } }, 'RATE_LIMITED');
});

test('without credits nothing is asked', async () => {
  const ada = await world.user();
  await world.sql(
    `insert into billing.credit_entry (id, account_id, kind, bucket, amount, reason, key, created_at)
     select gen_random_uuid(), account_id, 'EXPIRE', bucket, -balance, 'test', 'test', now()
     from billing.credit_bucket where account_id = $1 and balance > 0`,
    [ada.id],
  );
  const [task, note] = [await makeTask(ada), await makeNote(ada)];
  for (const sent of [
    ada.send(GenerateSubtasks, { input: { taskId: task.id } }),
    ada.send(ConvertNote, { input: { id: note.id } }),
  ]) {
    expect((await sent).body.errors?.[0]?.extensions).toMatchObject({
      code: 'INSUFFICIENT_CREDITS',
      required: 1,
      available: 0,
    });
  }
  expect((await world.modelState()).requests).toBe(0);
});

test("what is not the caller's, or not open, is not asked about", async () => {
  const [ada, bob] = [await user(), await user('Bob')];
  const [task, note] = [await makeTask(ada), await makeNote(ada)];
  expect(await codeOf(bob.send(GenerateSubtasks, { input: { taskId: task.id } }))).toBe('FORBIDDEN');
  expect(await codeOf(bob.send(ConvertNote, { input: { id: note.id } }))).toBe('FORBIDDEN');
  expect(await codeOf(bob.send(GenerateSubtasks, { input: { taskId: note.id } }))).toBe('NOT_FOUND');
  expect(await codeOf(bob.send(ConvertNote, { input: { id: task.id } }))).toBe('NOT_FOUND');
  const done = await proposeOne(world, ada, 'complete_task', { taskId: task.id });
  await confirm(ada, done.id);
  expect(await codeOf(ada.send(GenerateSubtasks, { input: { taskId: task.id } }))).toBe('CONFLICT');
  expect((await world.modelState()).requests).toBe(1);
});

test('where there is no room for a task, no note is converted', async () => {
  const ada = await world.user();
  for (let count = 0; count < 50; count += 1) await makeTask(ada);
  const note = await makeNote(ada);
  await ada.refused(ConvertNote, { input: { id: note.id } }, 'LIMIT_REACHED');
  expect((await world.modelState()).requests).toBe(0);
});

test('a note becomes the task that is proposed for it, once its user confirms it', async () => {
  const ada = await user();
  const note = await makeNote(ada);
  const dueDate = new Date(world.clock.now().getTime() + 3 * 86_400_000).toISOString();
  await world.model({ json: { title: 'Call the plumber', description: 'He\tis nice.', priority: 'HIGH', dueDate } });
  const { action, requestsOnTask } = await convert(ada, note.id);
  expect(requestsOnTask).toBeNull();
  expect(action).toMatchObject({
    kind: 'CONVERT_NOTE',
    summary: 'Turn the note into the task “Call the plumber”',
    proposal: { noteId: note.id, title: 'Call the plumber', description: 'He is nice.', priority: 'HIGH', dueDate },
  });
  expect((await ada.ok(ActionsOfNote, { id: note.id })).note.actions).toMatchObject([{ id: action.id }]);
  const confirmed = await confirm(ada, action.id, { title: 'Call Joe' });
  expect(confirmed.action).toMatchObject({ state: 'CONFIRMED', result: { __typename: 'Task', title: 'Call Joe' } });
  const converted = await noteOf(ada, note.id);
  expect(converted).toMatchObject({ archived: true, convertedTo: { title: 'Call Joe' } });
  expect(await taskOf(ada, converted.convertedTo?.id ?? '')).toMatchObject({ priority: 'HIGH', dueDate });
  const types = nodesOf((await ada.ok(Changes, { first: 100 })).changes).map(({ type }) => type);
  expect(types).toEqual(
    expect.arrayContaining(['ai.suggestion_request', 'ai_action.proposed', 'note.converted', 'task.created']),
  );
  expect(await codeOf(ada.send(ConvertNote, { input: { id: note.id } }))).toBe('CONFLICT');
});

test('what a model says wrongly of a task is mended where that can be', async () => {
  const ada = await user();
  const note = await makeNote(ada);
  const late = new Date(world.clock.now().getTime() + 31 * 86_400_000).toISOString();
  await world.model({
    json: { title: `${'é'.repeat(300)}\n`, description: 'x'.repeat(5_000), priority: null, dueDate: late },
  });
  const { proposal } = (await convert(ada, note.id)).action;
  expect(proposal).toMatchObject({
    title: 'é'.repeat(200),
    description: 'x'.repeat(2_000),
    priority: 'MEDIUM',
    dueDate: null,
  });
  await world.model({ json: { title: 'Call', description: null, priority: 'LOW', dueDate: 'next Friday' } });
  expect((await convert(ada, note.id)).action.proposal).toMatchObject({
    title: 'Call',
    dueDate: null,
    description: '',
  });
});

test('a note that has changed since is not put away by a proposal for what it was', async () => {
  const ada = await user();
  const note = await makeNote(ada);
  await world.model(plumber);
  const { action } = await convert(ada, note.id);
  world.clock.advance(1_000);
  await ada.ok(UpdateNote, { input: { id: note.id, content: 'Call nobody' } });
  expect(await codeOf(ada.send(ConfirmAction, { input: { id: action.id } }))).toBe('CONFLICT');
  expect((await ada.ok(ActionsOfNote, { id: note.id })).note.actions).toMatchObject([{ state: 'PENDING' }]);
  await ada.ok(RejectAction, { input: { id: action.id } });
  expect(await noteOf(ada, note.id)).toMatchObject({ archived: false, convertedTo: null });
});

test('undoing a conversion takes the task away and the note out again, unless its user has changed either', async () => {
  const ada = await user();
  const [note, other] = [await makeNote(ada), await makeNote(ada, 'Buy milk')];
  await world.model(plumber);
  const { action } = await convert(ada, note.id);
  world.clock.advance(1_000);
  await confirm(ada, action.id);
  const { convertedTo } = await noteOf(ada, note.id);
  world.clock.advance(1_000);
  await ada.ok(UndoAction, { input: { id: action.id } });
  expect(await noteOf(ada, note.id)).toEqual(note);
  expect(await codeOf(ada.send(Task, { id: convertedTo?.id ?? '' }))).toBe('NOT_FOUND');
  const second = (await convert(ada, other.id)).action;
  await confirm(ada, second.id);
  await ada.ok(UpdateNote, { input: { id: other.id, archived: false } });
  const { body } = await ada.send(UndoAction, { input: { id: second.id } });
  expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', fields: ['archived'] });
});

test('five converted notes are an achievement that raises the limit of notes, each note counted once', async () => {
  const ada = await user();
  await world.model(plumber);
  const notes = await Promise.all([1, 2, 3, 4, 5].map((number) => makeNote(ada, `note ${number}`)));
  const unlocked: string[][] = [];
  for (const note of notes) {
    const { action } = await convert(ada, note.id);
    const { unlockedAchievements } = await confirm(ada, action.id);
    unlocked.push(unlockedAchievements.map(({ id }) => id));
    if (unlocked.length > 1) continue;
    await ada.ok(UndoAction, { input: { id: action.id } });
    await confirm(ada, (await convert(ada, note.id)).action.id);
  }
  expect(unlocked).toEqual([[], [], [], [], ['notes_convert_5']]);
  expect(await earnedBy(ada)).toContain('notes_convert_5');
});

test('the assistant can propose to convert a note in a conversation, too', async () => {
  const ada = await user();
  const note = await makeNote(ada);
  const action = await proposeOne(world, ada, 'convert_note', { noteId: note.id, title: 'Call the plumber' });
  expect(action).toMatchObject({ kind: 'CONVERT_NOTE', state: 'PENDING' });
  await confirm(ada, action.id);
  expect(nodesOf((await ada.ok(Notes, {})).notes)).toEqual([]);
});

test('twins of one request with a key wait for the same, at two processes, and get the same answer for one credit', async () => {
  const ada = await user();
  const task = await makeTask(ada);
  const before = await creditsOf(ada);
  await world.model({ ...outline, delayMs: 300 });
  const headers = key();
  const twins = await Promise.all(
    [0, 1, 0, 1].map((app) => ada.at(world.urlOf(app)).send(GenerateSubtasks, { input: { taskId: task.id } }, headers)),
  );
  expect(twins[0]?.body.errors).toBeUndefined();
  expect(new Set(twins.map(({ text }) => text)).size).toBe(1);
  expect((await world.modelState()).requests).toBe(1);
  expect(await creditsOf(ada)).toMatchObject({ total: before.total - 1, held: 0 });
  const [action] = (await ada.ok(ActionsOfTask, { id: task.id })).task.actions;
  await ada.ok(RejectAction, { input: { id: action?.id ?? '' } });
  const late = await ada.send(GenerateSubtasks, { input: { taskId: task.id } }, headers);
  expect(late.text).toBe(twins[0]?.text);
  const other = await makeTask(ada);
  expect(await codeOf(ada.send(GenerateSubtasks, { input: { taskId: other.id } }, headers))).toBe(
    'IDEMPOTENCY_MISMATCH',
  );
});

test('while a request with a key waits, its account is free', async () => {
  const ada = await user();
  const task = await makeTask(ada);
  await world.model({ ...outline, hangAfter: 0 });
  const waiting = ada.send(GenerateSubtasks, { input: { taskId: task.id } }, key());
  await eventually(
    async () => (await world.modelState()).open,
    (open) => open === 1,
  );
  await makeTask(ada, { title: 'Meanwhile' });
  const own = ada.send(GenerateSubtasks, { input: { taskId: task.id } });
  await eventually(
    async () => (await world.modelState()).open,
    (open) => open === 2,
  );
  await makeTask(ada, { title: 'Meanwhile, too' });
  expect(await Promise.all([codeOf(waiting), codeOf(own)])).toEqual([
    'AI_SERVICE_UNAVAILABLE',
    'AI_SERVICE_UNAVAILABLE',
  ]);
});

test('what is deleted while something is proposed for it is not there any more, and it costs nothing', async () => {
  const ada = await user();
  const task = await makeTask(ada);
  const before = await creditsOf(ada);
  await world.model({ ...outline, delayMs: 300 });
  const asked = ada.send(GenerateSubtasks, { input: { taskId: task.id } });
  await eventually(
    () => creditsOf(ada),
    ({ held }) => held === 1,
  );
  await ada.ok(DeleteTask, { input: { id: task.id, version: task.version } });
  expect(await codeOf(asked)).toBe('NOT_FOUND');
  expect(await creditsOf(ada)).toMatchObject({ total: before.total, held: 0 });
});

test('a key does not remember that the model failed', async () => {
  const ada = await user();
  const task = await makeTask(ada);
  const headers = key();
  await world.model({ status: 400 });
  const send = () => ada.send(GenerateSubtasks, { input: { taskId: task.id } }, headers);
  expect(await codeOf(send())).toBe('AI_SERVICE_UNAVAILABLE');
  await world.model({ reset: true, ...outline });
  const second = await send();
  expect(second.body.errors).toBeUndefined();
  expect((await send()).text).toBe(second.text);
  expect((await world.modelState()).requests).toBe(1);
});

test('a request whose client has gone is proposed all the same, and its key finds it', async () => {
  const ada = await user();
  const task = await makeTask(ada);
  const headers = key();
  await world.model({ ...outline, delayMs: 300 });
  const leaving = new AbortController();
  const gone = fetch(`${world.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${ada.session.accessToken}`, ...headers },
    body: JSON.stringify({ query: print(GenerateSubtasks), variables: { input: { taskId: task.id } } }),
    signal: leaving.signal,
  }).catch(() => null);
  await eventually(
    async () => (await world.modelState()).requests,
    (requests) => requests === 1,
  );
  leaving.abort();
  await gone;
  await eventually(
    async () => (await ada.ok(ActionsOfTask, { id: task.id })).task.actions.length,
    (count) => count === 1,
  );
  const { body } = await ada.at(world.urlOf(1)).send(GenerateSubtasks, { input: { taskId: task.id } }, headers);
  const [action] = (await ada.ok(ActionsOfTask, { id: task.id })).task.actions;
  expect(body.data).toMatchObject({ generateSubtasks: { action: { id: action?.id } } });
  expect((await world.modelState()).requests).toBe(1);
});

test('whoever signs out everywhere while one waits is not answered', async () => {
  const ada = await user();
  const task = await makeTask(ada);
  await world.model({ ...outline, delayMs: 300 });
  const waiting = ada.send(GenerateSubtasks, { input: { taskId: task.id } });
  await eventually(
    async () => (await world.modelState()).requests,
    (requests) => requests === 1,
  );
  await ada.ok(SignOutEverywhere, {});
  expect(await codeOf(waiting)).toBe('UNAUTHENTICATED');
});

test('a mutation that waits stands alone in its operation', async () => {
  const ada = await user();
  const task = await makeTask(ada);
  const text = `mutation ($input: GenerateSubtasksInput!) {
    a: generateSubtasks(input: $input) { action { id } } ...Again }
    fragment Again on Mutation { b: generateSubtasks(input: $input) { action { id } } }`;
  const { body } = await ada.send(text, { input: { taskId: task.id } });
  expect(body.errors).toMatchObject([
    {
      message: 'generateSubtasks waits for what it begins: send it in an operation of its own.',
      extensions: { code: 'VALIDATION_FAILED' },
    },
  ]);
  expect((await world.modelState()).requests).toBe(0);
});
