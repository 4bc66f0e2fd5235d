import { Entity, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { User } from './user.js';

/**
 * One refresh token, kept as the SHA-256 of its 256 random bits. A family is what one sign-in grew into:
 * every refresh spends a token and adds the next, and a token spent twice revokes them all.
 */
@Entity({ schema: 'auth' })
export class RefreshToken {
  @PrimaryKey({ type: 'uuid' })
  readonly id: string;

  @Index()
  @ManyToOne(() => User, { mapToPk: true, fieldName: 'user_id', deleteRule: 'cascade' })
  readonly userId: string;

  @Index()
  @Property({ type: 'uuid' })
  readonly familyId: string;

  @Unique()
  @Property({ type: 'text' })
  readonly tokenHash: string;

  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt: Date;

  @Index()
  @Property({ type: 'timestamptz', length: 3 })
  readonly expiresAt: Date;

  @Property({ type: 'timestamptz', length: 3, nullable: true })
  spentAt: Date | null = null;

  @Property({ type: 'timestamptz', length: 3, nullable: true })
  revokedAt: Date | null = null;

  constructor(from: Pick<RefreshToken, 'id' | 'userId' | 'familyId' | 'tokenHash' | 'createdAt' | 'expiresAt'>) {
    this.id = from.id;
    this.userId = from.userId;
    this.familyId = from.familyId;
    this.tokenHash = from.tokenHash;
    this.createdAt = from.createdAt;
    this.expiresAt = from.expiresAt;
  }
}
