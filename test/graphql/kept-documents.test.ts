import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { type DocumentNode, getOperationAST, Kind, OperationTypeNode, print } from 'graphql';
import * as ours from '../../generated/documents.js';
import { schemaOf } from '../../resolvers/index.js';
import { Documents } from '../../src/platform/graphql/documents.js';
import { flatOperation } from '../../src/platform/graphql/flat-operation.js';
import { fragmentsOf } from '../../src/platform/graphql/fragments.js';
import { stubResolvers } from '../support/stub-resolvers.js';

const schema = schemaOf({ movableClock: true });
stubResolvers(schema);

const maxBytes = 2 * 1_024 * 1_024;
const open = () => new Documents(schema, { introspection: true, suggestions: true, maxBytes });

async function run(documents: Documents, query: string, times = 1, variables: Record<string, unknown> = {}) {
  for (let count = 0; count < times; count += 1) {
    await documents.prepare({ query, signedIn: true }).admit(variables).run(undefined, {});
  }
}

/** 10 KB, all different: one that was compiled kept 2.5 MB. */
const large = (n: number) =>
  `query Q${n} { ${Array.from({ length: 55 }, (_, at) => `a${at}: tasks(first: 10, after: "${'x'.repeat(100)}${n}") { nodes { id title subtasks { id } } }`).join(' ')} }`;
const middling = (n: number) =>
  `query Q${n} { ${Array.from({ length: 12 }, (_, at) => `a${at}: tasks(first: ${n + 1}) { nodes { id title subtasks { id } } }`).join(' ')} }`;

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

test('however many documents come, they keep no more than they may', async () => {
  const documents = open();
  for (let n = 0; n < 30; n += 1) {
    await run(documents, large(n));
    expect(documents.kept.documents).toBeLessThanOrEqual(maxBytes);
  }
  // It was filled, and more came.
  expect(documents.kept.documents).toBeGreaterThan(maxBytes / 2);
});

test('only what comes again is compiled, and that is bounded as well', async () => {
  const documents = open();
  for (let n = 0; n < 15; n += 1) await run(documents, middling(n), 2);
  expect(documents.kept.compiled).toBe(0);
  for (let n = 0; n < 15; n += 1) {
    await run(documents, middling(n), 3);
    expect(documents.kept.compiled).toBeLessThanOrEqual(maxBytes);
  }
  expect(documents.kept.compiled).toBeGreaterThan(maxBytes / 2);
});

test('what is kept is reckoned at what it costs', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['dist/test/support/reckon-documents.js']);
  const { grown, read, compiled }: Record<'grown' | 'read' | 'compiled', number> = JSON.parse(stdout);
  expect(compiled).toBeGreaterThan(0);
  expect(grown).toBeLessThan((read + compiled) * 1.1);
});

test('so are small ones', () => {
  const documents = new Documents(schema, { introspection: true, suggestions: true });
  const before = heapUsed();
  for (let n = 0; n < 1_000; n += 1) documents.prepare({ query: `{ me { id } } # ${n}`, signedIn: true }).admit({});
  expect(heapUsed() - before).toBeLessThan(documents.kept.documents * 1.1);
});

test('our own documents are within the limits, and their queries and subscriptions are compiled', () => {
  const own = Object.entries(ours).flatMap(([name, value]) => (isDocument(value) ? [[name, value] as const] : []));
  expect(own.length).toBeGreaterThan(30);
  for (const [name, document] of own) {
    const operation = getOperationAST(document);
    if (!operation) continue;
    expect(open().prepare({ query: print(document), signedIn: true }).name).toBe(name);
    const flat = flatOperation(schema, operation, fragmentsOf(document.definitions), 250);
    expect(flat !== null).toBe(operation.operation !== OperationTypeNode.MUTATION);
  }
});

function isDocument(value: unknown): value is DocumentNode {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === Kind.DOCUMENT;
}

test('variables that nobody declared are kept nowhere', async () => {
  const documents = open();
  const query = '{ me { id } }';
  await run(documents, query, 3);
  const { documents: read, compiled } = documents.kept;
  const before = heapUsed();
  for (let n = 0; n < 30; n += 1) {
    const variables = Object.fromEntries(Array.from({ length: 14_000 }, (_, at) => [`v${n}_${at}`, at]));
    await run(documents, query, 1, variables);
  }
  expect(documents.kept).toEqual({ documents: read, compiled });
  expect(heapUsed() - before).toBeLessThan(5_000_000);
});

test('what is invalid or refused is kept nowhere', () => {
  const documents = open();
  for (let n = 0; n < 50; n += 1) {
    expect(() => documents.prepare({ query: `{ me { no${n} } }`, signedIn: true })).toThrow();
    expect(() => documents.prepare({ query: `{ me { id ${'} '.repeat(n + 3)}`, signedIn: true })).toThrow();
  }
  expect(documents.kept).toEqual({ documents: 0, compiled: 0 });
});
