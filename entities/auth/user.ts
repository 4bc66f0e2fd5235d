import { Check, Entity, Enum, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime, JSONObject } from '../../src/kernel/scalars.js';
import { Notes } from '../table-notes.js';
import { UserRole } from './user-role.js';

/** What Google says of a person, and where they live in time. */
export interface NewUser {
  id: string;
  googleSubject: string;
  email: string;
  name: string;
  avatarUrl: string | null;
  createdAt: Date;
}

/** One account. Google's `sub` identifies it; the e-mail may change with Google's. */
@ObjectType({ simpleResolvers: true, description: 'The signed-in person, with settings and plan.' })
@Entity({ schema: 'auth', tableName: 'user' })
@Check({ name: 'user_name_length', expression: 'char_length(name) >= 1 and char_length(name) <= 100' })
@Index({ name: 'user_email', expression: 'create index "user_email" on "auth"."user" (lower(email))' })
@Notes({
  kept: 'until the account ends',
  indexes: { user_email: 'Whom an operator names by an e-mail address, in whatever case.' },
})
export class User {
  @Field(() => ID, { description: 'The UUID of the person, and of the account of their own.' })
  @PrimaryKey({ type: 'uuid' })
  readonly id: string;

  /** Google's `sub`: the only key by which a sign-in finds its account. */
  @Unique()
  @Property({ type: 'text' })
  readonly googleSubject: string;

  @Field(() => String, { description: 'The verified e-mail address that Google reported last.' })
  @Property({ type: 'text' })
  email: string;

  @Field(() => String, { description: 'Display name, 1–100 characters.' })
  @Property({ type: 'text' })
  name: string;

  @Field(() => String, { nullable: true, description: 'Picture address at Google.' })
  @Property({ type: 'text', nullable: true })
  avatarUrl: string | null;

  @Field(() => String, { description: 'IANA time zone; it shapes recurrences and presentation only.' })
  @Property({ type: 'text', default: 'UTC' })
  timeZone: string = 'UTC';

  @Field(() => JSONObject, {
    description: "The client's own settings, at most 16 KB of JSON.",
    // Up to 16 KB, which nobody needs twice and aliases repeat.
    complexity: 500,
  })
  @Property({ type: 'json', defaultRaw: `'{}'` })
  preferences: Record<string, unknown> = {};

  /** Whether the person is an operator: given on the operators' command line alone. */
  @Enum({ items: () => UserRole, default: UserRole.USER })
  role: UserRole = UserRole.USER;

  @Field(() => DateTime, { description: 'When the account was created.' })
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt: Date;

  constructor(from: NewUser) {
    this.id = from.id;
    this.googleSubject = from.googleSubject;
    this.email = from.email;
    this.name = from.name;
    this.avatarUrl = from.avatarUrl;
    this.createdAt = from.createdAt;
  }
}
