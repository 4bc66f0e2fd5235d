import { Ctx, Field, FieldResolver, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { type Limits, readLimits } from '../../src/accounts/index.js';
import { type Achievement, type AchievementState, readAchievementState } from '../../src/achievements/index.js';
import type { Context } from '../../src/kernel/context.js';
import { AchievementType } from '../achievement.js';
import { LimitsType } from '../limits.js';

@ObjectType('AchievementState', {
  simpleResolvers: true,
  description: 'How far an account has come. Days are UTC; a thing counts once, whatever becomes of it later.',
})
class AchievementStateType implements AchievementState {
  @Field(() => Int, { description: 'Days in a row with a completed task; 0 as soon as a day has passed without one.' })
  currentStreak!: number;

  @Field(() => Int, { description: 'Days of the longest streak ever.' })
  longestStreak!: number;

  @Field(() => Int, { description: 'How many tasks were completed ever; each counts once.' })
  tasksCompleted!: number;

  @Field(() => Int, { description: 'Tasks completed with at least half their estimate spent in focus.' })
  focusCompletions!: number;

  @Field(() => Int, { description: 'Notes converted into tasks.' })
  notesConverted!: number;

  @Field(() => Int, { description: 'Minutes of voice that were recorded, rounded down.' })
  voiceMinutes!: number;

  @Field(() => [AchievementType], { description: 'All that there are, earned or not.' })
  achievements!: readonly Achievement[];
}

/** Achievements, streaks and what they are good for. */
@Resolver(() => AchievementStateType)
export class AchievementsResolver {
  @Query(() => AchievementStateType, { description: "The caller's achievements at this moment." })
  achievements(@Ctx() ctx: Context): Promise<AchievementState> {
    return readAchievementState(ctx);
  }

  @FieldResolver(() => LimitsType, { description: "The limits in force: the tier's and all perks." })
  limits(@Ctx() ctx: Context): Promise<Limits> {
    return readLimits(ctx);
  }
}
