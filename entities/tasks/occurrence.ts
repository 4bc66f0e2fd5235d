import { Check, Entity, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Notes } from '../table-notes.js';

/**
 * One occurrence of a template's rule that has been made into a task. It stays when the task is deleted, so that an
 * occurrence becomes a task once, ever.
 */
@Entity({ schema: 'tasks' })
@Unique({ properties: ['accountId', 'templateId', 'taskId'] })
@Check({ name: 'occurrence_local_time_form', expression: `local_time ~ '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d$'` })
@Notes({ kept: 'as long as its template, so that no occurrence becomes a second task' })
export class Occurrence {
  @PrimaryKey({ type: 'uuid' })
  readonly accountId: string;

  @PrimaryKey({ type: 'uuid' })
  readonly templateId: string;

  /** Wall-clock time: `YYYY-MM-DDTHH:mm:ss`. */
  @PrimaryKey({ type: 'text' })
  readonly localTime: string;

  /** Which rule of the template made it: in another time zone it keeps its wall-clock time as long as that goes on. */
  @PrimaryKey({ type: 'integer' })
  readonly ruleNumber: number;

  /** The due date that it gave its task. */
  @Property({ type: 'timestamptz', length: 3 })
  readonly dueDate: Date;

  /** The task, whether or not it still exists. */
  @Property({ type: 'uuid' })
  readonly taskId: string;

  constructor(from: Pick<Occurrence, 'accountId' | 'templateId' | 'ruleNumber' | 'localTime' | 'dueDate' | 'taskId'>) {
    this.accountId = from.accountId;
    this.templateId = from.templateId;
    this.ruleNumber = from.ruleNumber;
    this.localTime = from.localTime;
    this.dueDate = from.dueDate;
    this.taskId = from.taskId;
  }
}
