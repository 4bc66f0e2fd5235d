import { Check, Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../src/kernel/scalars.js';
import { Account } from '../accounts/account.js';
import { Notes } from '../table-notes.js';

/** What models are asked for. */
export enum RunPurpose {
  /** An answer of the assistant. */
  CHAT = 'CHAT',
  /** Steps of a task. */
  SUBTASKS = 'SUBTASKS',
  /** The task that a note describes. */
  NOTE_CONVERSION = 'NOTE_CONVERSION',
}
registerEnumType(RunPurpose, {
  name: 'AiRunPurpose',
  description: 'What a model was asked for.',
  valuesConfig: {
    CHAT: { description: 'An answer of the assistant.' },
    SUBTASKS: { description: 'Subtasks of a task.' },
    NOTE_CONVERSION: { description: 'The task that a note describes.' },
  },
});

/** Where a run stands. */
export enum RunState {
  RUNNING = 'RUNNING',
  COMPLETE = 'COMPLETE',
  STOPPED = 'STOPPED',
  FAILED = 'FAILED',
}
registerEnumType(RunState, {
  name: 'AiRunState',
  description: 'How a run of a model goes, or how it ended.',
  valuesConfig: {
    RUNNING: { description: 'The model is at it.' },
    COMPLETE: { description: 'It came to its end.' },
    STOPPED: { description: 'The user stopped it.' },
    FAILED: { description: 'It did not come to its end; it cost nothing.' },
  },
});

/**
 * One time that a language model was asked: for whom, what it took, how it ended; never what was asked or answered.
 * Until `endedAt` a process writes its text under a lease and vouches for it until `leaseUntil`; it gives the lease up
 * with the last piece, also of a run that was stopped.
 */
@ObjectType('AiRun', { simpleResolvers: true, description: 'One time that a language model was asked.' })
@Entity({ schema: 'llm' })
@Index({
  name: 'run_unended',
  expression: 'create index "run_unended" on "llm"."run" ("created_at", "id") where ended_at is null',
})
@Index({ properties: ['accountId', 'holdId'] })
@Check({ name: 'run_unended_is_leased', expression: '(ended_at is null) = (lease_until is not null)' })
@Check({ name: 'run_ended_unless_running', expression: `state <> 'RUNNING' or ended_at is null` })
@Check({
  name: 'run_usage_positive',
  expression: 'input_tokens >= 0 and output_tokens >= 0 and cost_micro_dollars >= 0',
})
@Notes({
  kept: 'for good, of a deleted account without a name',
  indexes: {
    run_account_id_hold_id_index: 'The run behind a line of the credit ledger.',
    run_unended: 'Runs that have not ended, for the sweeper of those whose process is gone.',
  },
})
export class Run {
  @ManyToOne(() => Account, { mapToPk: true, fieldName: 'account_id', primary: true, deleteRule: 'cascade' })
  readonly accountId!: string;

  @Field(() => ID, { description: 'The UUID of the run.' })
  @PrimaryKey({ type: 'uuid' })
  readonly id!: string;

  @Field(() => RunPurpose, { description: 'What the model was asked for.' })
  @Enum({ items: () => RunPurpose })
  readonly purpose!: RunPurpose;

  /** As the provider names it. */
  @Property({ type: 'text' })
  readonly model!: string;

  @Field(() => RunState, {
    description: 'How it goes, or how it ended; STOPPED also while its last piece is awaited.',
  })
  @Enum({ items: () => RunState })
  readonly state!: RunState;

  /** The credits that are held for it; null when none are. */
  @Property({ type: 'uuid', nullable: true })
  readonly holdId!: string | null;

  /** The process that writes its text. */
  @Property({ type: 'uuid', nullable: true })
  readonly leaseOwner!: string | null;

  /** Until when that process vouches for it, by the database's clock; null once it has ended. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  readonly leaseUntil!: Date | null;

  @Field(() => Int, { description: 'Tokens of what the model was asked.' })
  @Property({ type: 'integer', default: 0 })
  readonly inputTokens!: number;

  @Field(() => Int, { description: 'Tokens of what it answered.' })
  @Property({ type: 'integer', default: 0 })
  readonly outputTokens!: number;

  /** Whether tokens were estimated from the texts, since the provider reported none. */
  @Property({ type: 'boolean', default: false })
  readonly usageEstimated!: boolean;

  /** What the provider charges, in millionths of a dollar, rounded up; null for a model whose price is not known. */
  @Property({ type: 'bigint', nullable: true })
  readonly costMicroDollars!: number | null;

  @Field(() => DateTime, { description: 'When it was asked for.' })
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt!: Date;

  /** When the model's first text came. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  readonly firstTextAt!: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When its text was stored whole, and its price settled; null until then.',
  })
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  readonly endedAt!: Date | null;
}
