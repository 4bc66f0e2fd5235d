import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
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
  constructor(readonly port: number) {
    super(`Port ${port} is taken.`);
  }
}

const passwordFile = (folder: string) => `${folder}.password`;
const logFile = (folder: string) => `${folder}.log`;
const fastShutdownMs = 10_000;

/** Makes the cluster unless there is one. One that was killed half way is thrown away: it never had the final name. */
export function ensureCluster({ folder, binaries, account }: Cluster): void {
  const parent = dirname(folder);
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    if (name.startsWith(`${basename(folder)}.new-`)) rmSync(join(parent, name), { recursive: true, force: true });
  }
  if (existsSync(join(folder, 'PG_VERSION'))) return;
  const half = `${folder}.new-${process.pid}`;
  mkdirSync(half, { mode: 0o700 });
  const password = passwordFile(folder);
  writeFileSync(password, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (account) for (const path of [half, password]) chownSync(path, account.uid, account.gid);
  // Rules that every machine has, upper and lower case of all languages included.
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--encoding=UTF8'];
  const access = ['--username=postgres', `--pwfile=${password}`, '--auth=scram-sha-256'];
  const made = spawnSync(binaries.initdb, ['-D', half, '--no-sync', ...locale, ...access], { ...account, cwd: parent });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr.toString()}`);
  rmSync(folder, { recursive: true, force: true });
  renameSync(half, folder);
}

/** The password of the cluster's superuser. */
export function passwordOf(folder: string): string {
  return readFileSync(passwordFile(folder), 'utf8').trim();
}

/**
 * Starts the server in a process group of its own: Ctrl-C in the terminal must not reach it before our drain is over.
 * `isUp` is asked until it says yes. @throws PortTakenError
 */
export async function startServer(
  { folder, binaries, account }: Cluster,
  port: number,
  settings: readonly string[],
  isUp: () => Promise<boolean>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    writeFileSync(logFile(folder), '');
    const output = openSync(logFile(folder), 'a');
    const flags = [
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
      'timezone=UTC',
      'log_timezone=UTC',
      ...settings,
    ];
    const server = spawn(
      binaries.postgres,
      ['-D', folder, '-p', String(port), ...flags.flatMap((flag) => ['-c', flag])],
      {
        ...account,
        cwd: folder,
        detached: true,
        stdio: ['ignore', output, output],
      },
    );
    server.unref();
    if (await comesUp(server, isUp)) return;
    const said = readFileSync(logFile(folder), 'utf8');
    if (/could not bind|Address already in use/.test(said)) throw new PortTakenError(port);
    // Children of a server that was killed may still be on their way out.
    if (attempt >= 10 || !/shared memory|lock file/.test(said)) throw new Error(`PostgreSQL did not start:\n${said}`);
    await pause(300);
  }
}

async function comesUp(server: ChildProcess, isUp: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + 30_000;
  while (server.exitCode === null && server.signalCode === null && performance.now() < deadline) {
    if (await isUp()) return true;
    await pause(25);
  }
  return false;
}

/** The process that serves the data folder, if it lives. */
export function serverOf(folder: string): number | null {
  try {
    const pid = Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 0);
    return pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

/** Stops whatever serves the data folder: politely, then not. */
export async function stopServer(folder: string): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    const pid = serverOf(folder);
    if (pid === null) return;
    process.kill(pid, signal);
    const deadline = performance.now() + fastShutdownMs;
    while (serverOf(folder) === pid && performance.now() < deadline) await pause(20);
  }
}
