import { z } from 'zod';
import { Priority } from '../../entities/tasks/priority.js';
import { type Context, requireAccount } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { countList, type KeysetList, type Page, type PageArguments, pageErrors, readPage } from '../kernel/page.js';
import { holds, searchText } from '../kernel/search.js';
import { listedTaskRows, subtasksColumn, type TaskRow } from './task-rows.js';

/** By what a list of tasks can be sorted. */
export enum TaskOrderField {
  DUE_DATE = 'DUE_DATE',
  PRIORITY = 'PRIORITY',
  CREATED_AT = 'CREATED_AT',
  UPDATED_AT = 'UPDATED_AT',
  TITLE = 'TITLE',
}

/** Which way a list runs. */
export enum SortDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}

const Selection = z.object({
  filter: z
    .strictObject({
      completed: z.boolean().nullish(),
      hidden: z.boolean().nullish(),
      archived: z.boolean().nullish(),
      priority: field.anyOf(z.enum(Priority), Object.keys(Priority).length),
      dueFrom: field.moment.nullish(),
      dueBefore: field.moment.nullish(),
      tags: field.anyOf(field.line(1, 30), 20),
      templateId: field.id.nullish(),
      search: searchText,
    })
    .nullish(),
  orderBy: z
    .strictObject({ field: z.enum(TaskOrderField), direction: z.enum(SortDirection).default(SortDirection.ASC) })
    .nullish(),
});

/** Tasks without a due date come last, whichever way the list runs. */
const noDueDate = { [SortDirection.ASC]: 'infinity', [SortDirection.DESC]: '-infinity' };

function sortOf(field: TaskOrderField, direction: SortDirection): Pick<KeysetList, 'sortKey' | 'sortType'> {
  switch (field) {
    case TaskOrderField.DUE_DATE:
      return { sortKey: `coalesce(due_date, '${noDueDate[direction]}')`, sortType: 'timestamptz' };
    case TaskOrderField.PRIORITY:
      return { sortKey: `array_position('{LOW,MEDIUM,HIGH}'::text[], priority)`, sortType: 'int' };
    case TaskOrderField.CREATED_AT:
      return { sortKey: 'created_at', sortType: 'timestamptz' };
    case TaskOrderField.UPDATED_AT:
      return { sortKey: 'updated_at', sortType: 'timestamptz' };
    case TaskOrderField.TITLE:
      // As a dictionary has it, whatever the collation of the database: é after e, ß as ss.
      return { sortKey: 'lower(title) collate "und-x-icu"', sortType: 'text' };
  }
}

/** What a list of tasks leaves out and how it runs; newest first when nothing is said. */
export interface TaskSelection {
  readonly filter?: unknown;
  readonly orderBy?: unknown;
}

// No text that was written holds a control character: nothing is found across the two.
const searched = '(title || chr(31) || description)';

/** Of tasks that are neither hidden nor archived there is an index, in the order of a list that says nothing. */
const visible = 'account_id = $1 and not hidden and not archived';

// One text for all other filters: a prepared statement for each combination would be kept on every connection.
const filtered = `account_id = $1 and hidden = $2 and archived = $3
  and ($4::boolean is null or completed = $4)
  and ($5::text[] is null or priority = any($5))
  and ($6::timestamptz is null or due_date >= $6)
  and ($7::timestamptz is null or due_date < $7)
  and ($8::text[] is null or tags @> $8)
  and ($9::uuid is null or template_id = $9)
  and ($10::text is null or ${holds(searched, '$10')})`;

type Filter = z.output<typeof Selection>['filter'];
const nothing: Partial<NonNullable<Filter>> = {};

function conditionsOf(ctx: Context, filter: Filter): Pick<KeysetList, 'where' | 'values'> {
  const accountId = requireAccount(ctx);
  const [hidden, archived, completed] = [filter?.hidden ?? false, filter?.archived ?? false, filter?.completed ?? null];
  const { priority, dueFrom, dueBefore, tags, templateId, search } = filter ?? nothing;
  const others = [priority, dueFrom, dueBefore, tags, templateId, search].map((each) => each ?? null);
  if (hidden || archived || others.some((each) => each !== null)) {
    return { where: filtered, values: [accountId, hidden, archived, completed, ...others] };
  }
  if (completed === null) return { where: visible, values: [accountId] };
  return { where: `${visible} and completed = $2`, values: [accountId, completed] };
}

function listOf(ctx: Context, selection: TaskSelection): KeysetList {
  const { filter, orderBy } = parse(Selection, selection);
  const { field, direction } = orderBy ?? { field: TaskOrderField.CREATED_AT, direction: SortDirection.DESC };
  return {
    name: `tasks ${field} ${direction}`,
    columns: listedTaskRows.columns,
    from: 'tasks.task',
    ...conditionsOf(ctx, filter),
    ...sortOf(field, direction),
    descending: direction === SortDirection.DESC,
  };
}

/** A task of a list: the caller's. */
export type ListedTask = Omit<TaskRow, 'accountId'>;

/** What is read along with a page. */
export interface ReadAlong {
  readonly withCount: boolean;
  /** Fields of the tasks' subtasks; none are read when it is empty. */
  readonly subtaskFields: ReadonlySet<string>;
}

export const listTasksErrors: DeclaredErrors = { ...parseErrors, ...pageErrors };

/** One page of the caller's tasks; hidden and archived ones only when asked for. */
export function listTasks(
  ctx: Context,
  selection: TaskSelection,
  page: PageArguments,
  { withCount, subtaskFields }: ReadAlong,
): Promise<Page<ListedTask>> {
  const list = listOf(ctx, selection);
  const columns = subtaskFields.size > 0 ? `${list.columns}, ${subtasksColumn(subtaskFields)}` : list.columns;
  return readPage<ListedTask>(ctx, { ...list, columns }, page, withCount);
}

/** How many tasks the whole list has. */
export function countTasks(ctx: Context, selection: TaskSelection): Promise<number> {
  return countList(ctx, listOf(ctx, selection));
}
