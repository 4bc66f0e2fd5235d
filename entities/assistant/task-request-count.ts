import { Check, Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Session } from '../auth/session.js';
import { Notes } from '../table-notes.js';

/** How many AI requests one session (one sign-in) has made about one task. */
@Entity({ schema: 'assistant' })
@Check({ name: 'task_request_count_positive', expression: 'count > 0' })
@Notes({ kept: 'as long as its session' })
export class TaskRequestCount {
  /** The session that the sign-in began. */
  @ManyToOne(() => Session, { mapToPk: true, fieldName: 'session_id', primary: true, deleteRule: 'cascade' })
  readonly sessionId!: string;

  /** No foreign key: deleting a task and restoring it gives no more requests. */
  @PrimaryKey({ type: 'uuid' })
  readonly taskId!: string;

  /** How many requests there were, at least 1. */
  @Property({ type: 'integer' })
  readonly count!: number;
}
