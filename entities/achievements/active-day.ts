import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { User } from '../auth/user.js';
import { Notes } from '../table-notes.js';

/**
 * A day (UTC) on which an account completed a task, one that had counted before included: it counts towards the streak,
 * as the day of a task's contribution does. Kept for good, as contributions are.
 */
@Entity({ schema: 'achievements' })
@Notes({ kept: 'until the account ends' })
export class ActiveDay {
  @ManyToOne(() => User, { mapToPk: true, fieldName: 'user_id', primary: true, deleteRule: 'cascade' })
  readonly userId!: string;

  /** The day, in UTC. */
  @PrimaryKey({ type: 'date' })
  readonly day!: string;

  /** The first completion of the day. */
  @Property({ type: 'timestamptz', length: 3 })
  readonly at!: Date;
}
