import { z } from 'zod';
import { AiActionKind } from '../../../entities/assistant/action.js';
import { requireMay } from '../../accounts/index.js';
import { defineActionKind } from '../../kernel/action-kinds.js';
import { type ActionTarget, type ExecutedAction, load, type Tx } from '../../kernel/context.js';
import { invalid } from '../../kernel/errors.js';
import { counted } from '../../kernel/text.js';
import { addSubtask } from '../add-subtask.js';
import { completeTask } from '../complete-task.js';
import { type TaskRow, unsafeTasksById } from '../task-rows.js';
import { RecurrenceScope } from '../templates/scope.js';
import { updateTask } from '../update-task.js';
import { momentOf, proposed } from './proposed-fields.js';
import { isSameTask, isSameVersion, readTaskMarks } from './task-marks.js';
import { readSnapshot } from './task-snapshot.js';
import { undoChange } from './undo-change.js';
import { readNewestId, readNext, undoCompletion } from './undo-completion.js';

/** The caller's task. @throws NOT_FOUND, FORBIDDEN */
async function readTarget(tx: Tx, id: string): Promise<TaskRow> {
  return requireMay(tx, 'write task', await load(tx, unsafeTasksById, id));
}

async function targetOf(tx: Tx, { id, accountId, version }: TaskRow): Promise<ActionTarget> {
  const marks = await readTaskMarks(tx, accountId, [id]);
  return { id, version, mark: marks.get(id) ?? '' };
}

/** Does something to a task, and keeps how it was before and behind it. */
async function change(tx: Tx, id: string, act: (task: TaskRow) => Promise<unknown>): Promise<ExecutedAction> {
  const [task, before] = [await readTarget(tx, id), await readSnapshot(tx, id)];
  await act(task);
  const after = await readSnapshot(tx, id);
  return { result: { type: 'task', id }, undo: { before, after } };
}

const Update = z.strictObject({
  taskId: proposed.taskId,
  title: proposed.title.optional(),
  description: proposed.description.nullish(),
  priority: proposed.priority.optional(),
  dueDate: proposed.dueDate.nullish(),
  tags: proposed.tags.nullish(),
  estimatedMinutes: proposed.estimatedMinutes.nullish(),
});

/** Other fields of a task. */
export const updateTaskAction = defineActionKind(Update, {
  kind: AiActionKind.UPDATE_TASK,
  readMarks: readTaskMarks,
  isSame: isSameVersion,
  description: 'Proposes other fields of a task. Name only those that change; null clears one.',
  prepare: async (tx, { taskId, ...fields }) => {
    const task = await readTarget(tx, taskId);
    const names = Object.keys(fields);
    if (names.length === 0) throw invalid([{ field: 'proposal', rule: 'must change something' }]);
    return { summary: `Change ${names.map(inWords).join(', ')} of “${task.title}”`, target: await targetOf(tx, task) };
  },
  execute: (tx, { taskId, dueDate, ...fields }) =>
    change(tx, taskId, ({ version }) => {
      const recurrenceScope = RecurrenceScope.THIS_ONLY;
      return updateTask(tx, { ...fields, dueDate: momentOf(dueDate), id: taskId, version, recurrenceScope });
    }),
  undo: undoChange,
});

/** `dueDate` as people say it. */
function inWords(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

const AddSubtasks = z.strictObject({ taskId: proposed.taskId, subtasks: proposed.subtasks.min(1) });

/** More subtasks of a task, behind those that it has. */
export const addSubtasksAction = defineActionKind(AddSubtasks, {
  kind: AiActionKind.ADD_SUBTASKS,
  readMarks: readTaskMarks,
  isSame: isSameTask,
  description: 'Proposes subtasks of a task: steps that can each be done in one go.',
  prepare: async (tx, { taskId, subtasks }) => {
    const task = await readTarget(tx, taskId);
    return {
      summary: `Add ${counted(subtasks.length, 'subtask')} to “${task.title}”`,
      target: await targetOf(tx, task),
    };
  },
  execute: (tx, { taskId, subtasks }) =>
    change(tx, taskId, async () => {
      const recurrenceScope = RecurrenceScope.THIS_ONLY;
      for (const subtask of subtasks) await addSubtask(tx, { ...subtask, taskId, recurrenceScope });
    }),
  undo: undoChange,
});

const Complete = z.strictObject({
  taskId: proposed.taskId,
  force: z.boolean().optional().describe('Whether open subtasks are completed as well.'),
});

/** To complete a task. */
export const completeTaskAction = defineActionKind(Complete, {
  kind: AiActionKind.COMPLETE_TASK,
  readMarks: readTaskMarks,
  isSame: isSameTask,
  description: 'Proposes to complete a task that the user says is done.',
  prepare: async (tx, { taskId }) => {
    const task = await readTarget(tx, taskId);
    return { summary: `Complete “${task.title}”`, target: await targetOf(tx, task) };
  },
  execute: async (tx, { taskId, force }) => {
    const task = await readTarget(tx, taskId);
    const newestBefore = await readNewestId(tx, task);
    const done = await change(tx, taskId, ({ version }) => completeTask(tx, { id: taskId, version, force }));
    const next = await readNext(tx, task);
    return { ...done, undo: { ...done.undo, newestBefore, next } };
  },
  undo: undoCompletion,
});
