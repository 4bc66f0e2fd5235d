import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/** An ID token that somebody has signed in with: it is good for one sign-in. Kept until it would have expired. */
@Entity({ schema: 'auth' })
export class UsedIdToken {
  /** SHA-256 of what the issuer signed, hex: the signature itself can be spelled in many ways. */
  @PrimaryKey({ type: 'text' })
  readonly hash!: string;

  @Index()
  @Property({ type: 'timestamptz', length: 3 })
  readonly expiresAt!: Date;
}
