import { expect, test } from '@jest/globals';
import {
  ActionsOfTask,
  AiAction,
  ConfirmAction,
  GenerateSubtasks,
  Notes,
  Task,
  Tasks,
  UndoAction,
} from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import { migratedFrom } from '../support/migrating.js';
import { OldProposals } from '../support/old-proposals.js';
import { OldAccount } from '../support/old-rows.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';

type Kind = 'CREATE_TASK' | 'UPDATE_TASK' | 'COMPLETE_TASK' | 'ADD_SUBTASKS' | 'CREATE_NOTE';
type Ids = Readonly<Record<Kind, string>>;

async function keepPending(old: OldProposals): Promise<Ids & { readonly outdated: string; readonly stepsOf: string }> {
  const [renamed, done, stepped] = [await old.task('Rename me'), await old.task('Do me'), await old.task('Split me')];
  const target = (id: string, version = 3) => ({ id, version });
  const rename = { taskId: renamed.task.id, title: 'Renamed' };
  const steps = { taskId: stepped.task.id, subtasks: [{ title: 'First' }] };
  return {
    CREATE_TASK: await old.keep({ kind: 'CREATE_TASK', proposal: { title: 'Made', subtasks: [{ title: 'A step' }] } }),
    UPDATE_TASK: await old.keep({ kind: 'UPDATE_TASK', proposal: rename, target: target(rename.taskId) }),
    COMPLETE_TASK: await old.keep({
      ...{ kind: 'COMPLETE_TASK', proposal: { taskId: done.task.id }, target: target(done.task.id) },
    }),
    ADD_SUBTASKS: await old.keep({ kind: 'ADD_SUBTASKS', proposal: steps, target: target(steps.taskId) }),
    CREATE_NOTE: await old.keep({ kind: 'CREATE_NOTE', proposal: { content: 'Written' } }),
    outdated: await old.keep({ kind: 'ADD_SUBTASKS', proposal: steps, target: target(steps.taskId, 2) }),
    stepsOf: steps.taskId,
  };
}

async function keepConfirmed(old: OldProposals): Promise<Ids> {
  const [made, renamed] = [await old.task('Was made', ['A step']), await old.task('Was renamed')];
  const [done, stepped] = [await old.task('Was done', [], true), await old.task('Was split', ['First', 'Second'])];
  const note = await old.note('Was written');
  const before = (snapshot: typeof made, task: object, subtasks = snapshot.subtasks) => ({
    before: { ...snapshot, task: { ...snapshot.task, version: 2, ...task }, subtasks },
    after: snapshot,
  });
  const keep = (kind: Kind, { task }: typeof made, proposal: object, undo: object) =>
    old.keep({
      ...{ kind, proposal: { taskId: task.id, ...proposal }, target: { id: task.id, version: 2 } },
      done: { type: 'task', id: task.id, undo },
    });
  return {
    CREATE_TASK: await old.keep({
      ...{ kind: 'CREATE_TASK', proposal: { title: 'Was made' }, done: { type: 'task', id: made.task.id, undo: made } },
    }),
    UPDATE_TASK: await keep('UPDATE_TASK', renamed, { title: 'Was renamed' }, before(renamed, { title: 'Before' })),
    COMPLETE_TASK: await keep(
      'COMPLETE_TASK',
      done,
      {},
      {
        ...before(done, { completed: false, completedAt: null, completedBy: null }),
        ...{ newestBefore: null, next: null },
      },
    ),
    ADD_SUBTASKS: await keep(
      ...(['ADD_SUBTASKS', stepped, { subtasks: [{ title: 'Second' }] }] as const),
      before(stepped, {}, stepped.subtasks.slice(0, 1)),
    ),
    CREATE_NOTE: await old.keep({
      ...{ kind: 'CREATE_NOTE', proposal: { content: note.content }, done: { type: 'note', id: note.id, undo: note } },
    }),
  };
}

