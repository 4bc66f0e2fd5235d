import 'reflect-metadata';
import { ConfigError, readConfig } from '../../src/config.js';
import { createLog, endProcess } from '../../src/platform/log.js';
import { sampleUser, unpaidUser } from './sample-user.js';
import { seed } from './seed.js';

/** `npm run seed`: the sample account with its month, beside a running `npm start`, which does it once by itself. */
async function main(): Promise<void> {
  if (!process.env['DATABASE_URL']) throw new ConfigError('Nothing runs here that could be filled. First: npm start');
  const config = readConfig(process.env, ['start']);
  if (!config.GOOGLE_BASE_URL)
    throw new ConfigError("The sample account needs Google's stand-in: leave out GOOGLE_CLIENT_ID.");
  const filled = await seed(config, createLog(config.LOG_LEVEL), new Date(), config.GOOGLE_BASE_URL);
  console.log(
    filled
      ? `${sampleUser.email} has a month of tasks, conversations, notifications and payments; ${unpaidUser.email} has not paid.`
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
