import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { buildSchema } from 'graphql';
import { declaredErrors, errorFaults, MetError } from '../../infra/met-errors.js';
import { readNotes } from '../../infra/run-notes.js';
import { withErrors } from '../../resolvers/error-codes.js';
import { MetErrors } from '../support/met-errors.js';

/** Where a test's errors are noted. */
const folder = mkdtempSync(join(tmpdir(), 'met-errors-'));
afterAll(() => rmSync(folder, { recursive: true }));

const schema = buildSchema(`
  type Query { "One task. Errors: NOT_FOUND, CONFLICT (a state, such as FORBIDDEN)." task(id: ID): Task  plain: Either }
  type Subscription { "Events. Errors: VALIDATION_FAILED, FORBIDDEN." events: Task }
  type Mutation { "Does it. Errors: none of its own." act: Task }
  union Either = Task | Other
  type Task { "Its steps. Errors: VALIDATION_FAILED." steps(first: Int): [Task] }
  type Other { steps: Int }
`);

function met(query: string, path: readonly (string | number)[], code: string): void {
  new MetErrors(folder).note(query, [{ message: 'x', path, extensions: { code } }]);
}

test('an error that is met and not declared is found, and one that is declared and not met', () => {
  met('{ mine: task { __typename } }', ['mine'], 'NOT_FOUND');
  met('mutation { act { ...more } } fragment more on Task { all: steps { steps } }', ['act', 'all', 3], 'UNAVAILABLE');
  met('mutation { act { __typename } }', ['act'], 'CONFLICT');
  met('{ plain { ... on Task { steps } } }', ['plain', 'steps'], 'VALIDATION_FAILED');
  met('subscription { events { __typename } }', [], 'VALIDATION_FAILED');
  met('{ unknown }', ['unknown'], 'CONFLICT');
  new MetErrors(folder).note('no document', [{ message: 'x', extensions: { code: 'VALIDATION_FAILED' } }]);
  expect(errorFaults(schema, readNotes(folder, MetError))).toEqual([
    'A test meets Mutation.act CONFLICT, which is not declared: add it to the errors of its use case.',
    'No test meets Query.task CONFLICT: write one in test/ that does so as a Person, or do not declare it.',
    'No test meets Subscription.events FORBIDDEN: write one in test/ that does so as a Person, or do not declare it.',
  ]);
});

test('what a description says of errors is read as it was written', () => {
  const errors = { VALIDATION_FAILED: '', LIMIT_REACHED: 'too many, `tasks`' };
  expect(withErrors('Does it.', errors)).toBe('Does it. Errors: VALIDATION_FAILED, LIMIT_REACHED (too many, `tasks`).');
  expect(declaredErrors(withErrors('Does it.', errors))).toEqual(Object.keys(errors));
  expect(declaredErrors(withErrors('Does it.', {}))).toEqual([]);
  expect(declaredErrors('Does it.')).toBeNull();
});

test('no resolver writes its errors by hand: `withErrors` makes them from what its use case declares', () => {
  const files = readdirSync('resolvers', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const byHand = files.filter((file) => readFileSync(`resolvers/${file}`, 'utf8').includes(' Errors: '));
  const faults = byHand.filter((file) => file !== 'error-codes.ts');
  expect(faults.map((file) => `resolvers/${file} writes errors by hand: use \`withErrors\`.`)).toEqual([]);
});
