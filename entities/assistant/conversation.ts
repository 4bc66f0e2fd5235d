import { Check, Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../../src/scalars.js';
import { User } from '../auth/user.js';

/** One thread of talk with the assistant. */
@ObjectType({ simpleResolvers: true, description: 'One thread of talk with the assistant.' })
@Entity({ schema: 'assistant' })
@Index({ properties: ['userId', 'updatedAt', 'id'] })
@Check({ name: 'conversation_title_length', expression: 'char_length(title) >= 1 and char_length(title) <= 200' })
export class Conversation {
  @Field(() => ID, { description: 'UUID.' })
  @PrimaryKey({ type: 'uuid' })
  readonly id: string;

  @ManyToOne(() => User, { mapToPk: true, fieldName: 'user_id', deleteRule: 'cascade' })
  readonly userId: string;

  @Field(() => String, { description: '1–200 characters; taken from the first question when none was given.' })
  @Property({ type: 'text' })
  title: string;

  @Field(() => DateTime, { description: 'When it was started.' })
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt: Date;

  @Field(() => DateTime, { description: 'When the last message was added.' })
  @Property({ type: 'timestamptz', length: 3 })
  updatedAt: Date;

  constructor(from: Pick<Conversation, 'id' | 'userId' | 'title' | 'createdAt'>) {
    this.id = from.id;
    this.userId = from.userId;
    this.title = from.title;
    this.createdAt = from.createdAt;
    this.updatedAt = from.createdAt;
  }
}
