import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import {
  execute,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isLeafType,
  isObjectType,
  isUnionType,
  parse,
} from 'graphql';
import { z } from 'zod';
import { ExportAccount } from '../../generated/documents.js';
import { schemaOf } from '../../resolvers/index.js';
import { asAccount, type Context } from '../../src/kernel/context.js';
import { exportInto } from '../../src/privacy/index.js';
import { fillAccount } from '../support/full-account.js';
import { eventually, harness } from '../support/harness.js';
import type { Person } from '../support/person.js';
import { staleIn } from '../support/stale.js';

const world = harness({ lastingTokens: true });
const schema = schemaOf({ movableClock: false });
const file = 'test/privacy/everything-that-can-be-read.test.ts';

/** What is read and not exported, by its field or type, with the reason. */
const computed: Readonly<Record<string, string>> = {
  'AccountExport.*': 'What the copy itself is and where it lies.',
  'Achievement.*': 'The same for everybody; what was earned is in achievements.json.',
  'ActivityEntry.eventType': 'Its `type`, as an enum.',
  'Billing.purchasableCredits': 'What is left of the rule, by payments.json.',
  'Change.eventType': 'Its `type`, as an enum.',
  'CreditBalance.*': 'Sums of credit-buckets.json and credit-holds.json.',
  'CreditPack.*': 'The same for everybody.',
  'CreditStatement.*': 'Sums of credit-history.json.',
  'Limits.*': 'Those of the plan and allowances.json.',
  'Perk.*': 'The same for everybody; what was granted is in allowances.json.',
  'TaskTemplate.nextOccurrences': 'By its `rule`.',
  'TaskTemplate.ruleText': 'Its `rule` in words.',
  'VoiceRecording.url': 'An address for some minutes.',
};

/** Whose ids each query takes. */
const idsAt: Readonly<Record<string, string>> = {
  accountExport: 'privacy.account_export',
  aiAction: 'assistant.action',
  conversation: 'assistant.conversation',
  note: 'notes.note',
  task: 'tasks.task',
  taskTemplate: 'tasks.task_template',
};

/** Queries that read nothing of an account. */
const asksNothing: readonly string[] = ['previewRecurrence'];

/** Every leaf below a type, each under an alias that names its field, and no type within itself. */
function selectionOf(type: GraphQLObjectType, above: readonly string[] = []): string {
  const fields = Object.values(type.getFields()).filter(({ name }) => name !== 'nodes');
  const inside = [...above, type.name];
  const selected = fields.flatMap((field) => {
    const named = getNamedType(field.type);
    const begun = `${type.name}__${field.name}: ${field.name}${argumentsOf(field)}`;
    if (isLeafType(named)) return [begun];
    if (isUnionType(named)) {
      const members = named.getTypes().filter(({ name }) => !inside.includes(name));
      return [
        `${begun} { __typename ${members.map((each) => `... on ${each.name} ${selectionOf(each, inside)}`).join(' ')} }`,
      ];
    }
    return isObjectType(named) && !inside.includes(named.name) ? [`${begun} ${selectionOf(named, inside)}`] : [];
  });
  return `{ __typename ${selected.join(' ')} }`;
}

function argumentsOf({ args }: GraphQLField<unknown, unknown>): string {
  return args.some(({ name }) => name === 'first') ? '(first: 100)' : '';
}

/** Where a page lies, which is no data. */
const isPlace = /Edge__cursor$|__pageInfo$/;

type Leaf = readonly [field: string, value: string];

