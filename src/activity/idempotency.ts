import { createHash } from 'node:crypto';
import { hoursKept } from '../../entities/activity/idempotency-key.js';
import { type Context, requirePerson, runStatement } from '../kernel/context.js';
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

/**
 * Runs a mutation once per user and key for 24 hours. Effect and answer commit together, so that a process which dies
 * in between leaves neither; a repeat gets the first answer. `run` executes within the transaction; an answer that
 * it calls not final (the server's fault) is not kept, and its effect is undone.
 * @throws VALIDATION_FAILED for an unusable key, IDEMPOTENCY_MISMATCH for a key of another request,
 * LIMIT_REACHED (with `retryAfter`) when the account has no room for the answer: then nothing is done
 */
export async function onceByKey(
  ctx: Context,
  request: KeyedRequest,
  run: (ctx: Context) => Promise<{ response: string; final: boolean }>,
): Promise<string> {
  const userId = requirePerson(ctx).id;
  const key = readKey(request.key);
  const { query, operationName, variables } = request;
  const hash = createHash('sha256')
    .update(canonicalJson([query, operationName, variables]))
    .digest('hex');
  return answer(ctx, userId, key, hash, run);
}

/** Carries an answer out of a transaction that must not commit. */
class NotFinal extends Error {
  constructor(readonly response: string) {
    super('The answer is not final.');
  }
}

async function answer(
  ctx: Context,
  userId: string,
  key: string,
  hash: string,
  run: (ctx: Context) => Promise<{ response: string; final: boolean }>,
): Promise<string> {
  const known = await readAnswer(ctx, userId, key, hash);
  if (known !== null) return known;
  try {
    return await transaction(ctx, async (tx) => {
      // The account's lock is held: whoever else has the key is committed by now.
      const first = await readAnswer(tx, userId, key, hash);
      if (first !== null) return first;
      const kept = await keptBytes(tx, userId);
      await requireRoom(tx, userId, kept, rowBytes);
      const { response, final } = await run(tx);
      if (!final) throw new NotFinal(response);
      // What was promised to others is kept: one that has no room is undone instead.
      await requireRoom(tx, userId, kept, rowBytes + Buffer.byteLength(response));
      await runStatement(
        tx,
        `insert into activity.idempotency_key (user_id, key, request_hash, response, expires_at)
         values ($1, $2, $3, $4, $5)
         on conflict (user_id, key) do update set request_hash = $3, response = $4, expires_at = $5`,
        [userId, key, hash, response, new Date(ctx.clock.now().getTime() + keptMs)],
      );
      return response;
    });
  } catch (error) {
    if (error instanceof NotFinal) return error.response;
    throw error;
  }
}

/** What the answers that are kept for an account take, as they are stored. */
async function keptBytes(ctx: Context, userId: string): Promise<number> {
  const [row] = await runStatement<{ bytes: string }>(
    ctx,
    `select coalesce(sum(pg_column_size(response) + $3::int), 0) as bytes
     from activity.idempotency_key where user_id = $1 and expires_at > $2`,
    [userId, ctx.clock.now(), rowBytes],
  );
  return Number(row?.bytes ?? 0);
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
       select expires_at, sum(pg_column_size(response) + $3::int) over (order by expires_at) as expired
       from activity.idempotency_key where user_id = $1 and expires_at > $2) as kept
     where expired >= $4`,
    [userId, ctx.clock.now(), rowBytes, bytes],
  );
  return row?.seconds ?? null;
}

async function readAnswer(ctx: Context, userId: string, key: string, hash: string): Promise<string | null> {
  const [row] = await runStatement<{ requestHash: string; response: string }>(
    ctx,
    `select request_hash as "requestHash", response from activity.idempotency_key
     where user_id = $1 and key = $2 and expires_at > $3`,
    [userId, key, ctx.clock.now()],
  );
  if (!row) return null;
  if (row.requestHash === hash) return row.response;
  throw new AppError('IDEMPOTENCY_MISMATCH', 'This Idempotency-Key was used for another request.');
}

function readKey(key: string): string {
  if (key.length >= 1 && key.length <= maxKeyLength && /^[\x21-\x7e]+$/.test(key)) return key;
  throw new AppError('VALIDATION_FAILED', `Idempotency-Key must have 1 to ${maxKeyLength} visible ASCII characters.`, {
    fields: [{ field: 'Idempotency-Key', rule: `1 to ${maxKeyLength} visible ASCII characters` }],
  });
}
