import { Check, Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Notes } from '../table-notes.js';

/**
 * A part of the text that a run writes, until the run has ended and whoever asked has stored the whole. A piece grows
 * up to some 1,400 bytes before the next one begins.
 */
@Entity({ schema: 'llm' })
@Check({ name: 'piece_position_positive', expression: 'position >= 0' })
@Notes({
  kept: 'until its run ends',
})
export class Piece {
  @PrimaryKey({ type: 'uuid' })
  readonly accountId!: string;

  @PrimaryKey({ type: 'uuid' })
  readonly runId!: string;

  /** UTF-16 code units of the text before it. */
  @PrimaryKey({ type: 'integer' })
  readonly position!: number;

  /**
   * The text backwards: new text goes in front. Of a row that is written anew, PostgreSQL logs what differs between its
   * beginning and its end, so this logs the new text alone, and text that is appended would log the whole piece.
   * @see https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/access/heap/heapam.c (log_heap_update)
   */
  @Property({ type: 'text' })
  readonly reversedText!: string;
}