/** Texts, numbers and moments of an answer, each with its field; what is within JSON has that of the JSON. */
function leavesOf(value: unknown, field: string): Leaf[] {
  if (value === null || typeof value === 'boolean' || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((each) => leavesOf(each, field));
  if (typeof value !== 'object') return [[field, String(value)]];
  return Object.entries(value).flatMap(([key, each]) =>
    key === '__typename' || isPlace.test(key)
      ? []
      : leavesOf(each, key.includes('__') ? key.replace('__', '.') : field),
  );
}

async function answerTo(ctx: Context, field: GraphQLField<unknown, unknown>, given: string): Promise<unknown> {
  const named = getNamedType(field.type);
  const selection = isObjectType(named) ? selectionOf(named) : '';
  const document = parse(`{ Query__${field.name}: ${field.name}${given} ${selection} }`);
  const { data, errors } = await execute({ schema, document, contextValue: { ...ctx, loaders: new Map() } });
  expect(errors).toBeUndefined();
  return data;
}

/** Where a page ends, if it is not the last one. */
const PageInfo = z.object({ PageInfo__hasNextPage: z.boolean(), PageInfo__endCursor: z.string().nullable() });

/** Every page of a query. */
async function readAll(ctx: Context, field: GraphQLField<unknown, unknown>): Promise<Leaf[]> {
  const leaves: Leaf[] = [];
  const isPaged = field.args.some(({ name }) => name === 'after');
  let after: string | null = null;
  do {
    const given: string = isPaged ? `(first: 100${after ? `, after: "${after}"` : ''})` : '';
    const answer: unknown = await answerTo(ctx, field, given);
    leaves.push(...leavesOf(answer, `Query.${field.name}`));
    after = nextOf(answer);
  } while (after !== null);
  return leaves;
}

function nextOf(answer: unknown): string | null {
  const [page] = Object.values(z.record(z.string(), z.unknown()).parse(answer));
  const entries = Object.entries(z.record(z.string(), z.unknown()).catch({}).parse(page));
  const [, pageInfo] = entries.find(([key]) => key.endsWith('__pageInfo')) ?? [];
  const { data } = PageInfo.safeParse(pageInfo);
  return data?.PageInfo__hasNextPage ? data.PageInfo__endCursor : null;
}

/** Everything that a signed-in person can read by a query. */
async function walk(ctx: Context): Promise<Leaf[]> {
  const leaves: Leaf[] = [];
  for (const field of Object.values(schema.getQueryType()?.getFields() ?? {})) {
    if (asksNothing.includes(field.name)) continue;
    if (!field.args.some(({ name }) => name === 'id')) leaves.push(...(await readAll(ctx, field)));
    else {
      const table = idsAt[field.name];
      if (!table) throw new Error(`Say in idsAt of ${file} whose id ${field.name} takes.`);
      for (const { id } of await world.sql<{ id: string }>(`select id from ${table} where account_id = $1`, [
        ctx.accountId,
      ]))
        leaves.push(...leavesOf(await answerTo(ctx, field, `(id: "${id}")`), `Query.${field.name}`));
    }
  }
  return leaves;
}

async function contextOf(ada: Person): Promise<Context> {
  const ctx = asAccount(await world.jobContext(), ada.id);
  ctx.services.signedAddresses?.reachableAt(world.url);
  const [session] = await world.sql<{ id: string }>('select id from auth.session where user_id = $1', [ada.id]);
  const expiresAt = world.clock.now().getTime() + 900_000;
  return { ...ctx, actor: { kind: 'PERSON', id: ada.id, sessionId: session?.id ?? '', expiresAt } };
}

/** Every value of an export. */
async function exportedValues(ada: Person): Promise<ReadonlySet<string>> {
  const values = new Set<string>();
  await exportInto(await world.jobContext(), ada.id, {
    add: async (path, content) => {
      if (!path.endsWith('.json')) return void content.resume();
      for (const [, value] of leavesOf(JSON.parse(await text(content)), '')) values.add(value);
    },
  });
  return values;
}

test('an export holds everything that a walk over the schema can read', async () => {
  const ada = await fillAccount(world, 'zq7marker');
  await ada.ok(ExportAccount, {});
  await eventually(
    () => world.sql(`select from privacy.account_export where state = 'READY'`),
    (rows) => rows.length > 0,
  );
  for (const app of world.apps) await app.close();
  const values = await exportedValues(ada);
  const leaves = await walk(await contextOf(ada));
  const missing = leaves.filter(([, value]) => !values.has(value));
  const isComputed = (field: string) => field in computed || `${field.split('.')[0]}.*` in computed;
  const faults = missing.filter(([field]) => !isComputed(field)).map(([field, value]) => `${field}: ${value}`);
  expect([...new Set(faults)].sort()).toEqual([]);
  const places = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type)
      ? [`${type.name}.*`, ...Object.keys(type.getFields()).map((name) => `${type.name}.${name}`)]
      : [],
  );
  expect(staleIn(`computed of ${file}`, Object.keys(computed), places)).toEqual([]);
});
