import type { AdminCommand } from './command.js';
import { doctor } from './commands/doctor.js';
import { grant } from './commands/grant.js';
import { holds } from './commands/holds.js';
import { jobsList } from './commands/jobs-list.js';
import { jobsRetry } from './commands/jobs-retry.js';
import { ledgerCheck } from './commands/ledger-check.js';
import { recompute } from './commands/recompute.js';
import { role } from './commands/role.js';
import { shell } from './commands/shell.js';
import { signOut } from './commands/sign-out.js';
import { user } from './commands/user.js';

/** Every command, in the order of the help. */
export const commands: readonly AdminCommand[] = [
  user,
  role,
  grant,
  signOut,
  ledgerCheck,
  holds,
  jobsList,
  jobsRetry,
  recompute,
  shell,
  doctor,
];
