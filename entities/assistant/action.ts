import { Check, Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime, JSONObject } from '../../src/kernel/scalars.js';
import { Account } from '../accounts/account.js';
import { Notes } from '../table-notes.js';

/** What the assistant can propose. */
export enum AiActionKind {
  CREATE_TASK = 'CREATE_TASK',
  UPDATE_TASK = 'UPDATE_TASK',
  COMPLETE_TASK = 'COMPLETE_TASK',
  ADD_SUBTASKS = 'ADD_SUBTASKS',
  CREATE_NOTE = 'CREATE_NOTE',
  CONVERT_NOTE = 'CONVERT_NOTE',
}
registerEnumType(AiActionKind, {
  name: 'AiActionKind',
  description: 'What the assistant can propose.',
  valuesConfig: {
    CREATE_TASK: { description: 'A new task, with its subtasks.' },
    UPDATE_TASK: { description: 'Other fields of a task; of a recurring one only those of this one.' },
    COMPLETE_TASK: { description: 'To complete a task.' },
    ADD_SUBTASKS: { description: 'More subtasks of a task.' },
    CREATE_NOTE: { description: 'A new note of the user.' },
    CONVERT_NOTE: { description: 'A task in place of a note, which is put away.' },
  },
});

/** Where a proposal stands. */
export enum AiActionState {
  PENDING = 'PENDING',
  CONFIRMED = 'CONFIRMED',
  REJECTED = 'REJECTED',
  EXPIRED = 'EXPIRED',
  UNDONE = 'UNDONE',
}
registerEnumType(AiActionState, {
  name: 'AiActionState',
  description: 'Where a proposal of the assistant stands.',
  valuesConfig: {
    PENDING: { description: 'It waits for its user, for 24 hours; nothing has been done.' },
    CONFIRMED: { description: 'Its user confirmed it, and it was done, once.' },
    REJECTED: { description: 'Its user did not want it.' },
    EXPIRED: { description: 'Nobody decided within 24 hours.' },
    UNDONE: { description: 'It was done, and taken back.' },
  },
});

/** Something that the assistant proposes to do. Nothing of it is done before its user confirms it. */
@ObjectType('AiAction', {
  simpleResolvers: true,
  description: 'Something that the assistant proposes to do. Nothing of it is done before its user confirms it.',
})
@Entity({ schema: 'assistant' })
@Index({ properties: ['accountId', 'messageId'] })
@Index({ properties: ['accountId', 'targetId', 'id'] })
@Index({
  name: 'action_pending',
  expression: `create index "action_pending" on "assistant"."action" ("expires_at", "id") where state = 'PENDING'`,
})
@Index({
  name: 'action_undoable',
  expression: 'create index "action_undoable" on "assistant"."action" ("decided_at") where undo is not null',
})
@Index({
  name: 'action_without_message',
  expression: 'create index "action_without_message" on "assistant"."action" ("decided_at") where message_id is null',
})
@Check({ name: 'action_summary_length', expression: 'char_length(summary) >= 1 and char_length(summary) <= 300' })
@Check({ name: 'action_decided_once', expression: `(state = 'PENDING') = (decided_at is null)` })
@Check({
  name: 'action_done_has_result',
  expression: `result_id is not null or state in ('PENDING', 'REJECTED', 'EXPIRED')`,
})
@Check({ name: 'action_called_with_message', expression: '(message_id is null) = (call is null)' })
@Notes({
  kept: 'as long as its message; without one for 60 days after it was decided: the job `assistant.forget-actions` removes it',
  indexes: {
    action_id_index: 'One proposal by the id that a client names, whosever it is.',
    action_account_id_message_id_index: 'The proposals of a message.',
    action_account_id_target_id_id_index: 'The proposals about a task or a note.',
    action_undoable: 'What can be taken back no more, for the job that forgets how.',
    action_without_message: 'Proposals of no answer that are to be forgotten.',
    action_pending: 'Proposals whose time is over, for the job that says so.',
  },
})
export class Action {
  @ManyToOne(() => Account, { mapToPk: true, fieldName: 'account_id', primary: true, deleteRule: 'cascade' })
  readonly accountId!: string;

  @Field(() => ID, { description: 'The UUID of the proposal.' })
  @Index()
  @PrimaryKey({ type: 'uuid' })
  readonly id!: string;

  /** The answer that it came with; null where its user asked for it by itself. */
  @Property({ type: 'uuid', nullable: true })
  readonly messageId!: string | null;

  @Field(() => AiActionKind, { description: 'What would be done.' })
  @Enum({ items: () => AiActionKind })
  readonly kind!: AiActionKind;

  @Field(() => AiActionState, { description: 'Whether it waits for its user, or what became of it.' })
  @Enum({ items: () => AiActionState, default: AiActionState.PENDING })
  readonly state!: AiActionState;

  @Field(() => String, { description: 'What would be done, in a few English words, at most 300 characters.' })
  @Property({ type: 'text' })
  readonly summary!: string;

  @Field(() => JSONObject, {
    complexity: 10,
    description:
      'What would be done, field by field, as the mutation for it takes them: `edits` of `confirmAction` replaces some.',
  })
  @Property({ type: 'json' })
  readonly proposal!: Readonly<Record<string, unknown>>;

  /** The task or note that it would change; null where it makes something. No foreign key: it may be deleted and restored. */
  @Property({ type: 'uuid', nullable: true })
  readonly targetId!: string | null;

  /** The mark of that when the model was told of it: with another one it is not done. */
  @Property({ type: 'text', nullable: true })
  readonly targetMark!: string | null;

  /** The call of the model in its answer: what came of it is told with the next question. */
  @Property({ type: 'json', nullable: true })
  readonly call!: Readonly<Record<string, unknown>> | null;

  /** What it made or changed, `task` or `note`. */
  @Property({ type: 'text', nullable: true })
  readonly resultType!: string | null;

  /** The id of that. */
  @Property({ type: 'uuid', nullable: true })
  readonly resultId!: string | null;

  /** What takes it back. */
  @Property({ type: 'json', nullable: true })
  readonly undo!: Readonly<Record<string, unknown>> | null;

  /** When it was proposed. */
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt!: Date;

  @Field(() => DateTime, { description: 'Until when it can be confirmed: 24 hours after it was proposed.' })
  @Property({ type: 'timestamptz', length: 3 })
  readonly expiresAt!: Date;

  /** When its user decided, or its time was over. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  readonly decidedAt!: Date | null;
}
