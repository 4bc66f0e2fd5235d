import type { Harness } from './harness.js';

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
