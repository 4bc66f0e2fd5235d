import { execFile } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { admin } from '../../src/admin.js';
import { type Config, toEnv } from '../../src/config.js';

/** What the operators' command line printed, and how it ended. */
interface AdminRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `admin` as `main.js` does, in this process. */
export async function runAdmin(
  config: object,
  args: readonly string[],
  own: Readonly<Record<string, string>> = {},
): Promise<AdminRun> {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const printed = Promise.all([text(output), text(errors)]);
  const code = await admin(args, { ...toEnv(config), ...own }, { input, output, errors });
  for (const stream of [input, output, errors]) stream.end();
  const [out, err] = await printed;
  return { code, out, err };
}

/** The same with `--json`, of a command that must succeed: answers the document. */
export async function adminJson<Data>(config: Config, ...args: readonly string[]): Promise<Data> {
  const { code, out, err } = await runAdmin(config, [...args, '--json']);
  if (code !== 0) throw new Error(`It ended with ${code}: ${err}`);
  const data: Data = JSON.parse(out);
  return data;
}

/** What a command that changes something needs besides. */
export const because = ['--reason', 'a test wants it', '--operator', 'grace'] as const;

/** Runs `main.js admin` in a process of its own, which is typed this, on a machine whose clock is wrong by `skewMs`. */
export function spawnAdmin(config: object, args: readonly string[], typed = '', skewMs = 0): Promise<AdminRun> {
  return new Promise((resolve) => {
    const env = { ...toEnv(config), SKEW_MS: String(skewMs) };
    const flags = skewMs === 0 ? [] : ['--import', './dist/test/support/skewed-clock.js'];
    const command = [...flags, 'dist/src/main.js', 'admin', ...args];
    const child = execFile(process.execPath, command, { env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    );
    child.stdin?.end(typed);
  });
}
