import { expect, test } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { schemaOf } from '../../resolvers/index.js';
import { AppError } from '../../src/kernel/errors.js';
import { type DocumentOptions, Documents } from '../../src/platform/graphql/documents.js';
import { LimitExceeded } from '../../src/platform/graphql/limits.js';

const schema = schemaOf({ movableClock: true });

function open(options: Partial<DocumentOptions> = {}): Documents {
  return new Documents(schema, { introspection: true, suggestions: true, ...options });
}

/** Why a document is refused, before anything that grows faster than its bytes; null when it is not. */
function limitOf(query: string, variables: Record<string, unknown> = {}): string | null {
  try {
    open().prepare({ query, signedIn: true }).admit(variables);
    return null;
  } catch (error) {
    if (error instanceof LimitExceeded) return error.limit;
    throw error;
  }
}

const repeat = (count: number, write: (index: number) => string) =>
  Array.from({ length: count }, (_, n) => write(n)).join(' ');
const doubled = (levels: number, last: string) =>
  `${repeat(levels, (n) => `fragment F${n} on User { ...F${n + 1} ...F${n + 1} }`)} fragment F${levels} on User { ${last} }`;

/** Each is small, and each would take time or memory that doubles, or grows with the square, of what it adds. */
test.each([
  ['fragments doubled 25 times', 'fields', `query { me { ...F0 } } ${doubled(25, 'id')}`],
  ['fragments doubled 100 times', 'fields', `query { me { ...F0 } } ${doubled(100, 'id')}`],
  ['fragments doubled down to one that is not there', 'fields', `query { me { ...F0 } } ${doubled(25, '...Missing')}`],
  [
    'fragments doubled below the introspection',
    'fields',
    `{ __schema { types { ...F0 } } } ${doubled(25, 'name').replaceAll('on User', 'on __Type')}`,
  ],
  [
    'fields doubled by way of fragments',
    'fields',
    `{ tasks { nodes { ...F0 } } } ${repeat(12, (n) => `fragment F${n} on Task { template { instances { nodes { ...F${n + 1} } } } template { instances { nodes { ...F${n + 1} } } } }`)} fragment F12 on Task { id }`,
  ],
  ['the same object 200 times', 'repeats', `{ ${'me { id } '.repeat(200)} }`],
  [
    'the same field in 130 fragments',
    'repeats',
    `{ me { ${repeat(130, (n) => `...F${n}`)} } } ${repeat(130, (n) => `fragment F${n} on User { id }`)}`,
  ],
  [
    'the same long arguments 60 times',
    'repeats',
    `{ ${repeat(60, () => `tasks(filter: { tags: [${repeat(15, (n) => `"${n}"`)}] }) { totalCount }`)} }`,
  ],
  [
    'aliases in a fragment that is spread 10 times',
    'aliases',
    `{ ${repeat(10, (n) => `a${n}: me { ...F }`)} } fragment F on User { ${repeat(10, (n) => `b${n}: id`)} }`,
  ],
  [
    'directives in a fragment that is spread 10 times',
    'directives',
    `{ ${repeat(10, (n) => `a${n}: me { ...F }`)} } fragment F on User { id ${'@include(if: true) '.repeat(5)} }`,
  ],
  [
    'depth by way of fragments',
    'depth',
    `{ tasks { nodes { ...A } } } fragment A on Task { subtasks { task { subtasks { task { ...B } } } } } fragment B on Task { subtasks { task { subtasks { task { subtasks { task { subtasks { task { id } } } } } } } } }`,
  ],
  ['30 operations', 'operations', repeat(30, (n) => `query Q${n} { me { id } }`)],
  [
    'lists within lists',
    'value-depth',
    `{ tasks(filter: { tags: ${'['.repeat(200)}${']'.repeat(200)} }) { totalCount } }`,
  ],
  [
    'objects within objects',
    'value-depth',
    `mutation { updateProfile(input: { preferences: ${'{ a: '.repeat(200)}1${' }'.repeat(200)} }) { user { id } } }`,
  ],
  [
    'a default value nested deep',
    'value-depth',
    `query ($p: JSONObject = ${'{ a: '.repeat(200)}1${' }'.repeat(200)}) { me { id } }`,
  ],
  ['10,000 lines', 'lines', `${'\n'.repeat(10_000)}{ me { nothing } }`],
  ['60,000 characters', 'length', `{ me { id } } # ${'x'.repeat(60_000)}`],
  ['10,000 tokens', 'tokens', `{ ${'me { id } '.repeat(2_500)} }`],
])('%s are refused by the limit of %s', (_, limit, query) => {
  expect(limitOf(query)).toBe(limit);
});

