import { Check, Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { TaskTemplate } from './task-template.js';

/**
 * One occurrence of a template's rule that has been made into a task. It stays when the task is deleted, so that an
 * occurrence becomes a task once, ever.
 */
@Entity({ schema: 'tasks' })
@Check({ name: 'occurrence_local_time_form', expression: `local_time ~ '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d$'` })
export class Occurrence {
  @ManyToOne(() => TaskTemplate, { mapToPk: true, fieldName: 'template_id', primary: true, deleteRule: 'cascade' })
  readonly templateId: string;

  /** Wall-clock time: `YYYY-MM-DDTHH:mm:ss`. */
  @PrimaryKey({ type: 'text' })
  readonly localTime: string;

  /** The time zone that the template had then; null for the one that it has. */
  @Property({ type: 'text', nullable: true })
  readonly timeZone: string | null;

  /** The task, whether or not it still exists. */
  @Index()
  @Property({ type: 'uuid' })
  readonly taskId: string;

  constructor(from: Pick<Occurrence, 'templateId' | 'localTime' | 'timeZone' | 'taskId'>) {
    this.templateId = from.templateId;
    this.localTime = from.localTime;
    this.timeZone = from.timeZone;
    this.taskId = from.taskId;
  }
}
