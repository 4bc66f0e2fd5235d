import { Check, Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../src/kernel/scalars.js';
import { Account } from '../accounts/account.js';
import { Notes } from '../table-notes.js';
import { Priority } from './priority.js';

/** How a task came to be completed. */
export enum CompletedBy {
  MANUAL = 'MANUAL',
  AUTO = 'AUTO',
  FORCE = 'FORCE',
}
registerEnumType(CompletedBy, {
  name: 'CompletedBy',
  description: 'How a task came to be completed.',
  valuesConfig: {
    MANUAL: { description: 'The user completed it with no subtask open.' },
    AUTO: { description: 'Its last open subtask was completed.' },
    FORCE: { description: 'The user completed it together with its open subtasks.' },
  },
});

/** What a task starts with. */
export type NewTask = Pick<
  Task,
  'id' | 'accountId' | 'title' | 'description' | 'priority' | 'dueDate' | 'tags' | 'estimatedMinutes' | 'createdAt'
>;

/** One concrete thing to do. */
@ObjectType({ simpleResolvers: true, description: 'One concrete thing to do.' })
@Entity({ schema: 'tasks' })
@Index({
  name: 'task_visible',
  properties: ['accountId', 'createdAt', 'id'],
  where: 'not hidden and not archived',
})
@Index({ name: 'task_of_template', properties: ['accountId', 'templateId'], where: 'template_id is not null' })
@Check({ name: 'task_title_length', expression: 'char_length(btrim(title)) >= 1 and char_length(title) <= 200' })
@Check({ name: 'task_description_length', expression: 'char_length(description) <= 2000' })
@Check({ name: 'task_estimate_range', expression: 'estimated_minutes >= 1 and estimated_minutes <= 720' })
@Check({ name: 'task_focus_positive', expression: 'focus_seconds >= 0' })
@Check({ name: 'task_tags_count', expression: 'cardinality(tags) <= 20' })
@Check({
  name: 'task_tags_length',
  expression:
    "array_position(tags, '') is null and array_position(tags, null) is null and array_to_string(tags, chr(10)) !~ '[^\\n]{31}'",
})
@Check({ name: 'task_version_positive', expression: 'version >= 1' })
@Check({ name: 'task_version_at_most_newest', expression: 'version <= newest_version' })
@Check({
  name: 'task_completion_whole',
  expression: 'completed = (completed_at is not null) and completed = (completed_by is not null)',
})
@Notes({
  kept: 'until the user deletes it, which leaves a tombstone',
  indexes: {
    task_visible: 'The list of tasks that are neither hidden nor archived, newest first.',
    task_of_template: 'The tasks of a series.',
    task_id_index: 'One task by the id that a client names, whosever it is.',
  },
})
export class Task {
  @ManyToOne(() => Account, { mapToPk: true, fieldName: 'account_id', primary: true, deleteRule: 'cascade' })
  readonly accountId: string;

  @Field(() => ID, { description: 'The UUID of the task; a restored task has the one that it had.' })
  @Index()
  @PrimaryKey({ type: 'uuid' })
  readonly id: string;

  @Field(() => String, { description: 'What is to be done, 1–200 characters.' })
  @Property({ type: 'text' })
  title: string;

  @Field(() => String, {
    description: 'Up to 1,000 characters on the free plan, 2,000 on Pro; may be empty.',
    complexity: 8,
  })
  @Property({ type: 'text' })
  description: string;

  @Field(() => Priority, { description: 'How much it matters.' })
  @Enum({ items: () => Priority })
  priority: Priority;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it is due; at most 30 days after its creation, unless it recurs.',
  })
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  dueDate: Date | null;

  @Field(() => [String], { description: 'At most 20, each 1–30 characters.' })
  @Property({ type: 'string[]', columnType: 'text[]' })
  tags: string[];

  @Field(() => Int, { nullable: true, description: 'Estimated duration in minutes, 1–720.' })
  @Property({ type: 'integer', nullable: true })
  estimatedMinutes: number | null;

  /** What it was made from, if it recurs. */
  @Property({ type: 'uuid', nullable: true })
  templateId: string | null = null;

  @Field(() => Int, { description: 'Time spent in focus sessions, in seconds, measured by the server.' })
  @Property({ type: 'integer', default: 0 })
  focusSeconds: number = 0;

  @Field(() => Boolean, { description: 'Whether it is done.' })
  @Property({ type: 'boolean', default: false })
  completed: boolean = false;

  @Field(() => DateTime, { nullable: true, description: 'When it was completed; null while it is open.' })
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  completedAt: Date | null = null;

  @Field(() => CompletedBy, { nullable: true, description: 'How it came to be completed; null while it is open.' })
  @Enum({ items: () => CompletedBy, nullable: true })
  completedBy: CompletedBy | null = null;

  @Field(() => Boolean, { description: 'Left out of lists unless asked for.' })
  @Property({ type: 'boolean', default: false })
  hidden: boolean = false;

  @Field(() => Boolean, { description: 'Put away; cannot be completed.' })
  @Property({ type: 'boolean', default: false })
  archived: boolean = false;

  @Field(() => Int, {
    description:
      'Another one after every write, and higher; a write names the version that it saw. What is taken back has the version that it had.',
  })
  @Property({ type: 'integer', default: 1 })
  version: number = 1;

  /** The highest version that it has ever had: the next one is another than all that somebody may have seen. */
  @Property({ type: 'integer', default: 1 })
  newestVersion: number = 1;

  @Field(() => DateTime, { description: 'When it was created.' })
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt: Date;

  @Field(() => DateTime, { description: 'When it was last written.' })
  @Property({ type: 'timestamptz', length: 3 })
  updatedAt: Date;

  constructor(from: NewTask) {
    this.id = from.id;
    this.accountId = from.accountId;
    this.title = from.title;
    this.description = from.description;
    this.priority = from.priority;
    this.dueDate = from.dueDate;
    this.tags = from.tags;
    this.estimatedMinutes = from.estimatedMinutes;
    this.createdAt = from.createdAt;
    this.updatedAt = from.createdAt;
  }

  /** Marks the row done. The first completion wins; a later one changes nothing and answers false. */
  complete(by: CompletedBy, at: Date): boolean {
    if (this.completed) return false;
    this.completed = true;
    this.completedAt = at;
    this.completedBy = by;
    return true;
  }

  /** Whether at least half its estimate was spent in focus. */
  isFocusCompletion(): boolean {
    const secondsPerMinute = 60;
    return this.estimatedMinutes !== null && this.focusSeconds * 2 >= this.estimatedMinutes * secondsPerMinute;
  }

  /** Marks the row open again. */
  reopen(): void {
    this.completed = false;
    this.completedAt = null;
    this.completedBy = null;
  }

  /** Every write ends with this: the next version, and when. */
  touch(at: Date): void {
    this.newestVersion += 1;
    this.version = this.newestVersion;
    this.updatedAt = at;
  }
}
