import { Check, Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../../src/kernel/scalars.js';
import { Account } from '../accounts/account.js';
import { Notes } from '../table-notes.js';

/** One thread of talk with the assistant. */
@ObjectType({ simpleResolvers: true, description: 'One thread of talk with the assistant.' })
@Entity({ schema: 'assistant' })
@Index({ properties: ['accountId', 'updatedAt', 'id'] })
@Check({ name: 'conversation_title_length', expression: 'char_length(title) >= 1 and char_length(title) <= 200' })
@Notes({
  kept: 'until the account ends',
  indexes: {
    conversation_account_id_updated_at_id_index: 'The list of conversations, the one last written to first.',
    conversation_id_index: 'One conversation by the id that a client names, whosever it is.',
  },
})
export class Conversation {
  @ManyToOne(() => Account, { mapToPk: true, fieldName: 'account_id', primary: true, deleteRule: 'cascade' })
  readonly accountId!: string;

  @Field(() => ID, { description: 'The UUID of the conversation.' })
  @Index()
  @PrimaryKey({ type: 'uuid' })
  readonly id!: string;

  @Field(() => String, {
    description:
      '1–200 characters; when none was given, the beginning of the first question, and "New conversation" until there is one.',
  })
  @Property({ type: 'text' })
  readonly title!: string;

  /** Begun without a title: the first question will give it one. */
  @Property({ type: 'boolean', default: false })
  readonly untitled!: boolean;

  @Field(() => DateTime, { description: 'When it was started.' })
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt!: Date;

  @Field(() => DateTime, { description: 'When the last message was added.' })
  @Property({ type: 'timestamptz', length: 3 })
  readonly updatedAt!: Date;
}
