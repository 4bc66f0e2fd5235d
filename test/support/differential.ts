import { type ExecutionResult, execute, OperationTypeNode, parse } from 'graphql';
import { schemaOf } from '../../resolvers/index.js';
import { Documents } from '../../src/platform/graphql/documents.js';
import { LimitExceeded } from '../../src/platform/graphql/limits.js';
import { InvalidDocument, type PreparedOperation } from '../../src/platform/graphql/read-document.js';
import { Chance } from './chance.js';
import { randomOperation } from './random-documents.js';
import { stubResolvers, stubRoot } from './stub-resolvers.js';

const schema = schemaOf({ movableClock: true });
stubResolvers(schema);

/** What was compared: operations that were valid, of these how many were compiled, and how many failed somewhere. */
interface Tally {
  valid: number;
  compiled: number;
  withErrors: number;
}

/** Runs random documents here and by graphql-js alone, until so many were valid. */
export async function compareWithGraphqlJs(seed: number, count: number): Promise<Tally> {
  const chance = new Chance(seed);
  const tally = { valid: 0, compiled: 0, withErrors: 0 };
  while (tally.valid < count) {
    const { text, variables } = randomOperation(schema, chance);
    const document = parse(text);
    const documents = new Documents(schema, { introspection: true, suggestions: true });
    const operation = prepare(documents, text, variables);
    if (!operation) continue;
    tally.valid += 1;
    const isSubscription = operation.type === OperationTypeNode.SUBSCRIPTION;
    const rootValue = isSubscription ? stubRoot(schema) : undefined;
    // The last two come when it has been compiled, if it ever is.
    const sets = [variables, variables, variables, variables, otherThan(variables, chance), variables];
    for (const [run, variableValues] of sets.entries()) {
      if (isTooMuch(() => operation.admit(variableValues))) continue;
      const expected = said(await execute({ schema, document, variableValues, rootValue, contextValue: {} }));
      const answer = said(await answerOf(operation, variableValues, rootValue));
      if (expected.errors.length > 0) tally.withErrors += 1 / sets.length;
      if (JSON.stringify(answer) === JSON.stringify(expected)) continue;
      throw new Error(
        `Seed ${seed}, run ${run}: ${text}\nwith ${JSON.stringify(variableValues)}\nanswers ${JSON.stringify(answer)}\nand not ${JSON.stringify(expected)}`,
      );
    }
    if (documents.kept.compiled > 0) tally.compiled += 1;
  }
  return tally;
}

/** The same variables, but that some are absent and some are null; a condition never is. */
function otherThan(variables: Record<string, unknown>, chance: Chance): Record<string, unknown> {
  const entries = Object.entries(variables).filter(() => chance.happens(0.7));
  return Object.fromEntries(
    entries.map(([name, value]) => [name, chance.happens(0.3) && typeof value !== 'boolean' ? null : value]),
  );
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
