import { requireMay } from '../accounts/index.js';
import { type Context, load } from '../kernel/context.js';
import { parseId } from '../kernel/input.js';
import { type TaskRow, unsafeTasksById } from './task-rows.js';

/** The caller's task. @throws VALIDATION_FAILED, NOT_FOUND, FORBIDDEN */
export async function readTask(ctx: Context, id: string): Promise<TaskRow> {
  return requireMay(ctx, 'read task', await load(ctx, unsafeTasksById, parseId(id)));
}
