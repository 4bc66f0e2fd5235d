import { type Context, type Marks, runStatement } from '../kernel/context.js';
import type { Timestamp } from '../kernel/scalars.js';

/** Marks of an account's notes: when each was last written. */
export async function readNoteMarks(ctx: Context, accountId: string): Promise<Marks> {
  const rows = await runStatement<{ id: string; updatedAt: Timestamp }>(
    ctx,
    'select id, updated_at as "updatedAt" from notes.note where account_id = $1',
    [accountId],
  );
  return new Map(rows.map(({ id, updatedAt }) => [id, new Date(updatedAt).toISOString()]));
}
