import type { Finding } from '../admin/finding.js';
import { examineVariables } from '../config.js';
import { ok, reasonOf, type Variables, wrong } from './check.js';
import { checkClock, checkPartitions } from './clock.js';
import { checkDatabase } from './database.js';
import { checkFiles } from './files.js';
import { checkGrants, checkSettings } from './grants.js';
import { checkLine } from './line.js';
import { checkMigrations } from './migrations.js';
import { checkDeepgram, checkGoogle, checkOpenAi, checkPayments, checkPush } from './providers.js';
import { checkQueue } from './queue.js';

/** Looks at one thing. What it throws is found wrong. */
type Check = (variables: Variables) => Promise<readonly Finding[]>;

const onDatabase: Readonly<Record<string, Check>> = {
  migrations: checkMigrations,
  settings: checkSettings,
  grants: checkGrants,
  partitions: checkPartitions,
  clock: checkClock,
  line: checkLine,
  queue: checkQueue,
};

const elsewhere: Readonly<Record<string, Check>> = {
  files: checkFiles,
  google: checkGoogle,
  'language model': checkOpenAi,
  speech: checkDeepgram,
  payments: checkPayments,
  push: checkPush,
};

/** Looks at everything that the product needs, whatever of it is there. Nothing that is found has a secret in it. */
export async function examine(env: Readonly<Record<string, string | undefined>>): Promise<readonly Finding[]> {
  const { variables, faults } = examineVariables(env);
  const configuration = faults.map((fault) =>
    wrong('configuration', fault, 'Correct the variable where the processes have theirs, then start them anew.'),
  );
  const others = run(elsewhere, variables);
  const database = await run({ database: checkDatabase }, variables);
  const isThere = database.every(({ state }) => state === 'OK' || state === 'WARNING');
  // They would say the same again, each after its wait.
  const tables = isThere ? await run(onDatabase, variables) : [];
  return [
    ...(configuration.length > 0 ? configuration : [ok('configuration', 'What is set can be used.')]),
    ...database,
    ...tables,
    ...(await others),
  ];
}

async function run(checks: Readonly<Record<string, Check>>, variables: Variables): Promise<Finding[]> {
  const findings = Object.entries(checks).map(async ([name, check]) => {
    try {
      return await check(variables);
    } catch (error) {
      return [
        wrong(name, `It could not be looked at: ${reasonOf(error)}.`, 'See whether what is said above explains it.'),
      ];
    }
  });
  return (await Promise.all(findings)).flat();
}
