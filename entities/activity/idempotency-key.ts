import { Check, Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { User } from '../auth/user.js';
import { Notes } from '../table-notes.js';

/** Hours for which an answer is repeated. */
export const hoursKept = 24;

/** The first answer to a mutation that was sent with an `Idempotency-Key`; committed together with its effect. */
@Entity({ schema: 'activity' })
@Check({ name: 'idempotency_key_length', expression: 'char_length(key) >= 1 and char_length(key) <= 255' })
@Check({ name: 'idempotency_key_answered_or_begun', expression: '(response is null) = (begun is not null)' })
@Notes({
  kept: `${hoursKept} hours: the job \`activity.purge-idempotency-keys\` removes it`,
  indexes: { idempotency_key_expires_at_index: 'What has expired, for the job that removes it.' },
})
export class IdempotencyKey {
  @ManyToOne(() => User, { mapToPk: true, fieldName: 'user_id', primary: true, deleteRule: 'cascade' })
  readonly userId!: string;

  /** The key that the client sent, 1–255 characters. */
  @PrimaryKey({ type: 'text' })
  readonly key!: string;

  /** SHA-256 of document, operation name and variables: the same key with another request is refused. */
  @Property({ type: 'text' })
  readonly requestHash!: string;

  /** The GraphQL result as it was first sent; null while it waits for what was begun, or had no room. */
  @Property({ type: 'text', nullable: true })
  readonly response!: string | null;

  /** What the request has begun, and waits for; null where the answer is kept. */
  @Property({ type: 'uuid', nullable: true })
  readonly begun!: string | null;

  /** When the key may be used for another request. */
  @Index()
  @Property({ type: 'timestamptz', length: 3 })
  readonly expiresAt!: Date;
}
