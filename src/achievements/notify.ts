import { NotificationType } from '../../entities/notifications/notification.js';
import { achievementUnlocked } from '../events/achievements.js';
import type { Subscriber } from '../kernel/context.js';
import { subscribe } from '../kernel/events.js';
import { notify } from '../notifications/index.js';
import { catalog } from './catalog.js';

/** Tells the user what was earned, once for each achievement. */
export const achievementNotifications: readonly Subscriber[] = [
  subscribe(achievementUnlocked, 'achievements.tell-unlocked', async (tx, { entityId, data: { achievement } }) => {
    const { name, description } = catalog[achievement];
    await notify(tx, {
      type: NotificationType.ACHIEVEMENT,
      title: name,
      body: description,
      actionUrl: '/achievements',
      about: { entityType: 'user', entityId },
      key: `achievement ${achievement}`,
      push: true,
    });
  }),
];