let account: OldAccount;
let pending: Awaited<ReturnType<typeof keepPending>>;
let confirmed: Ids;
const world = harness({
  worker: false,
  database: () =>
    migratedFrom('0020_balances-that-are-there', async (client) => {
      account = await OldAccount.insert(client, 'PRO');
      const holdId = await account.hold('KICKSTART', 1, 0);
      await account.settle(holdId, 'KICKSTART', 1, true);
      const { answerId } = await account.converse(holdId, 'COMPLETE', 'Here is what I would do.');
      const old = new OldProposals(client, account, answerId);
      [pending, confirmed] = [await keepPending(old), await keepConfirmed(old)];
    }),
});

const signIn = () => world.signIn({ email: `${account.id}@example.com`, name: 'Ada', sub: account.id });
const kinds = ['CREATE_TASK', 'UPDATE_TASK', 'COMPLETE_TASK', 'ADD_SUBTASKS', 'CREATE_NOTE'] as const;

/** What there is to see of tasks and notes. */
async function things(ada: Person): Promise<string[]> {
  const tasks = nodesOf((await ada.ok(Tasks, {})).tasks);
  const lines = tasks.map(({ title, completed, subtasks }) =>
    [completed ? 'done' : 'open', title, ...subtasks.map((subtask) => subtask.title)].join(', '),
  );
  const notes = nodesOf((await ada.ok(Notes, {})).notes).map(({ content }) => `note, ${content}`);
  return [...lines, ...notes].toSorted();
}

const untouched = ['open, Do me', 'open, Rename me', 'open, Split me'];
const done = [
  'done, Was done',
  'note, Was written',
  'open, Was made, A step',
  'open, Was renamed',
  'open, Was split, First, Second',
];

test('what was proposed before there were suggestions is confirmed, and taken back', async () => {
  const ada = await signIn();
  expect(await things(ada)).toEqual([...untouched, ...done].toSorted());
  for (const kind of kinds) {
    const { action } = (await ada.ok(ConfirmAction, { input: { id: pending[kind] } })).confirmAction;
    expect(action).toMatchObject({ kind, state: 'CONFIRMED' });
  }
  const made = ['done, Do me', 'note, Written', 'open, Made, A step', 'open, Renamed', 'open, Split me, First'];
  expect(await things(ada)).toEqual([...made, ...done].toSorted());
  for (const kind of kinds) await ada.ok(UndoAction, { input: { id: pending[kind] } });
  expect(await things(ada)).toEqual([...untouched, ...done].toSorted());
});

test('what was confirmed before there were suggestions is taken back', async () => {
  const ada = await signIn();
  for (const kind of kinds) {
    const { action } = (await ada.ok(UndoAction, { input: { id: confirmed[kind] } })).undoAction;
    expect(action).toMatchObject({ kind, state: 'UNDONE' });
  }
  expect(await things(ada)).toEqual(
    [...untouched, 'open, Before', 'open, Was done', 'open, Was split, First'].toSorted(),
  );
});

test('a proposal for an earlier version of its task is refused as before, and listed beside a new suggestion', async () => {
  const ada = await signIn();
  const refused = await ada.refused(ConfirmAction, { input: { id: pending.outdated } }, 'CONFLICT');
  expect(refused.extensions).toMatchObject({ currentVersion: 3 });
  expect((await ada.ok(AiAction, { id: pending.outdated })).aiAction.state).toBe('PENDING');
  await world.model({ json: { subtasks: [{ title: 'Third', estimatedMinutes: 5 }] }, tokensPerSecond: 0 });
  const taskId = pending.stepsOf;
  const { action } = (await ada.ok(GenerateSubtasks, { input: { taskId } })).generateSubtasks;
  const listed = (await ada.ok(ActionsOfTask, { id: taskId })).task.actions.map(({ id }) => id);
  expect(listed.toSorted()).toEqual([pending.ADD_SUBTASKS, pending.outdated, action.id].toSorted());
  await ada.ok(ConfirmAction, { input: { id: action.id } });
  expect((await ada.ok(Task, { id: taskId })).task.subtasks.map(({ title }) => title)).toEqual(['Third']);
});
