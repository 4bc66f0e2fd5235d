import { Check, Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../src/kernel/scalars.js';
import { Account } from '../accounts/account.js';
import { Notes } from '../table-notes.js';

/** How far an export has come. */
export enum AccountExportState {
  PENDING = 'PENDING',
  READY = 'READY',
  FAILED = 'FAILED',
}
registerEnumType(AccountExportState, {
  name: 'AccountExportState',
  description: 'How far an export of an account has come.',
  valuesConfig: {
    PENDING: { description: 'It is being made, or waits for it.' },
    READY: { description: 'It can be downloaded.' },
    FAILED: { description: 'It could not be made: ask for another one.' },
  },
});

/** A copy of all that is held of an account, which its user has asked for. */
@ObjectType({ simpleResolvers: true, description: 'A copy of all that is held of the account, as a ZIP archive.' })
@Entity({ schema: 'privacy' })
@Index({ properties: ['expiresAt', 'id'] })
@Check({
  name: 'account_export_ready_has_file',
  expression: `state <> 'READY' or (file_id is not null and ready_at is not null)`,
})
@Check({ name: 'account_export_bytes_positive', expression: 'bytes > 0' })
@Notes({
  kept: '7 days after it was made, or has failed: the job `privacy.expire-exports` removes it',
  indexes: {
    account_export_id_index: 'One export by the id that a client names, whosever it is.',
    account_export_expires_at_id_index: 'Exports whose time is over, for the job that removes them.',
  },
})
export class AccountExport {
  @ManyToOne(() => Account, { mapToPk: true, fieldName: 'account_id', primary: true, deleteRule: 'cascade' })
  readonly accountId!: string;

  @Field(() => ID, { description: 'The UUID of the export.' })
  @Index()
  @PrimaryKey({ type: 'uuid' })
  readonly id!: string;

  @Field(() => AccountExportState, { description: 'Whether it is being made, can be downloaded, or failed.' })
  @Enum({ items: () => AccountExportState, default: AccountExportState.PENDING })
  readonly state!: AccountExportState;

  @Field(() => DateTime, { description: 'When it was asked for.' })
  @Property({ type: 'timestamptz', length: 3 })
  readonly requestedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was made; null until then.' })
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  readonly readyAt!: Date | null;

  @Field(() => DateTime, {
    description:
      'When it is removed: 7 days after it was made or has failed. One that is still PENDING then, a day after it was asked for, has FAILED.',
  })
  @Property({ type: 'timestamptz', length: 3 })
  readonly expiresAt!: Date;

  @Field(() => Int, { nullable: true, description: 'Bytes of the archive; null until it was made.' })
  @Property({ type: 'integer', nullable: true })
  readonly bytes!: number | null;

  /** The archive; null until it was made. No foreign key: its bytes are removed behind this row. */
  @Property({ type: 'uuid', nullable: true })
  readonly fileId!: string | null;
}
