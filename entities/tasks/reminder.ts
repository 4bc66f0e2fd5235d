import { Check, Entity, Enum, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../src/kernel/scalars.js';
import { Notes } from '../table-notes.js';

/** What a reminder's time is reckoned from. */
export enum ReminderType {
  BEFORE = 'BEFORE',
  AFTER = 'AFTER',
  ABSOLUTE = 'ABSOLUTE',
}
registerEnumType(ReminderType, {
  name: 'ReminderType',
  description: 'How the time of a reminder is given.',
  valuesConfig: {
    BEFORE: { description: 'A number of minutes before the due date; moves with it.' },
    AFTER: { description: 'A number of minutes after the due date; moves with it.' },
    ABSOLUTE: { description: 'A moment of its own.' },
  },
});

/** How a reminder reaches its user. */
export enum ReminderMethod {
  PUSH = 'PUSH',
  IN_APP = 'IN_APP',
}
registerEnumType(ReminderMethod, {
  name: 'ReminderMethod',
  description: 'How a reminder reaches its user.',
  valuesConfig: {
    PUSH: { description: 'A notification in the app, and a push to each registered browser.' },
    IN_APP: { description: 'A notification in the app.' },
  },
});

/** How far a reminder has got. */
export enum ReminderState {
  SCHEDULED = 'SCHEDULED',
  SENT = 'SENT',
  FAILED = 'FAILED',
  CANCELLED = 'CANCELLED',
}
registerEnumType(ReminderState, {
  name: 'ReminderState',
  description: 'How far a reminder has got.',
  valuesConfig: {
    SCHEDULED: { description: 'Waits for its time.' },
    SENT: { description: 'Has fired; a new due date that gives a relative one a time to come schedules it again.' },
    FAILED: { description: 'Has fired, but no browser could be reached; the notification is in the app.' },
    CANCELLED: {
      description:
        'Does not fire: the task is done or has no due date, its time passed meanwhile, or the task was hidden or archived when its time came.',
    },
  },
});

/** What a reminder starts with. */
export type NewReminder = Pick<
  Reminder,
  'id' | 'accountId' | 'taskId' | 'type' | 'offsetMinutes' | 'method' | 'scheduledFor' | 'createdAt'
>;

/** A moment at which the user wants to hear of a task. */
@ObjectType({ simpleResolvers: true, description: 'A moment at which the user wants to hear of a task.' })
@Entity({ schema: 'tasks' })
@Index({ properties: ['accountId', 'taskId'] })
@Index({
  name: 'reminder_due',
  expression: `create index "reminder_due" on "tasks"."reminder" ("scheduled_for", "account_id") where state = 'SCHEDULED'`,
})
@Index({
  name: 'reminder_due_of_account',
  expression: `create index "reminder_due_of_account" on "tasks"."reminder" ("account_id", "scheduled_for") where state = 'SCHEDULED'`,
})
@Check({ name: 'reminder_offset_of_relative', expression: `(type = 'ABSOLUTE') = (offset_minutes is null)` })
@Check({ name: 'reminder_offset_range', expression: 'offset_minutes >= 0 and offset_minutes <= 43200' })
@Check({ name: 'reminder_scheduled_has_time', expression: `state <> 'SCHEDULED' or scheduled_for is not null` })
@Notes({
  kept: 'as long as its task, or until the user removes it',
  indexes: {
    reminder_account_id_task_id_index: 'The reminders of a task.',
    reminder_due: 'What is due, of all accounts, for the job that fires it.',
    reminder_due_of_account: 'What is due of one account.',
    reminder_id_index: 'One reminder by the id that a client names, whosever it is.',
  },
})
export class Reminder {
  @PrimaryKey({ type: 'uuid' })
  readonly accountId: string;

  @Field(() => ID, { description: 'The UUID of the reminder.' })
  @Index()
  @PrimaryKey({ type: 'uuid' })
  readonly id: string;

  @Property({ type: 'uuid' })
  readonly taskId: string;

  @Field(() => ReminderType, { description: 'Whether its time is relative to the due date, or a moment of its own.' })
  @Enum({ items: () => ReminderType })
  readonly type: ReminderType;

  @Field(() => Int, {
    nullable: true,
    description: 'Minutes before or after the due date, 0–43,200; null if absolute.',
  })
  @Property({ type: 'integer', nullable: true })
  offsetMinutes: number | null;

  @Field(() => ReminderMethod, { description: 'How it reaches its user.' })
  @Enum({ items: () => ReminderMethod })
  method: ReminderMethod;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it fires or has fired; null when it was cancelled because its task has no due date.',
  })
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  scheduledFor: Date | null;

  @Field(() => ReminderState, { description: 'How far it has got.' })
  @Enum({ items: () => ReminderState })
  state: ReminderState = ReminderState.SCHEDULED;

  /** The template's reminder that it was made from, whether or not that still exists; null for one of this task alone. */
  @Property({ type: 'uuid', nullable: true })
  templateReminderId: string | null = null;

  /** When it was added. */
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt: Date;

  constructor(from: NewReminder) {
    this.id = from.id;
    this.accountId = from.accountId;
    this.taskId = from.taskId;
    this.type = from.type;
    this.offsetMinutes = from.offsetMinutes;
    this.method = from.method;
    this.scheduledFor = from.scheduledFor;
    this.createdAt = from.createdAt;
  }
}
