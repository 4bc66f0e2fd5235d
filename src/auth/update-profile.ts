import { z } from 'zod';
import { User } from '../../entities/auth/user.js';
import { record } from '../activity/index.js';
import { userUpdated } from '../events/auth.js';
import type { Context } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';

const maxPreferencesBytes = 16_384;

/** Kept as it is, whatever its keys: `z.record` would leave out `__proto__`. */
const jsonObject = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be a JSON object',
);

/** NUL and lone surrogates, which PostgreSQL's jsonb does not know, as `JSON.stringify` escapes them. */
const notInJsonb = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i;

const preferences = jsonObject
  .nullable()
  .transform((value) => value ?? {})
  .refine((value) => {
    const text = JSON.stringify(value);
    return Buffer.byteLength(text) <= maxPreferencesBytes && !notInJsonb.test(text);
  }, `must be a JSON object of at most ${maxPreferencesBytes} bytes of well-formed text`);

const Input = z.strictObject({
  name: field.line(1, 100).optional(),
  timeZone: field.timeZone
    .nullable()
    .transform((zone) => zone ?? 'UTC')
    .optional(),
  preferences: preferences.optional(),
});

export const updateProfileErrors: DeclaredErrors = parseErrors;

/** Changes what is given: `name` cannot be cleared, a cleared time zone is UTC, cleared preferences are empty. */
export async function updateProfile(ctx: Context, input: unknown): Promise<User> {
  const changes = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const user = await tx.entities().findOneOrFail(User, tx.unit.account.id);
    const fields = Object.entries(changes)
      .filter(([, value]) => value !== undefined)
      .map(([field]) => field);
    if (fields.length === 0) return user;
    if (changes.name !== undefined) user.name = changes.name;
    if (changes.timeZone !== undefined) user.timeZone = changes.timeZone;
    if (changes.preferences !== undefined) user.preferences = changes.preferences;
    await record(tx, userUpdated(user.id, { fields }));
    return user;
  });
}
