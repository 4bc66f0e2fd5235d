export { followNotifications, type NotificationEdge } from './follow-notifications.js';
export { LogMovedBrowser, logMovedBrowser } from './log-moved-browser.js';
export { markAllNotificationsRead, markNotificationRead } from './mark-read.js';
export type { NotificationRow } from './notification-rows.js';
export { countNotifications, countUnread, listNotifications, unsafeNotificationsById } from './notification-rows.js';
export { addToNotification, notify, wasWrittenFor } from './notify.js';
export { registerPushSubscription, removePushSubscription } from './push-subscriptions.js';
export { SendPush, sendPush, wasPushed } from './send-push.js';
