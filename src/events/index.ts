import type { EventDefinition } from '../kernel/events.js';
import * as accounts from './accounts.js';
import * as achievements from './achievements.js';
import * as activity from './activity.js';
import * as assistant from './assistant.js';
import * as auth from './auth.js';
import * as billing from './billing.js';
import * as notes from './notes.js';
import * as notifications from './notifications.js';
import * as privacy from './privacy.js';
import * as tasks from './tasks.js';

/** Every kind of event that there is. */
export const eventDefinitions: readonly Omit<EventDefinition<never>, 'dataOf'>[] = [
  ...Object.values(accounts),
  ...Object.values(auth),
  ...Object.values(activity),
  ...Object.values(notifications),
  ...Object.values(billing),
  ...Object.values(achievements),
  ...Object.values(tasks),
  ...Object.values(notes),
  ...Object.values(assistant),
  ...Object.values(privacy),
];
