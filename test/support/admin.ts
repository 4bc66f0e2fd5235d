import { admin } from '../../src/admin.js';
import { type Config, toEnv } from '../../src/config.js';

/** What the operators' command line printed, and how it ended. */
export interface AdminRun {
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
  let [out, err] = ['', ''];
  const code = await admin(
    args,
    { ...toEnv(config), ...own },
    {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
    },
  );
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
