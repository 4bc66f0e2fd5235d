import { z } from 'zod';
import { type Context, requirePerson } from '../kernel/context.js';
import { AppError, type DeclaredErrors, invalid } from '../kernel/errors.js';
import { field, parse } from '../kernel/input.js';

/** There are dates some days after every moment, and none behind the year 9999. */
const lastYear = 9_997;

const Input = z.strictObject({
  to: field.moment.refine((to) => to.getUTCFullYear() <= lastYear, `must not lie behind the year ${lastYear}`),
});

export const advanceClockErrors: DeclaredErrors = { VALIDATION_FAILED: 'also a moment that has passed' };

/**
 * Moves time ahead, for everybody on this database, so that whatever is due by then falls due. Answers what time it is
 * then. Only outside production.
 */
export async function advanceClock(ctx: Context, input: unknown): Promise<Date> {
  requirePerson(ctx);
  const { to } = parse(Input, input);
  const { movableClock, runStatement, notifyBridge } = ctx.services;
  if (!movableClock) throw new AppError('NOT_FOUND', 'Time cannot be moved here.');
  if (to < ctx.clock.now()) throw invalid([{ field: 'to', rule: 'must not lie in the past: time only moves ahead' }]);
  return movableClock.advance(to, runStatement, notifyBridge);
}
