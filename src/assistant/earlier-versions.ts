import { type Context, requireAccount, runStatement } from '../kernel/context.js';
import { groupedBy } from '../kernel/rows.js';
import { type ChatMessageRow, messageColumns } from './message-rows.js';

/** Earlier versions of one message that are read, the newest of them. */
export const maxEarlierVersions = 50;

/**
 * What each of these messages of the caller's took the place of, oldest first: earlier answers to the same question, or
 * what a question was before it was edited. The messages behind an edited question gave way to it as well, and are no
 * versions of it.
 */
export async function earlierVersions(ctx: Context, ids: readonly string[]): Promise<ChatMessageRow[][]> {
  const rows = await runStatement<ChatMessageRow & { asked: string }>(
    ctx,
    `with recursive version (asked, depth, version_id, speaker) as (
       select id, 0, id, role from assistant.chat_message where account_id = $1 and id = any($2::uuid[])
       union all
       select asked, depth + 1, before.id, speaker from version cross join lateral (
         select id, role from assistant.chat_message where account_id = $1 and superseded_by = version_id
         order by position limit 1
       ) as before where before.role = speaker and depth < ${maxEarlierVersions}
     )
     select asked, ${messageColumns} from version
     join assistant.chat_message on account_id = $1 and id = version_id
     where depth > 0 order by depth desc`,
    [requireAccount(ctx), ids],
  );
  return groupedBy(ids, rows, ({ asked }) => asked);
}
