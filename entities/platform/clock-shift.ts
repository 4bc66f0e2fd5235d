import { Check, Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Notes } from '../table-notes.js';

/** How far time was moved in development and tests, for every process on this database. Empty in production. */
@Entity({ schema: 'platform' })
@Check({ name: 'clock_shift_one_row', expression: 'id = 1' })
@Check({ name: 'clock_shift_forwards', expression: 'ahead_ms >= 0' })
@Notes({ kept: 'until somebody removes it by hand' })
export class ClockShift {
  /** Always 1: there is one row at most. */
  @PrimaryKey({ type: 'smallint', autoincrement: false })
  readonly id!: number;

  /** Milliseconds ahead of the machine's clock. */
  @Property({ type: 'bigint' })
  readonly aheadMs!: number;
}
