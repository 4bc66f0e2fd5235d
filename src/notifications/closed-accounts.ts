import { NotificationType } from '../../entities/notifications/notification.js';
import { record } from '../activity/index.js';
import { accountClosed, accountReopened } from '../events/accounts.js';
import { pushSubscriptionRemoved } from '../events/notifications.js';
import { runStatement, type Subscriber } from '../kernel/context.js';
import { subscribe } from '../kernel/events.js';
import { notify } from './notify.js';

/** A closed account pushes nothing to anybody; what happens to it meanwhile stands in its list, should its user come back. */
export const closedAccountNotifications: readonly Subscriber[] = [
  subscribe(accountClosed, 'notifications.forget-browsers', async (tx, { at }) => {
    // Done late, it spares those that were registered since.
    const forgotten = await runStatement<{ id: string }>(
      tx,
      'delete from notifications.push_subscription where user_id = $1 and registered_at <= $2 returning id',
      [tx.unit.account.id, at],
    );
    for (const { id } of forgotten) await record(tx, pushSubscriptionRemoved(id, { reason: 'ACCOUNT_CLOSED' }));
  }),
  subscribe(accountReopened, 'notifications.tell-reopened', async (tx, { number, entityId }) =>
    notify(tx, {
      type: NotificationType.SYSTEM,
      title: 'Your account is kept',
      body: 'You had asked to delete it. Signing in has taken that back; browsers have to be registered for pushes again.',
      actionUrl: null,
      about: { entityType: 'account', entityId },
      key: `account reopened ${number}`,
      push: false,
    }),
  ),
];
