import { z } from 'zod';
import { readMe } from '../../auth/index.js';
import type { Tx } from '../../context.js';
import { timeZone } from '../../input.js';
import { parseRecurrence, parseRecurrenceSoon, type Recurrence } from '../recurrence/index.js';

/** A recurrence as clients give it: null for the time zone is the user's own. */
export const recurrence = z.strictObject({ rule: z.string(), timeZone: timeZone.nullable().default(null) });

/** @see recurrence */
export type GivenRecurrence = z.output<typeof recurrence>;

/**
 * A rule of which the first task is due when the user says, else at the rule's first occurrence. `path` leads to it in
 * the input. @throws VALIDATION_FAILED with the reason
 */
export async function readSeriesFrom(
  tx: Tx,
  given: GivenRecurrence,
  firstDueDate: Date | null,
  path: string,
): Promise<Recurrence> {
  const rule = { rule: given.rule, timeZone: await zoneOf(tx, given) };
  return firstDueDate ? parseRecurrence(rule, firstDueDate, path) : parseRecurrenceSoon(rule, tx.clock.now(), path);
}

/** The time zone that was given, else the user's own. */
export async function zoneOf(tx: Tx, given: { readonly timeZone: string | null }): Promise<string> {
  return given.timeZone ?? (await readMe(tx)).timeZone;
}
