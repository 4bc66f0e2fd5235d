import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { advanceClock, advanceClockErrors } from '../../src/activity/index.js';
import type { Context } from '../../src/kernel/context.js';
import { DateTime } from '../../src/kernel/scalars.js';
import { withErrors } from '../error-codes.js';

/** Moving time, in development and tests; production's schema does not have it. */
@Resolver()
export class ClockResolver {
  @Mutation(() => DateTime, {
    description: withErrors(
      'Development and tests only: moves time ahead for everybody on this database; what falls due by then happens within seconds. Answers the new time.',
      advanceClockErrors,
    ),
  })
  advanceClock(
    @Ctx() ctx: Context,
    @Arg('to', () => DateTime, { description: 'The moment to move to.' }) to: Date,
  ): Promise<Date> {
    return advanceClock(ctx, { to });
  }
}
