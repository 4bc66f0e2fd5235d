import { Notification } from '../../entities/notifications/notification.js';
import { PushDelivery } from '../../entities/notifications/push-delivery.js';
import { PushSubscription } from '../../entities/notifications/push-subscription.js';
import { type AccountTable, accountTable } from '../kernel/account-tables.js';

const pushSecret = "A secret of the browser's: whoever knows it can send to it.";

/** What a person was told, and which browsers take pushes. */
export const notificationsTables: readonly AccountTable[] = [
  accountTable(PushDelivery, {
    name: 'pushes',
    what: 'Which notifications were pushed to which of your browsers.',
    of: { where: 'notification_id in (select id from notifications.notification where user_id = $1)' },
    order: ['notificationId', 'pushSubscriptionId'],
    onDeletion: { kind: 'DELETED' },
  }),
  accountTable(Notification, {
    name: 'notifications',
    what: 'What you were notified of.',
    of: 'userId',
    order: ['number'],
    left: { number: 'It counts, for us.', key: 'Our mark that it is written once.' },
    onDeletion: { kind: 'DELETED' },
  }),
  accountTable(PushSubscription, {
    name: 'browsers',
    what: 'Browsers that take pushes of yours.',
    of: 'userId',
    order: ['id'],
    left: { endpoint: pushSecret, p256dh: pushSecret, auth: pushSecret },
    onDeletion: { kind: 'DELETED' },
  }),
];
