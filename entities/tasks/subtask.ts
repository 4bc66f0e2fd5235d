import { DeferMode } from '@mikro-orm/core';
import { Check, Entity, Enum, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../../src/kernel/scalars.js';
import { Source } from '../activity/event.js';
import { Notes } from '../table-notes.js';

/** What a subtask starts with. */
export type NewSubtask = Pick<
  Subtask,
  'id' | 'accountId' | 'taskId' | 'title' | 'order' | 'estimatedMinutes' | 'source' | 'createdAt'
>;

/** One step of a task. */
@ObjectType({ simpleResolvers: true, description: 'One step of a task.' })
@Entity({ schema: 'tasks' })
@Unique({ properties: ['accountId', 'taskId', 'order'], deferMode: DeferMode.INITIALLY_DEFERRED })
@Check({ name: 'subtask_completion_whole', expression: 'completed = (completed_at is not null)' })
@Check({ name: 'subtask_closed_by_force_whole', expression: 'completed or not closed_by_force' })
@Check({ name: 'subtask_title_length', expression: 'char_length(btrim(title)) >= 1 and char_length(title) <= 75' })
@Check({ name: 'subtask_estimate_range', expression: 'estimated_minutes >= 1 and estimated_minutes <= 720' })
@Check({ name: 'subtask_position_positive', expression: 'position >= 0' })
@Notes({
  kept: 'as long as its task, or until the user removes it',
  indexes: { subtask_id_index: 'One subtask by the id that a client names, whosever it is.' },
})
export class Subtask {
  @PrimaryKey({ type: 'uuid' })
  readonly accountId: string;

  @Field(() => ID, { description: 'The UUID of the subtask.' })
  @Index()
  @PrimaryKey({ type: 'uuid' })
  readonly id: string;

  @Property({ type: 'uuid' })
  readonly taskId: string;

  @Field(() => String, { description: 'What is to be done, 1–75 characters.' })
  @Property({ type: 'text' })
  title: string;

  @Field(() => Boolean, { description: 'Whether it is done.' })
  @Property({ type: 'boolean', default: false })
  completed: boolean = false;

  @Field(() => DateTime, { nullable: true, description: 'When it was completed; null while it is open.' })
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  completedAt: Date | null = null;

  /** Completed by the forced completion of its task, not for itself: reopening the task opens it again. */
  @Property({ type: 'boolean', default: false })
  closedByForce: boolean = false;

  @Field(() => Int, { description: 'Place among its task’s subtasks: 0-based and gapless.' })
  @Property({ type: 'integer', fieldName: 'position' })
  order: number;

  @Field(() => Int, { nullable: true, description: 'Estimated duration in minutes, 1–720.' })
  @Property({ type: 'integer', nullable: true })
  estimatedMinutes: number | null;

  @Field(() => Source, { description: 'Who wrote it: the user, or the assistant.' })
  @Enum({ items: () => Source })
  readonly source: Source;

  /** The step of the template that it was made from, whether or not that still exists; null for one of this task alone. */
  @Property({ type: 'uuid', nullable: true })
  templateSubtaskId: string | null = null;

  @Field(() => DateTime, { description: 'When it was created.' })
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt: Date;

  constructor(from: NewSubtask) {
    this.id = from.id;
    this.accountId = from.accountId;
    this.taskId = from.taskId;
    this.title = from.title;
    this.order = from.order;
    this.estimatedMinutes = from.estimatedMinutes;
    this.source = from.source;
    this.createdAt = from.createdAt;
  }

  /** Marks the row done. */
  complete(at: Date): void {
    this.completed = true;
    this.completedAt = at;
  }

  /** Marks the row open. */
  reopen(): void {
    this.completed = false;
    this.completedAt = null;
    this.closedByForce = false;
  }
}
