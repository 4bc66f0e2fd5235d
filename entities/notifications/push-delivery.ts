import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Notification } from './notification.js';

/** How the push of one notification to one browser ended. */
export enum PushOutcome {
  SENT = 'SENT',
  FAILED = 'FAILED',
}

/** That the push of one notification to one browser has ended: it ends once, however often its job runs. */
@Entity({ schema: 'notifications' })
export class PushDelivery {
  @ManyToOne(() => Notification, { mapToPk: true, fieldName: 'notification_id', primary: true, deleteRule: 'cascade' })
  readonly notificationId!: string;

  /** The browser, whether or not it is still registered. */
  @PrimaryKey({ type: 'uuid' })
  readonly pushSubscriptionId!: string;

  @Enum({ items: () => PushOutcome })
  readonly outcome!: PushOutcome;

  @Property({ type: 'timestamptz', length: 3 })
  readonly at!: Date;
}
