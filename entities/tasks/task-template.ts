import { Check, Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../../src/kernel/scalars.js';
import { Account } from '../accounts/account.js';
import { Notes } from '../table-notes.js';
import { Priority } from './priority.js';

/** What a template starts with. */
export type NewTaskTemplate = Pick<
  TaskTemplate,
  | 'id'
  | 'accountId'
  | 'title'
  | 'description'
  | 'priority'
  | 'estimatedMinutes'
  | 'tags'
  | 'rule'
  | 'timeZone'
  | 'startsAt'
  | 'createdAt'
>;

/** What a recurring task is made from, again and again. */
@ObjectType({ simpleResolvers: true, description: 'What a recurring task is made from, again and again.' })
@Entity({ schema: 'tasks' })
@Index({ properties: ['accountId', 'createdAt', 'id'] })
@Index({
  name: 'task_template_to_retry',
  expression:
    'create index "task_template_to_retry" on "tasks"."task_template" ("retry_at") where retry_at is not null',
})
@Check({
  name: 'task_template_title_length',
  expression: 'char_length(btrim(title)) >= 1 and char_length(title) <= 200',
})
@Check({ name: 'task_template_description_length', expression: 'char_length(description) <= 2000' })
@Check({
  name: 'task_template_estimate_range',
  expression: 'estimated_minutes >= 1 and estimated_minutes <= 720',
})
@Check({ name: 'task_template_tags_count', expression: 'cardinality(tags) <= 20' })
@Check({
  name: 'task_template_tags_length',
  expression:
    "array_position(tags, '') is null and array_position(tags, null) is null and array_to_string(tags, chr(10)) !~ '[^\\n]{31}'",
})
@Check({ name: 'task_template_rule_length', expression: 'char_length(rule) >= 1 and char_length(rule) <= 1000' })
@Check({ name: 'task_template_failures_positive', expression: 'failures >= 0' })
@Notes({
  kept: 'until the user deletes it',
  indexes: {
    task_template_account_id_created_at_id_index: 'The list of templates, newest first.',
    task_template_id_index: 'One template by the id that a client names, whosever it is.',
    task_template_to_retry: 'Series whose next task could not be made, for the job that tries again.',
  },
})
export class TaskTemplate {
  @ManyToOne(() => Account, { mapToPk: true, fieldName: 'account_id', primary: true, deleteRule: 'cascade' })
  readonly accountId: string;

  @Field(() => ID, { description: 'The UUID of the template.' })
  @Index()
  @PrimaryKey({ type: 'uuid' })
  readonly id: string;

  @Field(() => String, { description: 'The title of its tasks, 1–200 characters.' })
  @Property({ type: 'text' })
  title: string;

  @Field(() => String, {
    description: 'Up to 1,000 characters on the free plan, 2,000 on Pro; may be empty.',
    complexity: 8,
  })
  @Property({ type: 'text' })
  description: string;

  @Field(() => Priority, { description: 'How much its tasks matter.' })
  @Enum({ items: () => Priority })
  priority: Priority;

  @Field(() => Int, { nullable: true, description: 'Estimated duration in minutes, 1–720.' })
  @Property({ type: 'integer', nullable: true })
  estimatedMinutes: number | null;

  @Field(() => [String], { description: 'At most 20, each 1–30 characters.' })
  @Property({ type: 'string[]', columnType: 'text[]' })
  tags: string[];

  @Field(() => String, { description: 'RFC 5545 RRULE, without the prefix.', complexity: 4 })
  @Property({ type: 'text' })
  rule: string;

  @Field(() => String, {
    description:
      'IANA time zone whose wall clock the rule follows; a time that its clock skips comes at the first minute behind the gap.',
  })
  @Property({ type: 'text' })
  timeZone: string;

  /** DTSTART: wall-clock time in `timeZone`, `YYYY-MM-DDTHH:mm:ss`. */
  @Property({ type: 'text' })
  startsAt: string;

  /** Days in `timeZone`, `YYYY-MM-DD`, that its rule leaves out: tasks that an earlier rule made were due on them. */
  @Property({ type: 'string[]', columnType: 'text[]', defaultRaw: "'{}'" })
  takenDays: readonly string[] = [];

  /** Number of its rule among those that it has had: a rule that begins anew gets the next one. */
  @Property({ type: 'integer', default: 1 })
  ruleNumber: number = 1;

  @Field(() => Boolean, {
    description:
      'False while it is paused, or after its series was ended: completing or deleting a task of it makes no next one.',
  })
  @Property({ type: 'boolean', default: true })
  active: boolean = true;

  /** When the next task is to be tried again; null unless making it has failed. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  retryAt: Date | null = null;

  /** How often in a row making the next task has failed. */
  @Property({ type: 'integer', default: 0 })
  failures: number = 0;

  /** Its newest task, done or not, whether or not it still exists: as long as that is open, it is the next one. */
  @Property({ type: 'uuid', nullable: true })
  newestTaskId: string | null = null;

  @Field(() => DateTime, { description: 'When it was created.' })
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt: Date;

  constructor(from: NewTaskTemplate) {
    this.id = from.id;
    this.accountId = from.accountId;
    this.title = from.title;
    this.description = from.description;
    this.priority = from.priority;
    this.estimatedMinutes = from.estimatedMinutes;
    this.tags = from.tags;
    this.rule = from.rule;
    this.timeZone = from.timeZone;
    this.startsAt = from.startsAt;
    this.createdAt = from.createdAt;
  }

  /** Makes no more tasks, and tries none again. */
  pause(): void {
    this.active = false;
    this.retryAt = null;
    this.failures = 0;
  }
}
