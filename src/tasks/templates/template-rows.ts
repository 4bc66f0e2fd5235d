import { TaskTemplate } from '../../../entities/tasks/task-template.js';
import { requireMay, requireMayErrors } from '../../accounts/index.js';
import { childPages } from '../../kernel/child-pages.js';
import { type Context, load, readByIds, requireAccount } from '../../kernel/context.js';
import type { DeclaredErrors } from '../../kernel/errors.js';
import { parseErrors, parseId } from '../../kernel/input.js';
import { countList, type KeysetList, type Page, type PageArguments, pageErrors, readPage } from '../../kernel/page.js';
import { type RowIn, rowsWithout } from '../../kernel/rows.js';
import { type TaskRow, taskRows } from '../task-rows.js';

const templateRows = rowsWithout(TaskTemplate, ['ruleNumber', 'retryAt', 'failures', 'newestTaskId']);

/** A template as reads see it. */
export type TemplateRow = RowIn<typeof templateRows>;

/** Templates by id; null where there is none. Whose they are is for the caller to check. */
export function unsafeTemplatesById(ctx: Context, ids: readonly string[]): Promise<(TemplateRow | null)[]> {
  return readByIds<TemplateRow>(
    ctx,
    `select ${templateRows.columns} from tasks.task_template where id = any($1::uuid[])`,
    ids,
  );
}

export const readTaskTemplateErrors: DeclaredErrors = { ...parseErrors, ...requireMayErrors };

/** The caller's template. */
export async function readTaskTemplate(ctx: Context, id: string): Promise<TemplateRow> {
  return requireMay(ctx, 'read task template', await load(ctx, unsafeTemplatesById, parseId(id)));
}

function templatesOf(ctx: Context): KeysetList {
  return {
    name: 'taskTemplates',
    columns: templateRows.columns,
    from: 'tasks.task_template',
    where: 'account_id = $1',
    values: [requireAccount(ctx)],
    sortKey: 'created_at',
    sortType: 'timestamptz',
    descending: true,
  };
}

export const listTaskTemplatesErrors = pageErrors;

/** The caller's templates, newest first. */
export function listTaskTemplates(ctx: Context, page: PageArguments, withCount: boolean): Promise<Page<TemplateRow>> {
  return readPage<TemplateRow>(ctx, templatesOf(ctx), page, withCount);
}

/** How many templates the caller has. */
export function countTaskTemplates(ctx: Context): Promise<number> {
  return countList(ctx, templatesOf(ctx));
}

export const templateInstancesErrors = pageErrors;

/** The tasks made from a template that is the caller's already, newest first, hidden and archived ones included. */
export const templateInstances = childPages<TaskRow>((ctx) => ({
  name: 'instances',
  columns: taskRows.columns,
  from: 'tasks.task',
  where: 'account_id = $1',
  values: [requireAccount(ctx)],
  parentKey: 'template_id',
  sortKey: 'created_at',
  sortType: 'timestamptz',
  descending: true,
}));
