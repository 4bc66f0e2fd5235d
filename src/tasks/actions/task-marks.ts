import { type Context, type Marks, runStatement } from '../../kernel/context.js';

/**
 * Marks of an account's tasks: the version, and behind a colon what the subtasks are, which have no version of their own.
 * Of these tasks, or else of all: a conversation can be about one that is done or put away.
 */
export async function readTaskMarks(
  ctx: Context,
  accountId: string,
  ids: readonly string[] | null = null,
): Promise<Marks> {
  const rows = await runStatement<{ id: string; mark: string }>(
    ctx,
    `select id, version || ':' || md5(array(
       select row(subtask.id, title, completed)::text from tasks.subtask where account_id = $1 and task_id = task.id order by position
     )::text) as mark
     from tasks.task
     where account_id = $1 and ($2::uuid[] is null or id = any($2))`,
    [accountId, ids],
  );
  return new Map(rows.map(({ id, mark }) => [id, mark]));
}

/** Whether two marks are of one version of a task, whatever became of its subtasks. */
export function isSameVersion(mark: string, other: string): boolean {
  return versionOf(mark) === versionOf(other);
}

/** The same with its subtasks; a mark of before there were marks of those has none. */
export function isSameTask(mark: string, other: string): boolean {
  return mark.includes(':') ? mark === other : isSameVersion(mark, other);
}

function versionOf(mark: string): string {
  return mark.split(':')[0] ?? mark;
}
