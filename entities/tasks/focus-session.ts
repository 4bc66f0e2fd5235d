import { Check, Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../../src/kernel/scalars.js';
import { User } from '../auth/user.js';
import { Notes } from '../table-notes.js';

/** Milliseconds that one session counts at most: a forgotten one ends here. */
export const maxFocusMs = 12 * 3_600_000;

/** Time that a user spends on one task, measured by the server; one at a time for each user. */
@ObjectType({ simpleResolvers: true, description: 'Time that a user spends on one task, measured by the server.' })
@Entity({ schema: 'tasks' })
@Index({ properties: ['accountId', 'taskId'] })
@Index({
  name: 'focus_session_running_unique',
  expression:
    'create unique index "focus_session_running_unique" on "tasks"."focus_session" ("user_id") where ended_at is null',
})
@Index({
  name: 'focus_session_running_since',
  expression:
    'create index "focus_session_running_since" on "tasks"."focus_session" ("started_at") where ended_at is null',
})
@Check({ name: 'focus_session_forwards', expression: 'ended_at >= started_at' })
@Check({ name: 'focus_session_at_most_12_hours', expression: `ended_at <= (started_at + '12:00:00'::interval)` })
@Notes({
  kept: 'as long as its task',
  indexes: {
    focus_session_account_id_task_id_index: 'The sessions of a task, which go with it.',
    focus_session_running_unique: 'A person has one running session at most; finds it.',
    focus_session_running_since: 'Forgotten sessions, for the job that ends them.',
    focus_session_user_id_index: 'The sessions of a person, which go with the account.',
  },
})
export class FocusSession {
  @Field(() => ID, { description: 'The UUID of the session.' })
  @PrimaryKey({ type: 'uuid' })
  readonly id: string;

  /** The account that has the task. */
  @Property({ type: 'uuid' })
  readonly accountId: string;

  @Index()
  @ManyToOne(() => User, { mapToPk: true, fieldName: 'user_id', deleteRule: 'cascade' })
  readonly userId: string;

  @Property({ type: 'uuid' })
  readonly taskId: string;

  @Field(() => DateTime, { description: 'The moment at which it began.' })
  @Property({ type: 'timestamptz', length: 3 })
  readonly startedAt: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it ended, at most 12 hours later; null while it runs.' })
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  endedAt: Date | null = null;

  constructor(from: Pick<FocusSession, 'id' | 'accountId' | 'userId' | 'taskId' | 'startedAt'>) {
    this.id = from.id;
    this.accountId = from.accountId;
    this.userId = from.userId;
    this.taskId = from.taskId;
    this.startedAt = from.startedAt;
  }

  /** Whether it has run for as long as a session may. */
  isForgotten(now: Date): boolean {
    return this.endedAt === null && now.getTime() - this.startedAt.getTime() >= maxFocusMs;
  }

  /** Ends it at a moment, or 12 hours after its start if that came first. Answers its whole seconds. */
  end(at: Date): number {
    const spentMs = Math.min(Math.max(0, at.getTime() - this.startedAt.getTime()), maxFocusMs);
    this.endedAt = new Date(this.startedAt.getTime() + spentMs);
    return Math.floor(spentMs / 1_000);
  }
}
