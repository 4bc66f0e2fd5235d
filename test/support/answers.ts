import { ChatStream, type ChatStreamSubscription, SendChatMessage } from '../../generated/documents.js';
import type { Harness } from './harness.js';
import type { Person } from './person.js';

/** An answer as it is stored, with what there is of its text while it is being written. */
export interface StoredAnswer {
  readonly id: string;
  readonly state: string;
  readonly content: string;
}

/** Answers of the assistant by id, in any order. */
export function storedAnswers(world: Harness, ids: readonly string[]): Promise<StoredAnswer[]> {
  return world.sql<StoredAnswer>(
    `select id, state, coalesce(content, llm.text_of_run(account_id, run_id)) as content
     from assistant.chat_message where id = any($1)`,
    [ids],
  );
}

/** One of them. */
export async function storedAnswer(world: Harness, id: string): Promise<StoredAnswer | undefined> {
  return (await storedAnswers(world, [id]))[0];
}

/** For how long, in seconds, the process that writes an answer still vouches for it; null once it has ended. */
export async function leaseOf(world: Harness, id: string): Promise<number | null> {
  const [row] = await world.sql<{ ahead: number | null }>(
    `select extract(epoch from lease_until - clock_timestamp())::float8 as ahead from llm.run
     where id = (select run_id from assistant.chat_message where id = $1)`,
    [id],
  );
  return row?.ahead ?? null;
}

/** Moves a lease, as if time had passed. */
export async function moveLease(world: Harness, id: string, ahead: string): Promise<void> {
  await world.sql(
    `update llm.run set lease_until = now() + $2::interval
     where id = (select run_id from assistant.chat_message where id = $1)`,
    [id, ahead],
  );
}

/** How an answer ended, once it has. */
export async function endOf(person: Person, messageId: string) {
  let end: ChatStreamSubscription['chatStream'] | null = null;
  for await (const { chatStream } of person.follow(ChatStream, { messageId })) end = chatStream;
  if (end?.__typename !== 'ChatFinished') throw new Error('It did not finish.');
  return end;
}

/** A question with its whole answer. */
export async function askAndRead(person: Person, content: string, more: object = {}) {
  const sent = (await person.ok(SendChatMessage, { input: { content, ...more } })).sendChatMessage;
  await endOf(person, sent.answer.id);
  return sent;
}

/** Bought credits, beyond the first five. */
export async function giveCredits(world: Pick<Harness, 'sql'>, person: Person, amount = 20): Promise<void> {
  await world.sql(
    `insert into billing.credit_entry (id, account_id, kind, bucket, amount, reason, key, created_at)
     values (gen_random_uuid(), $1, 'GRANT', 'PURCHASED', $2, 'test', 'test', now())`,
    [person.id, amount],
  );
}
