import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, InMemoryCache } from '@apollo/client';
import { print as apolloPrint } from '@apollo/client/utilities';
import { formatDocument, stringifyDocument } from '@urql/core';
import { type DocumentNode, Kind, print } from 'graphql';

/**
 * The manifest: each operation's text by its SHA-256, in hexadecimal. Clients do not send what we wrote but what their
 * own code makes of it, with `__typename` added and printed their way, so that code is asked. Which texts are alike
 * stands there once.
 */
export function trustedDocuments(documents: readonly DocumentNode[]): string {
  const operations = documents.filter(({ definitions }) =>
    definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION),
  );
  const texts = operations.flatMap((document) => [print(document), ofApolloClient(document), ...ofUrql(document)]);
  const entries = texts.map((text) => [createHash('sha256').update(text).digest('hex'), text] as const);
  const sorted = entries.toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
}

const apollo = new ApolloClient({ cache: new InMemoryCache(), link: ApolloLink.empty() });

function ofApolloClient(document: DocumentNode): string {
  return apolloPrint(apollo.documentTransform.transformDocument(document));
}

/** With `__typename` what its cache keeps; without it subscriptions, and what an app without that cache sends. */
function ofUrql(document: DocumentNode): string[] {
  // It marks what it has seen.
  const copy = structuredClone(document);
  return [stringifyDocument(formatDocument(copy)), stringifyDocument(copy)];
}
