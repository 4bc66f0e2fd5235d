import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { AllowanceLimit } from '../entities/accounts/allowance.js';
import type { Achievement, Perk } from '../src/achievements/index.js';
import { DateTime } from '../src/kernel/scalars.js';

registerEnumType(AllowanceLimit, {
  name: 'PerkKind',
  description: 'Which limit a perk raises.',
  valuesConfig: {
    TASKS: { description: 'How many tasks the account may have.' },
    SUBTASKS_PER_TASK: { description: 'How many subtasks one task may have.' },
    NOTES: { description: 'How many notes the account may have.' },
    DAILY_CREDITS: { description: 'How many credits the account is granted each day, from the next 00:00 UTC on.' },
  },
});

/** What an achievement adds to a limit. */
@ObjectType('Perk', {
  simpleResolvers: true,
  description: 'What an achievement adds to a limit, for good; perks add up.',
})
class PerkType implements Perk {
  @Field(() => AllowanceLimit, { description: 'Which limit is raised by it.' })
  kind!: AllowanceLimit;

  @Field(() => Int, { description: 'By how much the limit is raised.' })
  amount!: number;
}

/** Something to be earned, or earned. */
@ObjectType('Achievement', {
  simpleResolvers: true,
  description: 'Something to be earned, or earned; never taken away.',
})
export class AchievementType implements Achievement {
  @Field(() => ID, { description: 'Such as `tasks_5`: the same for everybody.' })
  id!: Achievement['id'];

  @Field(() => String, { description: 'What it is called.' })
  name!: string;

  @Field(() => String, { description: 'What it takes, in words.' })
  description!: string;

  @Field(() => PerkType, { nullable: true, description: 'What it gives; null where it is a badge and no more.' })
  perk!: Perk | null;

  @Field(() => DateTime, { nullable: true, description: 'When its threshold was reached; null while it is not.' })
  unlockedAt!: Date | null;

  @Field(() => Int, { description: 'How much of the threshold there is, never more than all; of streaks the longest.' })
  progress!: number;

  @Field(() => Int, { description: 'How many days, tasks, focus completions, notes or minutes it takes.' })
  threshold!: number;
}
