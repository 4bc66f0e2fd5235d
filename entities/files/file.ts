import { Check, Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Account } from '../accounts/account.js';
import { Notes } from '../table-notes.js';

/** How far a file has come. */
export enum FileState {
  /** Its bytes are awaited. */
  PENDING = 'PENDING',
  /** They have come through us; whoever asked for them has not finished it yet. */
  RECEIVED = 'RECEIVED',
  /** It is a file. */
  UPLOADED = 'UPLOADED',
}

/** Whether a file was looked through for what harms. */
export enum FileScan {
  PENDING = 'PENDING',
  CLEAN = 'CLEAN',
  /** There is nobody who looks. */
  NOT_SCANNED = 'NOT_SCANNED',
}

/**
 * A file of an account, from the moment that its upload is prepared. Its bytes are an object of the store, written before
 * the row says so and removed after the row says that nobody refers to them.
 */
@Entity({ schema: 'files' })
@Check({ name: 'file_bytes_positive', expression: 'bytes >= 0' })
@Check({ name: 'file_purpose_length', expression: 'char_length(purpose) >= 1 and char_length(purpose) <= 50' })
@Check({
  name: 'file_content_type_length',
  expression: 'char_length(content_type) >= 1 and char_length(content_type) <= 100',
})
@Check({ name: 'file_object_key_length', expression: 'char_length(object_key) <= 200' })
@Check({ name: 'file_known_once_uploaded', expression: `state <> 'UPLOADED' or sha256 is not null` })
@Check({ name: 'file_sha256_form', expression: `sha256 ~ '^[0-9a-f]{64}$'` })
@Index({
  name: 'file_unfinished',
  expression: `create index "file_unfinished" on "files"."file" ("unfinished_until", "id") where state <> 'UPLOADED' and released_at is null`,
})
@Index({
  name: 'file_released',
  expression: 'create index "file_released" on "files"."file" ("released_at", "id") where released_at is not null',
})
@Notes({
  kept: 'until nobody refers to it any more and its bytes are removed; an upload that is not finished for as long as its purpose says',
  indexes: {
    file_id_index: 'One file by the id that a signed address names, whosever it is.',
    file_unfinished: 'Uploads that were never finished, for their sweeper.',
    file_released: 'Files whose bytes are to be removed.',
  },
})
export class File {
  @ManyToOne(() => Account, { mapToPk: true, fieldName: 'account_id', primary: true, deleteRule: 'cascade' })
  readonly accountId!: string;

  /** The UUID of the file. */
  @Index()
  @PrimaryKey({ type: 'uuid' })
  readonly id!: string;

  /** What it is for: the rules that it keeps. */
  @Property({ type: 'text' })
  readonly purpose!: string;

  /** How far it has come. */
  @Enum({ items: () => FileState, default: FileState.PENDING })
  readonly state!: FileState;

  /** A media type of its purpose: what was declared, and read from the bytes once it is UPLOADED. */
  @Property({ type: 'text' })
  readonly contentType!: string;

  /** What it takes of its account's storage: as many as were declared, or may come, until they are counted. */
  @Property({ type: 'integer' })
  readonly bytes!: number;

  /** Whether the bytes were declared: then exactly so many have to come. */
  @Property({ type: 'boolean' })
  readonly isSizeDeclared!: boolean;

  /** Where the store has its bytes. */
  @Property({ type: 'text' })
  readonly objectKey!: string;

  /** Of its bytes, in lower-case hex; null until they were counted. */
  @Property({ type: 'text', nullable: true })
  readonly sha256!: string | null;

  /** Whether it was looked through. */
  @Enum({ items: () => FileScan, default: FileScan.PENDING })
  readonly scan!: FileScan;

  /** Whether it takes of its account's storage: what we make ourselves does not. */
  @Property({ type: 'boolean', default: true })
  readonly takesRoom!: boolean;

  /** When its upload was prepared. */
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt!: Date;

  /** When an upload that was not finished by then is given up. */
  @Property({ type: 'timestamptz', length: 3 })
  readonly unfinishedUntil!: Date;

  /** Until when the process that is receiving its bytes vouches for that; null while nobody is. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  readonly receivingUntil!: Date | null;

  /** When nobody referred to it any more: its bytes are removed behind that. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  readonly releasedAt!: Date | null;
}
