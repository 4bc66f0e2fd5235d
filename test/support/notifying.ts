import { NotificationType } from '../../entities/notifications/notification.js';
import type { Subscriber } from '../../src/kernel/context.js';
import { notify } from '../../src/notifications/index.js';

interface NotificationRequest {
  readonly type?: NotificationType;
  readonly push?: boolean;
  readonly key?: string;
  readonly body?: string;
}

/** How often the subscriber is to fail after it has notified. */
export const notifyingFailures = { toCome: 0 };

/**
 * Writes a notification for every new task. The task's description, when it is JSON, says what kind; every other
 * domain's subscribers call `notify` the same way.
 */
export const notifying: Subscriber = {
  name: 'test.notifying',
  on: 'task.created',
  handle: async (tx, { entityType, entityId }) => {
    const [task] = await tx.unit.runStatement<{ title: string; description: string }>(
      'select title, description from tasks.task where id = $1',
      [entityId],
    );
    if (!task) throw new Error('There is no task.');
    const request: NotificationRequest = task.description.startsWith('{') ? JSON.parse(task.description) : {};
    await notify(tx, {
      type: request.type ?? NotificationType.SYSTEM,
      title: task.title,
      body: request.body ?? '',
      actionUrl: `/tasks/${entityId}`,
      about: { entityType, entityId },
      key: request.key ?? `test:${entityId}`,
      push: request.push ?? false,
    });
    if (notifyingFailures.toCome > 0) {
      notifyingFailures.toCome -= 1;
      throw new Error('fails on purpose');
    }
  },
};

/** A description that the subscriber understands. */
export function notificationRequest(request: NotificationRequest): string {
  return JSON.stringify(request);
}
