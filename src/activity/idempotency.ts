import { createHash } from 'node:crypto';
import { hoursKept } from '../../entities/activity/idempotency-key.js';
import { AnswersLater, type Context, requirePerson, runStatement, sendStatement, type Tx } from '../kernel/context.js';
import { AppError, limitReached } from '../kernel/errors.js';
import { transaction } from '../kernel/transaction.js';
import { canonicalJson } from './canonical-json.js';

const keptMs = hoursKept * 3_600_000;
/** Bytes of the answers that are kept for one account: some 4,000 of what clients usually ask for. */
const maxKeptBytes = 8 * 1_024 * 1_024;
/** Bytes that a row takes besides its answer. */
const rowBytes = 512;
const maxKeyLength = 255;

/** A request as its sender will repeat it. */
export interface KeyedRequest {
  readonly key: string;
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: unknown;
}

/** How executing it went. */
interface Outcome {
  readonly response: string;
  /** False where it is the server's fault: a repeat executes it again. */
  readonly final: boolean;
  /** Whether what it had begun has failed, so that a repeat begins anew. */
  readonly failed: boolean;
}

type Run = (ctx: Context) => Promise<Outcome | AnswersLater>;

/** A request of a user, by its key. */
interface Keyed {
  readonly userId: string;
  readonly key: string;
  readonly hash: string;
}

/**
 * Runs a mutation once per user and key for 24 hours. Effect and answer commit together, so that a process which dies
 * in between leaves neither; a repeat gets the first answer. `run` executes within the transaction; an answer that
 * it calls not final (the server's fault) is not kept, and its effect is undone.
 *
 * One that answers later commits what it has begun together with its key, and executes again in no transaction: a repeat
 * waits for the same.
 * @throws VALIDATION_FAILED for an unusable key, IDEMPOTENCY_MISMATCH for a key of another request,
 * LIMIT_REACHED (with `retryAfter`) when the account has no room for the answer: then nothing is done; AnswersLater
 */
export async function onceByKey(ctx: Context, request: KeyedRequest, run: Run): Promise<string> {
  const { query, operationName, variables } = request;
  const hash = createHash('sha256')
    .update(canonicalJson([query, operationName, variables]))
    .digest('hex');
  const keyed: Keyed = { userId: requirePerson(ctx).id, key: readKey(request.key), hash };
  const known = (await readAnswer(ctx, keyed)) ?? (await answer(ctx, keyed, run));
  if (known.response !== null) return known.response;
  return answerBegun(ctx, keyed, known.begun, run);
}

/** What is kept under a key: an answer, or what was begun for it. */
type Kept = { readonly response: string; readonly begun: null } | { readonly response: null; readonly begun: string };

/** Carries an answer out of a transaction that must not commit. */
class NotFinal extends Error {
  constructor(readonly response: string) {
    super('The answer is not final.');
  }
}

async function answer(ctx: Context, keyed: Keyed, run: Run): Promise<Kept> {
  try {
    return await transaction(ctx, async (tx) => {
      // The account's lock is held: whoever else has the key is committed by now.
      const first = await readAnswer(tx, keyed);
      if (first !== null) return first;
      const bytes = await keptBytes(tx, keyed.userId);
      await requireRoom(tx, keyed.userId, bytes, rowBytes);
      const outcome = await run(tx);
      if (outcome instanceof AnswersLater) return keep(tx, keyed, { response: null, begun: outcome.begun });
      const { response, final } = outcome;
      if (!final) throw new NotFinal(response);
      // What was promised to others is kept: one that has no room is undone instead.
      await requireRoom(tx, keyed.userId, bytes, rowBytes + Buffer.byteLength(response));
      return keep(tx, keyed, { response, begun: null });
    });
  } catch (error) {
    if (error instanceof NotFinal) return { response: error.response, begun: null };
    throw error;
  }
}

/**
 * Answers what was begun before. There may be no room to keep the answer, and nothing can be undone any more: then a
 * repeat reads it anew. @throws AnswersLater while it has not ended
 */
