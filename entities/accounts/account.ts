import { Check, Entity, Enum, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { registerEnumType } from 'type-graphql';
import { Notes } from '../table-notes.js';

/** Whose account it is: one person's, which has the person's id, or a team's. */
const accountKinds = ['PERSON', 'WORKSPACE'] as const;

/** The plan of an account: it decides base limits and daily credits. */
export enum Tier {
  FREE = 'FREE',
  PRO = 'PRO',
}
registerEnumType(Tier, {
  name: 'Tier',
  description: 'The plan of an account; it decides the base limits.',
  valuesConfig: {
    FREE: { description: 'The plan that costs nothing.' },
    PRO: { description: 'The plan that is paid for, with higher limits and daily credits.' },
  },
});

/**
 * What is locked, counted, paid for and followed. Whoever writes for an account locks this row first, so an account's
 * writes happen one after another, and its events get gapless numbers in commit order.
 */
@Entity({ schema: 'accounts' })
@Check({ name: 'account_head_positive', expression: 'head >= 0' })
@Check({
  name: 'account_deleted_after_closing',
  expression: 'deleted_at is null or closed_at is not null',
})
@Check({ name: 'account_emptied_after_deleting', expression: 'emptied_at is null or deleted_at is not null' })
@Index({
  name: 'account_closed',
  expression:
    'create index "account_closed" on "accounts"."account" ("closed_at", "id") where closed_at is not null and emptied_at is null',
})
@Notes({
  kept: 'for good: of a deleted account the ledger and what models cost stay, without anything that names somebody',
  indexes: { account_closed: 'Closed accounts of which something is left, for the job that deletes them.' },
})
export class Account {
  /** The UUID of the account: of a person’s account that of the person. */
  @PrimaryKey({ type: 'uuid' })
  readonly id: string;

  /** Whether it is a person’s or a team’s. */
  @Enum({ items: () => [...accountKinds] })
  readonly kind: (typeof accountKinds)[number];

  /** The plan in force. */
  @Enum({ items: () => Tier, default: Tier.FREE })
  plan: Tier = Tier.FREE;

  /** The number of the account's newest event; 0 before the first. */
  @Property({ type: 'bigint', default: 0 })
  head: number = 0;

  /** When the account was created. */
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt: Date;

  /** When its user asked for its deletion; null while it is open. Signing in before `deletedAt` opens it again. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  readonly closedAt: Date | null = null;

  /** When it began to be deleted: from then on nothing brings it back. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  readonly deletedAt: Date | null = null;

  /** When nothing was left of it but what stays. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  readonly emptiedAt: Date | null = null;

  constructor(from: Pick<Account, 'id' | 'kind' | 'createdAt'>) {
    this.id = from.id;
    this.kind = from.kind;
    this.createdAt = from.createdAt;
  }
}
