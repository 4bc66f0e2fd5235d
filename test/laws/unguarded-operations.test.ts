import { expect, test } from '@jest/globals';
import { type ExecutionResult, extendSchema, type GraphQLSchema, parse } from 'graphql';
import { Task } from '../../entities/tasks/task.js';
import { schemaOf } from '../../resolvers/index.js';
import { AnswersLater, asAccount, type Context } from '../../src/kernel/context.js';
import { AppError, type ErrorCode } from '../../src/kernel/errors.js';
import { transaction } from '../../src/kernel/transaction.js';
import { subscribers } from '../../src/subscribers.js';
import { harness, postJson } from '../support/harness.js';
import {
  firstAnswer,
  idPlacesOf,
  leastOperation,
  placesOf,
  type RootField,
  rootFieldsOf,
  samples,
} from '../support/least-operations.js';
import { notifying } from '../support/notifying.js';
import { RawSocket } from '../support/raw-socket.js';
import { staleIn } from '../support/stale.js';
import { kindAt, makeThings, type Things, unknownKind } from '../support/things.js';

const world = harness({
  worker: false,
  subscribers: [...subscribers, notifying],
  shared: 'every operation is refused, so nothing changes',
});
const schema = schemaOf({ movableClock: false });
const operations = rootFieldsOf(schema).map((field) => [field.name, leastOperation(field)] as const);

const samplesFile = 'test/support/least-operations.ts';

/** `reauthenticate` asks the access token that it is given, and a socket has asked one before. */
const exceptions = new Set(['mutation reauthenticate']);

/** Which operations of a schema somebody can do without having signed in, whatever stands before it. */
async function unguardedOf(schema: GraphQLSchema, ctx: Context): Promise<string[]> {
  const unguarded: string[] = [];
  for (const field of rootFieldsOf(schema).filter(({ name }) => !exceptions.has(name))) {
    const query = leastOperation(field);
    const { code, text } = await answerOf(schema, field, query, ctx);
    if (code !== 'UNAUTHENTICATED') unguarded.push(`${field.name} ${adviceFor({ code, text }, query)}`);
  }
  return unguarded;
}

interface Answer {
  /** Null for data; INTERNAL for whatever is no refusal of ours. */
  readonly code: ErrorCode | null;
  readonly text: string;
}

/** What to do about an operation that answers somebody who has not signed in. */
function adviceFor({ code, text }: Answer, query: string): string {
  if (code === 'INTERNAL') return `fails before it asks who is there: ${text}`;
  return code === 'VALIDATION_FAILED'
    ? `refuses \`${query}\` before it asks who is there (${text}): give what passes in \`samples\` of ${samplesFile}.`
    : `asks nobody who they are, and answers ${text}: begin its use case with \`requireUser(ctx)\` or \`transaction(ctx, …)\`.`;
}

/** What an operation is answered, or refused with; a subscription may also throw it. */
async function answerOf(schema: GraphQLSchema, field: RootField, query: string, ctx: Context): Promise<Answer> {
  let answer: ExecutionResult = {};
  let error: unknown;
  try {
    answer = await firstAnswer(schema, field, query, ctx);
    error = answer.errors?.[0]?.originalError ?? answer.errors?.[0];
    if (error instanceof AnswersLater) {
      const again = { ...ctx, begun: error.begun, learnt: await error.ended(), loaders: new Map() };
      return await answerOf(schema, field, query, again);
    }
  } catch (thrown) {
    error = thrown;
  }
  if (error === undefined) return { code: null, text: JSON.stringify(answer.data) };
  return { code: error instanceof AppError ? error.code : 'INTERNAL', text: String(error) };
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
  const faults = await unguardedOf(planted, await world.jobContext());
  expect(faults.filter((fault) => fault.includes(' planted '))).toEqual(
    ['query', 'mutation', 'subscription'].map((root) =>
      expect.stringMatching(
        new RegExp(`^${root} planted asks nobody who they are, and answers .*: begin its use case`),
      ),
    ),
  );
});

test('one that refuses its least input before it asks is named, with where to say what passes', async () => {
  const planted = extendSchema(schema, parse('extend type Mutation { planted(size: Int!): Int }'));
  const field = planted.getMutationType()?.getFields()['planted'];
  if (!field) throw new Error('There is no such field.');
  field.resolve = () => {
    throw new AppError('VALIDATION_FAILED', 'size: at least 2');
  };
  const fault = expect.stringMatching(
    /^mutation planted refuses `mutation \{ planted\(size: 1\) \}` .*size: at least 2.*`samples`/,
  );
  expect(await unguardedOf(planted, await world.jobContext())).toContainEqual(fault);
});

test.each(operations)('%s is refused over HTTP without a token', async (_name, query) => {
  const response = await postJson(`${world.url}/graphql`, { query });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
});