test('fragments in a circle are refused, however long it is', () => {
  const query = `{ me { ...F0 } } ${repeat(100, (n) => `fragment F${n} on User { ...F${(n + 1) % 100} }`)}`;
  expect(() => open().prepare({ query, signedIn: true })).toThrow('Cannot spread fragment "F0" within itself.');
});

test('fragments that are never used are refused: they would be validated for nothing', () => {
  const query = `{ me { id } } fragment F on User { id }`;
  expect(() => open().prepare({ query, signedIn: true })).toThrow('Fragment "F" is never used.');
});

test('a mutation has at most 10 root fields, aliases and fragments counted out', () => {
  const start = (n: number) => `a${n}: startConversation(input: {}) { conversation { id } }`;
  expect(limitOf(`mutation { ${repeat(10, start)} }`)).toBeNull();
  expect(limitOf(`mutation { ${repeat(11, start)} }`)).toBe('mutations');
  const spread = `mutation { ...F ... { ...F } ...G } fragment F on Mutation { ${repeat(5, start)} } fragment G on Mutation { a: ${start(5).slice(4)} }`;
  expect(limitOf(spread)).toBe('mutations');
  expect(limitOf(`query { ${repeat(11, (n) => `a${n}: me { id }`)} }`)).toBeNull();
});

test('the root fields of an operation are counted through fragments', () => {
  const query =
    'mutation M { ...F a: signOutEverywhere { revokedSessions } } fragment F on Mutation { ... { b: signOutEverywhere { revokedSessions } c: signOutEverywhere { revokedSessions } } }';
  expect(open().prepare({ query, signedIn: true }).admit({}).rootFieldCount).toBe(3);
});

test('variables may be nested 50 levels deep, and 100,000 levels are refused like 51', () => {
  const query = 'mutation ($p: JSONObject!) { updateProfile(input: { preferences: $p }) { user { id } } }';
  const nested = (levels: number): Record<string, unknown> => {
    let value: Record<string, unknown> = {};
    for (let level = 1; level < levels; level += 1) value = { a: value };
    return value;
  };
  // Nobody declared it: what is declared as JSON may have fewer.
  expect(limitOf(query, { p: {}, undeclared: nested(50) })).toBeNull();
  expect(limitOf(query, { p: {}, undeclared: nested(52) })).toBe('value-depth');
  expect(limitOf(query, { p: nested(100_000) })).toBe('value-depth');
});

