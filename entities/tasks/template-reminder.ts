import { Check, Entity, Enum, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, Int, ObjectType } from 'type-graphql';
import { Notes } from '../table-notes.js';
import { ReminderMethod, ReminderType } from './reminder.js';

/** A reminder that every new task of a template starts with: before or after its due date. */
@ObjectType({
  simpleResolvers: true,
  description: 'A reminder that every new task of a template starts with: before or after its due date.',
})
@Entity({ schema: 'tasks' })
@Index({ properties: ['accountId', 'templateId'] })
@Check({ name: 'template_reminder_relative', expression: `type <> 'ABSOLUTE'` })
@Check({ name: 'template_reminder_offset_range', expression: 'offset_minutes >= 0 and offset_minutes <= 43200' })
@Notes({
  kept: 'as long as its template, or until an edit of the series leaves it out',
  indexes: { template_reminder_account_id_template_id_index: 'The reminders of a template.' },
})
export class TemplateReminder {
  @PrimaryKey({ type: 'uuid' })
  readonly accountId: string;

  /** What the reminders that were made from it name; newer ones are greater. */
  @PrimaryKey({ type: 'uuid' })
  readonly id: string;

  @Property({ type: 'uuid' })
  readonly templateId: string;

  @Field(() => ReminderType, { description: 'Whether it fires BEFORE or AFTER the due date.' })
  @Enum({ items: () => ReminderType })
  readonly type: ReminderType;

  @Field(() => Int, { description: 'Minutes before or after the due date, 0–43,200.' })
  @Property({ type: 'integer' })
  offsetMinutes: number;

  @Field(() => ReminderMethod, { description: 'How it reaches its user.' })
  @Enum({ items: () => ReminderMethod })
  method: ReminderMethod;

  constructor(from: TemplateReminder) {
    this.id = from.id;
    this.accountId = from.accountId;
    this.templateId = from.templateId;
    this.type = from.type;
    this.offsetMinutes = from.offsetMinutes;
    this.method = from.method;
  }
}
