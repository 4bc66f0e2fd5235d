import { expect, test } from '@jest/globals';
import {
  CompleteTask,
  ConfirmAction,
  CreateNote,
  CreateTask,
  Task,
  Tasks,
  UndoAction,
  UpdateTask,
} from '../../generated/documents.js';
import { Chance } from '../support/chance.js';
import { harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';
import { makePro } from '../support/pro.js';
import { type Call, propose } from '../support/proposals.js';

const world = harness({ lastingTokens: true, worker: false, config: { AI_RATE_LIMIT_PER_MINUTE: '100000' } });
const rounds = 12;
const [callsOfRound, actionsInAll] = [10, 300];

/**
 * Everything that is the user's own: each row of tasks and notes, with all its columns but the one that only keeps versions
 * apart. What was earned stays.
 */
async function exportOf({ id }: Person): Promise<string> {
  const tables = [
    'tasks.task',
    'tasks.subtask',
    'tasks.reminder',
    'tasks.task_template',
    'tasks.occurrence',
    'notes.note',
  ];
  const rows = await Promise.all(
    tables.map((table) =>
      world.sql<{ rows: string | null }>(
        `select string_agg((to_jsonb(row) - 'newest_version')::text, E'\\n' order by row::text) as rows
         from ${table} as row where account_id = $1`,
        [id],
      ),
    ),
  );
  return tables.map((table, index) => `${table}\n${rows[index]?.[0]?.rows ?? ''}`).join('\n');
}

/** A call of the model about any of these tasks and notes. */
function anyCall(chance: Chance, taskIds: readonly string[], noteIds: readonly string[] = []): Call {
  const taskId = chance.pick(taskIds);
  const word = () => `word ${chance.upTo(1_000)}`;
  switch (chance.upTo(noteIds.length > 0 ? 5 : 4)) {
    case 0:
      return {
        name: 'create_task',
        arguments: { title: word(), tags: [word()], subtasks: [{ title: word() }, { title: word() }] },
      };
    case 1: {
      const fields = {
        title: word(),
        description: word(),
        priority: chance.pick(['LOW', 'MEDIUM', 'HIGH']),
        estimatedMinutes: chance.happens(0.5) ? null : 1 + chance.upTo(700),
        tags: [word(), word()],
      };
      const some = Object.entries(fields).filter(() => chance.happens(0.5));
      return { name: 'update_task', arguments: { taskId, title: word(), ...Object.fromEntries(some) } };
    }
    case 2:
      return { name: 'add_subtasks', arguments: { taskId, subtasks: [{ title: word(), estimatedMinutes: 5 }] } };
    case 3:
      return { name: 'complete_task', arguments: { taskId, force: true } };
    case 4:
      return { name: 'create_note', arguments: { content: word() } };
    default:
      return { name: 'convert_note', arguments: { noteId: chance.pick(noteIds), title: word() } };
  }
}

async function startingTasks(ada: Person): Promise<string[]> {
  const inputs = [
    { title: 'one-off', description: 'd', subtasks: [{ title: 'a' }, { title: 'b' }] },
    { title: 'daily', recurrence: { rule: 'FREQ=DAILY' }, subtasks: [{ title: 'c' }] },
    {
      title: 'reminded',
      dueDate: new Date(world.clock.now().getTime() + 86_400_000).toISOString(),
      reminders: [{ type: 'BEFORE' as const, offsetMinutes: 60 }],
    },
  ];
  const made: string[] = [];
  for (const input of inputs) made.push((await ada.ok(CreateTask, { input })).createTask.task.id);
  return made;
}

test('random actions that are confirmed and taken back leave everything as it was, byte for byte', async () => {
  const chance = new Chance(Math.floor(Math.random() * 2 ** 32));
  const ada = await world.user();
  await makePro(ada, world, 1_000);
  const taskIds = await startingTasks(ada);
  const noteIds: string[] = [];
  for (const content of ['Buy milk', 'Call Joe'])
    noteIds.push((await ada.ok(CreateNote, { input: { content } })).createNote.note.id);
  let undone = 0;
  try {
    while (undone < actionsInAll) {
      const before = await exportOf(ada);
      const calls = Array.from({ length: callsOfRound }, () => anyCall(chance, taskIds, noteIds));
      const confirmed: string[] = [];
      for (const { id } of await propose(world, ada, ...calls)) {
        // One that was made for another version than there is now is refused, and changes nothing.
        const { body } = await ada.send(ConfirmAction, { input: { id } });
        if (!body.errors) confirmed.push(id);
        world.clock.advance(1_000);
      }
      for (const id of confirmed.toReversed()) await ada.ok(UndoAction, { input: { id } });
      undone += confirmed.length;
      expect(await exportOf(ada)).toBe(before);
    }
  } catch (error) {
    throw new Error(`With the seed ${chance.seed}.`, { cause: error });
  }
}, 900_000);

/** The fields of a task that its user writes in the next test. */
const own = (index: number) => ({ title: `my title ${index}`, tags: [`mine ${index}`] });

test('taking back what the assistant did touches nothing that the user did in between', async () => {
  const chance = new Chance(Math.floor(Math.random() * 2 ** 32));
  const ada = await world.user();
  await makePro(ada, world, 1_000);
  const [taskId = ''] = await startingTasks(ada);
  try {
    for (let round = 0; round < rounds; round += 1) {
      const [action] = await propose(world, ada, anyCall(chance, [taskId]));
      if (!action || (await ada.send(ConfirmAction, { input: { id: action.id } })).body.errors) continue;
      const { version, completed } = (await ada.ok(Task, { id: taskId })).task;
      const change = chance.happens(0.5) ? own(round) : { tags: own(round).tags };
      await ada.ok(UpdateTask, { input: { id: taskId, version, ...change } });
      const { body } = await ada.send(UndoAction, { input: { id: action.id } });
      const after = (await ada.ok(Task, { id: taskId })).task;
      expect(after).toMatchObject(change);
      expect(body.errors?.[0]?.extensions?.['code'] ?? 'CONFLICT').toBe('CONFLICT');
      if (body.errors) expect(after.completed).toBe(completed);
    }
  } catch (error) {
    throw new Error(`With the seed ${chance.seed}.`, { cause: error });
  }
});

test('the user completes what the assistant has renamed, and both stay when only one is taken back', async () => {
  const ada = await world.user();
  await makePro(ada, world, 1_000);
  const [taskId = ''] = await startingTasks(ada);
  const [action] = await propose(world, ada, { name: 'update_task', arguments: { taskId, title: 'AI' } });
  await ada.ok(ConfirmAction, { input: { id: action?.id ?? '' } });
  const { version } = (await ada.ok(Task, { id: taskId })).task;
  await ada.ok(CompleteTask, { input: { id: taskId, version, force: true } });
  await ada.ok(UndoAction, { input: { id: action?.id ?? '' } });
  const done = nodesOf((await ada.ok(Tasks, { filter: { completed: true } })).tasks);
  expect(done).toMatchObject([{ id: taskId, title: 'one-off', completed: true, completedBy: 'FORCE' }]);
});
