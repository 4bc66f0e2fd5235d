import 'reflect-metadata';
import { ConfigError, readConfig } from './config.js';
import { RoleError } from './grants.js';
import { readLeastNode, readVersion } from './platform/build.js';
import { runUntilSignal } from './platform/lifetime.js';
import { createLog, endProcess, instanceName, type Logger, toFile } from './platform/log.js';
import { whyUnavailable } from './platform/unavailable.js';
import { requireReachable } from './reachable.js';

const roles = ['api', 'worker', 'migrate'] as const;
type Role = (typeof roles)[number];

/**
 * `main.js api | worker | migrate`, or several (`main.js api worker`): one binary, by role; answers the exit code. Like
 * the other commands it imports most of the program only when the configuration can be used: what is wrong is told at once.
 */
async function runRoles(asked: readonly Role[]): Promise<number> {
  // What is wrong with the variables of any of them is said at once.
  const { LOG_LEVEL, INSTANCE } = readConfig(process.env, asked);
  const log = processLog(LOG_LEVEL, asked.join(' '), INSTANCE);
  if (asked.includes('migrate')) {
    const config = readConfig(process.env, ['migrate']);
    await requireReachable(config, ['DIRECT_URL', 'MIGRATE_URL'], process.env);
    const { migrate } = await import('./migrate.js');
    log.info({ applied: await migrate(config) }, 'migrated');
  }
  const api = asked.includes('api') ? readConfig(process.env, ['api']) : null;
  const worker = asked.includes('worker') ? readConfig(process.env, ['worker']) : null;
  const config = api ?? worker;
  if (!config) return 0;
  await requireReachable(config, ['DATABASE_URL', 'DIRECT_URL'], process.env);
  const { startApp } = await import('./app.js');
  const app = await startApp(config, { api, worker }, log);
  log.info({ roles: asked, url: app.url, operationsUrl: app.operationsUrl }, 'ready');
  const exitCode = await runUntilSignal(() => app.close(), log, app.countFault);
  log.info({ exitCode }, 'stopped');
  return exitCode;
}

/** What takes the whole command line, by its first word. */
const commands = {
  admin: async (rest: readonly string[]) => {
    const { admin } = await import('./admin.js');
    const { stdin: input, stdout: output, stderr: errors, env } = process;
    return admin(rest, env, { input, output, errors });
  },
};

/** @throws ConfigError on an older Node: what it lacks would show anywhere, at any time, as a fault of ours */
function requireNode(): void {
  const least = readLeastNode();
  const { node } = process.versions;
  if (Number.parseInt(node, 10) < least)
    throw new ConfigError(`Node ${least} or later is needed, and this is Node ${node}.`);
}

/** Answers the exit code. @throws ConfigError for what it does not know */
function main(args: readonly string[]): Promise<number> {
  requireNode();
  const [first, ...rest] = args;
  const command = Object.entries(commands).find(([name]) => name === first);
  if (command) return command[1](rest);
  const asked = roles.filter((role) => args.includes(role));
  const unknown = args.filter((word) => !roles.some((role) => role === word));
  if (asked.length > 0 && unknown.length === 0) return runRoles(asked);
  const fault = unknown.length > 0 ? `There is no ${unknown.join(', ')}. ` : '';
  throw new ConfigError(`${fault}Say what to run: ${roles.join(', ')}, or ${Object.keys(commands).join(', ')}.`);
}

/** The log of a process that runs this role. */
function processLog(level: string, role: string, instance: string | null): Logger {
  return createLog(level, toFile(1), { role, instance: instanceName(instance), version: readVersion() });
}

/** Where logs are collected, why a process did not start is one of their lines. */
function tellWhyNot(error: unknown): void {
  const isRefusal = error instanceof ConfigError || error instanceof RoleError;
  const away = whyUnavailable(error);
  const reason = isRefusal ? error.message : away && `The database went away meanwhile: ${away}`;
  if (process.env['NODE_ENV'] !== 'production') console.error(reason ?? error);
  else {
    const log = processLog('fatal', process.argv.slice(2).join(' '), process.env['INSTANCE'] || null);
    if (reason !== null) log.fatal({}, reason);
    else log.fatal({ error }, 'the process could not go on');
  }
}

try {
  await endProcess(await main(process.argv.slice(2)));
} catch (error) {
  tellWhyNot(error);
  await endProcess(1);
}
