import { achievementIds } from '../../entities/achievements/unlocked.js';
import { NotificationType } from '../../entities/notifications/notification.js';
import type { RecordedEvent, RowTx, Subscriber } from '../kernel/context.js';
import { notify } from '../notifications/index.js';
import { catalog } from './catalog.js';
import { unlockedType } from './events.js';

async function tellUnlocked(tx: RowTx, { metadata, entityId }: RecordedEvent): Promise<void> {
  const id = achievementIds.find((known) => known === metadata['achievement']);
  if (!id) return;
  const { name, description } = catalog[id];
  await notify(tx, {
    type: NotificationType.ACHIEVEMENT,
    title: name,
    body: description,
    actionUrl: '/achievements',
    about: { entityType: 'user', entityId },
    key: `achievement ${id}`,
    push: true,
  });
}

/** Tells the user what was earned, once for each achievement. */
export const achievementNotifications: readonly Subscriber[] = [
  { name: 'achievements.tell-unlocked', on: unlockedType, handle: tellUnlocked },
];
