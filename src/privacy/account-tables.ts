import { AccountExport } from '../../entities/privacy/account-export.js';
import { accountsTables } from '../accounts/index.js';
import { achievementsTables } from '../achievements/index.js';
import { activityTables } from '../activity/index.js';
import { assistantTables } from '../assistant/index.js';
import { authTables } from '../auth/index.js';
import { billingTables } from '../billing/index.js';
import { filesTables } from '../files/index.js';
import { type AccountTable, unexportedTable } from '../kernel/account-tables.js';
import { llmTables } from '../llm/index.js';
import { notesTables } from '../notes/index.js';
import { notificationsTables } from '../notifications/index.js';
import { tasksTables } from '../tasks/index.js';

/** What this domain itself holds of an account. */
const privacyTables: readonly AccountTable[] = [
  unexportedTable(AccountExport, {
    because: 'Exports like this one.',
    of: 'accountId',
    order: ['id'],
    onDeletion: { kind: 'DELETED' },
  }),
];

/** Everything that is held of an account, in the order in which it is deleted: what refers to something comes before that. */
export const accountTables: readonly AccountTable[] = [
  ...privacyTables,
  ...assistantTables,
  ...notesTables,
  ...tasksTables,
  ...achievementsTables,
  ...llmTables,
  ...filesTables,
  ...billingTables,
  ...notificationsTables,
  ...activityTables,
  ...authTables,
  ...accountsTables,
];
