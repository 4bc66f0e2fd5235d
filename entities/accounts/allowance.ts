import { Check, Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Notes } from '../table-notes.js';
import { Account } from './account.js';

/** Which limit an allowance raises. */
export enum AllowanceLimit {
  TASKS = 'TASKS',
  SUBTASKS_PER_TASK = 'SUBTASKS_PER_TASK',
  NOTES = 'NOTES',
  DAILY_CREDITS = 'DAILY_CREDITS',
}

/** What is added to a limit of an account, on top of its plan, for good. */
@Entity({ schema: 'accounts' })
@Check({ name: 'allowance_amount_positive', expression: 'amount > 0' })
@Check({ name: 'allowance_key_length', expression: 'char_length(key) >= 1 and char_length(key) <= 200' })
@Notes({ kept: 'until the account ends' })
export class Allowance {
  @ManyToOne(() => Account, { mapToPk: true, fieldName: 'account_id', primary: true, deleteRule: 'cascade' })
  readonly accountId!: string;

  /** What it was granted for (`achievement:tasks_5`): asking twice grants once. */
  @PrimaryKey({ type: 'text' })
  readonly key!: string;

  /** The limit that it raises. */
  @Enum({ items: () => AllowanceLimit, fieldName: 'raises' })
  readonly limit!: AllowanceLimit;

  /** How much it adds to the limit, at least 1. */
  @Property({ type: 'integer' })
  readonly amount!: number;

  /** When it was granted. */
  @Property({ type: 'timestamptz', length: 3 })
  readonly grantedAt!: Date;
}
