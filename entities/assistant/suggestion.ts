import { Check, Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Account } from '../accounts/account.js';
import { Notes } from '../table-notes.js';
import { AiActionKind } from './action.js';

/** Days for which an ended suggestion is kept, so that a repeated request finds it: longer than an `Idempotency-Key` lives. */
export const suggestionDaysKept = 2;

/** What a user can ask for outside of a conversation. */
const kinds = [AiActionKind.ADD_SUBTASKS, AiActionKind.CONVERT_NOTE];

/** That a user has asked for one proposal outside of a conversation, and what came of it. */
@Entity({ schema: 'assistant' })
@Check({ name: 'suggestion_requests_positive', expression: 'requests_on_task > 0' })
@Check({ name: 'suggestion_ended_before_action', expression: 'action_id is null or ended_at is not null' })
@Notes({
  kept: `${suggestionDaysKept} days after its end: the job \`assistant.purge-suggestions\` removes it`,
  indexes: { suggestion_ended_at_index: 'What has ended, for the job that removes it.' },
})
export class Suggestion {
  @ManyToOne(() => Account, { mapToPk: true, fieldName: 'account_id', primary: true, deleteRule: 'cascade' })
  readonly accountId!: string;

  /** The run in which the model is asked. */
  @PrimaryKey({ type: 'uuid' })
  readonly runId!: string;

  /** What is to be proposed. */
  @Enum({ items: () => kinds })
  readonly kind!: AiActionKind;

  /** The task or the note that it is about. No foreign key: it may be deleted meanwhile. */
  @Property({ type: 'uuid' })
  readonly subjectId!: string;

  /** The session that has asked, among whose requests about a task it counts. No foreign key: it may end meanwhile. */
  @Property({ type: 'uuid' })
  readonly sessionId!: string;

  /** How many requests about the task the session had made with it; null where it is about no task. */
  @Property({ type: 'integer', nullable: true })
  readonly requestsOnTask!: number | null;

  /** What was proposed; null until it has ended, and where nothing usable came. */
  @Property({ type: 'uuid', nullable: true })
  readonly actionId!: string | null;

  /** When it was asked for. */
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt!: Date;

  /** When the run ended. */
  @Index()
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  readonly endedAt!: Date | null;
}
