import { type BrokenRule, invalid } from '../../kernel/errors.js';

/** What a client sent to be run, as the GraphQL specifications name it. */
export interface Parameters {
  readonly query: string | null;
  readonly operationName: string | null;
  readonly variables: Record<string, unknown>;
  /** As they came. */
  readonly extensions: Record<string, unknown> | null;
}

/** No document that is short enough to be read declares as many; what is not declared is read for nothing. */
const maxVariables = 250;

/**
 * Reads the parameters of a request's body.
 * @throws VALIDATION_FAILED
 * @see https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters
 */
export function readParameters(body: unknown): Parameters {
  if (Array.isArray(body)) throw invalid([{ field: 'body', rule: 'must be one request: batches are not served' }]);
  if (!isObject(body)) throw invalid([{ field: 'body', rule: 'must be a JSON object' }]);
  const { query = null, operationName = null, variables = null, extensions = null } = body;
  const faults: BrokenRule[] = [];
  if (query !== null && typeof query !== 'string') faults.push({ field: 'query', rule: 'must be text' });
  if (query === null && extensions === null) faults.push({ field: 'query', rule: 'must be given' });
  if (operationName !== null && typeof operationName !== 'string')
    faults.push({ field: 'operationName', rule: 'must be text' });
  if (variables !== null && !isObject(variables)) faults.push({ field: 'variables', rule: 'must be a JSON object' });
  if (isObject(variables) && Object.keys(variables).length > maxVariables)
    faults.push({ field: 'variables', rule: `at most ${maxVariables}` });
  if (extensions !== null && !isObject(extensions)) faults.push({ field: 'extensions', rule: 'must be a JSON object' });
  if (faults.length > 0) throw invalid(faults);
  return {
    query: typeof query === 'string' ? query : null,
    operationName: typeof operationName === 'string' ? operationName : null,
    variables: isObject(variables) ? variables : {},
    extensions: isObject(extensions) ? extensions : null,
  };
}

/** Reads the same from a URL's query, where objects are JSON. @throws VALIDATION_FAILED */
export function readUrlParameters(query: unknown): Parameters {
  if (!isObject(query)) throw invalid([{ field: 'query', rule: 'must be given' }]);
  const { variables, extensions, ...text } = query;
  return readParameters({
    ...text,
    variables: parseJson('variables', variables),
    extensions: parseJson('extensions', extensions),
  });
}

function parseJson(field: string, text: unknown): unknown {
  if (text === undefined || text === '') return null;
  if (typeof text !== 'string') throw invalid([{ field, rule: 'must be given once' }]);
  try {
    return JSON.parse(text);
  } catch {
    throw invalid([{ field, rule: 'must be JSON' }]);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
