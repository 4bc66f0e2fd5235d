import { DeferMode } from '@mikro-orm/core';
import { Check, Entity, Enum, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Field, Int, ObjectType } from 'type-graphql';
import { Source } from '../activity/event.js';
import { Notes } from '../table-notes.js';

/** A step that every new task of a template starts with. */
@ObjectType({ simpleResolvers: true, description: 'A step that every new task of a template starts with.' })
@Entity({ schema: 'tasks' })
@Unique({ properties: ['accountId', 'templateId', 'order'], deferMode: DeferMode.INITIALLY_DEFERRED })
@Check({
  name: 'template_subtask_title_length',
  expression: 'char_length(btrim(title)) >= 1 and char_length(title) <= 75',
})
@Check({ name: 'template_subtask_estimate_range', expression: 'estimated_minutes >= 1 and estimated_minutes <= 720' })
@Check({ name: 'template_subtask_position_positive', expression: 'position >= 0' })
@Notes({ kept: 'as long as its template, or until an edit of the series leaves it out' })
export class TemplateSubtask {
  @PrimaryKey({ type: 'uuid' })
  readonly accountId: string;

  /** What the subtasks that were made from it name. */
  @PrimaryKey({ type: 'uuid' })
  readonly id: string;

  @Property({ type: 'uuid' })
  readonly templateId: string;

  @Field(() => String, { description: 'What is to be done, 1–75 characters.' })
  @Property({ type: 'text' })
  title: string;

  @Field(() => Int, { nullable: true, description: 'Estimated duration in minutes, 1–720.' })
  @Property({ type: 'integer', nullable: true })
  estimatedMinutes: number | null;

  @Field(() => Int, { description: 'Place among its template’s subtasks: 0-based and gapless.' })
  @Property({ type: 'integer', fieldName: 'position' })
  order: number;

  /** Who wrote it: what is made from it says the same. */
  @Enum({ items: () => Source })
  readonly source: Source;

  constructor(from: TemplateSubtask) {
    this.id = from.id;
    this.accountId = from.accountId;
    this.templateId = from.templateId;
    this.title = from.title;
    this.estimatedMinutes = from.estimatedMinutes;
    this.order = from.order;
    this.source = from.source;
  }
}
