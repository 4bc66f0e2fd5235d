import { requirePerson, runStatement, type Tx } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';
import { counted } from '../kernel/text.js';

/** From this request on the payload warns. */
const warnFrom = 5;
/** Requests that one session may make about one task. */
const maxRequests = 10;

/** How many requests about the task this session has made, this one included. */
export interface RequestsOnTask {
  readonly requestsOnTask: number | null;
  readonly warning: string | null;
}

/** A request that came to nothing does not count. The caller makes sure that it is given back once. */
export async function giveBackRequest(tx: Tx, sessionId: string, taskId: string): Promise<void> {
  // A count is never 0: its row goes with the last one.
  await runStatement(
    tx,
    `with last as (
       delete from assistant.task_request_count where session_id = $1 and task_id = $2 and count = 1
     )
     update assistant.task_request_count set count = count - 1
     where session_id = $1 and task_id = $2 and count > 1`,
    [sessionId, taskId],
  );
}

/**
 * Counts an AI request about a task; a session begins at sign-in. Requests about no task are not counted.
 * @throws CREDIT_LIMIT_REACHED for the 11th
 */
export async function countRequestOnTask(tx: Tx, taskId: string | null): Promise<RequestsOnTask> {
  if (!taskId) return { requestsOnTask: null, warning: null };
  const [row] = await runStatement<{ count: number }>(
    tx,
    `insert into assistant.task_request_count as counted (session_id, task_id, count) values ($1, $2, 1)
     on conflict (session_id, task_id) do update set count = counted.count + 1 returning count`,
    [requirePerson(tx).sessionId, taskId],
  );
  const requestsOnTask = row?.count ?? 1;
  if (requestsOnTask > maxRequests) {
    throw new AppError('CREDIT_LIMIT_REACHED', `A session may ask ${maxRequests} times about one task.`, {
      limit: maxRequests,
    });
  }
  return { requestsOnTask, warning: warningAfter(requestsOnTask) };
}

/** What a session is told that has asked so often about a task; null while there is no hurry. */
export function warningAfter(requestsOnTask: number): string | null {
  const left = maxRequests - requestsOnTask;
  return requestsOnTask >= warnFrom ? `${counted(left, 'more request')} about this task in this session.` : null;
}
