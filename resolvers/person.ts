import { Field, ID, ObjectType } from 'type-graphql';
import type { PersonRow } from '../src/auth/index.js';

/** Somebody, as others see them. */
@ObjectType('Person', { simpleResolvers: true, description: 'Somebody, as others see them.' })
export class PersonType implements PersonRow {
  @Field(() => ID, { description: 'The UUID of the person, as in `User.id`.' })
  id!: string;

  @Field(() => String, { description: 'Their display name, 1–100 characters.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'The address of their picture; null when they have none.' })
  avatarUrl!: string | null;
}
