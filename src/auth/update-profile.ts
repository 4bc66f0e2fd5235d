import { z } from 'zod';
import { User } from '../../entities/auth/user.js';
import { record } from '../activity/index.js';
import type { Context } from '../context.js';
import { line, parse, timeZone } from '../input.js';
import { transaction } from '../transaction.js';
import { userUpdated } from './events.js';

const longestPreferences = 16_384;

const preferences = z
  .record(z.string(), z.unknown())
  .nullable()
  .transform((value) => value ?? {})
  .refine((value) => {
    const text = JSON.stringify(value);
    // PostgreSQL's jsonb knows neither NUL nor lone surrogates, which JSON.stringify writes as escapes.
    return text.length <= longestPreferences && !/\\u(0000|d[89a-f])/i.test(text);
  }, `must be a JSON object of at most ${longestPreferences} characters of well-formed text`);

const Input = z.object({
  name: line(1, 100).optional(),
  timeZone: timeZone
    .nullable()
    .transform((zone) => zone ?? 'UTC')
    .optional(),
  preferences: preferences.optional(),
});

/**
 * Changes what is given: `name` cannot be cleared, a cleared time zone is UTC, cleared preferences are empty.
 * @throws VALIDATION_FAILED
 */
export async function updateProfile(ctx: Context, input: unknown): Promise<User> {
  const changes = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const user = await tx.em.findOneOrFail(User, tx.unit.account.id);
    const fields = Object.entries(changes)
      .filter(([, value]) => value !== undefined)
      .map(([field]) => field);
    if (fields.length === 0) return user;
    if (changes.name !== undefined) user.name = changes.name;
    if (changes.timeZone !== undefined) user.timeZone = changes.timeZone;
    if (changes.preferences !== undefined) user.preferences = changes.preferences;
    await record(tx, userUpdated(user.id, fields));
    return user;
  });
}
