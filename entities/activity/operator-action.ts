import { Check, Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Notes } from '../table-notes.js';

/** What operators do, to accounts and to what belongs to none. They are stored: none is renamed. */
export const operatorActionNames = [
  'ACCOUNT_CLOSED',
  'ACCOUNT_EXPORTED',
  'ACHIEVEMENTS_RECOMPUTED',
  'CREDITS_GRANTED',
  'EVENTS_RETRIED',
  'JOBS_RETRIED',
  'PAYMENTS_RECONCILED',
  'PLAN_CHANGED',
  'ROLE_GIVEN',
  'SHELL_BEGUN',
  'SHELL_ENDED',
  'SIGNED_OUT',
] as const;

/** Characters of the longest reason. */
export const maxOperatorReason = 200;

/** Days for which what an operator did is kept. The function of `upkeep` that removes it keeps to it as well. */
const daysKept = 365;

/**
 * Something that an operator did, and why: written in the transaction that did it, and never changed. The account's own
 * log has an event beside it, which does not name the operator.
 */
@Entity({ schema: 'activity' })
@Check({
  name: 'operator_action_operator_length',
  expression: 'char_length(operator) >= 1 and char_length(operator) <= 100',
})
@Check({ name: 'operator_action_action_length', expression: 'char_length(action) >= 1 and char_length(action) <= 64' })
@Check({
  name: 'operator_action_reason_length',
  expression: `char_length(reason) >= 1 and char_length(reason) <= ${maxOperatorReason}`,
})
@Notes({
  kept: `${daysKept} days, also when the account has ended: the job \`activity.forget-operator-actions\` removes it`,
  indexes: { operator_action_at_index: 'What is past its time, for the job that removes it.' },
})
export class OperatorAction {
  /** The UUID of the action. */
  @PrimaryKey({ type: 'uuid' })
  readonly id!: string;

  /** When it was done. */
  @Index()
  @Property({ type: 'timestamptz', length: 3 })
  readonly at!: Date;

  /** Who did it: the name that was given on the command line, or that of the system's user. */
  @Property({ type: 'text' })
  readonly operator!: string;

  /** What was done, such as `CREDITS_GRANTED`. */
  @Property({ type: 'text' })
  readonly action!: string;

  /** The account that it was done to; null where it was done to none. No foreign key: it outlives the account. */
  @Property({ type: 'uuid', nullable: true })
  readonly accountId!: string | null;

  /** Why, in the operator's words. */
  @Property({ type: 'text' })
  readonly reason!: string;

  /** Ids and small facts of it, such as how many credits were granted. */
  @Property({ type: 'json' })
  readonly details!: Record<string, unknown>;

  /** What log lines and events of the same command have. */
  @Property({ type: 'text' })
  readonly requestId!: string;
}
