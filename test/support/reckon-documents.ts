import 'reflect-metadata';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { schemaOf } from '../../resolvers/index.js';
import { Documents } from '../../src/platform/graphql/documents.js';
import { stubResolvers } from './stub-resolvers.js';

/**
 * Run as a process of its own, it prints by how many bytes the heap grew with compiled documents, and how many they are
 * reckoned at. In a test's process, code that is measured for coverage keeps more.
 */
const schema = schemaOf({ movableClock: true });
stubResolvers(schema);

const middling = (n: number) =>
  `query Q${n} { ${Array.from({ length: 12 }, (_, at) => `a${at}: tasks(first: ${n + 1}) { nodes { id title subtasks { id } } }`).join(' ')} }`;

async function run(documents: Documents, query: string): Promise<void> {
  for (let count = 0; count < 4; count += 1) {
    await documents.prepare({ query, signedIn: true }).admit({}).run(undefined, {});
  }
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

const open = () => new Documents(schema, { introspection: true, suggestions: true });
// What the first one loads once for all.
await run(open(), middling(0));
const documents = open();
const before = heapUsed();
for (let n = 0; n < 20; n += 1) await run(documents, middling(n));
const { documents: read, compiled } = documents.kept;
process.stdout.write(JSON.stringify({ grown: heapUsed() - before, read, compiled }));
