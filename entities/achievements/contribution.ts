import { Check, Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { User } from '../auth/user.js';
import { Notes } from '../table-notes.js';

/** What an account has done that achievements count. */
export enum ContributionKind {
  /** A task that was completed. */
  TASK = 'TASK',
  /** A task that was completed with at least half its estimate spent in focus. */
  FOCUS = 'FOCUS',
  /** A note that was converted into a task. */
  NOTE = 'NOTE',
  /** A voice recording. */
  VOICE = 'VOICE',
}

/**
 * One thing that counts towards achievements, kept for good: the event log forgets after 30 days, and the thing itself
 * may be deleted, so it refers to nothing but the account. The primary key makes each thing count once, however often
 * it is completed, reopened, deleted and recovered.
 */
@Entity({ schema: 'achievements' })
@Check({ name: 'contribution_kind_known', expression: `kind in ('TASK', 'FOCUS', 'NOTE', 'VOICE')` })
@Check({ name: 'contribution_amount_positive', expression: 'amount > 0' })
@Check({ name: 'contribution_amount_of_kind', expression: `amount = 1 or kind = 'VOICE'` })
@Notes({ kept: 'until the account ends' })
export class Contribution {
  @ManyToOne(() => User, { mapToPk: true, fieldName: 'user_id', primary: true, deleteRule: 'cascade' })
  readonly userId!: string;

  /** What kind of deed it was. */
  @PrimaryKey({ type: 'text' })
  readonly kind!: ContributionKind;

  /** The task, note or recording. */
  @PrimaryKey({ type: 'uuid' })
  readonly entityId!: string;

  /** 1; for voice the seconds of the recording. */
  @Property({ type: 'integer' })
  readonly amount!: number;

  /** When it happened. */
  @Property({ type: 'timestamptz', length: 3 })
  readonly at!: Date;
}
