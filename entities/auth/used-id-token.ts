import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Notes } from '../table-notes.js';

/** An ID token that somebody has signed in with: it is good for one sign-in. Kept until it would have expired. */
@Entity({ schema: 'auth' })
@Notes({
  kept: 'until an hour after it would have expired: the job `auth.purge-sessions` removes it',
  indexes: { used_id_token_expires_at_index: 'What has expired, for the job that removes it.' },
})
export class UsedIdToken {
  /** SHA-256 of what the issuer signed, hex: the signature itself can be spelled in many ways. */
  @PrimaryKey({ type: 'text' })
  readonly hash!: string;

  /** When the token itself expires. */
  @Index()
  @Property({ type: 'timestamptz', length: 3 })
  readonly expiresAt!: Date;
}
