import { Task } from '../../../entities/tasks/task.js';
import type { TaskTemplate } from '../../../entities/tasks/task-template.js';
import type { Tx } from '../../context.js';

/** The template's task that is still to be done, the last one if there are several. */
export function openInstance(tx: Tx, { id }: TaskTemplate): Promise<Task | null> {
  return tx.em.findOne(Task, { templateId: id, completed: false }, { orderBy: { createdAt: 'desc', id: 'desc' } });
}

/** The template's newest task, done or not. */
export function lastInstance(tx: Tx, { id }: TaskTemplate): Promise<Task | null> {
  return tx.em.findOne(Task, { templateId: id }, { orderBy: { createdAt: 'desc', id: 'desc' } });
}
