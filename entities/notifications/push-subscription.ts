import { Check, Entity, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { User } from '../auth/user.js';
import { Notes } from '../table-notes.js';

/** A browser that takes pushes. Its endpoint is a secret: whoever knows it can send to it. */
@Entity({ schema: 'notifications' })
@Index({ properties: ['userId', 'registeredAt'] })
@Check({ name: 'push_subscription_endpoint_length', expression: 'char_length(endpoint) <= 2000' })
@Check({ name: 'push_subscription_endpoint_secure', expression: "starts_with(endpoint, 'https://')" })
@Notes({
  kept: 'until the browser or its push service ends it, or newer ones of the person take its place',
  indexes: {
    push_subscription_user_id_registered_at_index: 'The browsers of a person, the one registered last first.',
  },
})
export class PushSubscription {
  /** The UUID of the registration. */
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
