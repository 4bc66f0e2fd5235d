import { expect, test } from '@jest/globals';
import {
  type ExecutionResult,
  execute,
  extendSchema,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isNonNullType,
  isScalarType,
  OperationTypeNode,
  parse,
  subscribe,
} from 'graphql';
import { schemaOf } from '../../resolvers/index.js';
import type { Context } from '../../src/context.js';
import { AppError } from '../../src/errors.js';
import { harness, postJson } from '../support/harness.js';
import { RawSocket } from '../support/raw-socket.js';

const world = harness({ worker: false });
const schema = schemaOf({ movableClock: false });
const { QUERY, MUTATION, SUBSCRIPTION } = OperationTypeNode;

const someId = '00000000-0000-7000-8000-000000000000';

/** Calls that pass validation, of operations whose least input does not. */
const calls: Readonly<Record<string, string>> = {
  addReminder: `addReminder(input: { taskId: "${someId}", type: BEFORE, offsetMinutes: 5 }) { __typename }`,
};

/** `reauthenticate` asks the access token that it is given, and a socket has asked one before. */
const exceptions = new Set(['mutation reauthenticate']);

/** The least that a required argument can be. */
function sampleOf(type: GraphQLInputType): string {
  const named = getNamedType(type);
  if (isInputObjectType(named)) {
    const required = Object.values(named.getFields()).filter(
      (field) => isNonNullType(field.type) && field.defaultValue === undefined,
    );
    return `{ ${required.map((field) => `${field.name}: ${sampleOf(field.type)}`).join(', ')} }`;
  }
  if (isScalarType(named) && named.name === 'Int') return '1';
  if (isEnumType(named)) return named.getValues()[0]?.name ?? 'null';
  if (isScalarType(named) && named.name === 'DateTime') return '"2026-01-01T00:00:00Z"';
  if (isScalarType(named)) return `"${someId}"`;
  return 'null';
}

function callOf({ name, args, type }: GraphQLField<unknown, unknown>): string {
  const required = args.filter((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined);
  const given =
    required.length > 0 ? `(${required.map((arg) => `${arg.name}: ${sampleOf(arg.type)}`).join(', ')})` : '';
  return `${name}${given}${isCompositeType(getNamedType(type)) ? ' { __typename }' : ''}`;
}

/** Every operation of a schema that can be asked for, in its shortest form. */
function operationsOf(schema: GraphQLSchema) {
  return [QUERY, MUTATION, SUBSCRIPTION].flatMap((root) =>
    Object.values(schema.getRootType(root)?.getFields() ?? {}).map(
      (field) => [`${root} ${field.name}`, root, `${root} { ${calls[field.name] ?? callOf(field)} }`] as const,
    ),
  );
}

/**
 * Which operations of a schema somebody can do without having signed in, whatever stands before it. An operation that
 * refuses its least input before it asks gets one that it takes in `calls`.
 */
async function unguardedOf(schema: GraphQLSchema, contextValue: Context): Promise<string[]> {
  const unguarded: string[] = [];
  for (const [name, root, document] of operationsOf(schema).filter(([name]) => !exceptions.has(name))) {
    const args = { schema, document: parse(document), contextValue };
    if (!(await isRefused(root === SUBSCRIPTION ? firstOf(args) : Promise.resolve(execute(args)))))
      unguarded.push(`${name} asks nobody who they are: begin with \`requireUser(ctx)\`.`);
  }
  return unguarded;
}

/** Whether the answer is that somebody must sign in; a subscription may also throw it. */
async function isRefused(answer: Promise<ExecutionResult>): Promise<boolean> {
  const error = await answer.then(
    ({ errors }) => errors?.[0]?.originalError,
    (thrown: unknown) => thrown,
  );
  return error instanceof AppError && error.code === 'UNAUTHENTICATED';
}

/** The first result of a subscription. */
async function firstOf(args: Parameters<typeof subscribe>[0]): Promise<ExecutionResult> {
  const results = await subscribe(args);
  if (!(Symbol.asyncIterator in results)) return results;
  const { value } = await results.next();
  await results.return(undefined);
  return value ?? {};
}

test('every query, mutation and subscription asks by itself who is there', async () => {
  expect(await unguardedOf(schema, await world.jobContext())).toEqual([]);
});

test('one of each kind that does not ask is found', async () => {
  const added = ['Query', 'Mutation', 'Subscription'].map((root) => `extend type ${root} { planted: Int }`);
  const planted = extendSchema(schema, parse(added.join('\n')));
  const field = planted.getSubscriptionType()?.getFields()['planted'];
  if (!field) throw new Error('There is no such field.');
  field.subscribe = async function* () {
    yield { planted: 1 };
  };
  expect(await unguardedOf(planted, await world.jobContext())).toEqual(
    ['query', 'mutation', 'subscription'].map(
      (root) => `${root} planted asks nobody who they are: begin with \`requireUser(ctx)\`.`,
    ),
  );
});

test.each(operationsOf(schema))('%s is refused over HTTP without a token', async (_name, _root, query) => {
  const response = await postJson(`${world.url}/graphql`, { query });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
});

test.each(operationsOf(schema))('%s is refused over a WebSocket without a token', async (_name, _root, query) => {
  const socket = await new RawSocket(world.url).open();
  socket.send({ type: 'connection_init' });
  socket.send({ id: '1', type: 'subscribe', payload: { query } });
  // 4401: it asked before it was let in; 4403: it was not let in.
  expect([4_401, 4_403]).toContain((await socket.closed).code);
  expect(socket.messages).toEqual([]);
});
