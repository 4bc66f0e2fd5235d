import * as accounts from '../../accounts/index.js';
import * as achievements from '../../achievements/index.js';
import * as activity from '../../activity/index.js';
import * as assistant from '../../assistant/index.js';
import * as auth from '../../auth/index.js';
import * as billing from '../../billing/index.js';
import * as files from '../../files/index.js';
import * as llm from '../../llm/index.js';
import * as notes from '../../notes/index.js';
import * as notifications from '../../notifications/index.js';
import * as privacy from '../../privacy/index.js';
import * as tasks from '../../tasks/index.js';

/** The use cases of every domain, under its name. A test compares the list with the domains that there are. */
export const doors: Readonly<Record<string, object>> = {
  accounts,
  activity,
  auth,
  notifications,
  billing,
  files,
  llm,
  achievements,
  tasks,
  notes,
  assistant,
  privacy,
};
