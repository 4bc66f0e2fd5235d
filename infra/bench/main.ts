import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { abuse } from './abuse-scenario.js';
import { benchBudgets } from './budget-scenario.js';
import { benchChat } from './chat-scenario.js';
import { benchCold } from './cold-scenario.js';
import { benchComplete } from './complete-scenario.js';
import { benchCredits } from './credits-scenario.js';
import { benchRead, benchWrite } from './http-scenarios.js';
import { pinEverythingElse } from './pinning.js';
import { benchProcesses } from './processes-scenario.js';
import { benchReminders } from './reminder-scenario.js';
import { type Figure, reportAll } from './report.js';
import { benchIdle, benchStream } from './socket-scenarios.js';
import { benchUpload } from './upload-scenario.js';
import { benchWal } from './wal-scenario.js';
import { benchWebhook } from './webhook-scenario.js';
import { startWorld } from './world.js';

/**
 * `npm run bench [-- --json FILE] [--only read,idle] [--abuse-seconds 60]`: each scenario runs the product beside its own
 * physical limit, in turns, in one run, on this machine only; `abuse` runs each attack for 10 s, or as long as is said,
 * beside honest users. Some 18 minutes. Prints medians and ratios. Exit code 1 when a bar is missed.
 */
const { values } = parseArgs({
  options: { json: { type: 'string' }, only: { type: 'string' }, 'abuse-seconds': { type: 'string', default: '10' } },
});
const scenarios = {
  read: benchRead,
  write: benchWrite,
  complete: benchComplete,
  credits: benchCredits,
  processes: benchProcesses,
  cold: benchCold,
  stream: benchStream,
  chat: benchChat,
  idle: benchIdle,
  upload: benchUpload,
  webhook: benchWebhook,
  wal: benchWal,
  reminders: benchReminders,
  budgets: benchBudgets,
  abuse: abuse(Number(values['abuse-seconds'])),
};
const wanted = values.only?.split(',');
const isPinned = pinEverythingElse();
const world = await startWorld();
const figures: Figure[] = [];
try {
  for (const [name, run] of Object.entries(scenarios)) {
    if (!wanted || wanted.includes(name)) figures.push(...(await run(world)));
  }
} finally {
  await world.close();
}
reportAll(figures, { isPinned, json: values.json });
