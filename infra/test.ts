import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { run } from 'jest';
import { jestArguments } from './jest-arguments.js';
import { readSentRequests, sentInputsFolder, unsentInputs } from './sent-inputs.js';
import { sentStatementsFolder, statementFaultsFile } from './sent-statements.js';
import { writeTestGroups } from './test-groups.js';

/** The compiler beside Jest, which runs again whatever has been compiled. It ends with this process. */
function compileOnChange(): void {
  const compiler = spawn('node_modules/.bin/tsc', ['--watch', '--preserveWatchOutput'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  process.once('exit', () => compiler.kill());
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
}

const sentFolders = [sentInputsFolder, sentStatementsFolder];

/** Fails a whole run that went well, but sent something never, or a statement that the database does not take so. */
function checkWhatWasSent(): void {
  if (process.exitCode || !existsSync(sentInputsFolder)) return;
  const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
  const statements = readFileSync(statementFaultsFile, 'utf8').split('\n').filter(Boolean);
  const faults = [...unsentInputs(schema, readSentRequests(sentInputsFolder)), ...statements];
  if (faults.length === 0) return;
  console.error(faults.join('\n'));
  process.exitCode = 1;
}

/** What only a whole run has: its tests in groups, and a place to note what they send. */
function prepareWholeRun(): string {
  for (const folder of sentFolders) mkdirSync(folder, { recursive: true });
  return writeTestGroups('dist');
}

const given = process.argv.slice(2);
if (given.includes('--watchAll')) compileOnChange();
for (const folder of sentFolders) rmSync(folder, { recursive: true, force: true });
await run(await jestArguments(given, prepareWholeRun));
// After Jest's own, which says at the end whether the run went well.
process.on('exit', checkWhatWasSent);
