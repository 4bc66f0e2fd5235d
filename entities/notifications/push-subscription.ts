import { Check, Entity, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { User } from '../auth/user.js';

/** A browser that takes pushes. Its endpoint is a secret: whoever knows it can send to it. */
@Entity({ schema: 'notifications' })
@Index({ properties: ['userId', 'registeredAt'] })
@Check({ name: 'push_subscription_endpoint_length', expression: 'char_length(endpoint) <= 2000' })
@Check({ name: 'push_subscription_endpoint_secure', expression: "starts_with(endpoint, 'https://')" })
export class PushSubscription {
  @PrimaryKey({ type: 'uuid' })
  readonly id!: string;

  @ManyToOne(() => User, { mapToPk: true, fieldName: 'user_id', deleteRule: 'cascade' })
  readonly userId!: string;

  /** The browser's address at its push service. One browser is one account's: whoever signed in there last. */
  @Unique()
  @Property({ type: 'text' })
  readonly endpoint!: string;

  /** The browser's public key: an uncompressed P-256 point, base64url. */
  @Property({ type: 'text' })
  readonly p256dh!: string;

  /** 16 bytes, base64url, that the browser shares with us. */
  @Property({ type: 'text' })
  readonly auth!: string;

  /** When the browser last registered. */
  @Property({ type: 'timestamptz', length: 3 })
  readonly registeredAt!: Date;
}
