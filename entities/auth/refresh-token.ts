import { Entity, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Session } from './session.js';

/** One refresh token, kept as the SHA-256 of its 256 random bits. What may be done with it, its session says. */
@Entity({ schema: 'auth' })
export class RefreshToken {
  @PrimaryKey({ type: 'uuid' })
  readonly id: string;

  @Index()
  @ManyToOne(() => Session, { mapToPk: true, fieldName: 'session_id', deleteRule: 'cascade' })
  readonly sessionId: string;

  @Unique()
  @Property({ type: 'text' })
  readonly tokenHash: string;

  /** All tokens of one generation are handed out for one and the same token of the generation before. */
  @Property({ type: 'integer' })
  readonly generation: number;

  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt: Date;

  @Index()
  @Property({ type: 'timestamptz', length: 3 })
  readonly expiresAt: Date;

  constructor(from: Pick<RefreshToken, 'id' | 'sessionId' | 'tokenHash' | 'generation' | 'createdAt' | 'expiresAt'>) {
    this.id = from.id;
    this.sessionId = from.sessionId;
    this.tokenHash = from.tokenHash;
    this.generation = from.generation;
    this.createdAt = from.createdAt;
    this.expiresAt = from.expiresAt;
  }
}
