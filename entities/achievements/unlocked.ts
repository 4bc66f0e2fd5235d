import { Check, Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { User } from '../auth/user.js';
import { Notes } from '../table-notes.js';

/** Every achievement that there is. */
export const achievementIds = [
  'streak_3',
  'streak_7',
  'streak_15',
  'streak_30',
  'tasks_5',
  'tasks_10',
  'tasks_25',
  'tasks_50',
  'focus_3',
  'focus_10',
  'notes_convert_5',
  'notes_convert_10',
  'notes_convert_15',
  'voice_5min',
  'voice_15min',
  'voice_25min',
] as const;

/** Names one achievement, to clients too. */
export type AchievementId = (typeof achievementIds)[number];

/** An achievement that an account has earned; it is never taken away. */
@Entity({ schema: 'achievements' })
@Check({
  name: 'unlocked_achievement_known',
  expression: `achievement in (${achievementIds.map((id) => `'${id}'`).join(', ')})`,
})
@Notes({ kept: 'until the account ends' })
export class Unlocked {
  @ManyToOne(() => User, { mapToPk: true, fieldName: 'user_id', primary: true, deleteRule: 'cascade' })
  readonly userId!: string;

  /** Which achievement it is, such as `streak_7`. */
  @PrimaryKey({ type: 'text' })
  readonly achievement!: AchievementId;

  /** When its threshold was reached. */
  @Property({ type: 'timestamptz', length: 3 })
  readonly unlockedAt!: Date;
}
