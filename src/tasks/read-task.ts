import { requireMay, requireMayErrors } from '../accounts/index.js';
import { type Context, load } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { parseErrors, parseId } from '../kernel/input.js';
import { type TaskRow, unsafeTasksById } from './task-rows.js';

export const readTaskErrors: DeclaredErrors = { ...parseErrors, ...requireMayErrors };

/** The caller's task. */
export async function readTask(ctx: Context, id: string): Promise<TaskRow> {
  return requireMay(ctx, 'read task', await load(ctx, unsafeTasksById, parseId(id)));
}
