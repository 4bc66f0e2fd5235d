import { userInfo } from 'node:os';
import { explainingReadOnly } from './admin/read-only.js';
import { runAdmin } from './admin/run.js';
import type { Terminal } from './admin/session.js';
import { openCore, operatorContext } from './app.js';
import { ConfigError, readConfig } from './config.js';
import { examine } from './doctor/examine.js';
import { readVersion } from './platform/build.js';
import { isReadOnly, readOnlyUrl } from './platform/database/read-only.js';
import { createLog, instanceName, type Logger, toFile } from './platform/log.js';
import { whyUnavailable } from './platform/unavailable.js';
import { requireReachable } from './reachable.js';

/** The variables of the process, as they are given. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `main.js admin …`, the operators' command line: does what was typed, and answers the exit code. What was asked for goes
 * to the output alone; the log goes to standard error.
 */
export async function admin(args: readonly string[], env: Environment, terminal: Terminal): Promise<number> {
  const open = (operator: string, { readOnly }: { readonly readOnly: boolean }) => openAs(operator, env, readOnly);
  try {
    return await runAdmin(args, { systemUser: systemUser(), open, examine: () => examine(env) }, terminal);
  } catch (error) {
    const away = whyUnavailable(error);
    const reason = error instanceof ConfigError ? error.message : away && `Something is away or busy: ${away}`;
    if (reason !== null) terminal.errors.write(`${reason}\n`);
    else adminLog('fatal', null).fatal({ error }, 'the command failed: this is a fault of ours');
    return 1;
  }
}

async function openAs(operator: string, env: Environment, readOnly: boolean) {
  const given = readConfig(env, ['admin']);
  await requireReachable(given, ['DATABASE_URL', 'DIRECT_URL'], env);
  // Past a pooler: what is set on a connection there would be set for whoever has it next.
  const url = readOnly ? readOnlyUrl(given.DIRECT_URL) : null;
  const config = url === null ? given : { ...given, DATABASE_URL: url, DIRECT_URL: url };
  const core = await openCore(config, { api: null, worker: null }, adminLog(given.LOG_LEVEL, given.INSTANCE));
  if (readOnly && !(await isReadOnly(core.services.runStatement))) {
    await core.close(0);
    throw new ConfigError('DIRECT_URL: must lead to PostgreSQL itself, so that nothing can be changed by a slip');
  }
  const ctx = operatorContext(core, operator);
  return { ctx: readOnly ? explainingReadOnly(ctx) : ctx, close: () => core.close(0) };
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
