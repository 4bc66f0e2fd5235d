import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Account } from './account.js';
import type { Binaries } from './binaries.js';

/** A data folder and what runs it. */
export interface Cluster {
  readonly folder: string;
  readonly binaries: Binaries;
  readonly account: Account | null;
}

/** The port that PostgreSQL was to listen on is in use. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';

  constructor(readonly port: number) {
    super(`Port ${port} is taken.`);
  }
}

const passwordFile = (folder: string) => `${folder}.password`;

/**
 * Makes the cluster unless there is one. One that was killed half way is thrown away: it never had the final name.
 * @throws when the folder holds something else or belongs to another user: nothing of that is touched
 */
export function ensureCluster(cluster: Cluster, durable: boolean): void {
  const { folder } = cluster;
  removeHalves(folder);
  if (existsSync(folder)) {
    // Somebody else's cannot even be looked into, unless by root.
    if (!cluster.account) refuseForeign(cluster);
    const names = readdirSync(folder);
    if (names.includes('PG_VERSION')) {
      refuseForeign(cluster);
      return;
    }
    if (names.length > 0) {
      throw new Error(`${folder} holds something that is not a PostgreSQL data folder. Choose another folder.`);
    }
    rmdirSync(folder);
  }
  const half = `${folder}.new-${process.pid}`;
  mkdirSync(half, { mode: 0o700 });
  initialise(cluster, half, durable);
  renameSync(half, folder);
}

function removeHalves(folder: string): void {
  const parent = dirname(folder);
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(`${basename(folder)}.new-`)) continue;
    // The initdb of a killed start may still be writing into it.
    rmSync(join(parent, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

function refuseForeign({ folder, account }: Cluster): void {
  const expected = account?.uid ?? process.getuid?.();
  const { uid } = statSync(folder);
  if (expected === undefined || uid === expected) return;
  const why = `The data folder ${folder} belongs to user ${uid}, and PostgreSQL would run as user ${expected}.`;
  throw new Error(`${why} Start as the user that made it, or choose another folder.`);
}

function initialise({ folder, binaries, account }: Cluster, half: string, durable: boolean): void {
  const password = passwordFile(folder);
  rmSync(password, { force: true });
  writeFileSync(password, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (account) for (const path of [half, password]) chownSync(path, account.uid, account.gid);
  // Rules that every machine has, upper and lower case of all languages included.
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--encoding=UTF8'];
  const access = ['--username=postgres', `--pwfile=${password}`, '--auth=scram-sha-256'];
  const flags = ['-D', half, ...locale, ...access, ...(durable ? [] : ['--no-sync'])];
  const { status, error, stderr } = spawnSync(binaries.initdb, flags, { ...account, cwd: '/', encoding: 'utf8' });
  if (status !== 0) throw new Error(`initdb failed: ${error?.message ?? stderr}`);
}

/** The password of the cluster's superuser. @throws when its file is gone */
export function passwordOf(folder: string): string {
  try {
    return readFileSync(passwordFile(folder), 'utf8').trim();
  } catch (cause) {
    const why = `The password of the data folder ${folder} cannot be read from ${passwordFile(folder)}.`;
    throw new Error(`${why} Put the file back, or remove the folder to start with an empty database.`, { cause });
  }
}
