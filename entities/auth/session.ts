import { Check, Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../../src/kernel/scalars.js';
import { Notes } from '../table-notes.js';
import { User } from './user.js';

/**
 * What one sign-in grew into. Each refresh begins the next generation of refresh tokens; a token of a generation that is
 * over is a stolen one and ends the session.
 */
@ObjectType({ simpleResolvers: true, description: 'One sign-in: a browser or a device that may act for the account.' })
@Entity({ schema: 'auth' })
@Index({
  name: 'session_ended',
  expression: 'create index "session_ended" on "auth"."session" ("ended_at", "id") where ended_at is not null',
})
@Check({ name: 'session_generation_positive', expression: 'generation >= 0' })
@Notes({
  kept: 'until it expires, or a day after it ended: the job `auth.purge-sessions` removes it',
  indexes: {
    session_ended: 'What has ended since a process last looked.',
    session_expires_at_index: 'What has expired, for the job that removes it.',
    session_user_id_index: 'The sessions of a person.',
  },
})
export class Session {
  @Field(() => ID, { description: 'UUID; `sid` in access tokens.' })
  @PrimaryKey({ type: 'uuid' })
  readonly id: string;

  @Index()
  @ManyToOne(() => User, { mapToPk: true, fieldName: 'user_id', deleteRule: 'cascade' })
  readonly userId: string;

  @Field(() => String, { nullable: true, description: 'The User-Agent header of the last sign-in or refresh.' })
  @Property({ type: 'text', nullable: true })
  device: string | null;

  @Field(() => String, { nullable: true, description: 'The IP address of the last sign-in or refresh.' })
  @Property({ type: 'text', nullable: true })
  address: string | null;

  @Field(() => DateTime, { description: 'When it was signed in.' })
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt: Date;

  /** Also when its newest generation of refresh tokens began. */
  @Field(() => DateTime, { description: 'When it was last signed in or refreshed.' })
  @Property({ type: 'timestamptz', length: 3 })
  lastUsedAt: Date;

  @Field(() => DateTime, { description: 'When it ends unless it is refreshed before.' })
  @Index()
  @Property({ type: 'timestamptz', length: 3 })
  expiresAt: Date;

  /** By the database's clock, so that every process finds what has ended since it last looked. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  endedAt: Date | null = null;

  /** Of the refresh tokens that were handed out last. */
  @Property({ type: 'integer', default: 0 })
  generation: number = 0;

  constructor(from: Pick<Session, 'id' | 'userId' | 'device' | 'address' | 'createdAt' | 'expiresAt'>) {
    this.id = from.id;
    this.userId = from.userId;
    this.device = from.device;
    this.address = from.address;
    this.createdAt = from.createdAt;
    this.lastUsedAt = from.createdAt;
    this.expiresAt = from.expiresAt;
  }
}
