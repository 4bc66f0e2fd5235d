import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Config, toEnv } from '../../src/config.js';

/** A process of its own that runs roles, to be killed. */
export interface RoleProcess {
  readonly url: string;
  kill(): Promise<void>;
  /** Stops it in the middle of whatever it does, until it is thawed. */
  freeze(): void;
  thaw(): void;
  /** Sends SIGTERM and answers the exit code. */
  terminate(): Promise<number | null>;
}

/** Starts `main.js` as production does, on a machine whose clock is wrong by `skewMs`, and waits until it is ready. */
export async function startRoles(config: Config, roles: readonly string[], skewMs = 0): Promise<RoleProcess> {
  const env = { ...toEnv(config), LOG_LEVEL: 'info', SKEW_MS: String(skewMs) };
  const flags = skewMs === 0 ? [] : ['--import', './dist/test/support/skewed-clock.js'];
  const command = [...flags, 'dist/src/main.js', ...roles];
  const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  // From the start: one that has ended already does not do so again.
  const exited = once(child, 'exit');
  const url = await readyUrl(child);
  return {
    url,
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

/** Where it listens, once it says so. What it writes later is read as well: it would wait for a reader when it ends. */
function readyUrl(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let seen = '';
  let isReady = false;
  child.stdout?.on('data', (chunk) => {
    if (isReady) return;
    seen += String(chunk);
    const line = seen.split('\n').find((each) => each.includes('"msg":"ready"'));
    if (!line) return;
    isReady = true;
    const { url }: { url: string | null } = JSON.parse(line);
    resolve(url ?? '');
  });
  child.stdout?.on('end', () => reject(new Error(`The process ended before it was ready: ${seen}`)));
  return promise;
}
