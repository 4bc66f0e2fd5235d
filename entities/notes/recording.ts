import { Check, Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { registerEnumType } from 'type-graphql';
import { Account } from '../accounts/account.js';
import { Notes } from '../table-notes.js';

/** How far the writing down of a recording has come. */
export enum TranscriptionState {
  PENDING = 'PENDING',
  COMPLETED = 'COMPLETED',
  FAILED = 'FAILED',
}
registerEnumType(TranscriptionState, {
  name: 'TranscriptionState',
  description: 'How far the writing down of a recording has come.',
  valuesConfig: {
    PENDING: { description: 'It is being written down, or waits for it.' },
    COMPLETED: { description: 'It was written down, and paid.' },
    FAILED: { description: 'It was not written down, and cost nothing; the recording is kept.' },
  },
});

/** Why a recording was not written down. */
export enum TranscriptionFault {
  /** The provider is away, slow or refuses. */
  AI_SERVICE_UNAVAILABLE = 'AI_SERVICE_UNAVAILABLE',
  /** It was longer than announced, and there were not enough credits for the rest. */
  INSUFFICIENT_CREDITS = 'INSUFFICIENT_CREDITS',
  /** Its note was deleted meanwhile. */
  NOT_FOUND = 'NOT_FOUND',
}

/** The recording of a note, from the moment that its upload is prepared; it becomes a note's when that is finished. */
@Entity({ schema: 'notes' })
@Unique({ properties: ['accountId', 'noteId'] })
@Check({ name: 'recording_seconds_range', expression: 'seconds >= 1 and seconds <= 300' })
@Check({ name: 'recording_fault_of_failed', expression: `(transcription = 'FAILED') = (fault is not null)` })
@Check({
  name: 'recording_transcript_of_completed',
  expression: `(transcription = 'COMPLETED') = (transcript is not null)`,
})
@Check({ name: 'recording_transcript_length', expression: 'char_length(transcript) <= 20000' })
@Index({
  name: 'recording_awaited',
  expression:
    'create index "recording_awaited" on "notes"."recording" ("awaited_until", "file_id") where awaited_until is not null',
})
@Notes({
  kept: 'as long as its note; without one as long as its file',
  indexes: { recording_awaited: 'Recordings that nobody writes down any more, for their sweeper.' },
})
export class Recording {
  @ManyToOne(() => Account, { mapToPk: true, fieldName: 'account_id', primary: true, deleteRule: 'cascade' })
  readonly accountId!: string;

  /** Its bytes: the upload's id. */
  @PrimaryKey({ type: 'uuid' })
  readonly fileId!: string;

  /** The note that it belongs to; null until its upload is finished. */
  @Property({ type: 'uuid', nullable: true })
  readonly noteId!: string | null;

  /** How long it is: as announced, and as the bytes say once it is a note's. */
  @Property({ type: 'integer' })
  readonly seconds!: number;

  /** How far the writing down has come. */
  @Enum({ items: () => TranscriptionState, default: TranscriptionState.PENDING })
  readonly transcription!: TranscriptionState;

  /** Why it was not written down. */
  @Enum({ items: () => TranscriptionFault, nullable: true })
  readonly fault!: TranscriptionFault | null;

  /** What was said, all of it; the note holds as much as a note can. */
  @Property({ type: 'text', nullable: true })
  readonly transcript!: string | null;

  /** The credits that are held for writing it down. */
  @Property({ type: 'uuid', nullable: true })
  readonly holdId!: string | null;

  /** How often it was to be written down: each try has a hold of its own. */
  @Property({ type: 'integer', default: 0 })
  readonly tries!: number;

  /** Until when somebody vouches for its being written down; null where that is not awaited. */
  @Property({ type: 'timestamptz', length: 3, nullable: true })
  readonly awaitedUntil!: Date | null;

  /** When its upload was prepared. */
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt!: Date;
}
