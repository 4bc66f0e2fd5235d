import { Check, Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Task } from '../tasks/task.js';

/** How many AI requests one session (one sign-in) has made about one task. */
@Entity({ schema: 'assistant' })
@Check({ name: 'task_request_count_positive', expression: 'count > 0' })
export class TaskRequestCount {
  /** The session that the sign-in began. */
  @PrimaryKey({ type: 'uuid' })
  readonly sessionId!: string;

  @Index()
  @ManyToOne(() => Task, { mapToPk: true, fieldName: 'task_id', primary: true, deleteRule: 'cascade' })
  readonly taskId!: string;

  @Property({ type: 'integer' })
  readonly count!: number;
}
