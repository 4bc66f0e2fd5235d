export { notificationsTables } from './account-tables.js';
export { closedAccountNotifications } from './closed-accounts.js';
export { followNotifications, followNotificationsErrors, type NotificationEdge } from './follow-notifications.js';
export { LogMovedBrowser, logMovedBrowser } from './log-moved-browser.js';
export { markAllNotificationsRead, markNotificationRead, markNotificationReadErrors } from './mark-read.js';
export type { NotificationRow } from './notification-rows.js';
export {
  countNotifications,
  countUnread,
  listNotifications,
  listNotificationsErrors,
  unsafeNotificationsById,
} from './notification-rows.js';
export { addToNotification, notify, wasWrittenFor } from './notify.js';
export {
  registerPushSubscription,
  registerPushSubscriptionErrors,
  removePushSubscription,
  removePushSubscriptionErrors,
} from './push-subscriptions.js';
export { SendPush, sendPush, wasPushed } from './send-push.js';
