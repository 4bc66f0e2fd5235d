import { Check, Entity, ManyToOne, Property } from '@mikro-orm/decorators/legacy';
import { Account } from '../accounts/account.js';
import { Notes } from '../table-notes.js';

/** What the files of an account take. Only its files change it: a trigger on `files.file` does. */
@Entity({ schema: 'files' })
@Check({ name: 'storage_positive', expression: 'bytes >= 0 and uploads >= 0' })
@Notes({ kept: 'until the account ends' })
export class Storage {
  @ManyToOne(() => Account, { mapToPk: true, fieldName: 'account_id', primary: true, deleteRule: 'cascade' })
  readonly accountId!: string;

  /** Bytes of all its files, those that are reserved for uploads included. */
  @Property({ type: 'bigint', default: 0 })
  readonly bytes!: number;

  /** Uploads that are not finished. */
  @Property({ type: 'integer', default: 0 })
  readonly uploads!: number;
}
