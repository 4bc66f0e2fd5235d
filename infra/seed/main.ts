import 'reflect-metadata';
import { ConfigError, readConfig } from '../../src/config.js';
import { createLog, endProcess } from '../../src/platform/log.js';
import { sampleIdToken, sampleUser } from './sample-user.js';
import { seed } from './seed.js';

/** `npm run seed`: the sample account with its month, beside a running `npm start`, which does it once by itself. */
async function main(): Promise<void> {
  if (!process.env['DATABASE_URL']) throw new ConfigError('Nothing runs here that could be filled. First: npm start');
  const config = readConfig(process.env, ['start']);
  if (!config.GOOGLE_BASE_URL)
    throw new ConfigError("The sample account needs Google's stand-in: leave out GOOGLE_CLIENT_ID.");
  const idToken = await sampleIdToken(config.GOOGLE_BASE_URL);
  const filled = await seed(config, createLog(config.LOG_LEVEL), new Date(), idToken);
  console.log(
    filled
      ? `${sampleUser.email} has a month of tasks, conversations and notifications, and credits.`
      : `${sampleUser.email} exists already; npm run reset starts over.`,
  );
}

try {
  await main();
  await endProcess(0);
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  await endProcess(1);
}
