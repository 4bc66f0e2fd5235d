import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Context, requireAccount } from './context.js';
import { invalid } from './errors.js';

/** A tag, a key of 200 characters of 4 bytes, an id, and what base64 adds. */
const maxCursorLength = 2_000;

/** Binds a cursor to its reader and its list, so that another's is told apart from an own one. */
export function cursorScope(ctx: Context, list: string): string {
  return createHash('sha256')
    .update(`${requireAccount(ctx)} ${list}`)
    .digest('base64url')
    .slice(0, 8);
}

/** An opaque cursor. */
export function writeCursor(tag: string, ...keys: readonly string[]): string {
  return Buffer.from([tag, ...keys].join('\n')).toString('base64url');
}

const Key = z
  .string()
  .max(800)
  .refine((text) => !text.includes('\0'));
/** What a cursor of a list holds whose sort key does not tell its rows apart, and of one whose does. */
export const [KeyAndId, UniqueKey] = [z.tuple([Key, z.uuid()]), z.tuple([Key])];

/** What a cursor of this reader and list holds. @throws VALIDATION_FAILED for any other */
export function readCursor<Schema extends z.ZodType>(
  text: string,
  tag: string,
  field: string,
  keys: Schema,
): z.output<Schema> {
  if (text.length > maxCursorLength) throw invalidCursor(field);
  const [foundTag, ...found] = Buffer.from(text, 'base64url').toString().split('\n');
  const parsed = keys.safeParse(found);
  if (foundTag !== tag || !parsed.success) throw invalidCursor(field);
  return parsed.data;
}

/** What is said to a cursor that is garbage, somebody else's, or another list's. */
export function invalidCursor(field: string): Error {
  return invalid([{ field, rule: 'is not a cursor of this list' }]);
}
