import { Check, Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../src/kernel/scalars.js';
import { Account } from '../accounts/account.js';
import { Notes } from '../table-notes.js';
import { CreditBucketName } from './credit-bucket.js';

/** What an entry of the ledger records. */
export enum CreditEntryKind {
  GRANT = 'GRANT',
  HOLD = 'HOLD',
  RELEASE = 'RELEASE',
  SPEND = 'SPEND',
  REFUND = 'REFUND',
  EXPIRE = 'EXPIRE',
  CARRY_OVER = 'CARRY_OVER',
  ADJUST = 'ADJUST',
}
registerEnumType(CreditEntryKind, {
  name: 'CreditEntryKind',
  description: 'What an entry of the ledger records.',
  valuesConfig: {
    GRANT: { description: 'Credits came in as a gift, with a plan or by a purchase.' },
    HOLD: { description: 'Set aside before an operation starts.' },
    RELEASE: { description: 'A hold ended; its credits are back, to be spent or kept.' },
    SPEND: { description: 'An operation was paid.' },
    REFUND: {
      description:
        'What was paid for an operation came back, or what was bought went with its payment, which the provider took back.',
    },
    EXPIRE: { description: 'Credits ran out of time.' },
    CARRY_OVER: { description: 'Credits that a new period took over.' },
    ADJUST: { description: 'Corrected by hand by an operator.' },
  },
});

/**
 * One line of the credit ledger. Append-only: the bucket's balance moves with the insertion and in no other way, so
 * that at every moment a balance equals the sum of its entries.
 */
@ObjectType({ simpleResolvers: true, description: 'One line of the credit ledger.' })
@Entity({ schema: 'billing' })
@Unique({ properties: ['accountId', 'key'] })
@Index({ properties: ['accountId', 'number'] })
@Check({ name: 'credit_entry_balance_never_negative', expression: 'balance_after >= 0' })
@Check({
  name: 'credit_entry_sign',
  expression: `case kind when 'GRANT' then amount > 0 when 'RELEASE' then amount > 0 when 'HOLD' then amount < 0 when 'SPEND' then amount < 0 when 'EXPIRE' then amount < 0 else amount <> 0 end`,
})
@Notes({
  kept: 'for good, of a deleted account without a name',
  indexes: { credit_entry_account_id_number_index: 'The history of credits, newest first.' },
})
export class CreditEntry {
  @ManyToOne(() => Account, { mapToPk: true, fieldName: 'account_id', primary: true, deleteRule: 'cascade' })
  readonly accountId!: string;

  @Field(() => ID, { description: 'The UUID of the entry.' })
  @PrimaryKey({ type: 'uuid' })
  readonly id!: string;

  /** The order of the ledger: within an account it follows the commits, since a writer holds the account's lock. */
  @Property({ type: 'bigint', autoincrement: true })
  readonly number!: string;

  @Field(() => CreditEntryKind, { description: 'What the entry records, such as a grant or a spend.' })
  @Enum({ items: () => CreditEntryKind })
  readonly kind!: CreditEntryKind;

  @Field(() => CreditBucketName, { description: 'The bucket that the credits came to or went from.' })
  @Enum({ items: () => CreditBucketName })
  readonly bucket!: CreditBucketName;

  @Field(() => Int, { description: 'Credits that came (positive) or went (negative).' })
  @Property({ type: 'integer' })
  readonly amount!: number;

  @Field(() => Int, { description: "The bucket's balance after this entry." })
  @Property({ type: 'integer' })
  readonly balanceAfter!: number;

  @Field(() => String, { description: 'What it was for, in a few English words, such as "Chat message".' })
  @Property({ type: 'text' })
  readonly reason!: string;

  /** Unique for every reason (`kickstart`, `chat:<id>:spend:DAILY`): repeating an effect adds nothing. */
  @Property({ type: 'text' })
  readonly key!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'What joins the lines of one operation, from its hold to its payment; null for others.',
  })
  @Property({ type: 'uuid', nullable: true })
  readonly holdId!: string | null;

  @Field(() => DateTime, {
    description: 'When it fell due, such as 00:00 UTC for daily credits; else when it was written.',
  })
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt!: Date;
}