/** Cost is reckoned from pages, defaults and conditions as they are when the operation runs. */
test.each<[string, string | null, string, Record<string, unknown>]>([
  [
    'a page by variable',
    null,
    'query ($n: Int!) { conversations(first: $n) { nodes { messages(first: $n) { nodes { id } } } } }',
    { n: 40 },
  ],
  [
    'two pages by variable',
    'cost',
    'query ($n: Int!) { conversations(first: $n) { nodes { messages(first: $n) { nodes { task { id } } } } } }',
    { n: 100 },
  ],
  [
    'pages by default',
    'cost',
    'query ($n: Int = 100) { conversations(first: $n) { nodes { messages(first: $n) { nodes { task { id } } } } } }',
    {},
  ],
  [
    'pages of null',
    null,
    'query ($n: Int) { conversations(first: $n) { nodes { messages(first: $n) { nodes { task { id } } } } } }',
    { n: null },
  ],
  [
    'pages that are absent',
    null,
    'query ($n: Int) { conversations(first: $n) { nodes { messages(first: $n) { nodes { task { id } } } } } }',
    {},
  ],
  [
    'descriptions of tasks that are reached through their subtasks',
    'cost',
    `{ tasks(first: 50) { nodes { subtasks { task { ${repeat(50, (n) => `a${n}: description`)} } } } } }`,
    {},
  ],
  [
    'descriptions of tasks that are reached through their reminders, twice',
    'cost',
    `{ tasks(first: 50) { nodes { reminders { task { reminders { task { ${repeat(58, (n) => `a${n}: description`)} } } } } } } }`,
    {},
  ],
  [
    'rows of which nothing is asked',
    'cost',
    '{ tasks(first: 50) { nodes { template { instances(first: 50) { nodes { template { instances(first: 100) { __typename } } } } } } } }',
    {},
  ],
  [
    'how many rows there are, of each row',
    'cost',
    '{ tasks(first: 50) { nodes { template { instances(first: 50) { nodes { template { instances(first: 1) { totalCount } } } } } } } }',
    {},
  ],
  [
    'type names by 58 names',
    'cost',
    `{ tasks(first: 50) { nodes { template { instances(first: 50) { nodes { ${repeat(58, (n) => `a${n}: __typename`)} } } } } } }`,
    {},
  ],
  ['a little with each event', null, 'subscription { changes { cursor node { type } } }', {}],
  [
    'a page with each event',
    'cost',
    'subscription { changes { node { entity { ... on Task { template { instances(first: 100) { nodes { title description } } } } } } } }',
    {},
  ],
  ['a page of descriptions', null, '{ tasks(first: 100) { nodes { description } } }', {}],
  [
    'descriptions by 57 names',
    'cost',
    `{ tasks(first: 100) { nodes { ${repeat(57, (n) => `a${n}: description`)} } } }`,
    {},
  ],
  [
    'a history of one thing, and its count',
    null,
    '{ activity(first: 100, filter: { entityType: "task" }) { totalCount nodes { type metadata createdAt } } }',
    {},
  ],
  [
    'entries looked for by 20 names',
    'cost',
    `query ($types: [String!]) { ${repeat(20, (n) => `a${n}: activity(first: 1, filter: { types: $types }) { totalCount }`)} }`,
    { types: ['x'] },
  ],
  [
    'entries of 20 days',
    null,
    `{ ${repeat(20, (n) => `a${n}: activity(first: 1, filter: { before: "2027-01-01T00:00:00Z" }) { totalCount }`)} }`,
    {},
  ],
  [
    'notifications looked for by 20 names',
    'cost',
    `{ ${repeat(20, (n) => `a${n}: notifications(first: 1, filter: { type: [REMINDER] }) { totalCount }`)} }`,
    {},
  ],
  ['tags by 57 names', 'cost', `{ tasks(first: 100) { nodes { ${repeat(57, (n) => `a${n}: tags`)} } } }`, {}],
  ['settings by 29 names', null, `{ me { ${repeat(29, (n) => `p${n}: preferences`)} } }`, {}],
  ['settings by 40 names', 'cost', `{ me { ${repeat(40, (n) => `p${n}: preferences`)} } }`, {}],
  ['texts of pages of messages', null, '{ conversations { nodes { messages { nodes { content } } } } }', {}],
  [
    'texts of long pages of messages',
    'cost',
    '{ conversations(first: 50) { nodes { messages(first: 50) { nodes { content } } } } }',
    {},
  ],
  [
    'pages from the end',
    'cost',
    '{ conversations(first: 100) { nodes { messages(last: 100) { nodes { task { id } } } } } }',
    {},
  ],
  [
    'what is left out',
    null,
    'query ($b: Boolean!) { conversations(first: 100) { nodes { messages(first: 100) @include(if: $b) { nodes { task { id } } } } } }',
    { b: false },
  ],
  [
    'what is not left out',
    'cost',
    'query ($b: Boolean!) { conversations(first: 100) { nodes { messages(first: 100) @skip(if: $b) { nodes { task { id } } } } } }',
    { b: false },
  ],
  [
    'a fragment on each item',
    'cost',
    '{ conversations(first: 100) { nodes { ...F } } } fragment F on Conversation { messages(first: 100) { nodes { task { id } } } }',
    {},
  ],
  ['5 dates of 100 templates', null, '{ taskTemplates(first: 100) { nodes { nextOccurrences } } }', {}],
  ['50 dates of 10 templates', null, '{ taskTemplates(first: 10) { nodes { nextOccurrences(count: 50) } } }', {}],
  ['50 dates of 50 templates', 'cost', '{ taskTemplates(first: 50) { nodes { nextOccurrences(count: 50) } } }', {}],
  [
    '50 dates by variable',
    'cost',
    'query ($c: Int!) { taskTemplates(first: 50) { nodes { nextOccurrences(count: $c) } } }',
    { c: 50 },
  ],
  [
    'dates by default',
    null,
    'query ($c: Int! = 5) { taskTemplates(first: 50) { nodes { nextOccurrences(count: $c) } } }',
    {},
  ],
  [
    '24 aliases of dates',
    'cost',
    `{ ${repeat(24, (n) => `a${n}: taskTemplates(first: 50) { nodes { nextOccurrences(count: 50) } }`)} }`,
    {},
  ],
  [
    '20 previews of rules',
    'cost',
    `{ ${repeat(20, (n) => `a${n}: previewRecurrence(rule: "FREQ=DAILY;INTERVAL=${n + 1}") { text }`)} }`,
    {},
  ],
  ['the whole schema', null, getIntrospectionQuery(), {}],
  [
    'the whole schema six times',
    'cost',
    `{ ${repeat(6, (n) => `a${n}: __schema { ...S }`)} } fragment S on __Schema { types { fields { args { type { ofType { ofType { ofType { name } } } } } type { ofType { ofType { ofType { name } } } } } inputFields { type { ofType { name } } } interfaces { ofType { name } } } }`,
    {},
  ],
])('the cost of %s: %s', (_, limit, query, variables) => {
  expect(limitOf(query, variables)).toBe(limit);
});

