import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ApolloClient, ApolloLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { expect, test } from '@jest/globals';
import { persistedExchange } from '@urql/exchange-persisted';
import { type DocumentNode, Kind, OperationTypeNode, print } from 'graphql';
import { of } from 'rxjs';
import { Client, cacheExchange, fetchExchange } from 'urql';
import { z } from 'zod';
import * as documents from '../../generated/graphql.js';

const Manifest = z.record(z.string(), z.string());
const manifest = Manifest.parse(JSON.parse(readFileSync('generated/trusted-documents.json', 'utf8')));
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const Sent = z.object({ persistedQuery: z.object({ sha256Hash: z.string() }) });

const operations = Object.entries<DocumentNode>(documents).filter(([name]) => name.endsWith('Document'));

function typeOf({ definitions }: DocumentNode): OperationTypeNode | undefined {
  return definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION)?.operation;
}

test('each entry stands under the SHA-256 of its text', () => {
  expect(Object.keys(manifest)).toEqual(Object.values(manifest).map(sha256));
});

test.each(operations)('%s is in the manifest as it is', (_, document) => {
  expect(manifest[sha256(print(document))]).toBe(print(document));
});

test.each(operations)('%s is found by the hash that Apollo Client sends', async (_, document) => {
  const hashes: string[] = [];
  const server = new ApolloLink(({ extensions }) => {
    hashes.push(Sent.parse(extensions).persistedQuery.sha256Hash);
    return of({ data: {} });
  });
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([new PersistedQueryLink({ sha256 }), server]),
  });
  const [fetchPolicy, errorPolicy] = ['no-cache', 'ignore'] as const;
  if (typeOf(document) === OperationTypeNode.QUERY) await client.query({ query: document, fetchPolicy, errorPolicy });
  else if (typeOf(document) === OperationTypeNode.MUTATION)
    await client.mutate({ mutation: document, fetchPolicy, errorPolicy });
  else {
    const { promise, resolve } = Promise.withResolvers<void>();
    client.subscribe({ query: document, fetchPolicy, errorPolicy }).subscribe({ complete: resolve });
    await promise;
  }
  expect(hashes).toHaveLength(1);
  expect(Object.keys(manifest)).toEqual(expect.arrayContaining(hashes));
  client.stop();
});

test.each(operations)('%s is found by the hash that urql sends', async (_, document) => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const client = new Client({
    url: 'http://localhost/graphql',
    fetch: async (_url, init) => {
      const { extensions } = z.object({ extensions: Sent }).parse(JSON.parse(String(init?.body)));
      resolve(extensions.persistedQuery.sha256Hash);
      return new Response('{"data":null}', { headers: { 'content-type': 'application/json' } });
    },
    preferGetMethod: false,
    exchanges: [
      cacheExchange,
      persistedExchange({
        enableForMutation: true,
        enableForSubscriptions: true,
        preferGetForPersistedQueries: false,
      }),
      fetchExchange,
    ],
    fetchSubscriptions: true,
  });
  const type = typeOf(document);
  if (type === OperationTypeNode.QUERY) await client.query(document, {}).toPromise();
  else if (type === OperationTypeNode.MUTATION) await client.mutation(document, {}).toPromise();
  const listening =
    type === OperationTypeNode.SUBSCRIPTION && client.subscription(document, {}).subscribe(() => undefined);
  expect(Object.keys(manifest)).toContain(await promise);
  if (listening) listening.unsubscribe();
});
