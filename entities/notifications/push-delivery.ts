import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Notes } from '../table-notes.js';
import { Notification } from './notification.js';

/** How the push of one notification to one browser ended. */
export enum PushOutcome {
  SENT = 'SENT',
  FAILED = 'FAILED',
}

/** That the push of one notification to one browser has ended: it ends once, however often its job runs. */
@Entity({ schema: 'notifications' })
@Notes({ kept: 'as long as its notification' })
export class PushDelivery {
  @ManyToOne(() => Notification, { mapToPk: true, fieldName: 'notification_id', primary: true, deleteRule: 'cascade' })
  readonly notificationId!: string;

  /** The browser, whether or not it is still registered. */
  @PrimaryKey({ type: 'uuid' })
  readonly pushSubscriptionId!: string;

  /** Whether the push service took it. */
  @Enum({ items: () => PushOutcome })
  readonly outcome!: PushOutcome;

  /** When it ended. */
  @Property({ type: 'timestamptz', length: 3 })
  readonly at!: Date;
}
