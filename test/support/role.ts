import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Config, toEnv } from '../../src/config.js';

/** A process of its own that runs roles, to be killed. */
export interface RoleProcess {
  readonly url: string;
  /** Of the port for operations; empty when that is off. */
  readonly operationsUrl: string;
  /** What it has logged since it was started. */
  readonly lines: readonly string[];
  kill(): Promise<void>;
  /** Stops it in the middle of whatever it does, until it is thawed. */
  freeze(): void;
  thaw(): void;
  /** Sends SIGTERM and answers the exit code. */
  terminate(): Promise<number | null>;
}

/** Those that still run. */
const running = new Set<ChildProcess>();

/** Kills what a test that failed has not: it would fail the whole file, and hide why. */
export async function killRoles(): Promise<void> {
  const ended = [...running].map((child) => once(child, 'exit'));
  for (const child of running) child.kill('SIGKILL');
  await Promise.all(ended);
}

/** Starts `main.js` as production does, on a machine whose clock is wrong by `skewMs`, and waits until it is ready. */
export function startRoles(config: Config, roles: readonly string[], skewMs = 0): Promise<RoleProcess> {
  return startWith(toEnv(config), roles, skewMs);
}

/** The same with nothing but these variables. */
export async function startWith(
  variables: Readonly<Record<string, string>>,
  roles: readonly string[],
  skewMs = 0,
): Promise<RoleProcess> {
  const env = { ...variables, LOG_LEVEL: 'info', SKEW_MS: String(skewMs) };
  const flags = skewMs === 0 ? [] : ['--import', './dist/test/support/skewed-clock.js'];
  const command = [...flags, 'dist/src/main.js', ...roles];
  const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  // From the start: one that has ended already does not do so again.
  const exited = once(child, 'exit');
  running.add(child);
  child.once('exit', () => running.delete(child));
  const lines: string[] = [];
  const { url, operationsUrl } = await readyAt(child, lines);
  return {
    url: url ?? '',
    operationsUrl: operationsUrl ?? '',
    lines,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    terminate: async () => {
      child.kill('SIGTERM');
      const [code] = await exited;
      return typeof code === 'number' ? code : null;
    },
  };
}

/** Where it listens. */
interface Ready {
  readonly url: string | null;
  readonly operationsUrl: string | null;
}

/** Where it listens, once it says so. What it writes later is read as well: it would wait for a reader when it ends. */
function readyAt(child: ChildProcess, lines: string[]): Promise<Ready> {
  const { promise, resolve, reject } = Promise.withResolvers<Ready>();
  let rest = '';
  child.stdout?.on('data', (chunk) => {
    const read = `${rest}${chunk}`.split('\n');
    rest = read.pop() ?? '';
    lines.push(...read);
    const ready = read.find((line) => line.includes('"msg":"ready"'));
    if (ready) resolve(JSON.parse(ready));
  });
  child.stdout?.on('end', () => reject(new Error(`The process ended before it was ready: ${lines.join('\n')}${rest}`)));
  return promise;
}
