import { Check, Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../src/kernel/scalars.js';
import { User } from '../auth/user.js';
import { Notes } from '../table-notes.js';

/** What a notification is about. */
export enum NotificationType {
  ACHIEVEMENT = 'ACHIEVEMENT',
  REMINDER = 'REMINDER',
  TASK_COMPLETED = 'TASK_COMPLETED',
  SUBSCRIPTION = 'SUBSCRIPTION',
  SYSTEM = 'SYSTEM',
}
registerEnumType(NotificationType, {
  name: 'NotificationType',
  description: 'What a notification is about.',
  valuesConfig: {
    ACHIEVEMENT: { description: 'An achievement was unlocked.' },
    REMINDER: { description: 'A task reminds of itself.' },
    TASK_COMPLETED: {
      description:
        'A task was completed. While that is unread, completing it once more after reopening writes no other.',
    },
    SUBSCRIPTION: { description: 'Something happened to the Pro plan.' },
    SYSTEM: { description: 'Anything else that the server has to say.' },
  },
});

/** Something that the user should hear of; kept until the account ends. */
@ObjectType({ simpleResolvers: true, description: 'Something that the user should hear of.' })
@Entity({ schema: 'notifications' })
@Unique({ properties: ['userId', 'key'] })
@Unique({ properties: ['userId', 'number'] })
@Index({ name: 'notification_unread_index', properties: ['userId', 'number'], where: 'read_at is null' })
@Index({ name: 'notification_unread_about_index', properties: ['userId', 'entityId'], where: 'read_at is null' })
@Check({ name: 'notification_number_positive', expression: 'number > 0' })
@Check({ name: 'notification_title_length', expression: 'char_length(title) >= 1 and char_length(title) <= 200' })
@Check({ name: 'notification_body_length', expression: 'char_length(body) <= 500' })
@Check({ name: 'notification_action_url_length', expression: 'char_length(action_url) <= 500' })
@Check({ name: 'notification_key_length', expression: 'char_length(key) >= 1 and char_length(key) <= 200' })
@Notes({
  kept: 'until the account ends',
  indexes: {
    notification_unread_index: 'The list and the number of unread notifications.',
    notification_unread_about_index: 'Whether something unread is about a thing already.',
  },
})
export class Notification {
  @Field(() => ID, { description: 'The UUID of the notification.' })
  @PrimaryKey({ type: 'uuid' })
  readonly id!: string;

  @ManyToOne(() => User, { mapToPk: true, fieldName: 'user_id', deleteRule: 'cascade' })
  readonly userId!: string;

  /** The number of the account's event that announced it: what lists sort by and cursors hold, in commit order. */
  @Property({ type: 'bigint' })
  readonly number!: number;

  /** What it was written for (`reminder <id> <time>`): asking twice writes once. */
  @Property({ type: 'text' })
  readonly key!: string;

  @Field(() => NotificationType, { description: 'What it is about.' })
  @Enum({ items: () => NotificationType })
  readonly type!: NotificationType;

  @Field(() => String, { description: 'What it is about in a line, 1–200 characters.' })
  @Property({ type: 'text' })
  readonly title!: string;

  @Field(() => String, { description: 'Up to 500 characters; may be empty.', complexity: 2 })
  @Property({ type: 'text' })
  readonly body!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Where a click leads: an address within the app; null for none.',
    complexity: 2,
  })
  @Property({ type: 'text', nullable: true })
  readonly actionUrl!: string | null;

  /** Which kind of thing it is about, and which one, as events name them. */
  @Property({ type: 'text' })
  readonly entityType!: string;

  /** The thing that it is about, whether or not it still exists. */
  @Property({ type: 'uuid' })
  readonly entityId!: string;

  @Field(() => DateTime, { nullable: true, description: 'When it was first marked read; null while it is unread.' })
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  readAt: Date | null = null;

  @Field(() => DateTime, { description: 'When it was written.' })
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt!: Date;

  /** Marks it read. The first time wins; a later one changes nothing and answers false. */
  markRead(at: Date): boolean {
    if (this.readAt) return false;
    this.readAt = at;
    return true;
  }
}
