import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';

/** The user that PostgreSQL runs as when we are root, since it refuses to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const user = 'postgres';

/**
 * The account to run PostgreSQL as; null when we are an ordinary user ourselves. Made when there is none.
 * @throws when it cannot be made
 */
export function accountForPostgres(): Account | null {
  if (process.getuid?.() !== 0) return null;
  try {
    return lookUp();
  } catch {
    return make();
  }
}

function lookUp(): Account {
  const ask = (flag: string) =>
    Number(execFileSync('id', [flag, user], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
  return { uid: ask('-u'), gid: ask('-g') };
}

function make(): Account {
  try {
    execFileSync('groupadd', ['--force', '--system', user], { stdio: 'ignore' });
    execFileSync('useradd', ['--system', '--gid', user, '--no-create-home', user], { stdio: 'ignore' });
    return lookUp();
  } catch (cause) {
    const why = `PostgreSQL refuses to run as root, and the account "${user}" could not be made.`;
    throw new Error(`${why} Start as an ordinary user, or set DATABASE_URL.`, { cause });
  }
}

/**
 * Whether the account may pass through the folder; a root's home is usually closed to it. The system itself is asked:
 * modes alone say nothing of access lists and symbolic links.
 */
export function canEnter(folder: string, account: Account): boolean {
  return spawnSync('test', ['-x', folder], { ...account, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** A folder that any system account can reach, the same one at every start for the same key. */
export function reachableTwin(key: string): string {
  return `/var/lib/perpetua-flow-${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;
}