test.each(operations)('%s is refused over a WebSocket without a token', async (_name, query) => {
  const socket = await new RawSocket(world.url).open();
  socket.send({ type: 'connection_init' });
  socket.send({ id: '1', type: 'subscribe', payload: { query } });
  // 4401: it asked before it was let in; 4403: it was not let in.
  expect([4_401, 4_403]).toContain((await socket.closed).code);
  expect(socket.messages).toEqual([]);
});

/** Where an id of somebody else's thing finds nothing, or is no part of one's own, instead of being FORBIDDEN. */
const otherRefusals: Readonly<Record<string, Answer>> = {
  'ActivityFilter.entityId': { code: null, text: '{"activity":{"totalCount":0}}' },
  'TaskFilter.templateId': { code: null, text: '{"tasks":{"totalCount":0}}' },
  'BuyCreditsInput.packId': { code: 'VALIDATION_FAILED', text: 'must be one of credits_20' },
  'ReorderSubtasksInput.subtaskIds': { code: 'VALIDATION_FAILED', text: 'is no subtask of this task' },
};

/** Somebody, with a thing of each kind that is theirs and one that is not. */
interface Stranger {
  readonly ctx: Context;
  readonly own: Things;
  readonly foreign: Things;
}

/** Where operations of a schema take the id of somebody else's thing, or of nobody knows what. */
async function openTo({ ctx, own, foreign }: Stranger, schema: GraphQLSchema, kinds = kindAt): Promise<string[]> {
  const faults: string[] = [];
  for (const field of rootFieldsOf(schema)) {
    for (const place of idPlacesOf(field)) {
      const kind = kinds[place];
      if (!kind) {
        faults.push(unknownKind(place));
        continue;
      }
      const idAt = (at: string) => (at === place ? foreign[kind] : own[kinds[at] ?? kind]);
      const answer = await answerOf(schema, field, leastOperation(field, idAt), { ...ctx, loaders: new Map() });
      const { code, text } = otherRefusals[place] ?? { code: 'FORBIDDEN', text: '' };
      if (answer.code === 'INTERNAL') faults.push(`${field.name} fails: ${answer.text}`);
      else if (answer.code !== code || !answer.text.includes(text))
        faults.push(
          `${field.name} answers ${answer.text} to somebody else's ${kind} as ${place}: load it through \`requireMay\`.`,
        );
    }
  }
  return faults;
}

async function stranger(): Promise<Stranger> {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  const [own, foreign] = [await makeThings(ada, world), await makeThings(bob, world)];
  const expiresAt = world.clock.now().getTime() + 900_000;
  const actor = { kind: 'PERSON' as const, id: ada.id, sessionId: own.session, expiresAt };
  return { ctx: { ...asAccount(await world.jobContext(), ada.id), actor }, own, foreign };
}

test('every operation that takes an id refuses that of a stranger’s thing, and each such place is known', async () => {
  expect(await openTo(await stranger(), schema)).toEqual([]);
});

test('what is said of an operation or a place is of one that is there', () => {
  const fields = rootFieldsOf(schema);
  const operations = fields.map(({ name }) => name);
  const ids = fields.flatMap(idPlacesOf);
  expect([
    ...staleIn('`exceptions` of test/laws/unguarded-operations.test.ts', exceptions, operations),
    ...staleIn('`otherRefusals` of test/laws/unguarded-operations.test.ts', Object.keys(otherRefusals), ids),
    ...staleIn('`kindAt` of test/support/things.ts', Object.keys(kindAt), ids),
    ...staleIn(`\`samples\` of ${samplesFile}`, Object.keys(samples), fields.flatMap(placesOf)),
  ]).toEqual([]);
  expect(staleIn('a list', ['gone', 'there'], ['there'])).toEqual(['gone is no more: remove it from a list.']);
});

test('a mutation that reads a thing by its id alone is found, and one that nobody has said the kind of', async () => {
  const added =
    'input PlantedTaskInput { id: ID! } extend type Mutation { plantedTask(input: PlantedTaskInput!): Task }';
  const planted = extendSchema(schema, parse(added));
  const field = planted.getMutationType()?.getFields()['plantedTask'];
  if (!field) throw new Error('There is no such field.');
  field.resolve = (_source, { input }, ctx: Context) =>
    transaction(ctx, (tx) => tx.entities().findOneOrFail(Task, { id: input.id }));
  const person = await stranger();
  const plantedIn = (faults: readonly string[]) => faults.filter((fault) => fault.includes('PlantedTaskInput'));
  expect(plantedIn(await openTo(person, planted))).toEqual([
    "Say in `kindAt` of test/support/things.ts what PlantedTaskInput.id names: 'PlantedTaskInput.id': '…', one of ThingKind.",
  ]);
  expect(plantedIn(await openTo(person, planted, { ...kindAt, 'PlantedTaskInput.id': 'task' }))).toEqual([
    'mutation plantedTask answers {"plantedTask":{"__typename":"Task"}} to somebody else\'s task as PlantedTaskInput.id: ' +
      'load it through `requireMay`.',
  ]);
});
