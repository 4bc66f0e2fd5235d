import { record } from '../activity/index.js';
import { messageSuperseded } from '../events/assistant.js';
import { runStatement, type Tx } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';
import type { ChatMessageRow } from './message-rows.js';

/** Each is an event of its own, and all are of one transaction: a long conversation would hold the account up. */
const maxAtOnce = 1_000;

/**
 * Takes a message and all behind it out of the current branch of their conversation: `by` has taken their place, which
 * was appended together with `appended`. @throws CONFLICT when they are too many
 */
export async function supersedeFrom(
  tx: Tx,
  { id, conversationId, accountId }: Pick<ChatMessageRow, 'id' | 'conversationId' | 'accountId'>,
  by: string,
  appended: readonly string[],
): Promise<void> {
  const superseded = await runStatement<{ id: string }>(
    tx,
    `with branch as (
       select id, position from assistant.chat_message
       where account_id = $1 and conversation_id = $2 and superseded_by is null and id <> all($5::uuid[])
         and position >= (select position from assistant.chat_message where account_id = $1 and id = $3)
       order by position limit ${maxAtOnce + 1}
     ), superseded as (
       update assistant.chat_message as message set superseded_by = $4 from branch
       where account_id = $1 and message.id = branch.id returning message.id, branch.position
     )
     select id from superseded order by position`,
    [accountId, conversationId, id, by, appended],
  );
  if (superseded.length > maxAtOnce) {
    throw new AppError('CONFLICT', `More than ${maxAtOnce} messages would be superseded. Ask a new question instead.`);
  }
  await record(tx, ...superseded.map((message) => messageSuperseded(message.id, { supersededBy: by })));
}
