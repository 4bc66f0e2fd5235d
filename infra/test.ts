import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { run } from 'jest';
import { jestArguments } from './jest-arguments.js';
import { errorFaults, MetError, metErrorsFolder } from './met-errors.js';
import { readNotes, runNotesFolder } from './run-notes.js';
import { SentRequest, sentInputsFolder, unsentInputs } from './sent-inputs.js';
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

/**
 * Fails a whole run that went well, but never sent something, met other errors than are declared, or sent a statement that
 * the database does not take so.
 */
function checkNotes(): void {
  if (process.exitCode || !existsSync(runNotesFolder)) return;
  const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
  const faults = [
    ...unsentInputs(schema, readNotes(sentInputsFolder, SentRequest)),
    ...errorFaults(schema, readNotes(metErrorsFolder, MetError)),
    ...readFileSync(statementFaultsFile, 'utf8').split('\n').filter(Boolean),
  ];
  if (faults.length === 0) return;
  console.error(faults.join('\n'));
  process.exitCode = 1;
}

/** What only a whole run has: its tests in groups, and a place to note what they send and meet. */
function prepareWholeRun(): string {
  for (const folder of [sentInputsFolder, metErrorsFolder, sentStatementsFolder])
    mkdirSync(folder, { recursive: true });
  return writeTestGroups('dist');
}

const given = process.argv.slice(2);
if (given.includes('--watchAll')) compileOnChange();
rmSync(runNotesFolder, { recursive: true, force: true });
await run(await jestArguments(given, prepareWholeRun));
// After Jest's own, which says at the end whether the run went well.
process.on('exit', checkNotes);
