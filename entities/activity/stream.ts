import { Check, Entity, ManyToOne, Property } from '@mikro-orm/decorators/legacy';
import { User } from '../auth/user.js';

/**
 * The account's row: whoever writes for an account locks it first, so an account's writes happen one after another,
 * and its events get gapless numbers in commit order.
 */
@Entity({ schema: 'activity' })
@Check({ name: 'stream_head_positive', expression: 'head >= 0' })
export class Stream {
  @ManyToOne(() => User, { mapToPk: true, fieldName: 'user_id', primary: true, deleteRule: 'cascade' })
  readonly userId: string;

  /** The number of the account's newest event; 0 before the first. */
  @Property({ type: 'bigint', default: 0 })
  head: number = 0;

  constructor(userId: string) {
    this.userId = userId;
  }
}
