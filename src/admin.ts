import { userInfo } from 'node:os';
import { type Output, runAdmin } from './admin/run.js';
import { openCore, operatorContext } from './app.js';
import { ConfigError, readConfig } from './config.js';
import { readVersion } from './platform/build.js';
import { createLog, instanceName, type Logger, toFile } from './platform/log.js';
import { whyUnavailable } from './platform/unavailable.js';
import { requireReachable } from './reachable.js';

/** The variables of the process, as they are given. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `main.js admin …`, the operators' command line: does what was typed, and answers the exit code. What was asked for goes
 * to `out` alone; the log goes to standard error.
 */
export async function admin(args: readonly string[], env: Environment, output: Output): Promise<number> {
  try {
    return await runAdmin(args, { systemUser: systemUser(), open: (operator) => open(env, operator) }, output);
  } catch (error) {
    const away = whyUnavailable(error);
    const reason = error instanceof ConfigError ? error.message : away && `Something is away or busy: ${away}`;
    if (reason !== null) output.err(`${reason}\n`);
    else adminLog('fatal', null).fatal({ error }, 'the command failed: this is a fault of ours');
    return 1;
  }
}

async function open(env: Environment, operator: string) {
  const config = readConfig(env, ['admin']);
  await requireReachable(config, ['DATABASE_URL', 'DIRECT_URL'], env);
  const core = await openCore(config, { api: null, worker: null }, adminLog(config.LOG_LEVEL, config.INSTANCE));
  return { ctx: operatorContext(core, operator), close: () => core.close(0) };
}

/** To standard error: standard output is for what was asked for. */
function adminLog(level: string, instance: string | null): Logger {
  return createLog(level, toFile(2), { role: 'admin', instance: instanceName(instance), version: readVersion() });
}

/** Null for a user without a name, as a container may have one. */
function systemUser(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}
