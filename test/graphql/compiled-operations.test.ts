import { expect, test } from '@jest/globals';
import { type ExecutionResult, execute, getOperationAST, OperationTypeNode, parse } from 'graphql';
import { schemaOf } from '../../resolvers/index.js';
import { Documents, InvalidDocument, type PreparedOperation } from '../../src/platform/graphql/documents.js';
import { LimitExceeded } from '../../src/platform/graphql/limits.js';
import { Chance } from '../support/chance.js';
import { randomOperation } from '../support/random-documents.js';
import { stubResolvers, stubRoot } from '../support/stub-resolvers.js';

const schema = schemaOf({ movableClock: true });
stubResolvers(schema);

/** How often an operation is run: the last times it is compiled, if it ever is. */
const runs = 4;

interface Tally {
  valid: number;
  withErrors: number;
}

/** Runs random documents here and by graphql-js alone, until so many were valid. */
async function compare(seed: number, count: number): Promise<Tally> {
  const chance = new Chance(seed);
  const documents = new Documents(schema, { introspection: true, suggestions: true });
  const tally = { valid: 0, withErrors: 0 };
  while (tally.valid < count) {
    const { text, variables } = randomOperation(schema, chance);
    const document = parse(text);
    const operation = prepare(documents, text, variables);
    if (!operation) continue;
    tally.valid += 1;
    const isSubscription = getOperationAST(document)?.operation === OperationTypeNode.SUBSCRIPTION;
    const rootValue = isSubscription ? stubRoot(schema) : undefined;
    const expected = said(await execute({ schema, document, variableValues: variables, rootValue, contextValue: {} }));
    if (expected.errors.length > 0) tally.withErrors += 1;
    for (let run = 0; run < runs; run += 1) {
      const answer = said(await answerOf(operation, variables, rootValue));
      if (JSON.stringify(answer) !== JSON.stringify(expected)) {
        throw new Error(
          `Seed ${seed}, run ${run}: ${text}\nwith ${JSON.stringify(variables)}\nanswers ${JSON.stringify(answer)}\nand not ${JSON.stringify(expected)}`,
        );
      }
    }
  }
  return tally;
}

/** Null for what is invalid or beyond a limit. */
function prepare(documents: Documents, query: string, variables: Record<string, unknown>): PreparedOperation | null {
  try {
    const operation = documents.prepare({ query, signedIn: true });
    if (!isTooMuch(() => operation.admit(variables))) return operation;
  } catch (error) {
    if (!(error instanceof InvalidDocument || error instanceof LimitExceeded)) throw error;
  }
  return null;
}

function isTooMuch(admit: () => unknown): boolean {
  try {
    admit();
    return false;
  } catch (error) {
    return error instanceof LimitExceeded;
  }
}

async function answerOf(
  operation: PreparedOperation,
  variables: Record<string, unknown>,
  root: unknown,
): Promise<ExecutionResult> {
  try {
    return await operation.admit(variables).run(root, {});
  } catch (error) {
    if (error instanceof InvalidDocument) return { errors: error.errors };
    throw error;
  }
}

/** Keys in their order; of an error its message and its path. */
function said({ data, errors = [] }: ExecutionResult) {
  const described = errors.map(({ message, path = [] }) => `${path.join('.')}: ${message}`);
  return { ...(data === undefined ? {} : { data }), errors: described };
}

const count = Number(process.env['DOCUMENTS'] ?? 400);
const seeds = process.env['SEED'] ? [Number(process.env['SEED'])] : [20_261_127, Math.floor(Math.random() * 2 ** 32)];

test.each(seeds)(
  'seed %i: random documents are answered as by graphql-js, whatever executes them',
  async (seed) => {
    const { valid, withErrors } = await compare(seed, count);
    // Else it would prove little.
    expect(valid).toBe(count);
    expect(withErrors).toBeGreaterThan(count / 20);
    expect(withErrors).toBeLessThan(count * 0.8);
  },
  300_000,
);
