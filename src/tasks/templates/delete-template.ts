import { z } from 'zod';
import { Task } from '../../../entities/tasks/task.js';
import { TaskTemplate } from '../../../entities/tasks/task-template.js';
import { requireMay, requireMayErrors } from '../../accounts/index.js';
import { record } from '../../activity/index.js';
import { type Context } from '../../kernel/context.js';
import type { DeclaredErrors } from '../../kernel/errors.js';
import { field, parse, parseErrors } from '../../kernel/input.js';
import { transaction } from '../../kernel/transaction.js';
import { deleteTasksWithTombstones } from '../delete-task.js';
import { templateDeleted } from '../events.js';

const Input = z.strictObject({ id: field.id, withOpenInstances: z.boolean().default(false) });

export const deleteTaskTemplateErrors: DeclaredErrors = { ...parseErrors, ...requireMayErrors };

/**
 * Deletes a template. Its tasks stay, as one-offs; with `withOpenInstances` those that are still open are deleted too,
 * and the last of them can be restored as other deleted tasks can. Answers the deleted id. Deleting it again is
 * NOT_FOUND.
 */
export async function deleteTaskTemplate(ctx: Context, input: unknown): Promise<string> {
  const { id, withOpenInstances } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const template = await requireMay(tx, 'write task template', await tx.entities().findOne(TaskTemplate, { id }));
    if (withOpenInstances) {
      const open = await tx
        .entities()
        .find(Task, { templateId: id, completed: false }, { orderBy: { createdAt: 'asc', id: 'asc' } });
      await deleteTasksWithTombstones(tx, open);
      await tx.flush();
    }
    await tx.entities().nativeDelete(TaskTemplate, { accountId: template.accountId, id });
    await record(tx, templateDeleted(template));
    return id;
  });
}
