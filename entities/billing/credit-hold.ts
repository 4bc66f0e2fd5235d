import { Check, Entity, Enum, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Account } from '../accounts/account.js';
import { Notes } from '../table-notes.js';

/** Where a hold stands. */
export enum CreditHoldState {
  HELD = 'HELD',
  SETTLED = 'SETTLED',
  RELEASED = 'RELEASED',
}

/** Credits set aside before an AI operation starts; settled or released once, after it. */
@Entity({ schema: 'billing' })
@Unique({ properties: ['accountId', 'key'] })
@Check({ name: 'credit_hold_amount_positive', expression: 'amount > 0' })
@Notes({ kept: 'until the account ends' })
export class CreditHold {
  @ManyToOne(() => Account, { mapToPk: true, fieldName: 'account_id', primary: true, deleteRule: 'cascade' })
  readonly accountId!: string;

  /** The UUID of the hold. */
  @PrimaryKey({ type: 'uuid' })
  readonly id!: string;

  /** Credits set aside, of all buckets together. */
  @Property({ type: 'integer' })
  readonly amount!: number;

  /** Whether it is still held, or how it ended. */
  @Enum({ items: () => CreditHoldState })
  readonly state!: CreditHoldState;

  /** What it is held for (`chat:<message id>`): asking twice holds once. */
  @Property({ type: 'text' })
  readonly key!: string;

  /** What the history says of it. */
  @Property({ type: 'text' })
  readonly reason!: string;

  /** When the credits were set aside. */
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt!: Date;
}
