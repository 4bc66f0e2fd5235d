import { Check, Entity, Index, ManyToOne, Property } from '@mikro-orm/decorators/legacy';
import { User } from '../auth/user.js';
import { Notes } from '../table-notes.js';

/**
 * How far an account has come: sums of its contributions, kept so that no completion has to count them all; and its streak. An account
 * that has done nothing yet has no row.
 */
@Entity({ schema: 'achievements' })
@Index({
  name: 'progress_running_streaks',
  expression:
    'create index "progress_running_streaks" on "achievements"."progress" ("last_day", "user_id") where current_streak > 0',
})
@Check({ name: 'progress_streak', expression: 'current_streak >= 0 and current_streak <= longest_streak' })
@Check({ name: 'progress_streak_needs_days', expression: '(longest_streak = 0) = (last_day is null)' })
@Check({ name: 'progress_day_of_tasks', expression: '(last_day is null) = (tasks_completed = 0)' })
@Check({
  name: 'progress_focus_needs_tasks',
  expression: 'focus_completions >= 0 and focus_completions <= tasks_completed',
})
@Check({ name: 'progress_never_negative', expression: 'notes_converted >= 0 and voice_seconds >= 0' })
@Notes({
  kept: 'until the account ends',
  indexes: {
    progress_running_streaks: 'Streaks that a day without a completed task has ended, for the job that ends them.',
  },
})
export class Progress {
  @ManyToOne(() => User, { mapToPk: true, fieldName: 'user_id', primary: true, deleteRule: 'cascade' })
  readonly userId!: string;

  /** Days in a row up to `lastDay`; 0 once a later day has passed without a completed task. */
  @Property({ type: 'integer', default: 0 })
  readonly currentStreak!: number;

  /** The longest streak that the account ever had, in days. */
  @Property({ type: 'integer', default: 0 })
  readonly longestStreak!: number;

  /** The newest day (UTC) on which a task was completed. */
  @Property({ type: 'date', nullable: true })
  readonly lastDay!: string | null;

  /** How many tasks were completed. */
  @Property({ type: 'integer', default: 0 })
  readonly tasksCompleted!: number;

  /** How many of them with at least half the estimate spent in focus. */
  @Property({ type: 'integer', default: 0 })
  readonly focusCompletions!: number;

  /** How many notes were converted into tasks. */
  @Property({ type: 'integer', default: 0 })
  readonly notesConverted!: number;

  /** Seconds of voice recordings. */
  @Property({ type: 'integer', default: 0 })
  readonly voiceSeconds!: number;

  /** The newest moment that counted: what comes with an older one is out of order. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  readonly lastAt!: Date | null;
}
