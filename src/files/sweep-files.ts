import { asAccount, type Context, isUnavailable, logFailure, runStatement } from '../kernel/context.js';
import { dayMs } from '../kernel/days.js';
import { count } from '../kernel/metrics.js';
import { sweep } from '../kernel/sweep.js';
import { transaction } from '../kernel/transaction.js';
import { orphans } from './metrics.js';
import { releaseUnfinished } from './release-file.js';

/** Gives up uploads that nobody has finished in time, and their room with them. */
export async function giveUpUploads(ctx: Context): Promise<void> {
  const now = ctx.clock.now();
  await sweep(ctx, {
    what: 'giving up an upload',
    from: 'files.file',
    account: 'account_id',
    where: `state <> 'UPLOADED' and released_at is null and unfinished_until < $1`,
    values: [now],
    since: 'unfinished_until',
    sinceType: 'timestamptz',
    id: 'id',
    work: ({ id, accountId }) => transaction(asAccount(ctx, accountId), (tx) => releaseUnfinished(tx, id)),
  });
}

/** Removes the bytes of files that nobody refers to any more, and then their rows: repeated, it goes on where it stopped. */
export async function removeReleased(ctx: Context): Promise<void> {
  await sweep(ctx, {
    what: 'removing a file',
    from: 'files.file',
    account: 'account_id',
    where: 'released_at is not null',
    values: [],
    since: 'released_at',
    sinceType: 'timestamptz',
    id: 'id',
    work: ({ id, accountId }) => remove(ctx, accountId, id),
  });
}

async function remove(ctx: Context, accountId: string, id: string): Promise<void> {
  const [file] = await runStatement<{ objectKey: string }>(
    ctx,
    'select object_key as "objectKey" from files.file where account_id = $1 and id = $2 and released_at is not null',
    [accountId, id],
  );
  if (!file) return;
  await ctx.providers.objectStore.remove(file.objectKey);
  await runStatement(ctx, 'delete from files.file where account_id = $1 and id = $2 and released_at is not null', [
    accountId,
    id,
  ]);
}

/** Objects that are looked at by one statement, and by one run. */
const [batchSize, maxOfRun] = [500, 10_000];
/** An upload stays unfinished for a day at most: before, an object may have come and its row not said so yet. */
const minAgeMs = 2 * dayMs;

/**
 * Makes the job that removes objects of ours that have no file: left by a process that died between the two, or by an
 * attempt that lost. Objects of another name are not ours. Each run goes on where the last one stopped, and begins anew
 * at the end.
 */
export function orphanSweeper(): (ctx: Context) => Promise<void> {
  let after = '';
  return async (ctx) => {
    for (let seen = 0; seen < maxOfRun; seen += batchSize) {
      const listed = await listFrom(ctx, after);
      const old = listed.filter(({ modifiedAt }) => modifiedAt.getTime() < ctx.clock.now().getTime() - minAgeMs);
      for (const key of await withoutFile(ctx, old)) {
        await ctx.providers.objectStore.remove(key);
        count(ctx, orphans, {});
        ctx.log.info({ key }, 'an object without a file was removed');
      }
      after = listed.at(-1)?.key ?? '';
      // A store may answer fewer than it has.
      if (listed.length === 0) return;
    }
  };
}

async function listFrom(ctx: Context, after: string) {
  try {
    return await ctx.providers.objectStore.list(after, batchSize);
  } catch (error) {
    if (!isUnavailable(error)) logFailure(ctx.log, error, {}, 'the store could not be listed');
    return [];
  }
}

async function withoutFile(ctx: Context, listed: readonly { readonly key: string }[]): Promise<string[]> {
  const keys = listed.map(({ key }) => key);
  const rows = await runStatement<{ key: string }>(
    ctx,
    `select key from unnest($1::text[]) as key where files.id_in_key(key) is not null and not exists (
       select from files.file where id = files.id_in_key(key) and object_key = key)`,
    [keys],
  );
  return rows.map(({ key }) => key);
}
