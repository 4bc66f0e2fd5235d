import { Entity, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Notes } from '../table-notes.js';
import { Session } from './session.js';

/** One refresh token, kept as the SHA-256 of its 256 random bits. What may be done with it, its session says. */
@Entity({ schema: 'auth' })
@Notes({
  kept: 'until it expires or its session goes: the job `auth.purge-sessions` removes it',
  indexes: {
    refresh_token_expires_at_index: 'What has expired, for the job that removes it.',
    refresh_token_session_id_index: 'The tokens of a session, which go with it.',
  },
})
export class RefreshToken {
  /** The UUID of the token. */
  @PrimaryKey({ type: 'uuid' })
  readonly id: string;

  @Index()
  @ManyToOne(() => Session, { mapToPk: true, fieldName: 'session_id', deleteRule: 'cascade' })
  readonly sessionId: string;

  /** SHA-256 of the token, hex. */
  @Unique()
  @Property({ type: 'text' })
  readonly tokenHash: string;

  /** All tokens of one generation are handed out for one and the same token of the generation before. */
  @Property({ type: 'integer' })
  readonly generation: number;

  /** When it was handed out. */
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt: Date;

  /** When it is no longer accepted. */
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