async function answerBegun(ctx: Context, keyed: Keyed, begun: string, run: Run): Promise<string> {
  const outcome = await run({ ...ctx, begun });
  if (outcome instanceof AnswersLater) throw outcome;
  const { response, final, failed } = outcome;
  if (!final && !failed) return response;
  return transaction(ctx, async (tx) => {
    const first = await readAnswer(tx, keyed);
    if (first?.response) return first.response;
    if (first?.begun !== begun) return response;
    if (failed) await forget(tx, keyed);
    else if (await hasRoom(tx, keyed.userId, Buffer.byteLength(response))) {
      await keep(tx, keyed, { response, begun: null });
    }
    return response;
  });
}

async function keep(tx: Tx, { userId, key, hash }: Keyed, kept: Kept): Promise<Kept> {
  await runStatement(
    tx,
    `insert into activity.idempotency_key (user_id, key, request_hash, response, begun, expires_at)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (user_id, key) do update set request_hash = $3, response = $4, begun = $5, expires_at = $6`,
    [userId, key, hash, kept.response, kept.begun, new Date(tx.clock.now().getTime() + keptMs)],
  );
  return kept;
}

async function forget(tx: Tx, { userId, key }: Keyed): Promise<void> {
  await sendStatement(tx, 'delete from activity.idempotency_key where user_id = $1 and key = $2', [userId, key]);
}

/** What the answers that are kept for an account take, as they are stored. */
async function keptBytes(ctx: Context, userId: string): Promise<number> {
  const [row] = await runStatement<{ bytes: string }>(
    ctx,
    `select coalesce(sum(coalesce(pg_column_size(response), 0) + $3::int), 0) as bytes
     from activity.idempotency_key where user_id = $1 and expires_at > $2`,
    [userId, ctx.clock.now(), rowBytes],
  );
  return Number(row?.bytes ?? 0);
}

async function hasRoom(ctx: Context, userId: string, bytes: number): Promise<boolean> {
  return (await keptBytes(ctx, userId)) + bytes <= maxKeptBytes;
}

/** @throws LIMIT_REACHED when what is kept leaves no room for so many bytes more */
async function requireRoom(ctx: Context, userId: string, kept: number, bytes: number): Promise<void> {
  const tooMany = kept + bytes - maxKeptBytes;
  if (tooMany <= 0) return;
  const message =
    'Answers to requests with an Idempotency-Key are kept for 24 hours, and there is no room for more: ask for less in them.';
  const seconds = await secondsUntilRoom(ctx, userId, tooMany);
  const retryAfter = seconds === null ? {} : { retryAfter: seconds };
  throw limitReached(message, { resource: 'keptAnswerBytes', limit: maxKeptBytes, current: kept, ...retryAfter });
}

/** In how many seconds so many bytes of the answers that are kept will have expired; null when they are fewer. */
async function secondsUntilRoom(ctx: Context, userId: string, bytes: number): Promise<number | null> {
  const [row] = await runStatement<{ seconds: number | null }>(
    ctx,
    `select ceil(extract(epoch from min(expires_at) - $2::timestamptz))::int as seconds from (
       select expires_at, sum(coalesce(pg_column_size(response), 0) + $3::int) over (order by expires_at) as expired
       from activity.idempotency_key where user_id = $1 and expires_at > $2) as kept
     where expired >= $4`,
    [userId, ctx.clock.now(), rowBytes, bytes],
  );
  return row?.seconds ?? null;
}

async function readAnswer(ctx: Context, { userId, key, hash }: Keyed): Promise<Kept | null> {
  const [row] = await runStatement<Kept & { requestHash: string }>(
    ctx,
    `select request_hash as "requestHash", response, begun from activity.idempotency_key
     where user_id = $1 and key = $2 and expires_at > $3`,
    [userId, key, ctx.clock.now()],
  );
  if (!row) return null;
  const { requestHash, ...kept } = row;
  if (requestHash === hash) return kept;
  throw new AppError('IDEMPOTENCY_MISMATCH', 'This Idempotency-Key was used for another request.');
}

function readKey(key: string): string {
  if (key.length >= 1 && key.length <= maxKeyLength && /^[\x21-\x7e]+$/.test(key)) return key;
  throw new AppError('VALIDATION_FAILED', `Idempotency-Key must have 1 to ${maxKeyLength} visible ASCII characters.`, {
    fields: [{ field: 'Idempotency-Key', rule: `1 to ${maxKeyLength} visible ASCII characters` }],
  });
}
