import { Check, Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../src/kernel/scalars.js';
import { User } from '../auth/user.js';
import { Notes } from '../table-notes.js';

/** Who speaks. */
export enum ChatRole {
  USER = 'USER',
  ASSISTANT = 'ASSISTANT',
}
registerEnumType(ChatRole, {
  name: 'ChatRole',
  description: 'Who wrote a message of a conversation.',
  valuesConfig: {
    USER: { description: 'The user, as a question.' },
    ASSISTANT: { description: 'The assistant, as an answer.' },
  },
});

/** Where a message stands. */
export enum ChatMessageState {
  STREAMING = 'STREAMING',
  COMPLETE = 'COMPLETE',
  STOPPED = 'STOPPED',
  FAILED = 'FAILED',
}
registerEnumType(ChatMessageState, {
  name: 'ChatMessageState',
  description: 'Where a message stands.',
  valuesConfig: {
    STREAMING: { description: 'The answer is still being written.' },
    COMPLETE: { description: 'Complete; also an answer that was cut off at its maximum length.' },
    STOPPED: { description: 'The user stopped it; what was written stays.' },
    FAILED: {
      description:
        'The provider or the server failed; the text so far stays, the credit is back, and the request about its task.',
    },
  },
});

/** What a user thinks of an answer. */
export enum AnswerRating {
  GOOD = 'GOOD',
  BAD = 'BAD',
}
registerEnumType(AnswerRating, {
  name: 'AnswerRating',
  description: 'What a user thinks of an answer.',
  valuesConfig: {
    GOOD: { description: 'The answer was of use.' },
    BAD: { description: 'The answer was wrong, or of no use.' },
  },
});

/** A question or an answer. While a run of a model writes an answer, its text is the run's, and `content` is null. */
@ObjectType({ simpleResolvers: true, description: 'A question of the user or an answer of the assistant.' })
@Entity({ schema: 'assistant' })
@Unique({ properties: ['accountId', 'conversationId', 'position'] })
@Unique({ properties: ['accountId', 'runId'] })
@Index({
  name: 'chat_message_current',
  properties: ['accountId', 'conversationId', 'position'],
  where: 'superseded_by is null',
})
@Index({
  name: 'chat_message_superseded',
  properties: ['accountId', 'supersededBy', 'position'],
  where: 'superseded_by is not null',
})
@Check({ name: 'chat_message_unwritten_has_run', expression: 'content is not null or run_id is not null' })
@Check({ name: 'chat_message_streaming_is_unwritten', expression: `state <> 'STREAMING' or content is null` })
@Check({ name: 'chat_message_position_positive', expression: 'position >= 0' })
@Check({
  name: 'chat_message_feedback_length',
  expression: 'char_length(feedback) >= 1 and char_length(feedback) <= 2000',
})
@Check({
  name: 'chat_message_rated_is_answer',
  expression: `role = 'ASSISTANT' or (rating is null and feedback is null)`,
})
@Notes({
  kept: 'as long as its conversation',
  indexes: {
    chat_message_current: 'The current branch of a conversation.',
    chat_message_superseded: 'What a message has taken the place of, the first of it first.',
    chat_message_id_index: 'One message by the id that a client names, whosever it is.',
  },
})
export class ChatMessage {
  @PrimaryKey({ type: 'uuid' })
  readonly accountId!: string;

  @Field(() => ID, { description: 'The UUID of the message; ids of later messages are greater.' })
  @Index()
  @PrimaryKey({ type: 'uuid' })
  readonly id!: string;

  @Property({ type: 'uuid' })
  readonly conversationId!: string;

  /** The person who wrote it; null for an answer. */
  @ManyToOne(() => User, { mapToPk: true, fieldName: 'author_id', nullable: true, deleteRule: 'set null' })
  readonly authorId!: string | null;

  /** Place in the conversation, 0-based. */
  @Property({ type: 'integer' })
  readonly position!: number;

  @Field(() => ChatRole, { description: 'Who wrote it: the user or the assistant.' })
  @Enum({ items: () => ChatRole })
  readonly role!: ChatRole;

  @Field(() => String, {
    description:
      'The text; of an answer, what is stored of it so far. An answer has at most 32,000 UTF-16 code units: a longer one is cut off there or before, where the model has no room for more, and is COMPLETE.',
    // Most are far shorter than they may be; a page has many.
    complexity: 25,
  })
  @Property({ type: 'text', nullable: true })
  readonly content!: string | null;

  @Field(() => ChatMessageState, { description: 'Whether it is complete, still being written, stopped or failed.' })
  @Enum({ items: () => ChatMessageState })
  readonly state!: ChatMessageState;

  /** No foreign key: a task that was deleted may be restored. */
  @Field(() => ID, {
    nullable: true,
    description:
      'The id of the task that it is about, which stays when the task is deleted: where it is restored, no event says so of the message.',
  })
  @Property({ type: 'uuid', nullable: true })
  readonly taskId!: string | null;

  /**
   * The session among whose requests about its task an answer counts; null when it counts among none. No foreign key:
   * sessions are forgotten before what was said in them.
   */
  @Property({ type: 'uuid', nullable: true })
  readonly sessionId!: string | null;

  /** The error code that a failed answer ended with. */
  @Property({ type: 'text', nullable: true })
  readonly error!: string | null;

  @Field(() => Boolean, {
    description: 'Whether the answer was cut off: it is as long as it may be, and there would have been more.',
  })
  @Property({ type: 'boolean', default: false })
  readonly truncated!: boolean;

  /** The run of a model that writes the answer, or has written it; null for a question. */
  @Property({ type: 'uuid', nullable: true })
  readonly runId!: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The id of the message that took its place: an answer that was asked for anew, or a question that was edited, for it and all behind it. Null in the current branch of the conversation.',
  })
  @Property({ type: 'uuid', nullable: true })
  readonly supersededBy!: string | null;

  @Field(() => AnswerRating, { nullable: true, description: 'What its user thinks of the answer; null when not said.' })
  @Enum({ items: () => AnswerRating, nullable: true })
  readonly rating!: AnswerRating | null;

  @Field(() => String, {
    nullable: true,
    description: 'What its user has to say of the answer, 1–2,000 characters; null when nothing.',
    complexity: 8,
  })
  @Property({ type: 'text', nullable: true })
  readonly feedback!: string | null;

  @Field(() => DateTime, { description: 'When it was sent or begun.' })
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt!: Date;
}
