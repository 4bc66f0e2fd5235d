import { z } from 'zod';
import { AiActionKind } from '../../../entities/assistant/action.js';
import { defineActionKind } from '../../kernel/action-kinds.js';
import type { Tx } from '../../kernel/context.js';
import { counted } from '../../kernel/text.js';
import { createTask } from '../create-task.js';
import { momentOf, proposed } from './proposed-fields.js';
import { readSnapshot } from './task-snapshot.js';
import { undoCreation } from './undo-creation.js';

/** A new task as a model proposes it. */
export const TaskProposal = z.strictObject({
  title: proposed.title,
  description: proposed.description.nullish(),
  priority: proposed.priority.nullish(),
  dueDate: proposed.dueDate.nullish(),
  tags: proposed.tags.nullish(),
  estimatedMinutes: proposed.estimatedMinutes.nullish(),
  subtasks: proposed.subtasks.nullish(),
});
type Proposal = z.output<typeof TaskProposal>;

function create(tx: Tx, { dueDate, ...proposal }: Proposal) {
  return createTask(tx, { ...proposal, dueDate: momentOf(dueDate) });
}

/** A new task with its subtasks. */
export const createTaskAction = defineActionKind(TaskProposal, {
  kind: AiActionKind.CREATE_TASK,
  description: 'Proposes a new task. Use it when the user wants something to be put on their list.',
  prepare: async (_tx, { title, subtasks }) => ({
    summary: `Create “${title}”${subtasks?.length ? ` with ${counted(subtasks.length, 'subtask')}` : ''}`,
    target: null,
  }),
  execute: async (tx, proposal) => {
    const { task } = await create(tx, proposal);
    const undo = await readSnapshot(tx, task.id);
    if (!undo) throw new Error('The task that was made is not there.');
    return { result: { type: 'task', id: task.id }, undo };
  },
  undo: undoCreation,
});
