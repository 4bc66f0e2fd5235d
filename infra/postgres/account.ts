import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The user that PostgreSQL runs as when we are root, since it refuses to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const user = 'postgres';

/** The account to run PostgreSQL as; null when we are an ordinary user ourselves. Made when there is none. */
export function accountForPostgres(): Account | null {
  if (process.getuid?.() !== 0) return null;
  try {
    return lookUp();
  } catch {
    execFileSync('groupadd', ['--force', '--system', user], { stdio: 'ignore' });
    execFileSync('useradd', ['--system', '--gid', user, '--no-create-home', user], { stdio: 'ignore' });
    return lookUp();
  }
}

function lookUp(): Account {
  const ask = (flag: string) =>
    Number(execFileSync('id', [flag, user], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
  return { uid: ask('-u'), gid: ask('-g') };
}

/** Whether the account may enter every folder above `path`; a root's home is usually closed to it. */
export function canReach(path: string, { uid, gid }: Account): boolean {
  let folder = dirname(resolve(path));
  for (;;) {
    const found = statSync(folder, { throwIfNoEntry: false });
    const bit = found?.uid === uid ? 0o100 : found?.gid === gid ? 0o010 : 0o001;
    // What is not there yet will be made open to all.
    if (found && (found.mode & bit) === 0) return false;
    const parent = dirname(folder);
    if (parent === folder) return true;
    folder = parent;
  }
}

/** A folder that any system account can reach, the same one at every start for the same path. */
export function reachableTwin(path: string): string {
  const name = createHash('sha256').update(resolve(path)).digest('hex').slice(0, 12);
  return `/var/lib/perpetua-flow-${name}`;
}
