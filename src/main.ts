import 'reflect-metadata';
import { startApp } from './app.js';
import { ConfigError, readConfig } from './config.js';
import { migrate } from './migrate.js';
import { runUntilSignal } from './platform/lifetime.js';
import { createLog } from './platform/log.js';

/** `main.js api | worker | migrate`, or several (`main.js api worker`): one binary, by role. */
async function main(roles: readonly string[]): Promise<void> {
  const known = ['api', 'worker', 'migrate'];
  const unknown = roles.filter((role) => !known.includes(role));
  if (roles.length === 0 || unknown.length > 0) throw new ConfigError(`Say what to run: ${known.join(', ')}.`);
  const config = readConfig(process.env);
  const log = createLog(config.LOG_LEVEL);
  if (roles.includes('migrate')) log.info({ applied: await migrate(config) }, 'migrated');
  const [api, worker] = [roles.includes('api'), roles.includes('worker')];
  if (!api && !worker) return;
  const app = await startApp(config, { api, worker }, log);
  log.info({ roles, url: app.url }, 'ready');
  await runUntilSignal(() => app.close());
  log.info('stopped');
}

try {
  await main(process.argv.slice(2));
  process.exit(0);
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(1);
}
