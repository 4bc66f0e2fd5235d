import type { AdminCommand } from './command.js';
import { deleteUser } from './commands/delete.js';
import { doctor } from './commands/doctor.js';
import { eventsList } from './commands/events-list.js';
import { eventsRetry } from './commands/events-retry.js';
import { exportUser } from './commands/export.js';
import { grant } from './commands/grant.js';
import { holds } from './commands/holds.js';
import { jobsList } from './commands/jobs-list.js';
import { jobsRetry } from './commands/jobs-retry.js';
import { ledgerCheck } from './commands/ledger-check.js';
import { plan } from './commands/plan.js';
import { recompute } from './commands/recompute.js';
import { reconcile } from './commands/reconcile.js';
import { role } from './commands/role.js';
import { shell } from './commands/shell.js';
import { signOut } from './commands/sign-out.js';
import { user } from './commands/user.js';

/** Every command, in the order of the help. */
export const commands: readonly AdminCommand[] = [
  user,
  role,
  grant,
  plan,
  signOut,
  exportUser,
  deleteUser,
  ledgerCheck,
  holds,
  eventsList,
  eventsRetry,
  jobsList,
  jobsRetry,
  reconcile,
  recompute,
  shell,
  doctor,
];
