import 'reflect-metadata';
import { recomputePage } from './achievements/index.js';
import { jobContext, openCore, requireReachable, startApp } from './app.js';
import { type Config, ConfigError, readConfig } from './config.js';
import { RoleError } from './grants.js';
import { migrate } from './migrate.js';
import { runUntilSignal } from './platform/lifetime.js';
import { createLog, endProcess } from './platform/log.js';

/** `main.js api | worker | migrate`, or several (`main.js api worker`): one binary, by role; answers the exit code. */
async function main(roles: readonly string[]): Promise<number> {
  const known = ['api', 'worker', 'migrate'];
  const unknown = roles.filter((role) => !known.includes(role));
  if (roles.length === 0 || unknown.length > 0) throw new ConfigError(`Say what to run: ${known.join(', ')}.`);
  const config = readConfig(process.env);
  const log = createLog(config.LOG_LEVEL);
  if (roles.includes('migrate')) {
    await requireReachable(config, ['DIRECT_URL', 'MIGRATE_URL']);
    log.info({ applied: await migrate(config) }, 'migrated');
  }
  const [api, worker] = [roles.includes('api'), roles.includes('worker')];
  if (!api && !worker) return 0;
  await requireReachable(config, ['DATABASE_URL', 'DIRECT_URL']);
  const app = await startApp(config, { api, worker }, log);
  log.info({ roles, url: app.url }, 'ready');
  const exitCode = await runUntilSignal(() => app.close(), log, app.countFault);
  log.info({ exitCode }, 'stopped');
  return exitCode;
}

/**
 * `main.js recompute [user id]`: brings achievements to what was contributed, of one account or of all, and prints each
 * difference that it mended. Run again it finds none.
 */
async function recompute(config: Config, userId: string | undefined): Promise<void> {
  await requireReachable(config, ['DATABASE_URL', 'DIRECT_URL']);
  const core = await openCore(config, createLog(config.LOG_LEVEL));
  let count = 0;
  let after: string | undefined;
  do {
    const page = await recomputePage(jobContext(core), { userId, after });
    for (const { userId, what, stored, mended } of page.differences) {
      console.log(`${userId} ${what}: ${stored} -> ${mended}`);
    }
    count += page.differences.length;
    after = page.next ?? undefined;
  } while (after !== undefined);
  console.log(`Mended: ${count}`);
  await core.close(0);
}

try {
  const [command, ...rest] = process.argv.slice(2);
  let exitCode = 0;
  if (command === 'recompute') await recompute(readConfig(process.env), rest[0]);
  else exitCode = await main(process.argv.slice(2));
  await endProcess(exitCode);
} catch (error) {
  console.error(error instanceof ConfigError || error instanceof RoleError ? error.message : error);
  await endProcess(1);
}