test('names that might have been meant are said where they may be, and in production not', () => {
  const query = '{ me { nmae } }';
  const messageOf = (documents: Documents) => {
    try {
      documents.prepare({ query, signedIn: true });
    } catch (error) {
      return JSON.stringify(error);
    }
    throw new Error('It was not refused.');
  };
  expect(messageOf(open())).toContain('Did you mean');
  expect(messageOf(open({ suggestions: false }))).not.toContain('Did you mean');
  const enumeration = 'query ($s: [Priority!]) { tasks(filter: { priority: $s }) { totalCount } }';
  const coercionOf = (documents: Documents) => {
    try {
      documents.prepare({ query: enumeration, signedIn: true }).admit({ s: ['HIHG'] });
    } catch (error) {
      return JSON.stringify(error);
    }
    throw new Error('It was not refused.');
  };
  expect(coercionOf(open())).toContain('Did you mean');
  expect(coercionOf(open({ suggestions: false }))).not.toContain('Did you mean');
});

test('strangers may ask for the schema and for nothing else, in few words, and nothing of theirs is kept', () => {
  const documents = open();
  const ask = (query: string) => documents.prepare({ query, signedIn: false });
  for (const query of [getIntrospectionQuery(), '{ __typename }', '{ __type(name: "Task") { name } }']) {
    expect(ask(query).type).toBe('query');
  }
  for (const query of [
    '{ me { id } }',
    '{ __typename me { id } }',
    '{ ... { __typename } }',
    '{ __typename } query B { me { id } }',
    'mutation { signOutEverywhere { revokedSessions } }',
    `{ me { ...F0 } } ${doubled(25, 'id')}`,
  ]) {
    expect(() => ask(query)).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  }
  expect(() => ask(`{ ${'__typename '.repeat(500)} }`)).toThrow(LimitExceeded);
  for (let count = 0; count < 20; count += 1) void ask(`{ a${count}: __typename }`).admit({}).run(undefined, {});
  expect(documents.kept).toEqual({ documents: 0, compiled: 0 });
});

test('where the schema may not be asked for, nothing that a stranger sends is parsed', () => {
  for (const options of [{ introspection: false }, { trustedOnly: true }]) {
    for (const query of ['{ __typename }', '} not GraphQL {', '']) {
      expect(() => open(options).prepare({ query, signedIn: false })).toThrow(AppError);
    }
  }
});
