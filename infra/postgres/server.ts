import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Cluster, PortTakenError } from './cluster.js';

const fastShutdownMs = 10_000;
const startMs = 60_000;
const here = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'timezone=UTC', 'log_timezone=UTC'];

/**
 * Starts the server in a process group of its own: Ctrl-C in the terminal must not reach it before our drain is over.
 * `isUp` is asked until it says yes, for a minute at most: after a crash it recovers first. Answers with the process.
 * @throws PortTakenError; an error with the server's own words when it does not come up
 */
export async function startServer(
  cluster: Cluster,
  port: number,
  settings: readonly string[],
  isUp: () => Promise<boolean>,
): Promise<ChildProcess> {
  const { folder } = cluster;
  for (let attempt = 1; ; attempt += 1) {
    // Nobody serves the folder, so what the file names is another program that was given the same number.
    if (serverOf(folder) === null) rmSync(join(folder, 'postmaster.pid'), { force: true });
    const server = launch(cluster, port, settings);
    const failure = await comesUp(server, isUp);
    if (failure === null) return server;
    await stopServer(folder);
    const said = `${failure}\n${readFileSync(logFile(folder), 'utf8')}`;
    if (/could not bind|Address already in use/.test(said)) throw new PortTakenError(port);
    // Children of a server that was killed may still be on their way out.
    if (attempt >= 10 || !/shared memory|lock file/.test(said)) throw new Error(`PostgreSQL did not start: ${said}`);
    await pause(300);
  }
}

const logFile = (folder: string) => `${folder}.log`;

function launch({ folder, binaries, account }: Cluster, port: number, settings: readonly string[]): ChildProcess {
  const output = openSync(logFile(folder), 'w', 0o600);
  const flags = [...here, ...settings].flatMap((setting) => ['-c', setting]);
  const server = spawn(binaries.postgres, ['-D', folder, '-p', String(port), ...flags], {
    ...account,
    cwd: '/',
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  server.unref();
  return server;
}

/** Null once the server answers, otherwise what went wrong. */
async function comesUp(server: ChildProcess, isUp: () => Promise<boolean>): Promise<string | null> {
  let failure: string | null = null;
  server.once('error', ({ message }) => {
    failure = message;
  });
  server.once('exit', (code, signal) => {
    failure = `it ended with ${howEnded(code, signal)}`;
  });
  const deadline = performance.now() + startMs;
  while (failure === null && performance.now() < deadline) {
    if (await isUp()) return null;
    await pause(15);
  }
  return failure ?? `it did not answer within ${startMs / 1_000} s`;
}

/** For a message: the signal that ended a process, or its exit code. */
export function howEnded(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ?? `code ${code}`;
}

/**
 * Stops whatever serves the data folder, a server that a killed process left behind included: politely, and after 10 s
 * at once. Does nothing when nobody does. @throws when it lives on
 */
export async function stopServer(folder: string): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    const pid = serverOf(folder);
    if (pid === null) return;
    signalled(pid, signal);
    const deadline = performance.now() + fastShutdownMs;
    while (isServer(pid, folder) && performance.now() < deadline) await pause(10);
  }
  const pid = serverOf(folder);
  if (pid !== null) throw new Error(`PostgreSQL, process ${pid}, does not stop.`);
}

function signalled(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone in between.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** The process that serves the data folder, if it lives. */
function serverOf(folder: string): number | null {
  let lines: string[];
  try {
    lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return null;
  }
  const pid = Number(lines[0]);
  // A data folder that was copied names the original's server, which is not ours to stop.
  return pid > 0 && lines[1] === folder && isServer(pid, folder) ? pid : null;
}

/** Numbers of processes are used again, so the number alone says nothing. */
function isServer(pid: number, folder: string): boolean {
  const words = commandOf(pid);
  return words.includes('postgres') && words.includes(` -D ${folder} `);
}

function commandOf(pid: number): string {
  if (process.platform !== 'linux') return spawnSync('ps', ['-ww', '-o', 'command=', '-p', `${pid}`]).stdout.toString();
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
