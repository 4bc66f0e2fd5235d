import { Check, Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../src/kernel/scalars.js';
import { Account } from '../accounts/account.js';
import { Notes } from '../table-notes.js';

/** What can be restored. */
export enum DeletedItemType {
  TASK = 'TASK',
  NOTE = 'NOTE',
}
registerEnumType(DeletedItemType, {
  name: 'DeletedItemType',
  description: 'What can be restored.',
  valuesConfig: {
    TASK: { description: 'A task with its subtasks and reminders.' },
    NOTE: { description: 'A note with its text.' },
  },
});

/** A deleted thing, whole, so that it can be restored. Each account has three slots: the fourth takes the oldest one. */
@ObjectType('DeletedItem', { simpleResolvers: true, description: 'A deleted thing that can be restored.' })
@Entity({ schema: 'activity' })
@Unique({ properties: ['accountId', 'slot'] })
@Check({ name: 'tombstone_slot_range', expression: 'slot >= 0 and slot <= 2' })
@Notes({
  kept: 'until it is restored, or a newer one takes its slot',
  indexes: { tombstone_id_index: 'One tombstone by the id that a client names, whosever it is.' },
})
export class Tombstone {
  @ManyToOne(() => Account, { mapToPk: true, fieldName: 'account_id', primary: true, deleteRule: 'cascade' })
  readonly accountId!: string;

  @Field(() => ID, { description: 'UUID of this entry: what `restoreDeleted` takes.' })
  @Index()
  @PrimaryKey({ type: 'uuid' })
  readonly id!: string;

  /** Which of the three places of its account it has, 0–2. */
  @Property({ type: 'smallint' })
  readonly slot!: number;

  @Field(() => DeletedItemType, { description: 'What kind of thing it was.' })
  @Enum({ items: () => DeletedItemType })
  readonly type!: DeletedItemType;

  @Field(() => ID, { description: 'The id that it had, and will have again.' })
  @Property({ type: 'uuid' })
  readonly entityId!: string;

  @Field(() => String, { description: 'The title that it had when it was deleted.' })
  @Property({ type: 'text' })
  readonly title!: string;

  /** Everything that it was, as its domain wrote it down. */
  @Property({ type: 'json' })
  readonly content!: unknown;

  /** The files that it still has: they go when it cannot be restored any more. */
  @Property({ type: 'uuid[]', default: [] })
  readonly fileIds!: readonly string[];

  @Field(() => DateTime, { description: 'When it was deleted.' })
  @Property({ type: 'timestamptz', length: 3 })
  readonly deletedAt!: Date;
}
