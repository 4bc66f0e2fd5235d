import { Check, Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { User } from '../auth/user.js';

/** The first answer to a mutation that was sent with an `Idempotency-Key`; committed together with its effect. */
@Entity({ schema: 'activity' })
@Check({ name: 'idempotency_key_length', expression: 'char_length(key) >= 1 and char_length(key) <= 255' })
export class IdempotencyKey {
  @ManyToOne(() => User, { mapToPk: true, fieldName: 'user_id', primary: true, deleteRule: 'cascade' })
  readonly userId!: string;

  @PrimaryKey({ type: 'text' })
  readonly key!: string;

  /** SHA-256 of document, operation name and variables: the same key with another request is refused. */
  @Property({ type: 'text' })
  readonly requestHash!: string;

  /** The GraphQL result as it was first sent; null only inside the transaction that makes it. */
  @Property({ type: 'text', nullable: true })
  readonly response!: string | null;

  @Index()
  @Property({ type: 'timestamptz', length: 3 })
  readonly expiresAt!: Date;
}
