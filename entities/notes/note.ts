import { Check, Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../../src/kernel/scalars.js';
import { Account } from '../accounts/account.js';
import { Notes } from '../table-notes.js';

/** What a note starts with. */
export type NewNote = Pick<Note, 'id' | 'accountId' | 'content' | 'createdAt'>;

/** A text that a person wrote down. */
@ObjectType({ simpleResolvers: true, description: 'A text that its user wrote down.' })
@Entity({ schema: 'notes' })
@Index({ properties: ['accountId', 'archived', 'createdAt', 'id'] })
@Check({ name: 'note_content_length', expression: 'char_length(btrim(content)) >= 1 and char_length(content) <= 2000' })
@Notes({
  kept: 'until the user deletes it, which leaves a tombstone',
  indexes: {
    note_account_id_archived_created_at_id_index: 'The list of notes, archived or not, newest first.',
    note_id_index: 'One note by the id that a client names, whosever it is.',
  },
})
export class Note {
  @ManyToOne(() => Account, { mapToPk: true, fieldName: 'account_id', primary: true, deleteRule: 'cascade' })
  readonly accountId: string;

  @Field(() => ID, { description: 'The UUID of the note.' })
  @Index()
  @PrimaryKey({ type: 'uuid' })
  readonly id: string;

  @Field(() => String, {
    description: 'What it says, 1–2,000 characters, in as many lines as its user likes.',
    complexity: 8,
  })
  @Property({ type: 'text' })
  content: string;

  @Field(() => Boolean, { description: 'Put away by its user; lists leave it out unless asked for it.' })
  @Property({ type: 'boolean', default: false })
  archived: boolean = false;

  /** The task that it was turned into. No foreign key: one that was deleted may be restored. */
  @Property({ type: 'uuid', nullable: true })
  convertedToId: string | null = null;

  @Field(() => DateTime, { description: 'When it was created.' })
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt: Date;

  @Field(() => DateTime, { description: 'When it was last written.' })
  @Property({ type: 'timestamptz', length: 3 })
  updatedAt: Date;

  constructor({ id, accountId, content, createdAt }: NewNote) {
    this.id = id;
    this.accountId = accountId;
    this.content = content;
    this.createdAt = createdAt;
    this.updatedAt = createdAt;
  }
}
