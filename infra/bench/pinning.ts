import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The core of the server that is measured; everything else (database, emulator, load) shares one other. */
const serverCore = '0';
const otherCore = '1';

/** Whether processes can be bound to cores here: Linux's `taskset`, and two cores at least. */
const canPin = availableParallelism() >= 2 && spawnSync('taskset', ['--version']).status === 0;

/**
 * Binds this process, and with it all that it starts, to the core of everything else. A Node server uses one core; a
 * database that spread over all the others would make the limit measure the machine and not the server.
 */
export function pinEverythingElse(): boolean {
  return canPin && spawnSync('taskset', ['-a', '-cp', otherCore, String(process.pid)]).status === 0;
}

/** Lets this process and these others use both cores, or only that of everything else again. */
export function spreadEverythingElse(pids: readonly number[], isSpread: boolean): void {
  if (!canPin) return;
  const cores = isSpread ? `${serverCore},${otherCore}` : otherCore;
  for (const pid of [process.pid, ...pids]) spawnSync('taskset', ['-a', '-cp', cores, String(pid)]);
}

/** A command line that runs on the server's core. */
export function onServerCore(command: string, args: readonly string[]): [string, string[]] {
  return onCore(serverCore, command, args);
}

/** One that runs on the other core, whatever else runs there. */
export function onOtherCore(command: string, args: readonly string[]): [string, string[]] {
  return onCore(otherCore, command, args);
}

function onCore(core: string, command: string, args: readonly string[]): [string, string[]] {
  return canPin ? ['taskset', ['-c', core, command, ...args]] : [command, [...args]];
}
